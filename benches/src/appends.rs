use std::hint::black_box;

use auditmesh::{merkle::Tree, types::Digest};
use auditmesh_lanes::Lanes;

#[cfg(feature = "peers")]
use crate::peers::{CtMerkle, Mmr, commonware_digests};
#[cfg(feature = "peers")]
use crate::raw;
use crate::{Contender, Work, tree};

/// How far a tree may grow before it is made anew.
const MOST: u64 = 1_200_000;

/// Leaves appended to a tree of a million, one at a time and a thousand at a time; the root after each append.
pub(crate) fn give(leaves: &[Digest], take: &mut dyn FnMut(Work<'_>)) {
    let added = &leaves[..1000];
    #[cfg(feature = "peers")]
    let (raw, converted) = (raw(leaves), commonware_digests(&raw(leaves)));
    let single = |tree: &mut Tree<Lanes>| {
        for leaf in added {
            tree.append_leaf_hashes(&[*leaf]).unwrap();
            black_box(tree.root());
        }
    };
    let contenders = vec![
        ours(leaves, single),
        #[cfg(feature = "peers")]
        by_ct_merkle(&raw, 1),
        #[cfg(feature = "peers")]
        by_mmr(&converted, 1),
    ];
    take(Work { name: "append/n=1000000", unit: "ns/append", per: 1000, runs: 31, contenders });

    let batch = |tree: &mut Tree<Lanes>| {
        tree.append_leaf_hashes(added).unwrap();
        black_box(tree.root());
    };
    let contenders = vec![
        ours(leaves, batch),
        #[cfg(feature = "peers")]
        by_ct_merkle(&raw, 1000),
        #[cfg(feature = "peers")]
        by_mmr(&converted, 1000),
    ];
    take(Work { name: "append/n=1000000,batch=1000", unit: "ns/leaf", per: 1000, runs: 101, contenders });
}

fn ours<'a>(leaves: &'a [Digest], work: impl FnMut(&mut Tree<Lanes>) + 'a) -> Contender<'a> {
    let make = || tree(Lanes::new(), leaves);
    Contender::prepared(Contender::OURS, make(), move |tree| again(tree.size().0 > MOST, tree, make), work)
}

/// A thousand leaves, the root after each `batch`; it takes them one by one.
#[cfg(feature = "peers")]
fn by_ct_merkle(raw: &[[u8; 32]], batch: usize) -> Contender<'_> {
    let make = || CtMerkle::of(raw);
    let work = move |tree: &mut CtMerkle| {
        for leaves in raw[..1000].chunks(batch) {
            leaves.iter().for_each(|leaf| tree.push(leaf));
            black_box(tree.root());
        }
    };
    Contender::prepared("ct-merkle", make(), move |tree| again(tree.len() > MOST, tree, make), work)
}

/// A thousand leaves, `batch` at a time.
#[cfg(feature = "peers")]
fn by_mmr(leaves: &[crate::peers::CommonwareDigest], batch: usize) -> Contender<'_> {
    let make = || Mmr::of(leaves);
    let work = move |mmr: &mut Mmr| {
        for leaves in leaves[..1000].chunks(batch) {
            mmr.append(leaves);
            black_box(mmr.root());
        }
    };
    Contender::prepared("commonware-mmr", make(), move |mmr| again(mmr.len() > MOST, mmr, make), work)
}

/// Makes what has grown too far anew.
fn again<T>(too_far: bool, tree: &mut T, make: impl FnOnce() -> T) {
    if too_far {
        *tree = make();
    }
}
