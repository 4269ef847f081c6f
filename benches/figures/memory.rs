//! How many bytes a value keeps: what the process holds more while it lives.

use std::{collections::BTreeMap, env, fs, process::Command};

use auditmesh::merkle::{Frontier, Tree};
use auditmesh_benches::{
    MILLION, digests,
    peers::{Bmt, CtMerkle, Mmr, RsMerkle, commonware_digests},
    raw, tree,
};
use auditmesh_lanes::Lanes;

use crate::measure::Figure;

/// How many frontiers are kept at once, since one is smaller than what the process is given at a time.
const FRONTIERS: u16 = 10_000;

/// Of a million leaves, what is kept by the trees, and by a frontier.
pub(crate) fn figures() -> Vec<Figure> {
    let mut figures = Vec::new();
    for (work, ours, peers) in [
        ("memory/n=1000000", "tree", ["rs_merkle", "ct-merkle", "commonware-bmt"].as_slice()),
        ("memory/n=1000000,grown=1", "tree,grown=1", &["ct-merkle", "commonware-mmr"]),
    ] {
        let per_leaf = |who: &str| kept_elsewhere(who) / MILLION as f64;
        let peers: BTreeMap<_, _> = peers.iter().map(|peer| (*peer, per_leaf(peer))).collect();
        let (work, ours) = (work.to_owned(), per_leaf(ours));
        figures.push(Figure { work, unit: "B/leaf", ours, peers, limit: Some(32.0) }.said());
    }
    let ours = kept_elsewhere("frontier") / f64::from(FRONTIERS);
    let (work, peers) = ("frontier/n=1000000".to_owned(), BTreeMap::new());
    figures.push(Figure { work, unit: "B", ours, peers, limit: None }.said());
    figures
}

/// What is kept in this process by that which `who` names; 0 for nobody.
pub(crate) fn kept_here(who: &str) -> f64 {
    let leaves = digests(MILLION);
    let raw = raw(&leaves);
    match who {
        "tree" => kept(|| tree(Lanes::new(), &leaves)),
        "tree,grown=1" => kept(|| {
            let mut tree = Tree::with_hasher(Lanes::new());
            for leaf in &leaves {
                tree.append_leaf_hashes(&[*leaf]).unwrap();
            }
            tree
        }),
        "frontier" => {
            let (before, last) = leaves.split_at(leaves.len() - 1000);
            let mut old = Frontier::with_hasher(Lanes::new());
            old.append_leaf_hashes(before).unwrap();
            let grown = || {
                let mut frontier = old.clone();
                for leaf in last {
                    frontier.append(leaf).unwrap();
                }
                frontier
            };
            kept(|| (0..FRONTIERS).map(|_| grown()).collect::<Vec<_>>())
        }
        "rs_merkle" => kept(|| RsMerkle::from_leaves(&raw)),
        "ct-merkle" => kept(|| CtMerkle::of(&raw)),
        "commonware-bmt" => {
            let leaves = commonware_digests(&raw);
            kept(|| Bmt::of(&leaves))
        }
        "commonware-mmr" => {
            let leaves = commonware_digests(&raw);
            kept(|| {
                let mut mmr = Mmr::of(&[]);
                leaves.iter().for_each(|leaf| mmr.append(&[*leaf]));
                mmr
            })
        }
        _ => 0.0,
    }
}

/// The resident bytes that `make`'s value adds to the process; Linux only, 0 elsewhere.
fn kept<T>(make: impl FnOnce() -> T) -> f64 {
    let before = resident();
    let value = make();
    let after = resident();
    drop(value);
    (after - before).max(0.0)
}

/// The bytes of memory that are here and come from no file: pages of the program itself come in as it runs.
fn resident() -> f64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let mut pages = pages.split(' ').skip(1).map(|pages| pages.parse::<f64>().unwrap_or_default());
    let (all, of_files) = (pages.next().unwrap_or_default(), pages.next().unwrap_or_default());
    (all - of_files) * 4096.0
}

/// Asks this program, started anew as `figures kept WHO`, since freed memory stays with the process.
fn kept_elsewhere(who: &str) -> f64 {
    let output = env::current_exe().and_then(|program| Command::new(program).args(["kept", who]).output());
    let said =
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or_default());
    said.unwrap_or_default()
}
