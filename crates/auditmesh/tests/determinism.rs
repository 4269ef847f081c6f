//! Nothing members must agree on depends on the order of arrival, of members, on a thread or on measured time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use std::{num::NonZeroUsize, sync::Arc, thread, time::Duration};

use auditmesh::{
    Apart, Step, Watch,
    event::Event,
    lanes::Lanes,
    merkle::{Frontier, Tree},
    types::{Batch, Decision, Digest, Index, MemberId, Millis, Receipt, Size, Standing, TreeHead},
};
use federation::*;
use proptest::prelude::*;

/// All of a round that members or their readers must agree on.
#[derive(Debug, PartialEq)]
struct Told {
    head: TreeHead,
    batch: Arc<Batch>,
    decision: Decision,
    apart: Vec<(MemberId, Apart)>,
    standings: Vec<Standing>,
    certificate: Option<Vec<u8>>,
    receipt: Option<Receipt>,
}

/// Runs every batch of `events` and gives what each round told.
fn run(
    names: &[&str],
    plans: &[(&str, &[Fault])],
    events: Vec<Event>,
    watch: &mut impl Watch,
) -> (Vec<Told>, String) {
    let (mut federation, _, desk) = staged(builder(names).batch_size(3), plans);
    submit(&mut federation, events);
    let mut told = Vec::new();
    while let Some(report) = federation.round(Millis(NOW.0 + told.len() as u64), watch).unwrap() {
        let (certificate, receipt) = match report.agreed {
            Some(agreed) => (Some(agreed.certificate.to_bytes()), receipt(&agreed)),
            None => (None, None),
        };
        told.push(Told {
            head: federation.head(),
            batch: report.batch,
            decision: report.decision,
            apart: report.apart,
            standings: report.standings,
            certificate,
            receipt,
        });
    }
    let chain = desk.kept.borrow().chain().head().to_string();
    (told, chain)
}

/// Seven events, some with one time, some behind the clock of their source.
fn uneven() -> Vec<Event> {
    let mut list = events(7);
    for (event, time) in list.iter_mut().zip([9, 2, 2, 4, 3, 1, 2]) {
        event.time = Millis(1_767_225_600_000 + time);
    }
    list
}

const PLANS: [(&str, &[Fault]); 2] = [
    ("EU-2", &[Fault::Silent, Fault::Equivocate, Fault::Drift, Fault::SignOther]),
    ("US-1", &[Fault::BadSignature]),
];

proptest! {
    // Each case runs four rounds or more, with eight signatures and as many verifications each.
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn the_order_of_arrival_changes_nothing(shuffled in Just(uneven()).prop_shuffle()) {
        let told = run(&NAMES, &[], shuffled, &mut ());
        prop_assert_eq!(told.0.len(), 3);
        prop_assert_eq!(told, run(&NAMES, &[], uneven(), &mut ()));
    }

    #[test]
    fn the_order_of_members_changes_nothing(names in Just(NAMES.to_vec()).prop_shuffle()) {
        let told = run(&names, &PLANS, uneven(), &mut ());
        prop_assert_eq!(told.0.len(), 4, "one round is undecided and done again");
        prop_assert_eq!(told, run(&NAMES, &PLANS, uneven(), &mut ()));
    }
}

#[test]
fn the_decisions_have_something_in_every_list_that_could_depend_on_order() {
    let (told, _) = run(&NAMES, &PLANS, uneven(), &mut ());
    assert!(told[0].decision.agreed().is_none() && told[0].certificate.is_none());
    assert_eq!((told[0].decision.absent.len(), told[0].decision.bad_signatures.len()), (2, 1));
    assert_eq!(told[1].decision.equivocators.len(), 1);
    assert_eq!(told[2].apart, [(id("EU-2"), Apart::Drifted)]);
    assert_eq!(told[3].decision.dissenting, [id("EU-2")]);
    for told in &told {
        let sorted = |members: &[MemberId]| members.is_sorted();
        let decision = &told.decision;
        assert!(sorted(&decision.absent) && sorted(&decision.dissenting) && sorted(&decision.bad_signatures));
        assert!(decision.agreeing.is_sorted_by_key(|said| said.member.clone()));
        assert!(told.apart.is_sorted());
    }
}

#[test]
fn another_thread_tells_the_same() {
    let here = run(&NAMES, &PLANS, uneven(), &mut ());
    thread::scope(|scope| {
        let others = [(), ()].map(|()| scope.spawn(|| run(&NAMES, &PLANS, uneven(), &mut ())));
        for other in others {
            assert_eq!(other.join().unwrap(), here);
        }
    });
}

/// A clock that tells nonsense.
struct Nonsense(u64);

impl Watch for Nonsense {
    fn lap(&mut self, _: Step) -> Option<Duration> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (!self.0.is_multiple_of(3)).then(|| Duration::from_nanos(self.0 >> 16))
    }
}

#[test]
fn measured_time_changes_nothing_that_is_agreed() {
    let unmeasured = run(&NAMES, &PLANS, uneven(), &mut ());
    for seed in 1..4 {
        assert_eq!(run(&NAMES, &PLANS, uneven(), &mut Nonsense(seed)), unmeasured);
    }
}

/// What a watch may answer is not bounded; the round must not break on it.
#[test]
fn the_longest_time_there_is_does_not_break_a_round() {
    struct Forever;
    impl Watch for Forever {
        fn lap(&mut self, _: Step) -> Option<Duration> {
            Some(Duration::MAX)
        }
    }
    let unmeasured = run(&NAMES, &[], uneven(), &mut ());
    assert_eq!(run(&NAMES, &[], uneven(), &mut Forever), unmeasured);
}

/// Enough leaves for several threads, hashed with each number of them.
#[test]
fn threads_change_no_node_of_a_tree() {
    let entries: Vec<Vec<u8>> = (0..21_000u32).map(|n| n.to_be_bytes().to_vec()).collect();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let mut plain = Tree::new();
    plain.append_batch(&entries).unwrap();
    for threads in 1..=3 {
        let lanes = Lanes::new().with_threads(NonZeroUsize::new(threads).unwrap());
        let (mut tree, mut frontier) = (Tree::with_hasher(lanes), Frontier::with_hasher(lanes));
        tree.append_batch(&entries).unwrap();
        let leaves: Vec<Digest> = (0..21_000).map(|index| tree.leaf(Index(index)).unwrap()).collect();
        frontier.append_leaf_hashes(&leaves).unwrap();
        assert_eq!([tree.head(), frontier.head()], [plain.head(); 2], "{threads} threads");
        assert!(tree.encode() == plain.encode(), "{threads} threads");
        for index in (0..21_000).step_by(61) {
            let [ours, want] =
                [tree.inclusion(Index(index), Size(21_000)), plain.inclusion(Index(index), Size(21_000))];
            assert!(ours.is_ok() && ours == want, "{index}, {threads} threads");
        }
    }
}
