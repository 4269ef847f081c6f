//! The bytes in which a tree, a frontier and a compact range are stored: `docs/spec/tree-file.md`.

use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher, Size};
use sha2::{Digest as _, Sha256 as Check};

use crate::{
    CompactRange, Error, Frontier, MAX_LEAVES, Sha256, Tree, compact_range::complete_subtrees,
    tree::MOST_HERE, tree_pruned::widths,
};

const TREE: &str = "auditmesh tree v1";
const FRONTIER: &str = "auditmesh frontier v1";
const RANGE: &str = "auditmesh range v1";

impl Tree {
    /// Reads what [`Tree::encode`] wrote, for a tree of at most `max` leaves.
    ///
    /// Everything but the leaf hashes is computed anew; the digest at the end shows damage, not who wrote it: compare
    /// [`Tree::head`] with a head that is trusted.
    ///
    /// # Errors
    /// [`Error::PeerFileTag`], [`Error::PeerTreeTooLarge`], [`Error::PeerRange`] (pruned beyond the size),
    /// [`Error::PeerFileLength`], [`Error::PeerFileMismatch`].
    /// # Cost
    /// One hash a leaf. Allocates 3.03 times as many bytes as there are, and at most 2 MB more and 48 KiB for each thread of the hasher, after the length was checked.
    pub fn decode(bytes: &[u8], max: Size) -> Result<Self, Error> {
        Self::decode_with(Sha256, bytes, max)
    }
}

impl<H: Hasher> Tree<H> {
    /// As [`Tree::decode`], hashing with `hasher`.
    ///
    /// # Errors
    /// As [`Tree::decode`].
    /// # Cost
    /// As [`Tree::decode`].
    pub fn decode_with(hasher: H, bytes: &[u8], max: Size) -> Result<Self, Error> {
        let ([pruned, size], body) = numbers(TREE, bytes)?;
        check_range(pruned, size, max.min(Size(MOST_HERE)))?;
        let at =
            usize::try_from(pruned).map_err(|_| Error::PeerTreeTooLarge { got: Size(pruned), max: max.0 })?;
        let edges: usize = widths(at).sum();
        let (hashes, check) = digests(bytes, body, edges as u64 + (size - pruned))?;
        let (mut edge, mut rest) = (Vec::new(), hashes.as_slice());
        for width in widths(at) {
            // There are as many hashes as the widths and the leaves demand.
            let (tile, after) = rest.split_at(width);
            edge.push(tile);
            rest = after;
        }
        let mut tree = Self::resume(hasher, Size(pruned), &edge)?;
        tree.append_leaf_hashes(rest)?;
        verify(TREE, [pruned, size], &tree.root(), check)?;
        Ok(tree)
    }

    /// The tree as bytes: what was not pruned, and what a writer needs of the rest. Two trees of the same leaves that
    /// are pruned below the same leaf have the same bytes.
    ///
    /// # Cost
    /// 32 bytes a leaf that was not pruned, at most 57 KB more; one allocation.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let edges = self.pruned_edge().flatten();
        let hashes = edges.chain(self.leaves(self.pruned..self.size));
        written(TREE, [self.pruned as u64, self.size as u64], hashes, &self.root())
    }
}

impl Frontier {
    /// Reads what [`Frontier::encode`] wrote, for a tree of at most `max` leaves.
    ///
    /// # Errors
    /// [`Error::PeerFileTag`], [`Error::PeerTreeTooLarge`], [`Error::PeerFileLength`], [`Error::PeerFileMismatch`].
    pub fn decode(bytes: &[u8], max: Size) -> Result<Self, Error> {
        Self::decode_with(Sha256, bytes, max)
    }
}

impl<H: Hasher> Frontier<H> {
    /// As [`Frontier::decode`], hashing with `hasher`.
    ///
    /// # Errors
    /// As [`Frontier::decode`].
    pub fn decode_with(hasher: H, bytes: &[u8], max: Size) -> Result<Self, Error> {
        let ([size], body) = numbers(FRONTIER, bytes)?;
        check_range(0, size, max)?;
        let (hashes, check) = digests(bytes, body, size.count_ones().into())?;
        let frontier = Self::resume(hasher, Size(size), hashes)?;
        verify(FRONTIER, [size], &frontier.root(), check)?;
        Ok(frontier)
    }

    /// The frontier as bytes, of which it has no others.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        written(FRONTIER, [self.size().0], self.hashes().iter().copied(), &self.root())
    }
}

impl CompactRange {
    /// Reads what [`CompactRange::encode`] wrote, for a range that ends at `max` or before.
    ///
    /// # Errors
    /// [`Error::PeerFileTag`], [`Error::PeerTreeTooLarge`], [`Error::PeerRange`], [`Error::PeerFileLength`],
    /// [`Error::PeerFileMismatch`].
    pub fn decode(bytes: &[u8], max: Size) -> Result<Self, Error> {
        Self::decode_with(Sha256, bytes, max)
    }
}

impl<H: Hasher> CompactRange<H> {
    /// As [`CompactRange::decode`], hashing with `hasher`.
    ///
    /// # Errors
    /// As [`CompactRange::decode`].
    pub fn decode_with(hasher: H, bytes: &[u8], max: Size) -> Result<Self, Error> {
        let ([start, end], body) = numbers(RANGE, bytes)?;
        check_range(start, end, max)?;
        let (hashes, check) = digests(bytes, body, complete_subtrees(start, end).count() as u64)?;
        let range = Self::resume(hasher, Size(start), Size(end), hashes)?;
        verify(RANGE, [start, end], &range.joined(), check)?;
        Ok(range)
    }

    /// The range as bytes, of which it has no others.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        written(RANGE, [self.start().0, self.end().0], self.hashes().iter().copied(), &self.joined())
    }
}

/// The tag, a line feed, the numbers, the hashes, and the digest over the numbers and the root.
fn written<const N: usize>(
    tag: &str,
    numbers: [u64; N],
    hashes: impl Iterator<Item = Digest>,
    root: &Digest,
) -> Vec<u8> {
    let mut bytes = Vec::from(tag);
    bytes.push(b'\n');
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_be_bytes()));
    hashes.for_each(|hash| bytes.extend_from_slice(&hash.0));
    bytes.extend_from_slice(&check(tag, numbers, root).0);
    bytes
}

/// SHA-256 over the tag, the line feed, the numbers and the root.
fn check<const N: usize>(tag: &str, numbers: [u64; N], root: &Digest) -> Digest {
    let mut check = Check::new_with_prefix(tag).chain_update([b'\n']);
    numbers.iter().for_each(|number| check.update(number.to_be_bytes()));
    Digest(check.chain_update(root.0).finalize().into())
}

fn verify<const N: usize>(tag: &str, numbers: [u64; N], root: &Digest, want: Digest) -> Result<(), Error> {
    let got = check(tag, numbers, root);
    if got == want { Ok(()) } else { Err(Error::PeerFileMismatch { got, want }) }
}

/// The numbers behind the tag, and what follows them: at least as many bytes as the check has.
fn numbers<'a, const N: usize>(tag: &'static str, bytes: &'a [u8]) -> Result<([u64; N], &'a [u8]), Error> {
    let rest = bytes.strip_prefix(tag.as_bytes()).and_then(|rest| rest.strip_prefix(b"\n"));
    let mut rest = rest.ok_or(Error::PeerFileTag { want: tag })?;
    let least = tag.len() + 1 + 8 * N + 32;
    let short = Error::PeerFileLength { got: bytes.len(), want: least as u64 };
    if bytes.len() < least {
        return Err(short);
    }
    let mut numbers = [0; N];
    for number in &mut numbers {
        let (bytes_of_number, after) = rest.split_first_chunk().ok_or_else(|| short.clone())?;
        *number = u64::from_be_bytes(*bytes_of_number);
        rest = after;
    }
    Ok((numbers, rest))
}

fn check_range(start: u64, end: u64, max: Size) -> Result<(), Error> {
    let max = max.0.min(MAX_LEAVES);
    if end > max {
        return Err(Error::PeerTreeTooLarge { got: Size(end), max });
    }
    if start > end {
        return Err(Error::PeerRange { start: Size(start), end: Size(end) });
    }
    Ok(())
}

/// Exactly `count` hashes, and the digest behind them; nothing is allocated for any other length.
fn digests(bytes: &[u8], body: &[u8], count: u64) -> Result<(Vec<Digest>, Digest), Error> {
    let want = (bytes.len() - body.len()) as u64 + 32 * (count + 1);
    let (hashes, rest) = body.as_chunks();
    match hashes.split_last() {
        Some((check, hashes)) if rest.is_empty() && hashes.len() as u64 == count => {
            Ok((hashes.iter().map(|hash| Digest(*hash)).collect(), Digest(*check)))
        }
        _ => Err(Error::PeerFileLength { got: bytes.len(), want }),
    }
}
