use alloc::{format, vec::Vec};

use auditmesh_types::{Facts, Reason};

use crate::{Rule, sheet::Sheet};

/// `RESIL-001`: members stand in three zones or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThreeZones;

impl Rule for ThreeZones {
    fn id(&self) -> &'static str {
        "RESIL-001"
    }

    fn title(&self) -> &'static str {
        "three zones or more"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        if let Some(zones) = sheet.known("zones", facts.zones.as_ref()).filter(|zones| **zones < 3) {
            sheet.note("zones", format!("the number of zones is {zones}; at least 3 are demanded"));
        }
        sheet.reasons()
    }
}
