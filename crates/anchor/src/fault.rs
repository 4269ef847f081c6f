use auditmesh_types::{Digest, NameError, Size};

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The first line is not that of an anchor file of version 1.
    #[error("it is not the first line of an anchor file, version 1")]
    Header,
    /// More bytes than a line may have.
    #[error("it has more than {max} bytes")]
    TooLong {
        /// The most allowed, line feed included.
        max: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("byte {at} is not UTF-8")]
    NotText {
        /// Where they begin.
        at: usize,
    },
    /// Another number of fields.
    #[error("it has {got} fields, {want} are demanded")]
    Fields {
        /// How many there are.
        got: usize,
        /// How many there must be.
        want: usize,
    },
    /// A field that is not a decimal number without leading zeroes below 2^64.
    #[error("its {field} is not a decimal number without leading zeroes below 2^64")]
    Number {
        /// Which field.
        field: &'static str,
    },
    /// A field that is not a digest.
    #[error("its {field} is not a digest of 64 lower-case hexadecimal digits")]
    Digest {
        /// Which field.
        field: &'static str,
    },
    /// The origin is not a name.
    #[error("{reason}")]
    Origin {
        /// Why not.
        reason: NameError,
    },
    /// The digest is not that of the fields before it.
    #[error("its digest is {got}, its fields give {want}")]
    Sum {
        /// The digest in the line.
        got: Digest,
        /// The digest of its fields.
        want: Digest,
    },
    /// The number does not follow that of the line before.
    #[error("its number is {got}, it must be {want}")]
    Sequence {
        /// The number in the line.
        got: u64,
        /// The number that follows.
        want: u64,
    },
    /// It does not name the line before it.
    #[error("it follows the line with digest {got}, the line before it has {want}")]
    Previous {
        /// The digest it names.
        got: Digest,
        /// The digest of the line before.
        want: Digest,
    },
    /// The same commitment stands in an earlier line.
    #[error("it repeats line {first}")]
    Repeated {
        /// The earlier line, from 1 with the header.
        first: u64,
    },
    /// An earlier line has another root for that size.
    #[error("line {first} has another root for the same size")]
    Contradiction {
        /// The earlier line, from 1 with the header.
        first: u64,
    },
    /// An earlier line has a larger size of that log.
    #[error("its size is {got}, an earlier line of that log has {kept}")]
    Backwards {
        /// The size in the line.
        got: Size,
        /// The largest size of that log before.
        kept: Size,
    },
    /// It was verified when the file was opened, and reads otherwise now.
    #[error("it changed since the file was opened")]
    Changed,
    /// More lines than a file may have.
    #[error("the file has more than {max} commitments")]
    TooMany {
        /// The most allowed.
        max: u64,
    },
}
