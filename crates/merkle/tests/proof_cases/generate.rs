//! The cases: faults of every part around true proofs in a tree of eight leaves, and a list without a tree.

use auditmesh_merkle::{Sha256, empty_root};
use auditmesh_types::{Digest, Hasher};

use crate::{
    case::{Case, Kind},
    tree,
};

fn bytes(digest: Digest) -> Vec<u8> {
    digest.as_bytes().to_vec()
}

/// A digest of nothing.
fn some() -> Vec<u8> {
    let mut some = vec![0; 32];
    some[..4].copy_from_slice(&[0xab, 0xac, 0xab, 0xa0]);
    some[25..].copy_from_slice(&[0x60, 0x06, 0x1e, 0x00, 0x12, 0x34, 0x56]);
    some
}

pub(crate) fn all() -> Vec<Case> {
    let inclusion = inclusion();
    let mut subtree: Vec<Case> = inclusion.iter().flat_map(as_subtrees).collect();
    subtree.extend(no_subtrees());
    [inclusion, subtree, consistency(), subtree_consistency()].concat()
}

fn inclusion() -> Vec<Case> {
    let mut cases = Vec::new();
    for (set, (index, size)) in [(0, 1), (0, 8), (5, 8), (2, 3), (1, 5)].into_iter().enumerate() {
        let path = tree::proof(index, index + 1, size);
        let good = Case {
            kind: Kind::Inclusion,
            set: set.to_string(),
            name: "happy path".into(),
            index,
            start: 0,
            end: size,
            size,
            small: bytes(tree::leaf(index)),
            large: bytes(tree::root(0, size)),
            path: path.into_iter().map(bytes).collect(),
            accepted: true,
        };
        cases.extend(inclusion_faults(&good));
        cases.push(good);
    }
    cases.extend(without_tree());
    cases
}

fn resized(case: &mut Case, size: u64) {
    (case.end, case.size) = (size, size);
}

fn inclusion_faults(good: &Case) -> Vec<Case> {
    let root = good.large.clone();
    let mut cases = vec![
        good.fault("leafIdx sub @1", |case| case.index = case.index.wrapping_sub(1)),
        good.fault("leafIdx plus @1", |case| case.index += 1),
        good.fault("leafIdx XOR @2", |case| case.index ^= 2),
        good.fault("treeSize mul @2", |case| resized(case, case.size * 2)),
        good.fault("treeSize div @2", |case| resized(case, case.size / 2)),
        good.fault("wrong leaf", |case| case.small = b"WrongLeaf".to_vec()),
        good.fault("empty root", |case| case.large = bytes(empty_root())),
        good.fault("random root", |case| case.large = some()),
        good.fault("trailing garbage", |case| case.path.push(Vec::new())),
        good.fault("trailing root", |case| case.path.push(root.clone())),
        good.fault("preceding garbage", |case| case.path.insert(0, Vec::new())),
        good.fault("preceding root", |case| case.path.insert(0, root.clone())),
    ];
    for at in 0..good.path.len() {
        cases.push(good.fault(format!("modified proof[{at}] bit @3"), |case| case.path[at][0] ^= 8));
    }
    if !good.path.is_empty() {
        cases.push(good.fault("removed component", |case| drop(case.path.pop())));
    }
    if good.path.len() > 1 {
        cases.push(good.fault("inserted component", |case| case.path.insert(1, some())));
    }
    cases
}

/// Trees of no leaf and of one, with hashes that belong to neither.
fn without_tree() -> Vec<Case> {
    let data = bytes(Sha256.leaf(b"data"));
    let one = Case {
        kind: Kind::Inclusion,
        set: "single-entry".into(),
        name: "matching root and leaf".into(),
        index: 0,
        start: 0,
        end: 1,
        size: 1,
        small: data.clone(),
        large: data,
        path: Vec::new(),
        accepted: true,
    };
    let mut cases = vec![
        one.fault("empty leaf", |case| case.small.clear()),
        one.fault("empty root", |case| case.large.clear()),
        one.fault("empty root and leaf", |case| (case.small, case.large) = (Vec::new(), Vec::new())),
    ];
    for (number, (index, size)) in [(0, 0), (0, 1), (1, 0), (2, 1)].into_iter().enumerate() {
        for (name, leaf, root) in [
            ("random leaf", some(), Vec::new()),
            ("empty root", Vec::new(), bytes(empty_root())),
            ("empty root and random leaf", some(), bytes(empty_root())),
        ] {
            cases.push(one.fault(name, |case| {
                case.set = format!("additional/{number}");
                case.index = index;
                resized(case, size);
                (case.small, case.large) = (leaf, root);
            }));
        }
    }
    cases.push(one);
    cases
}

/// The case as one of the subtree from leaf 0, and as one of the next subtree of that size.
fn as_subtrees(case: &Case) -> [Case; 2] {
    let first = Case { kind: Kind::SubtreeInclusion, ..case.clone() };
    let shift = case.end.max(1).next_power_of_two();
    let next = Case {
        name: format!("{} - subtree", case.name),
        index: case.index.checked_add(shift).unwrap_or(case.index),
        start: shift,
        end: case.end + shift,
        ..first.clone()
    };
    [first, next]
}

/// Parts that are no subtree, and leaves outside theirs.
fn no_subtrees() -> Vec<Case> {
    let at = |name: &str, index, start, end| Case {
        kind: Kind::SubtreeInclusion,
        set: "errors".into(),
        name: name.into(),
        index,
        start,
        end,
        size: end,
        small: bytes(tree::leaf(0)),
        large: bytes(empty_root()),
        path: Vec::new(),
        accepted: false,
    };
    vec![
        at("everything zero", 0, 0, 0),
        at("start equals end", 0, 1, 1),
        at("invalid subtree", 3, 3, 5),
        at("invalid large subtree", 1, 1, (1 << 63) + 2),
        at("oob left", 0, 1, 2),
        at("oob right", 3, 0, 2),
        at("oob right 2", 3, 0, 3),
        at("start larger than end", 0, 2, 1),
    ]
}

fn consistency() -> Vec<Case> {
    let olds = [(0, 1, 1), (0, 1, 8), (0, 6, 8), (0, 2, 5), (0, 6, 7)];
    let mut cases = parts(Kind::Consistency, &olds);
    let (first, second, empty) = (b"don't care 1", b"don't care 2", bytes(empty_root()));
    let none = Vec::new();
    let one = vec![empty.clone()];
    let mut list = |name: &str, old, new, small: &[u8], large: &[u8], path: &Vec<Vec<u8>>, accepted| {
        cases.push(additional(Kind::Consistency, name, (0, old, new), (small, large), path, accepted));
    };
    list("sizes are equal (zero) but roots are not", 0, 0, first, second, &none, false);
    list("sizes are equal (one) but roots are not", 1, 1, first, second, &none, false);
    list("sizes are equal (zero) and proof is empty", 0, 0, first, first, &none, false);
    list("size1 is zero and does not equal size2", 0, 1, first, second, &none, false);
    list("sizes are equal (one) and proof is empty", 1, 1, second, second, &none, true);
    list("size1 is greater than size2", 1, 0, first, second, &none, false);
    list("size1 is greater than size2 again", 2, 1, first, second, &none, false);
    list("sizes do not watch and proof is empty", 1, 2, first, second, &none, false);
    list("roots do not match and sizes are zero", 0, 0, &empty, second, &none, false);
    list("roots do not not match and sizes are one", 1, 1, &empty, second, &none, false);
    list("sizes match but proof is not empty and sizes are zero", 0, 0, &empty, &empty, &one, false);
    list("sizes match but proof is not empty and sizes are one", 1, 1, &empty, &empty, &one, false);
    list("size1 is zero and size2 is not zero", 0, 1, &empty, second, &none, false);
    list("consistency check on empty tree (size1 is zero) is useless", 0, 1, &empty, &empty, &one, false);
    cases
}

fn subtree_consistency() -> Vec<Case> {
    let kind = Kind::SubtreeConsistency;
    let mut cases = parts(
        kind,
        &[
            (0, 1, 1),
            (0, 1, 8),
            (0, 6, 8),
            (0, 2, 5),
            (0, 6, 7),
            (7, 8, 8),
            (4, 8, 8),
            (6, 8, 8),
            (4, 7, 7),
            (4, 5, 8),
            (2, 4, 8),
            (4, 7, 8),
        ],
    );
    let (first, second, empty) = (b"don't care 1", b"don't care 2", bytes(empty_root()));
    let none = Vec::new();
    let one = vec![empty.clone()];
    let mut list = |name: &str, part, small: &[u8], large: &[u8], path: &Vec<Vec<u8>>, accepted| {
        cases.push(additional(kind, name, part, (small, large), path, accepted));
    };
    list("sizes are equal (zero) but roots are not", (0, 0, 0), first, second, &none, false);
    list("sizes are equal (one) but roots are not", (0, 1, 1), first, second, &none, false);
    list("end is zero and does not equal size", (0, 0, 1), first, second, &none, false);
    list("sizes are equal (one) and proof is empty", (0, 1, 1), second, second, &none, true);
    for (sizes, part, other) in [
        ("sizes are equal (zero) ", (0, 0, 0), &first[..]),
        ("sizes are equal (one) ", (1, 1, 1), first),
        ("", (1, 1, 2), &empty),
    ] {
        let name = |what: &str| format!("subtree is empty {sizes}{what}");
        list(&name("subtree root valid proof is empty"), part, &empty, &empty, &none, true);
        let random = name("subtree root valid tree root random proof is empty");
        list(&random, part, &empty, other, &none, true);
        list(&name("roots valid but proof is not empty"), part, &empty, &empty, &one, false);
        list(&name("roots match but not valid"), part, first, first, &none, false);
    }
    for part in [(1, 15, 15), (1, 3, 8), (2, 5, 8), (2, 6, 8)] {
        let (start, end, size) = part;
        let name = format!("invalid subtree start {start} end {end} size {size}");
        list(&name, part, first, second, &none, false);
    }
    list("end is greater than size", (0, 1, 0), first, second, &none, false);
    list("end is greater than size again", (0, 2, 1), first, second, &none, false);
    list("sizes do not match and proof is empty", (0, 1, 2), first, second, &none, false);
    list("roots do not match and sizes are one", (0, 1, 1), &empty, second, &none, false);
    list("sizes match but proof is not empty and sizes are zero", (0, 0, 0), &empty, &empty, &one, false);
    list("sizes match but proof is not empty and sizes are one", (0, 1, 1), &empty, &empty, &one, false);
    cases
}

fn additional(
    kind: Kind,
    name: &str,
    (start, end, size): (u64, u64, u64),
    (small, large): (&[u8], &[u8]),
    path: &[Vec<u8>],
    accepted: bool,
) -> Case {
    let (small, large) = (small.to_vec(), large.to_vec());
    let (set, name, path) = ("additional".into(), name.into(), path.to_vec());
    Case { kind, set, name, index: 0, start, end, size, small, large, path, accepted }
}

/// True proofs of parts, each with its faults.
fn parts(kind: Kind, parts: &[(u64, u64, u64)]) -> Vec<Case> {
    let mut cases = Vec::new();
    for (set, (start, end, size)) in parts.iter().copied().enumerate() {
        let path: Vec<Vec<u8>> = tree::proof(start, end, size).into_iter().map(bytes).collect();
        let roots = (bytes(tree::root(start, end)), bytes(tree::root(0, size)));
        let part = (start, end, size);
        let mut good = additional(kind, "happy path", part, (&roots.0, &roots.1), &path, true);
        good.set = set.to_string();
        if !path.is_empty() {
            cases.extend(part_faults(&good));
        }
        cases.push(good);
    }
    cases
}

fn part_faults(good: &Case) -> Vec<Case> {
    let (end, size) = match good.kind {
        Kind::SubtreeConsistency => ("end", "size"),
        _ => ("size1", "size2"),
    };
    let (small, large, first) = (good.small.clone(), good.large.clone(), good.path[0].clone());
    let wrong = || b"WrongRoot".to_vec();
    let mut cases = vec![
        good.fault(format!("{end} sub @1"), |case| case.end -= 1),
        good.fault(format!("{end} plus @1"), |case| case.end += 1),
        good.fault(format!("{end} XOR @2"), |case| case.end ^= 2),
        good.fault(format!("{size} mul @2"), |case| case.size *= 2),
        good.fault(format!("{size} div @2"), |case| case.size /= 2),
        good.fault("wrong root1", |case| case.small = wrong()),
        good.fault("wrong root2", |case| case.large = wrong()),
        good.fault("swapped roots", |case| std::mem::swap(&mut case.small, &mut case.large)),
        good.fault("empty proof", |case| case.path.clear()),
        good.fault("trailing garbage", |case| case.path.push(Vec::new())),
        good.fault("trailing root1", |case| case.path.push(small.clone())),
        good.fault("trailing root2", |case| case.path.push(large.clone())),
        good.fault("preceding garbage", |case| case.path.insert(0, Vec::new())),
        good.fault("preceding root1", |case| case.path.insert(0, small.clone())),
        good.fault("preceding root2", |case| case.path.insert(0, large.clone())),
        good.fault("preceding proof @0", |case| case.path.insert(0, first.clone())),
        good.fault("truncated proof", |case| drop(case.path.pop())),
    ];
    for at in 0..good.path.len() {
        cases.push(good.fault(format!("modified proof@{at} bit @4"), |case| case.path[at][0] ^= 16));
    }
    cases
}
