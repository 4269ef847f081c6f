//! The log that stages, against a list of entries.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{BatchLog, Error, Sha256, Tree};
use auditmesh_types::{
    Batch, Digest, EventId, Hasher, Index, Log, MemberId, Millis, Nodes, Record, Size, TreeHead,
};
use proptest::prelude::*;
use reference::{mth, path};

fn batch(entries: &[Vec<u8>]) -> Batch {
    let record = |(at, entry): (usize, &Vec<u8>)| Record {
        id: EventId::new(format!("event-{at}")).unwrap(),
        member: MemberId::new("EU-1").unwrap(),
        entry: entry.clone(),
    };
    Batch { records: entries.iter().enumerate().map(record).collect(), newest: Millis(0) }
}

fn hashes(entries: &[Vec<u8>]) -> Vec<Digest> {
    entries.iter().map(|entry| Sha256.leaf(entry)).collect()
}

fn head(entries: &[Vec<u8>]) -> TreeHead {
    TreeHead { size: Size(entries.len() as u64), root: mth(&hashes(entries)) }
}

type Reading = (TreeHead, Size, Vec<Option<Digest>>, Vec<Result<Vec<Digest>, Error>>);

/// Everything that can be read of a log.
fn read(log: &BatchLog) -> Reading {
    let nodes = (0..5).flat_map(|level| (0..20).map(move |index| (level, index)));
    let size = log.head().size;
    let proofs = (0..=size.0 + 1).map(|index| log.prove(Index(index), size)).collect();
    (log.head(), Nodes::size(log), nodes.map(|(level, index)| log.node(level, index)).collect(), proofs)
}

fn log_of(committed: &[Vec<u8>]) -> BatchLog {
    let mut log = BatchLog::new();
    log.stage(&batch(committed)).unwrap();
    log.commit().unwrap();
    log
}

#[test]
fn staging_then_discarding_leaves_the_log_as_it_was() {
    let all = reference::entries(20);
    let mut log = log_of(&all[..7]);
    let before = read(&log);
    log.stage(&batch(&all[7..])).unwrap();
    assert_ne!(read(&log), before);
    log.discard();
    assert_eq!(read(&log), before);
    assert_eq!(log.commit(), Ok(before.0));
    assert_eq!(read(&log), before);
}

#[test]
fn staging_shows_what_committing_does() {
    let all = reference::entries(20);
    let mut log = log_of(&all[..7]);
    let appended = log.stage(&batch(&all[7..])).unwrap();
    assert_eq!(appended.head, head(&all));
    assert_eq!(appended.batch_root, mth(&hashes(&all[7..])));
    let (names, leaves): (Vec<_>, Vec<_>) = appended.pairs.into_iter().unzip();
    assert_eq!(leaves, hashes(&all[7..]));
    assert_eq!(names.iter().map(EventId::as_str).nth(12), Some("event-12"));

    // Until then head and proofs speak of what is committed, nodes of what is staged too.
    assert_eq!(log.head(), head(&all[..7]));
    assert_eq!((Nodes::size(&log), log.staged(), log.tree().head()), (Size(20), 13, head(&all)));
    let beyond = Error::MisuseSizeBeyondTree { got: Size(8), max: Size(7) };
    assert_eq!(log.prove(Index(7), Size(8)), Err(beyond.clone()));
    assert_eq!(log.consistency(Size(7), Size(8)), Err(beyond));
    assert_eq!(log.prove(Index(3), Size(7)), Ok(path(3, &hashes(&all[..7]))));

    assert_eq!(log.commit(), Ok(appended.head));
    assert_eq!(log.head(), appended.head);
    assert_eq!(log.staged(), 0);
    assert_eq!(log.prove(Index(7), Size(8)), Ok(path(7, &hashes(&all[..8]))));
    assert_eq!(log.consistency(Size(7), Size(20)).unwrap().path, reference::proof(7, &hashes(&all)));
    let beyond = Error::MisuseIndexBeyondSize { index: Index(20), size: Size(20) };
    assert_eq!(log.prove(Index(20), Size(20)), Err(beyond));
}

#[test]
fn a_batch_replaces_the_one_staged_before() {
    let all = reference::entries(9);
    let mut log = log_of(&all[..2]);
    log.stage(&batch(&all[4..9])).unwrap();
    assert_eq!(log.stage(&batch(&all[2..5])).unwrap().head, head(&all[..5]));
    assert_eq!(log.commit(), Ok(head(&all[..5])));
}

#[test]
fn a_refused_batch_leaves_nothing_staged() {
    let all = reference::entries(9);
    let long = vec![vec![1], vec![0; 65_536]];
    let refusals = [
        (batch(&[]), Error::MisuseEmptyBatch),
        (batch(&reference::entries(1_001)), Error::MisuseBatchTooLarge { got: 1_001, max: 1_000 }),
        (batch(&long), Error::MisuseEntryTooLong { got: 65_536, max: 65_535 }),
    ];
    for (refused, error) in refusals {
        let mut log = log_of(&all[..2]);
        log.stage(&batch(&all[2..])).unwrap();
        assert_eq!(log.stage(&refused), Err(error));
        assert_eq!(log.staged(), 0);
        assert_eq!(log.commit(), Ok(head(&all[..2])));
    }
}

#[test]
fn the_limit_can_be_set() {
    let mut log = BatchLog::new().with_limit(3).unwrap();
    let refused = Err(Error::MisuseBatchTooLarge { got: 4, max: 3 });
    assert_eq!(log.stage(&batch(&reference::entries(4))), refused);
    assert_eq!(log.stage(&batch(&reference::entries(3))).unwrap().head, head(&reference::entries(3)));
    let thousand = reference::entries(1_000);
    assert_eq!(BatchLog::default().stage(&batch(&thousand)).unwrap().head, head(&thousand));
    assert!(BatchLog::new().with_limit(1_000_000).is_ok());
    for got in [0, 1_000_001] {
        let refused = Error::MisuseBatchLimit { got, max: 1_000_000 };
        assert_eq!(BatchLog::new().with_limit(got).unwrap_err(), refused);
    }
}

#[test]
fn a_log_goes_on_from_a_tree() {
    let all = reference::entries(9);
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&hashes(&all[..5])).unwrap();
    let mut log = BatchLog::over(tree);
    assert_eq!(log.head(), head(&all[..5]));
    log.stage(&batch(&all[5..])).unwrap();
    assert_eq!(log.commit(), Ok(head(&all)));
}

#[derive(Debug, Clone)]
enum Step {
    Stage(usize),
    StageNothing,
    StageTooMany,
    StageTooLong,
    Commit,
    Discard,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1usize..40).prop_map(Step::Stage),
        1 => Just(Step::StageNothing),
        1 => Just(Step::StageTooMany),
        1 => Just(Step::StageTooLong),
        3 => Just(Step::Commit),
        2 => Just(Step::Discard),
    ]
}

proptest! {
    #[test]
    fn does_what_a_list_of_entries_does(steps in prop::collection::vec(step(), 1..20), pick in any::<u64>()) {
        let mut log = BatchLog::new().with_limit(40).unwrap();
        let (mut committed, mut staged, mut made) = (Vec::new(), Vec::new(), 0u32);
        for step in steps {
            let mut fresh = |count: usize| -> Vec<Vec<u8>> {
                (0..count).map(|_| { made += 1; made.to_be_bytes().to_vec() }).collect()
            };
            match step {
                Step::Stage(count) => {
                    staged = fresh(count);
                    let appended = log.stage(&batch(&staged)).unwrap();
                    prop_assert_eq!(appended.head, head(&[committed.as_slice(), &staged].concat()));
                    prop_assert_eq!(appended.batch_root, mth(&hashes(&staged)));
                    let leaves: Vec<Digest> = appended.pairs.iter().map(|pair| pair.1).collect();
                    prop_assert_eq!(leaves, hashes(&staged));
                }
                Step::StageNothing => {
                    staged.clear();
                    prop_assert_eq!(log.stage(&batch(&[])), Err(Error::MisuseEmptyBatch));
                }
                Step::StageTooMany => {
                    staged.clear();
                    let refused = Err(Error::MisuseBatchTooLarge { got: 41, max: 40 });
                    prop_assert_eq!(log.stage(&batch(&fresh(41))), refused);
                }
                Step::StageTooLong => {
                    staged.clear();
                    let long = batch(&[vec![1], vec![0; 65_536]]);
                    let refused = Err(Error::MisuseEntryTooLong { got: 65_536, max: 65_535 });
                    prop_assert_eq!(log.stage(&long), refused);
                }
                Step::Commit => {
                    committed.append(&mut staged);
                    prop_assert_eq!(log.commit(), Ok(head(&committed)));
                }
                Step::Discard => {
                    staged.clear();
                    log.discard();
                }
            }
            let all = hashes(&[committed.as_slice(), &staged].concat());
            prop_assert_eq!(log.head(), head(&committed));
            prop_assert_eq!(log.staged(), staged.len());
            prop_assert_eq!(Nodes::size(&log), Size(all.len() as u64));
            prop_assert_eq!(log.tree().root(), mth(&all));
            let leaves: Vec<Digest> = (0..all.len() as u64).filter_map(|index| log.node(0, index)).collect();
            prop_assert_eq!(&leaves, &all);
            if !committed.is_empty() {
                let index = pick % committed.len() as u64;
                let proof = log.prove(Index(index), Size(committed.len() as u64)).unwrap();
                prop_assert_eq!(proof, path(index as usize, &all[..committed.len()]));
            }
        }
    }
}
