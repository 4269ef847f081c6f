use auditmesh_types::Size;

use crate::checkpoint::number;

/// From which size to which a publisher goes. It is written before anything else, so that whoever resumes knows which
/// files an interrupted publication may have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Intent {
    pub(crate) old: Size,
    pub(crate) new: Size,
}

impl Intent {
    /// The most entries of one publication, so that cleaning up after it stays bounded.
    pub(crate) const MAX_ENTRIES: u64 = 1 << 24;

    pub(crate) fn encode(self) -> Vec<u8> {
        format!("auditmesh publishing v1\n{} {}\n", self.old, self.new).into_bytes()
    }

    /// The one form alone is read.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let sizes = bytes.strip_prefix(b"auditmesh publishing v1\n")?.strip_suffix(b"\n")?;
        let space = sizes.iter().position(|byte| *byte == b' ')?;
        let (old, new) = (number(sizes.get(..space)?)?, number(sizes.get(space + 1..)?)?);
        let entries = new.checked_sub(old)?;
        (1..=Self::MAX_ENTRIES).contains(&entries).then_some(Self { old: Size(old), new: Size(new) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_one_form_and_every_changed_byte_shows() {
        let intent = Intent { old: Size(1_024), new: Size(2_048) };
        let bytes = intent.encode();
        assert_eq!(bytes, b"auditmesh publishing v1\n1024 2048\n");
        assert_eq!(Intent::decode(&bytes), Some(intent));
        for at in 0..bytes.len() {
            for mask in 1..=255 {
                let mut bad = bytes.clone();
                bad[at] ^= mask;
                assert_ne!(Intent::decode(&bad), Some(intent));
            }
            assert_eq!(Intent::decode(&bytes[..at]), None);
        }
        let most = format!("auditmesh publishing v1\n3 {}\n", 3 + Intent::MAX_ENTRIES);
        assert_eq!(Intent::decode(most.as_bytes()), Some(Intent { old: Size(3), new: Size(3 + (1 << 24)) }));
        for bad in
            ["3 16777220", "3 281474976710656", "3 3", "4 3", "03 4", "3 4 ", "3  4", "3 4\n", "-3 4", "3"]
        {
            assert_eq!(
                Intent::decode(format!("auditmesh publishing v1\n{bad}\n").as_bytes()),
                None,
                "{bad:?}"
            );
        }
    }
}
