//! What an engine holds is bounded by the validators and the views it went through, not by what is sent to it.

use auditmesh_bft::{Engine, Justification, View};
use auditmesh_sim::Violation;

/// Views whose votes are counted.
const VIEWS: usize = 9;

/// How many signatures `engine` holds, of `n` validators, having seen no later view than `highest`.
///
/// # Errors
/// When there are more than its documentation allows.
pub(crate) fn held(engine: &Engine, n: usize, highest: View) -> Result<u64, Violation> {
    let held = format!("{engine:?}").matches("Signature(").count();
    let bound = bound(n, usize::try_from(highest.0).unwrap());
    if held > bound {
        let what = format!("an engine holds {held} signatures, {bound} are allowed");
        return Err(Violation::new("memory is bounded", what));
    }
    Ok(u64::try_from(held).unwrap())
}

/// The most signatures an engine of `n` validators holds that has seen no later view than `highest`.
fn bound(n: usize, highest: usize) -> usize {
    let lineage = highest.min(Justification::MAX_LINEAGE) * 2 * n;
    let counted = VIEWS * (2 * n + lineage);
    let request = 1 + n + lineage;
    // Requests, latest COMMITs, what it prepared, why it may propose, what it said itself.
    let own = n * request + n + request + 2 * n + 3 * (highest + 1);
    // Of the next height a proposal, two votes and a request of each validator, and a certificate of each phase.
    let early = n * (1 + lineage + 2 + request) + 2 * n;
    // The height before and this one are counted alike.
    2 * counted + own + early
}
