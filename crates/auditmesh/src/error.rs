use std::{error, fmt};

use auditmesh_types::{Agreement, Anchor, Batcher, Certifier, Detector, MemberId, Scorer};

use crate::{Participant, Parts};

/// Which part failed in a round, and how: the part's own error is the source.
#[non_exhaustive]
pub enum Error<P: Parts> {
    /// An event or a batch was refused.
    Batcher(<P::Batcher as Batcher>::Error),
    /// A member could not do its part.
    Member {
        /// Which one.
        member: MemberId,
        /// Its error.
        source: <P::Member as Participant>::Error,
    },
    /// The members' trees could not be compared.
    Detector(<P::Detector as Detector>::Error),
    /// The count was not possible.
    Agreement(<P::Agreement as Agreement>::Error),
    /// No certificate could be made of the statements.
    Membership(<P::Membership as Certifier>::Error),
    /// The members could not be scored.
    Scorer(<P::Scorer as Scorer>::Error),
    /// The head could not be anchored or not be read back.
    Anchor(<P::Anchor as Anchor>::Error),
}

impl<P: Parts> Error<P> {
    pub(crate) fn member(member: &MemberId, source: <P::Member as Participant>::Error) -> Self {
        Self::Member { member: member.clone(), source }
    }

    fn cause(&self) -> &dyn error::Error {
        match self {
            Self::Batcher(why) => why,
            Self::Member { source, .. } => source,
            Self::Detector(why) => why,
            Self::Agreement(why) => why,
            Self::Membership(why) => why,
            Self::Scorer(why) => why,
            Self::Anchor(why) => why,
        }
    }
}

impl<P: Parts> fmt::Display for Error<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batcher(_) => write!(f, "batching: ")?,
            Self::Member { member, .. } => write!(f, "member {member}: ")?,
            Self::Detector(_) => write!(f, "drift check: ")?,
            Self::Agreement(_) => write!(f, "count: ")?,
            Self::Membership(_) => write!(f, "certificate: ")?,
            Self::Scorer(_) => write!(f, "scoring: ")?,
            Self::Anchor(_) => write!(f, "anchor: ")?,
        }
        let mut cause = Some(self.cause());
        let mut separator = "";
        while let Some(why) = cause {
            write!(f, "{separator}{why}")?;
            separator = ": ";
            cause = why.source();
        }
        Ok(())
    }
}

impl<P: Parts> fmt::Debug for Error<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl<P: Parts> error::Error for Error<P> {}
