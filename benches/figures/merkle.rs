//! The log: roots, events, proofs and appends, memory, and what is published.

use std::{collections::BTreeMap, hint::black_box, path::Path};

use auditmesh::types::{Digest, Hasher};
use auditmesh_benches::{Contender, Folder, MILLION, Work, digests, log, publications, tiles, written};
use auditmesh_lanes::{Kernel, Lanes};

use crate::{
    measure::{Figure, race},
    memory,
    page::Section,
    plot,
};

/// What a reader must know to compare the columns.
const NOTES: &str = "\
- `root` gives the root and keeps nothing (`Frontier`); `tree` and `events` build the tree that proofs are made from (`Tree`), 64 MB of it for a million.
  `rs_merkle`, `ct-merkle` and `commonware-bmt` keep theirs in all three, `sha2-loop` in none.
- `limit` is the least that the work needs. In `root`, `tree` and `events`: the compressions, times the cheapest compression that any kernel of ours does from the
  first cache in the same run, a bound for the tree around the kernel, not for the machine; with `kernel=sha-ni` that any does with these instructions. In
  `verify`: the path's twenty nodes, each hashed from the one before. In `memory` and `tiles`: the 32 bytes of each leaf hash. In
  `publish`: writing the same entries as one file and syncing it. In `written`: the entries, 2 bytes for the length and 32 for the hash of each.
- `ct-merkle` takes entries, not digests: in `root`, `tree`, `append` and `verify` it hashes each leaf once more than ours, and in `memory` it keeps the 32-byte
  entries. In `events` it does the same work and gives the same root; so do `sha2-loop` and `rs_merkle` everywhere.
- The trees of `commonware-storage` are not RFC 6962's: their hashes have no domain byte, and their roots are others. `commonware-bmt` hashes each leaf
  once more, with its position, and doubles the last node of an odd level; a node is 64 bytes, which takes two compressions as the 65 bytes of
  RFC 6962 do. It is built whole and never appended to, on one core; in `events` its own `Sha256::hash_many` hashes the events, on as many cores as
  ours. `commonware-mmr` is given leaf hashes as ours is and hashes 72 bytes a node, also two compressions.
- Proofs are made at a thousand places scattered over the tree. In `prove`, `verify` and `verify-multi` everybody does the same ten times and the
  last counts, as in a loop of criterion; with `cold=1` nothing of the tree is in the caches. Ours writes a path into a place that it is given
  (`Tree::write_inclusion`), the others allocate one.
- In `tree` and `events` every run builds a tree anew. Whether it lies in the memory of the run before or in new pages of the system is the
  allocator's choice, and new pages may cost as much as the hashing.
- `publish` syncs every file and folder and depends on the disk; the checkpoint in it is not signed, and appending to the tree in memory is not counted.
  `frontier` is what one of ten thousand keeps.
- `append` begins every run with a tree of a million leaves that was made for it. A thousand come, one by one with ten and a half hashes each in the
  mean, as many as the size has one bits; or all at once, with one. `rs_merkle` is not among those who append: it hashes the whole tree anew at each commit.
";

pub(crate) fn section(root: &Path) -> Section {
    let figures = figures(root);
    let plot = plot::plot(&figures);
    Section { figures, notes: NOTES.to_owned(), caption: "how many times ours the peers take", plot }
}

fn figures(root: &Path) -> Vec<Figure> {
    let cost = Cost::measured();
    let mut figures = Vec::new();
    log(&mut |work: Work<'_>| {
        let mut figure = race(work);
        figure.limit = cost.of(&figure.work);
        figures.push(figure.said());
    });
    figures.extend(memory::figures());
    let folder = Folder::new(root.join(format!("target/figures/log-{}", std::process::id())));
    let per_leaf = tiles(&folder) as f64 / MILLION as f64;
    figures.push(alone("tiles/n=1000000", "B/leaf", per_leaf, 32.0));
    publications(&folder, &mut |work: Work<'_>| figures.push(race(work).said()));
    let (per_byte, least) = (written(1024, 1024) as f64 / MILLION as f64, (1024.0 + 2.0 + 32.0) / 1024.0);
    figures.push(alone("written/batch=1024,bytes=1024", "B/B", per_byte, least));
    figures
}

/// What is ours alone, and the least it can be.
fn alone(work: &str, unit: &'static str, ours: f64, least: f64) -> Figure {
    let (work, peers) = (work.to_owned(), BTreeMap::new());
    Figure { work, unit, ours, peers, limit: Some(least) }.said()
}

/// What hashing costs in this run, in nanoseconds, where nothing but registers and the first cache is in the way.
struct Cost {
    /// One of many compressions at once.
    one_of_many: f64,
    /// The same with the SHA instructions alone, where there are any.
    sha_ni: Option<f64>,
    /// A node that waits for the one below it.
    in_a_row: f64,
}

impl Cost {
    fn measured() -> Self {
        let least = |kernel| Some(least(Lanes::with_kernel(kernel)?, one_of_many));
        let all = Kernel::ALL.into_iter().filter_map(least);
        Self {
            one_of_many: all.fold(f64::INFINITY, f64::min),
            sha_ni: least(Kernel::ShaNi),
            in_a_row: self::least(Lanes::new(), in_a_row),
        }
    }

    /// The least that the work takes for one leaf, event or proof.
    fn of(&self, work: &str) -> Option<f64> {
        let (kind, rest) = work.split_once('/')?;
        let cores = if rest.ends_with("cores=2") { 2.0 } else { 1.0 };
        match kind {
            "root" if rest.ends_with("kernel=sha-ni") => self.sha_ni.map(|compression| 2.0 * compression),
            "root" | "tree" => Some(2.0 * self.one_of_many / cores),
            "events" => Some(19.0 * self.one_of_many / cores),
            // A path through a million leaves.
            "verify" => Some(20.0 * self.in_a_row),
            _ => None,
        }
    }
}

fn least(lanes: Lanes, time: fn(Lanes) -> f64) -> f64 {
    (0..25).map(|_| time(lanes)).fold(f64::INFINITY, f64::min)
}

fn one_of_many(lanes: Lanes) -> f64 {
    let (children, mut out) = (digests(512), vec![Digest::default(); 256]);
    let nodes = || (0..200).for_each(|_| lanes.nodes(black_box(&children), &mut out));
    let time = Contender::new("nodes", nodes).time();
    time.as_nanos() as f64 / (200.0 * 256.0 * 2.0)
}

fn in_a_row(lanes: Lanes) -> f64 {
    let nodes = || {
        let mut node = Digest::default();
        for _ in 0..1000 {
            node = lanes.node(&node, &node);
        }
        black_box(node);
    };
    Contender::new("nodes", nodes).time().as_nanos() as f64 / 1000.0
}
