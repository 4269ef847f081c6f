//! The hasher suite accepts a plain hasher and refuses faulty ones.

use auditmesh_conformance::{hasher, rejects, tree};
use auditmesh_types::{Digest, Hasher};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    LeafWithoutPrefix,
    NodeSwapped,
    LongEntriesCut,
    LanesShifted,
    TailOfLanesForgotten,
    WritesBeyond,
    OddChildHashed,
    NodesShifted,
    NodesWriteBeyond,
    SortsChildren,
    LastJobForgotten,
    JobsHashOtherwise,
}

struct Plain(Flaw);

impl Hasher for Plain {
    fn leaf(&self, entry: &[u8]) -> Digest {
        match self.0 {
            Flaw::LeafWithoutPrefix => auditmesh_conformance::sha256(&[entry]),
            Flaw::LongEntriesCut => tree::leaf(&entry[..entry.len().min(255)]),
            _ => tree::leaf(entry),
        }
    }

    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        let turned = self.0 == Flaw::SortsChildren && left > right;
        if self.0 == Flaw::NodeSwapped || turned { tree::node(right, left) } else { tree::node(left, right) }
    }

    fn leaves(&self, entries: &[&[u8]], out: &mut [Digest]) {
        let count = entries.len().min(out.len());
        let lanes = count / 8 * 8;
        for (n, slot) in out.iter_mut().enumerate() {
            match self.0 {
                Flaw::LanesShifted if n < lanes => *slot = tree::leaf(entries[n / 8 * 8 + (n + 1) % 8]),
                Flaw::TailOfLanesForgotten if n >= lanes => {}
                Flaw::WritesBeyond if n >= count => *slot = Digest::default(),
                _ if n < count => *slot = tree::leaf(entries[n]),
                _ => {}
            }
        }
    }

    fn nodes(&self, children: &[Digest], out: &mut [Digest]) {
        let pairs = children.len() / 2;
        for (n, slot) in out.iter_mut().enumerate() {
            if n > pairs && self.0 == Flaw::NodesWriteBeyond {
                *slot = Digest::default();
            } else if n < pairs && self.0 == Flaw::NodesShifted {
                *slot = tree::node(&children[n], &children[n + 1]);
            } else if n < pairs {
                *slot = tree::node(&children[2 * n], &children[2 * n + 1]);
            } else if n == pairs && children.len() % 2 == 1 && self.0 == Flaw::OddChildHashed {
                *slot = children[2 * n];
            }
        }
    }

    fn share<J: Send, S>(
        &self,
        jobs: impl ExactSizeIterator<Item = J> + Send,
        scratch: impl Fn() -> S + Sync,
        work: impl Fn(&Self, &mut S, J) + Sync,
    ) {
        let forgotten = usize::from(self.0 == Flaw::LastJobForgotten);
        let otherwise = if self.0 == Flaw::JobsHashOtherwise { Flaw::NodeSwapped } else { self.0 };
        let done = jobs.len().saturating_sub(forgotten);
        jobs.take(done).for_each(|job| work(&Self(otherwise), &mut scratch(), job));
    }
}

#[test]
fn accepts_a_plain_hasher() {
    hasher(&Plain(Flaw::None));
}

#[test]
fn refuses_faulty_hashers() {
    for (flaw, rule) in [
        (Flaw::NodesShifted, "hasher/nodes"),
        (Flaw::NodesWriteBeyond, "hasher/nodes-long-out"),
        (Flaw::SortsChildren, "hasher/node-vector"),
        (Flaw::LeafWithoutPrefix, "hasher/leaf-vector"),
        (Flaw::NodeSwapped, "hasher/node-vector"),
        (Flaw::LongEntriesCut, "hasher/leaf"),
        (Flaw::LanesShifted, "hasher/leaves"),
        (Flaw::TailOfLanesForgotten, "hasher/leaves"),
        (Flaw::WritesBeyond, "hasher/leaves-long-out"),
        (Flaw::OddChildHashed, "hasher/nodes-odd-child"),
        (Flaw::LastJobForgotten, "hasher/share"),
        (Flaw::JobsHashOtherwise, "hasher/share"),
    ] {
        rejects(rule, || hasher(&Plain(flaw)));
    }
}
