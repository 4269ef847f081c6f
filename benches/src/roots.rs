use std::num::NonZeroUsize;

use auditmesh::{
    merkle::{Frontier, Tree},
    types::Digest,
};
use auditmesh_lanes::{Kernel, Lanes};

#[cfg(feature = "peers")]
use crate::peers::{Bmt, CtMerkle, commonware_digests, on_cores};
use crate::{
    Contender, Work, entries,
    peers::{RsMerkle, sha2_leaf, sha2_loop},
    raw, tree,
};

/// Roots of leaf hashes and of entries.
pub(crate) fn give(leaves: &[Digest], take: &mut dyn FnMut(Work<'_>)) {
    let two = Lanes::new().with_threads(NonZeroUsize::new(2).unwrap());
    root("root/digests=1000000", leaves, Lanes::new(), 7, take);
    root("root/digests=1000000,cores=2", leaves, two, 7, take);
    root("root/digests=1000", &leaves[..1000], Lanes::new(), 301, take);
    built("tree/digests=1000000", leaves, Lanes::new(), 7, take);
    built("tree/digests=1000000,cores=2", leaves, two, 7, take);
    let events = entries(100_000, 1024);
    let events: Vec<&[u8]> = events.iter().map(Vec::as_slice).collect();
    root_of_events("events/n=100000,bytes=1024", &events, Lanes::new(), 1, take);
    root_of_events("events/n=100000,bytes=1024,cores=2", &events, two, 2, take);
    if let Some(ni) = Lanes::with_kernel(Kernel::ShaNi) {
        root("root/digests=1000000,kernel=sha-ni", leaves, ni, 5, take);
    }
}

/// The root alone. Of the peers only the loop over `sha2` gives it without a tree that is kept.
fn root(name: &str, leaves: &[Digest], hasher: Lanes, runs: usize, take: &mut dyn FnMut(Work<'_>)) {
    let ours = || {
        let mut frontier = Frontier::with_hasher(hasher);
        frontier.append_leaf_hashes(leaves).unwrap();
        frontier.root().0
    };
    let raw = raw(leaves);
    let wanted = sha2_loop(&raw);
    let mut contenders = vec![Contender::checked(Contender::OURS, wanted, ours)];
    if has_peers(name) {
        contenders.push(Contender::checked("sha2-loop", wanted, || sha2_loop(&raw)));
    }
    beside_trees(name, leaves, contenders, runs, take);
}

/// The whole tree, of which any proof can be made, and its root.
fn built(name: &str, leaves: &[Digest], hasher: Lanes, runs: usize, take: &mut dyn FnMut(Work<'_>)) {
    let wanted = sha2_loop(&raw(leaves));
    let ours = Contender::checked(Contender::OURS, wanted, || tree(hasher, leaves).root().0);
    beside_trees(name, leaves, vec![ours], runs, take);
}

/// Whether the peers do the same: they work on one core, with a kernel of their own choice.
fn has_peers(name: &str) -> bool {
    !name.contains(',')
}

/// Puts the peers that keep a tree behind `contenders`.
fn beside_trees(
    name: &str,
    leaves: &[Digest],
    contenders: Vec<Contender<'_>>,
    runs: usize,
    take: &mut dyn FnMut(Work<'_>),
) {
    let per = leaves.len() as u64;
    if !has_peers(name) {
        return take(Work { name, unit: "ns/leaf", per, runs, contenders });
    }
    let raw = raw(leaves);
    let rs_merkle = || RsMerkle::from_leaves(&raw).root().unwrap();
    #[cfg(feature = "peers")]
    let converted = commonware_digests(&raw);
    let mut contenders: Vec<Contender<'_>> = contenders;
    contenders.push(Contender::checked("rs_merkle", sha2_loop(&raw), rs_merkle));
    // These hash each leaf once more, so their roots are others.
    #[cfg(feature = "peers")]
    contenders.extend([
        Contender::new("ct-merkle", || CtMerkle::of(&raw).root()),
        Contender::new("commonware-bmt", || Bmt::of(&converted).root()),
    ]);
    take(Work { name, unit: "ns/leaf", per, runs, contenders });
}

fn root_of_events(name: &str, events: &[&[u8]], hasher: Lanes, cores: usize, take: &mut dyn FnMut(Work<'_>)) {
    let hash_all = || events.iter().map(|event| sha2_leaf(event)).collect::<Vec<_>>();
    let wanted = sha2_loop(&hash_all());
    let ours = || {
        let mut tree = Tree::with_hasher(hasher);
        tree.append_batch(events).unwrap();
        tree.root().0
    };
    let mut contenders = vec![Contender::checked(Contender::OURS, wanted, ours)];
    if cores == 1 {
        contenders.push(Contender::checked("sha2-loop", wanted, || sha2_loop(&hash_all())));
        contenders.push(Contender::checked("rs_merkle", wanted, || {
            RsMerkle::from_leaves(&hash_all()).root().unwrap()
        }));
        #[cfg(feature = "peers")]
        contenders.push(Contender::checked("ct-merkle", wanted, || CtMerkle::of(events).root()));
    }
    #[cfg(feature = "peers")]
    contenders.push(match on_cores(cores) {
        None => Contender::new("commonware-bmt", || Bmt::of_events(events).root()),
        Some(cores) => {
            Contender::new("commonware-bmt", move || Bmt::of_events_on_cores(events, &cores).root())
        }
    });
    take(Work { name, unit: "ns/event", per: events.len() as u64, runs: 5, contenders });
}
