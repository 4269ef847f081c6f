use core::{fmt, str::FromStr};

/// A SHA-256 digest: 32 bytes, written as 64 lower-case hexadecimal digits.
///
/// Its layout is that of the 32 bytes: a slice of digests is their bytes in a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads a digest from exactly 32 bytes.
    ///
    /// # Errors
    /// [`DigestError::PeerLength`] for any other length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DigestError> {
        bytes.try_into().map(Self).map_err(|_| DigestError::PeerLength { got: bytes.len(), want: 32 })
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(DigestError::PeerLength { got: digits.len(), want: 64 });
        }
        let mut bytes = [0; 32];
        for (at, (byte, pair)) in bytes.iter_mut().zip(digits.chunks_exact(2)).enumerate() {
            let nibble = |digit: u8| match digit {
                b'0'..=b'9' => Some(digit - b'0'),
                b'a'..=b'f' => Some(digit - b'a' + 10),
                _ => None,
            };
            match (nibble(pair[0]), nibble(pair[1])) {
                (Some(high), Some(low)) => *byte = high << 4 | low,
                _ => return Err(DigestError::PeerDigit { at: at * 2 }),
            }
        }
        Ok(Self(bytes))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why some bytes or text are not a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestError {
    /// Not 32 bytes, or not 64 hexadecimal digits.
    PeerLength {
        /// The length that came.
        got: usize,
        /// The only length allowed.
        want: usize,
    },
    /// A character that is not one of `0-9a-f`.
    PeerDigit {
        /// The first byte of the offending pair.
        at: usize,
    },
}

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PeerLength { got, want } => write!(f, "a digest has length {want}, got {got}"),
            Self::PeerDigit { at } => write!(f, "a digest is lower-case hexadecimal, byte {at} is not"),
        }
    }
}

impl core::error::Error for DigestError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn text_round_trips() {
        let digest = Digest(core::array::from_fn(|i| i.to_le_bytes()[0]));
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn refuses_other_lengths_and_digits() {
        assert_eq!("00".parse::<Digest>(), Err(DigestError::PeerLength { got: 2, want: 64 }));
        let upper = "AA".repeat(32);
        assert_eq!(upper.parse::<Digest>(), Err(DigestError::PeerDigit { at: 0 }));
        assert_eq!(Digest::from_slice(&[0; 31]), Err(DigestError::PeerLength { got: 31, want: 32 }));
    }
}
