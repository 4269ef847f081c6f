//! Roots, events, appends, proofs and memory of the log.

use std::{hint::black_box, num::NonZeroUsize, time::Instant};

use auditmesh::{
    merkle::{MAX_PATH, Tree, verify_inclusion, verify_multi},
    types::{Digest, Hasher, Index},
};
use auditmesh_benches::{digests, entries};
use auditmesh_lanes::{Kernel, Lanes};

use crate::{
    measure::{Contender, Figure, race},
    memory::{kept, kept_elsewhere},
    merkle_peers::{CtMerkle, RsMerkle, sha2_leaf, sha2_loop},
};

const MILLION: u64 = 1_000_000;

/// What a reader must know to compare the columns.
pub(crate) const NOTES: &str = "\
- `limit` is the compressions needed, times the cheapest compression that any kernel of ours does from the first cache in the same run: a bound for the tree
  around the kernel, not for the machine.
- `ct-merkle` takes entries, not digests: in `root`, `append` and `verify` it hashes each leaf once more than ours, and in `memory` it keeps the 32-byte
  entries. In `events` all contenders do the same work and give the same root; so do `sha2-loop` and `rs_merkle` everywhere.
- Proofs are made at scattered places of a 64 MB tree, so that `prove` depends on the caches and varies between runs more than the other rows.
";

pub(crate) fn figures() -> Vec<Figure> {
    let compression = cheapest_compression();
    let two = Lanes::new().with_threads(NonZeroUsize::new(2).unwrap());
    let leaves = digests(MILLION);
    let mut figures = vec![
        root("root/digests=1000000", &leaves, Lanes::new(), 7, true),
        root("root/digests=1000000,cores=2", &leaves, two, 7, false),
        root("root/digests=1000", &leaves[..1000], Lanes::new(), 301, true),
        events("events/n=100000,bytes=1024", Lanes::new(), true),
        events("events/n=100000,bytes=1024,cores=2", two, false),
    ];
    let ni = Lanes::with_kernel(Kernel::ShaNi);
    figures.extend(ni.map(|ni| root("root/digests=1000000,kernel=sha-ni", &leaves, ni, 5, false)));
    for figure in figures.iter_mut().filter(|figure| !figure.work.ends_with("sha-ni")) {
        let compressions = if figure.work.starts_with("events") { 19.0 } else { 2.0 };
        let cores = if figure.work.ends_with("cores=2") { 2.0 } else { 1.0 };
        figure.limit = Some(compression * compressions / cores);
    }
    figures.extend(proofs(&leaves));
    figures.extend(appends(&leaves));
    figures.push(memory());
    figures
}

/// Nanoseconds of one compression where nothing but registers and the first cache is in the way.
fn cheapest_compression() -> f64 {
    let kernels = Kernel::ALL.into_iter().filter_map(Lanes::with_kernel);
    kernels.flat_map(|lanes| (0..25).map(move |_| compression(lanes))).fold(f64::INFINITY, f64::min)
}

fn compression(lanes: Lanes) -> f64 {
    let (children, mut out) = (digests(512), vec![Digest::default(); 256]);
    let since = Instant::now();
    (0..200).for_each(|_| lanes.nodes(black_box(&children), &mut out));
    since.elapsed().as_nanos() as f64 / (200.0 * 256.0 * 2.0)
}

fn tree(hasher: Lanes, leaves: &[Digest]) -> Tree<Lanes> {
    let mut tree = Tree::with_hasher(hasher);
    tree.append_leaf_hashes(leaves).unwrap();
    tree
}

fn root(work: &str, leaves: &[Digest], hasher: Lanes, runs: usize, peers: bool) -> Figure {
    let raw: Vec<[u8; 32]> = leaves.iter().map(|leaf| leaf.0).collect();
    let wanted = sha2_loop(raw.clone());
    let mut all = vec![Contender::checked("ours", wanted, || tree(hasher, leaves).root().0)];
    if peers {
        all.push(Contender::checked("sha2-loop", wanted, || sha2_loop(raw.clone())));
        all.push(Contender::checked("rs_merkle", wanted, || RsMerkle::from_leaves(&raw).root().unwrap()));
        // It takes entries and hashes each once more, so its root is another.
        all.push(Contender::new("ct-merkle", || CtMerkle::of(&raw).root()));
    }
    race(work, "ns/leaf", leaves.len() as u64, runs, all)
}

fn events(work: &str, hasher: Lanes, peers: bool) -> Figure {
    let events = entries(100_000, 1024);
    let events: Vec<&[u8]> = events.iter().map(Vec::as_slice).collect();
    let hash_all = || events.iter().map(|event| sha2_leaf(event)).collect::<Vec<_>>();
    let wanted = sha2_loop(hash_all());
    let ours = || {
        let mut tree = Tree::with_hasher(hasher);
        tree.append_batch(&events).unwrap();
        tree.root().0
    };
    let mut all = vec![Contender::checked("ours", wanted, ours)];
    if peers {
        all.push(Contender::checked("sha2-loop", wanted, || sha2_loop(hash_all())));
        all.push(Contender::checked("rs_merkle", wanted, || {
            RsMerkle::from_leaves(&hash_all()).root().unwrap()
        }));
        all.push(Contender::checked("ct-merkle", wanted, || CtMerkle::of(&events).root()));
    }
    race(work, "ns/event", events.len() as u64, 5, all)
}

fn proofs(leaves: &[Digest]) -> Vec<Figure> {
    let (hasher, tree) = (Lanes::new(), tree(Lanes::new(), leaves));
    let raw: Vec<[u8; 32]> = leaves.iter().map(|leaf| leaf.0).collect();
    let (rs, ct) = (RsMerkle::from_leaves(&raw), CtMerkle::of(&raw));
    let (size, root) = (tree.size(), tree.root());
    let places: Vec<u64> = (0..1000).map(|n| n * 7_919 * 131 % MILLION).collect();
    let each = |work: &dyn Fn(u64)| places.iter().for_each(|place| work(*place));

    let ours = || {
        let mut path = [Digest::default(); MAX_PATH];
        for place in &places {
            black_box(tree.write_inclusion(Index(*place), size, &mut path).unwrap());
            black_box(&path);
        }
    };
    let made = race(
        "prove/n=1000000",
        "ns/proof",
        1000,
        31,
        vec![
            Contender::new("ours", ours),
            Contender::new("rs_merkle", || each(&|place| drop(black_box(rs.proof(&[place as usize]))))),
            Contender::new("ct-merkle", || each(&|place| ct.prove(place as usize))),
        ],
    );

    let path_of = |place: u64| (place, tree.inclusion(Index(place), size).unwrap().path);
    let paths: Vec<(u64, Vec<Digest>)> = places.iter().map(|place| path_of(*place)).collect();
    let ours = || {
        for (place, path) in &paths {
            let leaf = leaves[*place as usize];
            verify_inclusion(&hasher, &leaf, Index(*place), size, path, &root).unwrap();
        }
    };
    let rs_root = rs.root().unwrap();
    let rs_proofs: Vec<_> =
        places.iter().map(|place| (*place as usize, rs.proof(&[*place as usize]))).collect();
    let by_rs = || {
        for (place, proof) in &rs_proofs {
            assert!(proof.verify(rs_root, &[*place], &[raw[*place]], raw.len()));
        }
    };
    let ct_proofs = ct.proofs(&places);
    let verified = race(
        "verify/n=1000000",
        "ns/proof",
        1000,
        31,
        vec![
            Contender::new("ours", ours),
            Contender::new("rs_merkle", by_rs),
            Contender::new("ct-merkle", || ct.verify(&raw, &ct_proofs)),
        ],
    );
    vec![made, verified, multi(&tree, &rs, &raw)]
}

/// A proof of a hundred leaves, scattered over the tree.
fn multi(tree: &Tree<Lanes>, rs: &RsMerkle, raw: &[[u8; 32]]) -> Figure {
    let (hasher, size, root) = (Lanes::new(), tree.size(), tree.root());
    let mut places: Vec<usize> = (0..100).map(|n| n * 7_919 * 131 % raw.len()).collect();
    places.sort_unstable();
    let indices: Vec<Index> = places.iter().map(|place| Index(*place as u64)).collect();
    let leaves: Vec<(Index, Digest)> =
        indices.iter().map(|index| (*index, Digest(raw[index.0 as usize]))).collect();
    let (proof, rs_proof, rs_root) =
        (tree.multiproof(&indices, size).unwrap(), rs.proof(&places), rs.root().unwrap());
    let rs_leaves: Vec<[u8; 32]> = places.iter().map(|place| raw[*place]).collect();
    let ours = || verify_multi(&hasher, &leaves, size, &proof.path, &root).unwrap();
    let theirs = || assert!(rs_proof.verify(rs_root, &places, &rs_leaves, raw.len()));
    let all = vec![Contender::new("ours", ours), Contender::new("rs_merkle", theirs)];
    race("verify-multi/n=1000000,leaves=100", "ns/proof", 1, 301, all)
}

fn appends(leaves: &[Digest]) -> Vec<Figure> {
    let raw: Vec<[u8; 32]> = leaves.iter().map(|leaf| leaf.0).collect();
    let (mut one, mut ct) = (tree(Lanes::new(), leaves), CtMerkle::of(&raw));
    let mut batches = tree(Lanes::new(), leaves);
    let single = || {
        for leaf in &leaves[..1000] {
            one.append_leaf_hashes(&[*leaf]).unwrap();
            black_box(one.root());
        }
    };
    let by_ct = || {
        for leaf in &raw[..1000] {
            ct.push(leaf);
            black_box(ct.root());
        }
    };
    let work = "append/n=1000000";
    let ones = race(
        work,
        "ns/append",
        1000,
        31,
        vec![Contender::new("ours", single), Contender::new("ct-merkle", by_ct)],
    );
    let batch = || {
        batches.append_leaf_hashes(&leaves[..1000]).unwrap();
        black_box(batches.root());
    };
    let batches =
        race("append/n=1000000,batch=1000", "ns/leaf", 1000, 101, vec![Contender::new("ours", batch)]);
    vec![ones, batches]
}

/// Each tree in a process of its own, since freed memory stays with the process.
fn memory() -> Figure {
    let per = |who: &str| kept_elsewhere(who) / MILLION as f64;
    let ours = per("ours");
    let peers = [("rs_merkle", per("rs_merkle")), ("ct-merkle", per("ct-merkle"))];
    println!("{:<38} {ours:>9.2} B/leaf    {peers:.1?}", "memory/n=1000000");
    let (work, unit) = ("memory/n=1000000".to_owned(), "B/leaf");
    Figure { work, unit, ours, peers: peers.into_iter().collect(), limit: Some(32.0) }
}

/// What the tree of `who` keeps in this process; 0 for nobody.
pub(crate) fn kept_here(who: &str) -> f64 {
    let leaves = digests(MILLION);
    let raw: Vec<[u8; 32]> = leaves.iter().map(|leaf| leaf.0).collect();
    match who {
        "ours" => kept(|| tree(Lanes::new(), &leaves)),
        "rs_merkle" => kept(|| RsMerkle::from_leaves(&raw)),
        "ct-merkle" => kept(|| CtMerkle::of(&raw)),
        _ => 0.0,
    }
}
