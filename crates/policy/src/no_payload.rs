use alloc::{borrow::ToOwned, vec::Vec};

use auditmesh_types::{Content, Facts, Reason};

use crate::{Rule, sheet::Sheet};

/// `DATA-MIN-001`: no payload, nor a part of one, in an entry or an anchor. Judged by what a field holds alone, since
/// the digest of a payload rightly bears the payload's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoPayload;

impl Rule for NoPayload {
    fn id(&self) -> &'static str {
        "DATA-MIN-001"
    }

    fn title(&self) -> &'static str {
        "no payload in an entry or an anchor"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        sheet.both(facts, |field| {
            (field.holds == Content::Payload)
                .then(|| "the field holds a payload; record a commitment to it instead".to_owned())
        });
        sheet.reasons()
    }
}
