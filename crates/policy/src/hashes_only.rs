use alloc::{format, vec::Vec};

use auditmesh_types::{Content, Facts, Reason};

use crate::{
    Rule,
    sheet::{Sheet, holding},
};

/// `MICA-NC-002`: hashes and proof ids alone leave in the anchor, with the time at which they were agreed.
///
/// The time is allowed since an anchor is evidence that a root existed *when* it was agreed; without it the
/// evidence says less, and it tells nothing of what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HashesOnly;

impl Rule for HashesOnly {
    fn id(&self) -> &'static str {
        "MICA-NC-002"
    }

    fn title(&self) -> &'static str {
        "hashes and proof ids alone are anchored"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        sheet.fields("anchor", facts.anchor.as_ref(), |field| match field.holds {
            Content::Digest | Content::ProofId | Content::Time => None,
            other => Some(format!(
                "the field holds {}; only hashes, proof ids and the time of agreement may leave",
                holding(other)
            )),
        });
        sheet.reasons()
    }
}
