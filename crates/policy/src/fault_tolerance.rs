use alloc::{format, vec::Vec};

use auditmesh_types::{Facts, Reason};

use crate::{Rule, sheet::Sheet};

/// `RESIL-002`: the quorum survives one Byzantine member or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultTolerance;

impl Rule for FaultTolerance {
    fn id(&self) -> &'static str {
        "RESIL-002"
    }

    fn title(&self) -> &'static str {
        "one Byzantine member or more is tolerated"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        if let Some(tolerates) = sheet.known("tolerates", facts.tolerates.as_ref()).filter(|f| **f < 1) {
            let why =
                format!("the quorum survives {tolerates} Byzantine members; it must survive at least 1");
            sheet.note("tolerates", why);
        }
        sheet.reasons()
    }
}
