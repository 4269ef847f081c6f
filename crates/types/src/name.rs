use alloc::{borrow::ToOwned, string::String};
use core::{fmt, str::FromStr};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
        pub struct $name(String);

        impl $name {
            /// The most bytes such a name may have.
            pub const MAX_BYTES: usize = $max;

            /// Checks and takes a name.
            ///
            /// # Errors
            /// [`NameError`]: empty, longer than [`Self::MAX_BYTES`], or with a space, a control character or `+`.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                check($what, &text, Self::MAX_BYTES)?;
                Ok(Self(text))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

name! {
    /// A member of a federation, as it signs: `EU-1`. At most 255 bytes, so that it fits a cosigned message.
    MemberId, "member name", 255
}
name! {
    /// The place a member stands in: `EU`, `US`, `APAC`.
    Zone, "zone", 64
}
name! {
    /// The identity of a log, first line of its checkpoints: `auditmesh.example/eu-us-apac`.
    Origin, "origin", 255
}
name! {
    /// What an event calls itself. Unique in a log.
    EventId, "event id", 128
}
name! {
    /// What sort of event it is: `iam.CreateUser`.
    Kind, "kind", 128
}

fn check(what: &'static str, text: &str, max: usize) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::MisuseEmpty { what });
    }
    if text.len() > max {
        return Err(NameError::MisuseTooLong { what, got: text.len(), max });
    }
    match text.char_indices().find(|(_, c)| c.is_whitespace() || c.is_control() || *c == '+') {
        Some((at, found)) => Err(NameError::MisuseCharacter { what, at, found }),
        None => Ok(()),
    }
}

/// Why some text is not a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// No character at all.
    MisuseEmpty {
        /// Which sort of name.
        what: &'static str,
    },
    /// More bytes than allowed.
    MisuseTooLong {
        /// Which sort of name.
        what: &'static str,
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A Unicode space, a control character or `+`: none of them can stand in a signed note.
    MisuseCharacter {
        /// Which sort of name.
        what: &'static str,
        /// The byte it stands at.
        at: usize,
        /// The character.
        found: char,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MisuseEmpty { what } => write!(f, "the {what} is empty"),
            Self::MisuseTooLong { what, got, max } => {
                write!(f, "the {what} has {got} bytes, at most {max} are allowed")
            }
            Self::MisuseCharacter { what, at, found } => {
                write!(
                    f,
                    "the {what} has {found:?} at byte {at}; spaces, control characters and '+' are not allowed"
                )
            }
        }
    }
}

impl core::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_a_name_is_refused() {
        assert_eq!(Zone::new(""), Err(NameError::MisuseEmpty { what: "zone" }));
        assert_eq!(
            MemberId::new("EU 1"),
            Err(NameError::MisuseCharacter { what: "member name", at: 2, found: ' ' })
        );
        assert_eq!(
            Kind::new("k".repeat(129)),
            Err(NameError::MisuseTooLong { what: "kind", got: 129, max: 128 })
        );
        for bad in ["a+b", "a\nb", "a\u{2003}b", "a\u{7f}b"] {
            assert!(matches!(EventId::new(bad), Err(NameError::MisuseCharacter { at: 1, .. })), "{bad:?}");
        }
    }
}
