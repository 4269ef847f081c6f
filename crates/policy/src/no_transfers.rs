use alloc::{borrow::ToOwned, vec::Vec};

use auditmesh_types::{Facts, Reason};

use crate::{Rule, sheet::Sheet};

/// `MICA-NC-003`: what keeps the anchor moves, takes in and stores no value, and keeps hashes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoTransfers;

impl Rule for NoTransfers {
    fn id(&self) -> &'static str {
        "MICA-NC-003"
    }

    fn title(&self) -> &'static str {
        "no transfers where the anchor is kept"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        if let Some(contract) = sheet.known("contract", facts.contract.as_ref()) {
            let faults = [
                (
                    contract.stores_balances,
                    "contract.stores_balances",
                    "it keeps balances; it must keep none",
                ),
                (contract.accepts_value, "contract.accepts_value", "it takes in value; it must take none"),
                (contract.transfers, "contract.transfers", "it moves value; it must move none"),
                (
                    !contract.hash_only,
                    "contract.hash_only",
                    "it keeps more than hashes; it must keep nothing else",
                ),
            ];
            for (_, about, why) in faults.into_iter().filter(|(at_fault, ..)| *at_fault) {
                sheet.note(about, why.to_owned());
            }
        }
        sheet.reasons()
    }
}
