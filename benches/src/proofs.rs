use std::hint::black_box;

use auditmesh::{
    merkle::{MAX_PATH, Tree, verify_inclusion, verify_multi},
    types::{Digest, Index},
};
use auditmesh_lanes::Lanes;

#[cfg(feature = "peers")]
use crate::peers::{Bmt, CtMerkle, commonware_digests};
use crate::{Contender, MILLION, Work, peers::RsMerkle, raw, tree};

/// So many bytes are in no cache of a processor of today.
const MORE_THAN_THE_CACHES: usize = 256 << 20;

/// The trees that prove, and where.
struct Proving<'a> {
    leaves: &'a [Digest],
    raw: &'a [[u8; 32]],
    tree: Tree<Lanes>,
    rs: RsMerkle,
    #[cfg(feature = "peers")]
    ct: CtMerkle,
    #[cfg(feature = "peers")]
    bmt: Bmt,
    /// A thousand places that are scattered over the tree.
    places: Vec<u64>,
}

/// Proofs of one leaf and of a hundred.
pub(crate) fn give(leaves: &[Digest], take: &mut dyn FnMut(Work<'_>)) {
    let raw = raw(leaves);
    let proving = Proving {
        leaves,
        raw: &raw,
        tree: tree(Lanes::new(), leaves),
        rs: RsMerkle::from_leaves(&raw),
        #[cfg(feature = "peers")]
        ct: CtMerkle::of(&raw),
        #[cfg(feature = "peers")]
        bmt: Bmt::of(&commonware_digests(&raw)),
        places: (0..1000).map(|n| n * 7_919 * 131 % MILLION).collect(),
    };
    prove("prove/n=1000000", &proving, &|name, work| Contender::again(name, work), take);
    let others = vec![1; MORE_THAN_THE_CACHES / 8];
    prove("prove/n=1000000,cold=1", &proving, &|name, work| Contender::cold(name, &others, work), take);
    drop(others);
    verify(&proving, take);
    verify_many(&proving, take);
}

/// How a contender is timed.
type Timed<'a> = dyn Fn(&'static str, Box<dyn Fn() + 'a>) -> Contender<'a> + 'a;

fn prove<'a>(name: &str, on: &'a Proving<'a>, timed: &Timed<'a>, take: &mut dyn FnMut(Work<'_>)) {
    let size = on.tree.size();
    let ours = move || {
        let mut path = [Digest::default(); MAX_PATH];
        for place in &on.places {
            black_box(on.tree.write_inclusion(Index(*place), size, &mut path).unwrap());
            black_box(&path);
        }
    };
    let by_rs = || on.places.iter().for_each(|place| drop(black_box(on.rs.proof(&[index(*place)]))));
    let contenders = vec![
        timed(Contender::OURS, Box::new(ours)),
        timed("rs_merkle", Box::new(by_rs)),
        #[cfg(feature = "peers")]
        timed("ct-merkle", Box::new(|| on.places.iter().for_each(|place| on.ct.prove(index(*place))))),
        #[cfg(feature = "peers")]
        timed("commonware-bmt", Box::new(|| on.places.iter().for_each(|place| on.bmt.prove(*place)))),
    ];
    take(Work { name, unit: "ns/proof", per: 1000, runs: 31, contenders });
}

fn verify(on: &Proving<'_>, take: &mut dyn FnMut(Work<'_>)) {
    let (hasher, size, root) = (Lanes::new(), on.tree.size(), on.tree.root());
    let path_of = |place: u64| (place, on.tree.inclusion(Index(place), size).unwrap().path);
    let paths: Vec<(u64, Vec<Digest>)> = on.places.iter().map(|place| path_of(*place)).collect();
    let ours = || {
        for (place, path) in &paths {
            let leaf = on.leaves[index(*place)];
            verify_inclusion(&hasher, &leaf, Index(*place), size, path, &root).unwrap();
        }
    };
    let rs_root = on.rs.root().unwrap();
    let rs_proof_of = |place: u64| (index(place), on.rs.proof(&[index(place)]));
    let rs_proofs: Vec<_> = on.places.iter().map(|place| rs_proof_of(*place)).collect();
    let by_rs = || {
        for (place, proof) in &rs_proofs {
            assert!(proof.verify(rs_root, &[*place], &[on.raw[*place]], on.raw.len()));
        }
    };
    #[cfg(feature = "peers")]
    let (ct_proofs, bmt_proofs) = (on.ct.proofs(&on.places), on.bmt.proofs(&on.places, on.raw));
    let contenders = vec![
        Contender::again(Contender::OURS, ours),
        Contender::again("rs_merkle", by_rs),
        #[cfg(feature = "peers")]
        Contender::again("ct-merkle", || on.ct.verify(on.raw, &ct_proofs)),
        #[cfg(feature = "peers")]
        Contender::again("commonware-bmt", || on.bmt.verify(&bmt_proofs)),
    ];
    take(Work { name: "verify/n=1000000", unit: "ns/proof", per: 1000, runs: 31, contenders });
}

/// One proof of a hundred leaves, scattered over the tree.
fn verify_many(on: &Proving<'_>, take: &mut dyn FnMut(Work<'_>)) {
    let (hasher, size, root) = (Lanes::new(), on.tree.size(), on.tree.root());
    let mut places: Vec<usize> = on.places.iter().take(100).map(|place| index(*place)).collect();
    places.sort_unstable();
    let indices: Vec<Index> = places.iter().map(|place| Index(*place as u64)).collect();
    let leaves: Vec<(Index, Digest)> =
        indices.iter().map(|place| (*place, on.leaves[index(place.0)])).collect();
    let (proof, rs_proof) = (on.tree.multiproof(&indices, size).unwrap(), on.rs.proof(&places));
    let rs_root = on.rs.root().unwrap();
    let rs_leaves: Vec<[u8; 32]> = places.iter().map(|place| on.raw[*place]).collect();
    let by_rs = || assert!(rs_proof.verify(rs_root, &places, &rs_leaves, on.raw.len()));
    #[cfg(feature = "peers")]
    let bmt_proof = on.bmt.multi_proof(&places, on.raw);
    let contenders = vec![
        Contender::again(Contender::OURS, || {
            verify_multi(&hasher, &leaves, size, &proof.path, &root).unwrap();
        }),
        Contender::again("rs_merkle", by_rs),
        #[cfg(feature = "peers")]
        Contender::again("commonware-bmt", || on.bmt.verify_multi(&bmt_proof)),
    ];
    let name = "verify-multi/n=1000000,leaves=100";
    take(Work { name, unit: "ns/proof", per: 1, runs: 301, contenders });
}

fn index(place: u64) -> usize {
    usize::try_from(place).unwrap()
}
