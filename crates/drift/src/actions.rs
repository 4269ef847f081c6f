use alloc::vec::Vec;

use auditmesh_types::Action;

use crate::comparison::Comparison;

/// More divergent leaves than this point to a common cause rather than to single entries.
const FEW: u64 = 10;

/// What to do about `found`, most urgent first.
pub(crate) fn actions(found: &Comparison, has_reference: bool) -> Vec<Action> {
    let mut actions = Vec::with_capacity(5);
    actions.push(Action::WithholdSignature);
    if !has_reference {
        actions.push(Action::ReviewByHand);
    }
    if found.length.is_lt() {
        actions.push(Action::FetchMissing);
    }
    if found.differing > 0 && (found.differing == found.shared || found.differing > FEW) {
        actions.push(Action::CheckSerialisation);
    }
    if found.differing > 0 || found.length.is_gt() {
        actions.push(Action::CompareEntries);
    }
    if has_reference {
        actions.push(Action::AdoptReference);
    }
    actions
}

#[cfg(test)]
mod tests {
    use super::*;
    use Action::{
        AdoptReference, CheckSerialisation, CompareEntries, FetchMissing, ReviewByHand, WithholdSignature,
    };

    fn given(shared: u64, differing: u64, lacking: u64, surplus: u64) -> Comparison {
        let unshared = lacking + surplus;
        Comparison { length: surplus.cmp(&lacking), shared, differing, unshared, leaves: Vec::new() }
    }

    #[test]
    fn follow_the_situation() {
        let cases: [(Comparison, &[Action]); 6] = [
            (given(100, 10, 0, 0), &[WithholdSignature, CompareEntries, AdoptReference]),
            (given(100, 11, 0, 0), &[WithholdSignature, CheckSerialisation, CompareEntries, AdoptReference]),
            (given(3, 3, 0, 0), &[WithholdSignature, CheckSerialisation, CompareEntries, AdoptReference]),
            (given(100, 0, 40, 0), &[WithholdSignature, FetchMissing, AdoptReference]),
            (given(100, 2, 1, 0), &[WithholdSignature, FetchMissing, CompareEntries, AdoptReference]),
            (given(100, 0, 0, 40), &[WithholdSignature, CompareEntries, AdoptReference]),
        ];
        for (found, expected) in cases {
            assert_eq!(actions(&found, true), expected, "{found:?}");
        }
    }

    #[test]
    fn what_is_missing_is_fetched_even_when_all_of_it_is_from_before() {
        let behind = Comparison { length: core::cmp::Ordering::Less, ..given(0, 0, 0, 0) };
        assert_eq!(actions(&behind, true), [WithholdSignature, FetchMissing, AdoptReference]);
    }

    #[test]
    fn without_a_reference_a_person_decides_and_nothing_is_adopted() {
        assert_eq!(actions(&given(100, 1, 0, 0), false), [WithholdSignature, ReviewByHand, CompareEntries]);
    }
}
