use alloc::vec::Vec;
use core::fmt;

use auditmesh_types::{Facts, Reason};

/// One demand on the facts.
pub trait Rule: fmt::Debug + Send + Sync {
    /// Its id, of which there is one in a set: `MICA-NC-001`.
    fn id(&self) -> &'static str;

    /// What it demands, in a few words.
    fn title(&self) -> &'static str;

    /// The reasons to say no; none when the rule holds. A fact it needs and that is `None` is such a reason.
    fn judge(&self, facts: &Facts) -> Vec<Reason>;
}
