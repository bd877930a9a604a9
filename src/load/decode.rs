//! Bytes in, text out, with the encoding where it was not UTF-8.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Text, and how its bytes were read.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// `None` where the text is the bytes as they stand.
    pub encoding: Option<&'static str>,
}

/// Why bytes are no text.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    Empty,
    Binary,
    Undecodable { encoding: &'static str },
}

/// Reads UTF-8 as it stands (a byte order mark included), UTF-16 with or
/// without its mark, and anything else in the encoding that fits best.
///
/// # Errors
/// Where nothing is printed, or the bytes are no text.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, Fault> {
    let text = match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) if encoding != encoding_rs::UTF_8 => {
            return decode_as(encoding, bytes.get(mark..).unwrap_or_default());
        }
        _ => String::from_utf8(bytes),
    };
    match text {
        Ok(text) if text.contains('\0') => wide_or_binary(text.as_bytes()),
        Ok(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => Err(Fault::Empty),
        Ok(text) if looks_binary(text.as_bytes()) => Err(Fault::Binary),
        Ok(text) => Ok(Decoded {
            text,
            encoding: None,
        }),
        Err(wrong) => decode_legacy(&wrong.into_bytes()),
    }
}

fn decode_legacy(bytes: &[u8]) -> Result<Decoded, Fault> {
    if bytes.contains(&0) {
        return wide_or_binary(bytes);
    }
    if looks_binary(bytes) {
        return Err(Fault::Binary);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    decode_as(detector.guess(None, Utf8Detection::Deny), bytes)
}

/// UTF-16 of Latin text has a zero in every other byte.
fn wide_or_binary(bytes: &[u8]) -> Result<Decoded, Fault> {
    let zeros = |offset: usize| {
        let count = bytes.iter().skip(offset).step_by(2).filter(|b| **b == 0);
        count.count() * 10 >= bytes.len() * 4
    };
    match (zeros(0), zeros(1)) {
        (false, true) => decode_as(UTF_16LE, bytes),
        (true, false) => decode_as(UTF_16BE, bytes),
        _ => Err(Fault::Binary),
    }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Result<Decoded, Fault> {
    let (text, wrong): (Cow<'_, str>, bool) = encoding.decode_without_bom_handling(bytes);
    if wrong {
        let encoding = encoding.name();
        return Err(Fault::Undecodable { encoding });
    }
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    if text.contains('\0') {
        return Err(Fault::Binary);
    }
    Ok(Decoded {
        text: text.into_owned(),
        encoding: Some(encoding.name()),
    })
}

/// Text has few control characters.
fn looks_binary(bytes: &[u8]) -> bool {
    let start = bytes.get(..8192).unwrap_or(bytes);
    let control = |b: &&u8| b.is_ascii_control() && !matches!(**b, b'\t' | b'\n' | b'\r' | 12 | 27);
    start.iter().filter(control).count() * 20 > start.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, Option<&'static str>) {
        let read = decode(bytes.to_vec()).expect("it is text");
        (read.text, read.encoding)
    }

    #[test]
    fn utf_8_is_kept_byte_for_byte() {
        let marked = "\u{feff}votes\nÓ";
        assert_eq!(text_of(marked.as_bytes()), (marked.to_owned(), None));
    }

    #[test]
    fn other_encodings_are_recognised() {
        let latin = b"contest,candidate\nMeath,Se\xe1n \xd3 B\xfaachalla\n";
        let (text, encoding) = text_of(latin);
        assert!(text.ends_with("Seán Ó Búachalla\n"), "{text}");
        assert_eq!(encoding, Some("windows-1252"));
        let wide: Vec<u8> = "votes,1"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(text_of(&wide), ("votes,1".to_owned(), Some("UTF-16LE")));
        let marked = [vec![0xff, 0xfe], wide].concat();
        assert_eq!(text_of(&marked).0, "votes,1");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(Vec::new()), Err(Fault::Empty));
        assert_eq!(decode(b"\xef\xbb\xbf \r\n".to_vec()), Err(Fault::Empty));
        assert_eq!(decode(b"PK\x03\x04\0\0\x08\0".to_vec()), Err(Fault::Binary));
        let mixed = vec![0xff, 0xfe, 0x00, 0xd8, b'a', 0];
        let fault = Fault::Undecodable {
            encoding: "UTF-16LE",
        };
        assert_eq!(decode(mixed), Err(fault));
    }
}
