//! Heads, nodes and paths are those of `auditmesh-merkle`, whatever was staged, committed or discarded before.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use auditmesh_merkle::{BatchLog, Sha256, verify_inclusion};
use auditmesh_merkle_rs::{Error, Rfc6962, RsLog};
use auditmesh_types::{Batch, Digest, EventId, Index, Log, MemberId, Millis, Nodes, Record, Size};
use proptest::prelude::*;
use rs_merkle::{Hasher as _, MerkleTree};

fn batch(entries: &[Vec<u8>]) -> Batch {
    let member = MemberId::new("EU-1").unwrap();
    let record = |(n, entry): (usize, &Vec<u8>)| Record {
        id: EventId::new(format!("event-{n}")).unwrap(),
        member: member.clone(),
        entry: entry.clone(),
    };
    Batch { records: entries.iter().enumerate().map(record).collect(), newest: Millis(1) }
}

fn numbered(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|n| n.to_string().into_bytes()).collect()
}

/// Whether a staged batch is committed, discarded, or left for the next one to replace.
#[derive(Debug, Clone, Copy)]
enum Then {
    Commit,
    Discard,
    Leave,
}

fn steps() -> impl Strategy<Value = Vec<(Vec<Vec<u8>>, Then)>> {
    let entries = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..40);
    let then = prop_oneof![3 => Just(Then::Commit), 1 => Just(Then::Discard), 1 => Just(Then::Leave)];
    prop::collection::vec((entries, then), 1..8)
}

proptest! {
    #[test]
    fn every_step_and_every_proof_is_equal(steps in steps(), seed in any::<u64>()) {
        let (mut ours, mut theirs) = (BatchLog::new(), RsLog::new());
        for (entries, then) in steps {
            let batch = batch(&entries);
            prop_assert_eq!(theirs.stage(&batch).unwrap(), ours.stage(&batch).unwrap());
            prop_assert_eq!(theirs.staged(), entries.len());
            match then {
                Then::Commit => prop_assert_eq!(theirs.commit().unwrap(), ours.commit().unwrap()),
                Then::Discard => (theirs.discard(), ours.discard()).0,
                Then::Leave => {}
            }
            prop_assert_eq!(theirs.head(), ours.head());
            prop_assert_eq!(Nodes::size(&theirs), Nodes::size(&ours));
            for level in 0..9 {
                for index in 0..=Nodes::size(&ours).0 >> level {
                    prop_assert_eq!(theirs.node(level, index), ours.node(level, index));
                }
            }
        }
        let head = ours.head();
        for index in 0..head.size.0 {
            let path = theirs.prove(Index(index), head.size).unwrap();
            prop_assert_eq!(&path, &ours.prove(Index(index), head.size).unwrap());
            let leaf = theirs.node(0, index).unwrap();
            prop_assert_eq!(verify_inclusion(&Sha256, &leaf, Index(index), head.size, &path, &head.root), Ok(()));
        }
        if head.size.0 > 0 {
            let size = Size(1 + seed % head.size.0);
            let index = Index(seed / 7 % size.0);
            prop_assert_eq!(theirs.prove(index, size).unwrap(), ours.prove(index, size).unwrap());
        }
    }
}

#[test]
fn every_proof_of_every_size_up_to_80_is_equal() {
    let entries = numbered(80);
    let (mut ours, mut theirs) = (BatchLog::new(), RsLog::new());
    for entry in &entries {
        let one = batch(std::slice::from_ref(entry));
        assert_eq!(theirs.stage(&one).unwrap(), ours.stage(&one).unwrap());
        assert_eq!(theirs.commit(), Ok(ours.commit().unwrap()));
    }
    for size in 1..=80 {
        for index in 0..size {
            let (index, size) = (Index(index), Size(size));
            assert_eq!(
                theirs.prove(index, size).unwrap(),
                ours.prove(index, size).unwrap(),
                "{index} of {size}"
            );
        }
    }
}

#[test]
fn a_held_tree_goes_in_and_comes_back() {
    let leaves: Vec<_> = numbered(11).iter().map(|entry| Rfc6962::hash(entry)).collect();
    let mut held = MerkleTree::<Rfc6962>::from_leaves(&leaves);
    held.insert([9; 32]);
    let mut log = RsLog::over(held);
    let mut ours = BatchLog::new();
    ours.stage(&batch(&numbered(11))).unwrap();
    assert_eq!(log.head(), ours.commit().unwrap(), "the uncommitted leaf is dropped");
    assert_eq!(log.staged(), 0);

    let more = batch(&numbered(3));
    let staged = log.stage(&more).unwrap();
    assert_eq!(staged, ours.stage(&more).unwrap());
    assert_eq!((log.staged(), log.tree().leaves_len()), (3, 11));
    let mut tree = log.into_tree();
    tree.commit();
    assert_eq!(tree.root().map(Digest), Some(staged.head.root));
    tree.rollback();
    assert_eq!(RsLog::over(tree).head(), ours.head());
}

#[test]
fn refusals_say_why() {
    let mut log = RsLog::new();
    assert_eq!(log.stage(&batch(&[])), Err(Error::MisuseEmptyBatch));
    let large = batch(&numbered(1_001));
    assert_eq!(log.stage(&large), Err(Error::MisuseBatchTooLarge { got: 1_001, max: 1_000 }));
    let long = batch(&[vec![], vec![7; 65_536]]);
    assert_eq!(log.stage(&long), Err(Error::MisuseEntryTooLong { got: 65_536, max: 65_535 }));
    assert_eq!(log.staged(), 0);
    log.stage(&batch(&numbered(5))).unwrap();
    let beyond = Error::MisuseSizeBeyondTree { got: Size(5), max: Size(0) };
    assert_eq!(log.prove(Index(0), Size(5)), Err(beyond), "staged is not committed");
    log.commit().unwrap();
    let index = Error::MisuseIndexBeyondSize { index: Index(4), size: Size(4) };
    assert_eq!(log.prove(Index(4), Size(4)), Err(index));
    assert_eq!(format!("{log:?}"), format!("RsLog {{ head: {:?}, staged: 0 }}", log.head()));
}
