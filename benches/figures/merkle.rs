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
- `limit` is the least that the work needs. In `root` and `events`: the compressions, times the cheapest compression that any kernel of ours does from the
  first cache in the same run, a bound for the tree around the kernel, not for the machine. In `memory` and `tiles`: the 32 bytes of each leaf hash. In
  `publish`: writing the same entries as one file and syncing it. In `written`: the entries, 2 bytes for the length and 32 for the hash of each.
- `ct-merkle` takes entries, not digests: in `root`, `append` and `verify` it hashes each leaf once more than ours, and in `memory` it keeps the 32-byte
  entries. In `events` it does the same work and gives the same root; so do `sha2-loop` and `rs_merkle` everywhere.
- The trees of `commonware-storage` are not RFC 6962's: their hashes have no domain byte, and their roots are others. `commonware-bmt` hashes each leaf
  once more, with its position, and doubles the last node of an odd level; a node is 64 bytes, which takes two compressions as the 65 bytes of
  RFC 6962 do. It is built whole and never appended to, on one core; in `events` its own `Sha256::hash_many` hashes the events, on as many cores as
  ours. `commonware-mmr` is given leaf hashes as ours is and hashes 72 bytes a node, also two compressions.
- Proofs are made at scattered places of a 64 MB tree, so that `prove` depends on the caches and varies between runs more than the other rows.
- `publish` syncs every file and folder and depends on the disk; the checkpoint in it is not signed, and appending to the tree in memory is not counted.
  `frontier` is what one of ten thousand keeps.
";

pub(crate) fn section(root: &Path) -> Section {
    let figures = figures(root);
    let plot = plot::plot(&figures);
    Section { figures, notes: NOTES.to_owned(), caption: "how many times ours the peers take", plot }
}

fn figures(root: &Path) -> Vec<Figure> {
    let compression = cheapest_compression();
    let mut figures = Vec::new();
    log(&mut |work: Work<'_>| {
        let mut figure = race(work);
        figure.limit = compressions(&figure.work).map(|many| many * compression);
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

/// How many compressions the work needs for one leaf or event on each core, where it is bound by them.
fn compressions(work: &str) -> Option<f64> {
    let (kind, rest) = work.split_once('/')?;
    let many = match kind {
        _ if rest.contains("kernel=") => None,
        "root" => Some(2.0),
        "events" => Some(19.0),
        _ => None,
    };
    let cores = if rest.ends_with("cores=2") { 2.0 } else { 1.0 };
    many.map(|many| many / cores)
}

/// Nanoseconds of one compression where nothing but registers and the first cache is in the way.
fn cheapest_compression() -> f64 {
    let kernels = Kernel::ALL.into_iter().filter_map(Lanes::with_kernel);
    kernels.flat_map(|lanes| (0..25).map(move |_| compression(lanes))).fold(f64::INFINITY, f64::min)
}

fn compression(lanes: Lanes) -> f64 {
    let (children, mut out) = (digests(512), vec![Digest::default(); 256]);
    let nodes = || (0..200).for_each(|_| lanes.nodes(black_box(&children), &mut out));
    let time = Contender::new("nodes", nodes).time();
    time.as_nanos() as f64 / (200.0 * 256.0 * 2.0)
}
