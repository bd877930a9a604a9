//! A text in, the places of the bytes that part its cells out: 64 bytes at a
//! time, eight in a word.

const EACH: u64 = 0x0101_0101_0101_0101;
/// All bits of each byte but the first.
const LOW: u64 = 0x7f * EACH;
const WINDOW: usize = 64;

/// Delimiters, quotes and line ends in a text, from one byte on.
#[derive(Debug)]
pub struct Marks<'t> {
    bytes: &'t [u8],
    /// Each byte that is looked for, eight times.
    wanted: [u64; 4],
    /// The byte at which the window starts.
    window: usize,
    /// A bit for each mark in the window that is still to come.
    left: u64,
}

impl<'t> Marks<'t> {
    pub fn new(text: &'t str, delimiter: u8, quote: u8) -> Self {
        let mut marks = Self {
            bytes: text.as_bytes(),
            wanted: [delimiter, quote, b'\n', b'\r'].map(|byte| u64::from(byte) * EACH),
            window: 0,
            left: 0,
        };
        marks.left = marks.of_window();
        marks
    }

    /// Leaves out those before a byte.
    pub fn skip_to(&mut self, at: usize) {
        if at.saturating_sub(self.window) >= WINDOW {
            self.window = at / WINDOW * WINDOW;
            self.left = self.of_window();
        }
        self.left &= u64::MAX << (at % WINDOW);
    }

    fn of_window(&self) -> u64 {
        let rest = self.bytes.get(self.window..).unwrap_or_default();
        if let Some(window) = rest.first_chunk() {
            return self.of_bytes(window);
        }
        let mut window = [0; WINDOW];
        if let Some(start) = window.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
        }
        self.of_bytes(&window)
    }

    fn of_bytes(&self, window: &[u8; WINDOW]) -> u64 {
        let (words, _) = window.as_chunks();
        let words = words
            .iter()
            .map(|word| self.of_word(u64::from_le_bytes(*word)));
        words.rev().fold(0, |bits, of_word| bits << 8 | of_word)
    }

    /// A bit for each byte of a word that is a mark.
    fn of_word(&self, word: u64) -> u64 {
        // The first bit of a byte stays empty where the byte is the one.
        let others = |wanted: u64| {
            let differing = word ^ wanted;
            ((differing & LOW) + LOW) | differing
        };
        let [a, b, c, d] = self.wanted.map(others);
        let marks = !(a & b & c & d | LOW);
        // Gathers the first bits of all bytes in the last byte.
        (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.window += WINDOW;
            if self.window >= self.bytes.len() {
                return None;
            }
            self.left = self.of_window();
        }
        let at = self.window + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_where_their_bytes_are(text in "[a,\"\n\r\u{ac}é\u{7f}]{0,200}", from in 0_usize..200) {
            let from = from.min(text.len());
            let mut marks = Marks::new(&text, b',', b'"');
            marks.skip_to(from);
            let is_mark = |at: &usize| b",\"\n\r".contains(&text.as_bytes()[*at]);
            let expected: Vec<usize> = (from..text.len()).filter(is_mark).collect();
            prop_assert_eq!(marks.collect::<Vec<_>>(), expected);
        }
    }
}
