use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;

use auditmesh_types::MemberId;

use crate::{Error, threshold::wide_len};

/// Whose votes count, and how much each weighs. At least one member, at most [`Electorate::MAX_MEMBERS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Electorate {
    weights: BTreeMap<MemberId, u64>,
    total: u64,
}

impl Electorate {
    /// The most members of an electorate.
    pub const MAX_MEMBERS: usize = 1000;

    /// Members with integer weights, each above 0, that add up to at most `u64::MAX`.
    ///
    /// # Errors
    /// [`Error::MisuseMemberCount`], [`Error::MisuseDuplicateMember`], [`Error::MisuseZeroWeight`],
    /// [`Error::MisuseWeightOverflow`].
    /// # Cost
    /// O(n log n) comparisons; reads at most 1001 members.
    pub fn new(members: impl IntoIterator<Item = (MemberId, u64)>) -> Result<Self, Error> {
        let (mut weights, mut sum) = (BTreeMap::new(), 0u128);
        let count = |got| Error::MisuseMemberCount { got, min: 1, max: wide_len(Self::MAX_MEMBERS) };
        for (member, weight) in members {
            if weights.len() == Self::MAX_MEMBERS {
                return Err(count(wide_len(Self::MAX_MEMBERS) + 1));
            }
            if weight == 0 {
                return Err(Error::MisuseZeroWeight { member });
            }
            match weights.entry(member) {
                Entry::Vacant(slot) => slot.insert(weight),
                Entry::Occupied(slot) => {
                    return Err(Error::MisuseDuplicateMember { member: slot.key().clone() });
                }
            };
            sum += u128::from(weight);
        }
        if weights.is_empty() {
            return Err(count(0));
        }
        let total =
            u64::try_from(sum).map_err(|_| Error::MisuseWeightOverflow { got: sum, max: u64::MAX })?;
        Ok(Self { weights, total })
    }

    /// Members that weigh 1 each.
    ///
    /// # Errors
    /// [`Error::MisuseMemberCount`], [`Error::MisuseDuplicateMember`].
    pub fn equal(members: impl IntoIterator<Item = MemberId>) -> Result<Self, Error> {
        Self::new(members.into_iter().map(|member| (member, 1)))
    }

    /// How many members there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.weights.len()
    }

    /// The weight of all members.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// What `member` weighs, if it is one.
    #[must_use]
    pub fn weight(&self, member: &MemberId) -> Option<u64> {
        self.weights.get(member).copied()
    }

    /// The members and their weights, by name.
    pub fn members(&self) -> impl Iterator<Item = (&MemberId, u64)> {
        self.weights.iter().map(|(member, weight)| (member, *weight))
    }

    /// The total in the largest unit that divides every weight: the count, where all weigh the same.
    pub(crate) fn units(&self) -> u64 {
        let divisor = self.weights.values().fold(0, |so_far, weight| gcd(so_far, *weight));
        self.total / divisor.max(1)
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec::Vec};

    fn member(name: &str) -> MemberId {
        MemberId::new(name).unwrap()
    }

    #[test]
    fn takes_weights() {
        let electorate = Electorate::new([(member("b"), 2), (member("a"), 5)]).unwrap();
        assert_eq!((electorate.count(), electorate.total()), (2, 7));
        assert_eq!((electorate.weight(&member("b")), electorate.weight(&member("c"))), (Some(2), None));
        let listed: Vec<_> = electorate.members().map(|(name, weight)| (name.as_str(), weight)).collect();
        assert_eq!(listed, [("a", 5), ("b", 2)]);
    }

    #[test]
    fn units_do_not_depend_on_the_scale() {
        let of = |weights: &[u64]| {
            let members = weights.iter().enumerate().map(|(i, weight)| (member(&format!("m{i}")), *weight));
            Electorate::new(members).unwrap().units()
        };
        assert_eq!((of(&[1, 1, 1]), of(&[7, 7, 7]), of(&[4, 2, 2]), of(&[3, 2, 2])), (3, 3, 4, 7));
    }

    #[test]
    fn refuses_what_is_no_electorate() {
        let count = |got| Err(Error::MisuseMemberCount { got, min: 1, max: 1000 });
        assert_eq!(Electorate::equal([]), count(0));
        let many = |n: usize| Electorate::equal((0..n).map(|i| member(&format!("m{i}"))));
        assert_eq!(many(1000).map(|electorate| electorate.total()), Ok(1000));
        assert_eq!(many(1001), count(1001));
        let twice = Electorate::equal([member("a"), member("b"), member("a")]);
        assert_eq!(twice, Err(Error::MisuseDuplicateMember { member: member("a") }));
        let zero = Electorate::new([(member("a"), 1), (member("b"), 0)]);
        assert_eq!(zero, Err(Error::MisuseZeroWeight { member: member("b") }));
        let heavy = |last| Electorate::new([(member("a"), u64::MAX - 1), (member("b"), last)]);
        assert_eq!(heavy(1).map(|electorate| electorate.total()), Ok(u64::MAX));
        assert_eq!(heavy(2), Err(Error::MisuseWeightOverflow { got: 1 << 64, max: u64::MAX }));
    }
}
