//! The suite of the role that the detector plays.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_conformance::tree;
use auditmesh_drift::TreeDetector;
use auditmesh_types::{Digest, Nodes, Size};

struct Leaves(Vec<Digest>);

impl Nodes for Leaves {
    fn size(&self) -> Size {
        Size(self.0.len() as u64)
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        let width = 1u64.checked_shl(level.into())?;
        let (from, to) = (index.checked_mul(width)?, index.checked_add(1)?.checked_mul(width)?);
        let leaves = self.0.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)?;
        Some(tree::root(leaves))
    }
}

#[test]
fn the_tree_detector_keeps_the_contract() {
    auditmesh_conformance::detector(&TreeDetector::new(), |leaves| Leaves(leaves.to_vec()));
}
