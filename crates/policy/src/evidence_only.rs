use alloc::{format, vec::Vec};

use auditmesh_types::{Facts, Purpose, Reason};

use crate::{Rule, sheet::Sheet};

/// `MICA-NC-004`: an anchor is evidence and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvidenceOnly;

impl Rule for EvidenceOnly {
    fn id(&self) -> &'static str {
        "MICA-NC-004"
    }

    fn title(&self) -> &'static str {
        "anchors are evidence only"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        let found = match sheet.known("purpose", facts.purpose.as_ref()) {
            None | Some(Purpose::Evidence) => None,
            Some(Purpose::Settlement) => Some("settlement"),
            Some(_) => Some("one this version has no rule for"),
        };
        if let Some(found) = found {
            sheet.note("purpose", format!("the purpose is {found}; an anchor is evidence only"));
        }
        sheet.reasons()
    }
}
