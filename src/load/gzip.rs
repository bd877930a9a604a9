//! Bytes of a gzip file in, the bytes that were packed out.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

/// Text packs to a tenth, a file made to fill the memory to a thousandth.
const MAX_RATIO: u64 = 250;
/// Below this many bytes the ratio does not matter.
const SMALL: u64 = 16 << 20;

/// Why a file could not be unpacked.
#[derive(Debug)]
pub enum Fault {
    Broken(String),
    /// It unpacks to more bytes than this.
    TooLarge(u64),
}

/// Do bytes begin as those of a gzip file do?
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The name of a packed file without the ending that says so.
#[must_use]
pub fn inner_name(name: &str) -> &str {
    let stem = name.len().saturating_sub(3);
    match name.split_at_checked(stem) {
        Some((inner, ending)) if ending.eq_ignore_ascii_case(".gz") => inner,
        _ => name,
    }
}

/// How many bytes so many packed ones may become.
#[must_use]
pub fn allowance(packed: usize, limit: u64) -> u64 {
    limit.min((packed as u64).saturating_mul(MAX_RATIO).max(SMALL))
}

/// Unpacks at most `limit` bytes.
///
/// # Errors
/// Where the file is broken or cut off, or unpacks to more than it may.
pub fn unpack(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Fault> {
    let limit = allowance(bytes.len(), limit);
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut out);
    match read {
        Ok(read) if read as u64 > limit => Err(Fault::TooLarge(limit)),
        Ok(_) => Ok(out),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Fault::Broken("it ends too early".to_owned()))
        }
        Err(error) => Err(Fault::Broken(error.to_string())),
    }
}

#[cfg(test)]
pub mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    pub fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory is writable");
        encoder.finish().expect("memory is writable")
    }

    #[test]
    fn what_was_packed_comes_out() {
        let text = b"party,votes\nBlue,1\n";
        assert_eq!(unpack(&packed(text), 100).ok().as_deref(), Some(&text[..]));
        let twice = [packed(text), packed(b"Red,2\n")].concat();
        let joined = unpack(&twice, 100).expect("members follow each other");
        assert!(joined.ends_with(b"Red,2\n"));
        assert_eq!(inner_name("a.csv.GZ"), "a.csv");
        assert_eq!(inner_name("é"), "é");
    }

    #[test]
    fn limits_hold_and_a_cut_is_told() {
        let zeros = packed(&vec![0; 1 << 20]).repeat(17);
        assert!(matches!(
            unpack(&zeros, 1 << 30),
            Err(Fault::TooLarge(SMALL))
        ));
        assert!(matches!(
            unpack(&packed(b"abc"), 2),
            Err(Fault::TooLarge(2))
        ));
        let whole = packed(b"party,votes\nBlue,1\n");
        let cut = &whole[..whole.len() - 9];
        assert!(matches!(unpack(cut, 100), Err(Fault::Broken(why)) if why.contains("early")));
        assert!(matches!(
            unpack(&[0x1f, 0x8b, 9, 9], 100),
            Err(Fault::Broken(_))
        ));
    }
}
