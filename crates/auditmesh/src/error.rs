use std::{error, fmt, iter::successors};

use auditmesh_types::{Agreement, Anchor, Batcher, Certifier, Detector};

use crate::Parts;

/// Which shared part failed, and how. What a single member fails at is no error but a [`Failure`](crate::Failure).
#[non_exhaustive]
pub enum Error<P: Parts> {
    /// An event or a batch was refused.
    Batcher(<P::Batcher as Batcher>::Error),
    /// The members' trees could not be compared.
    Detector(<P::Detector as Detector>::Error),
    /// The count was not possible.
    Agreement(<P::Agreement as Agreement>::Error),
    /// No certificate could be made of the statements.
    Membership(<P::Membership as Certifier>::Error),
    /// The head could not be anchored or not be read back.
    Anchor(<P::Anchor as Anchor>::Error),
}

impl<P: Parts> Error<P> {
    fn cause(&self) -> &dyn error::Error {
        match self {
            Self::Batcher(why) => why,
            Self::Detector(why) => why,
            Self::Agreement(why) => why,
            Self::Membership(why) => why,
            Self::Anchor(why) => why,
        }
    }
}

impl<P: Parts> fmt::Display for Error<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batcher(_) => {}
            Self::Detector(_) => write!(f, "drift check: ")?,
            Self::Agreement(_) => write!(f, "count: ")?,
            Self::Membership(_) => write!(f, "certificate: ")?,
            Self::Anchor(_) => write!(f, "anchor: ")?,
        }
        f.write_str(&whole(self.cause()))
    }
}

/// An error and everything below it, in one line.
pub(crate) fn whole(error: &dyn error::Error) -> String {
    let causes = successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl<P: Parts> fmt::Debug for Error<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl<P: Parts> error::Error for Error<P> {}
