use std::hint::black_box;

use auditmesh::{merkle::Tree, types::Digest};
use auditmesh_lanes::Lanes;

#[cfg(feature = "peers")]
use crate::peers::{CtMerkle, Mmr, commonware_digests};
#[cfg(feature = "peers")]
use crate::raw;
use crate::{Contender, Work, tree};

/// A thousand leaves appended to a tree of a million, one at a time and all at once; the root after each append. Every run begins with a
/// million: how many hashes an append takes depends on the bits of the size.
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
    take(Work { name: "append/n=1000000", unit: "ns/append", per: 1000, runs: 11, contenders });

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
    take(Work { name: "append/n=1000000,batch=1000", unit: "ns/leaf", per: 1000, runs: 21, contenders });
}

fn ours<'a>(leaves: &'a [Digest], work: impl FnMut(&mut Tree<Lanes>) + 'a) -> Contender<'a> {
    grown(Contender::OURS, || tree(Lanes::new(), leaves), work)
}

/// A thousand leaves, the root after each `batch`; it takes them one by one.
#[cfg(feature = "peers")]
fn by_ct_merkle(raw: &[[u8; 32]], batch: usize) -> Contender<'_> {
    grown(
        "ct-merkle",
        || CtMerkle::of(raw),
        move |tree| {
            for leaves in raw[..1000].chunks(batch) {
                leaves.iter().for_each(|leaf| tree.push(leaf));
                black_box(tree.root());
            }
        },
    )
}

/// A thousand leaves, `batch` at a time.
#[cfg(feature = "peers")]
fn by_mmr(leaves: &[crate::peers::CommonwareDigest], batch: usize) -> Contender<'_> {
    grown(
        "commonware-mmr",
        || Mmr::of(leaves),
        move |mmr| {
            for leaves in leaves[..1000].chunks(batch) {
                mmr.append(leaves);
                black_box(mmr.root());
            }
        },
    )
}

/// One that grows a tree which is made anew for every run. A copy would not do: it has no room, which the first append would have to make.
fn grown<'a, T: 'a, R>(
    name: &'static str,
    make: impl Fn() -> T + 'a,
    mut work: impl FnMut(&mut T) -> R + 'a,
) -> Contender<'a> {
    let prepare = move |tree: &mut Option<T>| {
        tree.take();
        tree.replace(make());
    };
    Contender::prepared(name, None, prepare, move |tree| tree.as_mut().map(&mut work))
}
