use alloc::{collections::BTreeMap, vec::Vec};
use core::cmp::Reverse;

use auditmesh_types::MemberId;

/// A member's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1, without gaps; no place is shared.
    pub rank: u32,
    /// The member.
    pub member: MemberId,
    /// Its credit in millionths.
    pub credit_micro: u128,
}

/// Orders members by credit, highest first, and equals by name.
///
/// # Cost
/// O(n log n) comparisons.
#[must_use]
pub fn ranking(credits: &BTreeMap<MemberId, u128>) -> Vec<Place> {
    let mut order: Vec<_> = credits.iter().map(|(member, credit)| (Reverse(*credit), member)).collect();
    order.sort_unstable();
    (1..)
        .zip(order)
        .map(|(rank, (Reverse(credit_micro), member))| Place { rank, member: member.clone(), credit_micro })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_are_placed_by_name() {
        let credits = [("c", 5), ("a", 5), ("d", 9), ("b", 0)];
        let credits = credits.map(|(name, credit)| (MemberId::new(name).unwrap(), credit)).into();
        let places = ranking(&credits);
        let listed: Vec<_> = places.iter().map(|place| (place.rank, place.member.as_str())).collect();
        assert_eq!(listed, [(1, "d"), (2, "a"), (3, "c"), (4, "b")]);
        assert_eq!(places[0].credit_micro, 9);
    }
}
