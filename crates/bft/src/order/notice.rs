use alloc::string::String;

use auditmesh_types::MemberId;

use super::{Decided, Evidence, Height, Statement, ValueId};

/// What the owner of a [`Driver`](crate::Driver) may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A height was decided and applied.
    Decided(Decided),
    /// A quorum decided another value at a height where we applied one: more than `f` lie, and members no longer agree. Given each time such
    /// a decision comes, after it was verified; a [`Notice::Accused`] follows for each validator that the two convict, and none where they
    /// show too little. Stop, and tell a person.
    Fork {
        /// The decision we applied.
        ours: Decided,
        /// The decision that came.
        theirs: Decided,
    },
    /// A validator broke the rules.
    Accused(Evidence),
    /// Our own signature stands under something our records do not hold; see [`Effect::Amnesia`](crate::Effect::Amnesia).
    Amnesia(Statement),
    /// Something that came was refused.
    Refused {
        /// Who sent the packet, where that is known. What was set aside before and is refused now may have come from another.
        from: Option<MemberId>,
        /// Why.
        why: String,
    },
    /// The signer did not sign, or its key is not the one that the set has for us. It is asked again.
    NotSigned {
        /// What.
        statement: Statement,
        /// Why.
        why: String,
    },
    /// The application did not say what to propose, or too much; the view passes.
    NotProposed {
        /// For which height.
        height: Height,
        /// Why.
        why: String,
    },
    /// The application does not take a value that was proposed.
    NotTaken {
        /// At which height.
        height: Height,
        /// Which.
        value: ValueId,
        /// Why.
        why: String,
    },
}
