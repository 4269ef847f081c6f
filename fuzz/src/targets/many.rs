use auditmesh_attest_cose::{MAX_BYTES, Receipt};
use auditmesh_lanes::{Kernel, Lanes};
use auditmesh_merkle::{Sha256, verify_multi, verify_range};
use auditmesh_types::{Digest, Hasher, Index, Size};

use super::{digests, number, take};

/// Every kernel of `lanes` against `sha2`. Input: the length of each entry in a byte, then the entries' bytes, in turn.
pub(super) fn lanes(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut entries: Vec<&[u8]> = Vec::new();
    while let Some((length, behind)) = rest.split_first() {
        let (entry, behind) = behind.split_at(behind.len().min(usize::from(*length)));
        entries.push(entry);
        rest = behind;
    }
    let leaves: Vec<Digest> = entries.iter().map(|entry| Sha256.leaf(entry)).collect();
    let nodes: Vec<Digest> = leaves.chunks_exact(2).map(|pair| Sha256.node(&pair[0], &pair[1])).collect();
    for lanes in Kernel::ALL.into_iter().filter_map(Lanes::with_kernel) {
        let (mut ours, mut above) =
            (vec![Digest::default(); leaves.len()], vec![Digest::default(); nodes.len()]);
        lanes.leaves(&entries, &mut ours);
        lanes.nodes(&ours, &mut above);
        assert!(ours == leaves && above == nodes, "{lanes:?} gives other digests");
    }
    !entries.is_empty()
}

/// `merkle::verify_multi`. Input: size, root, path length, path, then index and leaf hash in turn.
pub(super) fn multi(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Some((size, root, path)) = head(&mut rest) else { return false };
    let mut leaves = Vec::new();
    while let (Some(index), Some(leaf)) = (number(&mut rest), take(&mut rest)) {
        leaves.push((Index(index), Digest(leaf)));
    }
    let verify = |path: &[Digest], root: &Digest| verify_multi(&Sha256, &leaves, size, path, root).is_ok();
    let accepted = verify(&path, &root);
    if accepted {
        assert!(leaves.windows(2).all(|pair| pair[0].0 < pair[1].0), "indices repeat or do not ascend");
        assert!(leaves.iter().all(|(index, _)| index.0 < size.0), "an index beyond the size");
        only_this_path(&path, &root, verify);
    }
    accepted
}

/// `merkle::verify_range`. Input: size, root, path length, path, start, then the leaf hashes.
pub(super) fn range(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Some((size, root, path)) = head(&mut rest) else { return false };
    let (Some(start), Some(leaves)) = (number(&mut rest), digests(rest)) else { return false };
    let verify = |path: &[Digest], root: &Digest| {
        verify_range(&Sha256, Size(start), &leaves, size, path, root).is_ok()
    };
    let accepted = verify(&path, &root);
    if accepted {
        assert!(start + leaves.len() as u64 <= size.0, "a range beyond the size");
        only_this_path(&path, &root, verify);
    }
    accepted
}

/// `attest_cose::Receipt`: limits hold.
pub(super) fn receipt(bytes: &[u8]) -> bool {
    let accepted = Receipt::decode(bytes).is_ok();
    assert!(!accepted || bytes.len() <= MAX_BYTES);
    accepted
}

fn head(rest: &mut &[u8]) -> Option<(Size, Digest, Vec<Digest>)> {
    let (size, root, [length]) = (number(rest)?, take(rest)?, take(rest)?);
    let path = (0..length).map(|_| take(rest).map(Digest)).collect::<Option<_>>()?;
    Some((Size(size), Digest(root), path))
}

fn only_this_path(path: &[Digest], root: &Digest, verify: impl Fn(&[Digest], &Digest) -> bool) {
    assert!(!verify(&[path, &[Digest::default()]].concat(), root), "a hash too many is accepted");
    assert!(path.is_empty() || !verify(&path[1..], root), "a missing hash is accepted");
    let mut other = *root;
    other.0[0] ^= 1;
    assert!(!verify(path, &other), "another root is accepted");
}
