use auditmesh_merkle::{
    Error, Frontier, MAX_LEAVES, MAX_PATH, Sha256, empty_root, root_from_inclusion,
    tiles::{BundlePath, EntryBundle, TilePath},
    verify_consistency, verify_inclusion,
};
use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};

use super::{digests, exact, number, take};

/// `merkle::tiles::TilePath`: one spelling, of a tile that can be.
pub(super) fn tile_path(bytes: &[u8]) -> bool {
    let Some(path) = exact::<TilePath>(bytes) else { return false };
    assert_eq!(TilePath::new(path.level(), path.index(), path.width()), Ok(path));
    assert_eq!(path.is_full(), path.width() == 256);
    true
}

/// `merkle::tiles::BundlePath`: one spelling, of a bundle that can be.
pub(super) fn bundle_path(bytes: &[u8]) -> bool {
    let Some(path) = exact::<BundlePath>(bytes) else { return false };
    assert_eq!(BundlePath::new(path.index(), path.width()), Ok(path));
    assert!(path.index() * 256 + u64::from(path.width()) <= MAX_LEAVES);
    true
}

/// `merkle::tiles::EntryBundle`: one encoding. Input: the width less one, the file.
pub(super) fn entry_bundle(bytes: &[u8]) -> bool {
    let Some((width, file)) = bytes.split_first() else { return false };
    let width = u16::from(*width) + 1;
    let Ok(bundle) = EntryBundle::decode(file, width) else { return false };
    assert_eq!(bundle.entries().len(), usize::from(width));
    assert_eq!(bundle.encode(), file, "two encodings of one bundle");
    assert_eq!(EntryBundle::new(bundle.entries().to_vec()).as_ref(), Ok(&bundle));
    let leaves: Vec<_> = bundle.entries().iter().map(|entry| Sha256.leaf(entry)).collect();
    assert_eq!(bundle.leaf_hashes(&Sha256), leaves);
    true
}

/// `merkle::verify_inclusion` against the steps of RFC 9162 §2.1.3.2. Input: index, size, root, leaf hash, path.
pub(super) fn inclusion(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut head = || Some((number(&mut rest)?, number(&mut rest)?, take(&mut rest)?, take(&mut rest)?));
    let Some((index, size, root, leaf)) = head() else { return false };
    let (Some(path), root, leaf) = (digests(rest), Digest(root), Digest(leaf)) else { return false };
    let verified = |root: &Digest| verify_inclusion(&Sha256, &leaf, Index(index), Size(size), &path, root);
    let want = climbed(leaf, index, size, &path);
    assert_eq!(root_from_inclusion(&Sha256, &leaf, Index(index), Size(size), &path).ok(), want);
    assert_eq!(verified(&root).is_ok(), want == Some(root));
    if let Some(want) = want {
        assert!(path.len() <= MAX_PATH);
        assert_eq!(verified(&want), Ok(()));
    }
    want == Some(root)
}

/// The root to which the steps lead.
pub(super) fn climbed(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    let (mut node, mut last, mut root) = (index, size.checked_sub(1)?, leaf);
    if node > last {
        return None;
    }
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            root = Sha256.node(sibling, &root);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            root = Sha256.node(&root, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    (last == 0).then_some(root)
}

/// `merkle::verify_consistency` against the steps of RFC 9162 §2.1.4.2. Input: old size, new size, old root, new root,
/// path.
pub(super) fn consistency(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut head = || Some((number(&mut rest)?, number(&mut rest)?, take(&mut rest)?, take(&mut rest)?));
    let Some((old, new, old_root, new_root)) = head() else { return false };
    let Some(path) = digests(rest) else { return false };
    let (old, new) = (
        TreeHead { size: Size(old), root: Digest(old_root) },
        TreeHead { size: Size(new), root: Digest(new_root) },
    );
    let verdict = verify_consistency(&Sha256, &old, &new, &path);
    if old.size.0 == 0 || old.size >= new.size {
        let sound = |head: &TreeHead| head.size.0 != 0 || head.root == empty_root();
        let trivial = old.size.0 == 0 || old == new;
        let want = old.size <= new.size && trivial && path.is_empty() && sound(&old) && sound(&new);
        assert_eq!(verdict.is_ok(), want);
        return want;
    }
    let want = rebuilt(&old, new.size.0, &path);
    match &verdict {
        Ok(()) => assert_eq!(want, Some((old.root, new.root))),
        Err(Error::PeerOldRootMismatch { got, .. }) => assert_eq!(want.map(|roots| roots.0), Some(*got)),
        Err(Error::PeerNewRootMismatch { got, .. }) => assert_eq!(want, Some((old.root, *got))),
        Err(error) => assert_eq!(want, None, "{error:?}"),
    }
    if let Some((old_root, new_root)) = want {
        // Sizes above the limit of a tree are verified too; from 2⁶³ on, 65 hashes are the right number.
        assert!(path.len() <= MAX_PATH || (new.size.0 > 1 << 63 && path.len() == 65));
        let (old, new) = (TreeHead { root: old_root, ..old }, TreeHead { root: new_root, ..new });
        assert_eq!(verify_consistency(&Sha256, &old, &new, &path), Ok(()));
    }
    verdict.is_ok()
}

/// Both roots, where 0 < old < new.
pub(super) fn rebuilt(old: &TreeHead, new: u64, path: &[Digest]) -> Option<(Digest, Digest)> {
    let (first, path) = match old.size.0.is_power_of_two() {
        true => (old.root, path),
        false => path.split_first().map(|(first, rest)| (*first, rest))?,
    };
    let (mut node, mut last) = (old.size.0 - 1, new - 1);
    while node & 1 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    let (mut older, mut newer) = (first, first);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            (older, newer) = (Sha256.node(sibling, &older), Sha256.node(sibling, &newer));
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            newer = Sha256.node(&newer, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    (last == 0).then_some((older, newer))
}

/// `merkle::Frontier` against a pile of subtrees that is joined one leaf at a time. Input: size, how many leaves to
/// append (two bytes, at most 1,023 count), the hashes.
pub(super) fn frontier(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut head = || Some((number(&mut rest)?, u16::from_be_bytes(take(&mut rest)?)));
    let Some((size, adding)) = head() else { return false };
    let Some(hashes) = digests(rest) else { return false };
    let Ok(mut frontier) = Frontier::from_hashes(Size(size), hashes.clone()) else {
        assert!(size > MAX_LEAVES || hashes.len() as u64 != u64::from(size.count_ones()));
        return false;
    };
    assert_eq!((frontier.size(), frontier.hashes()), (Size(size), hashes.as_slice()));
    let levels = (0..64).rev().filter(|level| size >> level & 1 == 1);
    let mut pile: Vec<(u32, Digest)> = levels.zip(hashes).collect();
    assert_eq!(frontier.root(), pile_root(&pile));
    let leaves: Vec<_> = (0..adding % 1024).map(|leaf| Sha256.leaf(&leaf.to_be_bytes())).collect();
    let before = frontier.clone();
    match frontier.append_leaf_hashes(&leaves) {
        Ok(first) => assert_eq!(first, Index(size)),
        Err(error) => {
            assert!(matches!(error, Error::MisuseTreeFull { .. }) && frontier == before, "{error:?}");
            assert!(size + leaves.len() as u64 > MAX_LEAVES);
            return true;
        }
    }
    leaves.iter().for_each(|leaf| push(&mut pile, *leaf));
    assert_eq!(frontier.size(), Size(size + leaves.len() as u64));
    assert!(frontier.hashes().iter().eq(pile.iter().map(|(_, hash)| hash)));
    assert_eq!(frontier.root(), pile_root(&pile));
    true
}

fn push(pile: &mut Vec<(u32, Digest)>, leaf: Digest) {
    pile.push((0, leaf));
    while let [.., (left_level, left), (right_level, right)] = pile.as_slice()
        && left_level == right_level
    {
        let joined = (left_level + 1, Sha256.node(left, right));
        pile.truncate(pile.len() - 2);
        pile.push(joined);
    }
}

fn pile_root(pile: &[(u32, Digest)]) -> Digest {
    let joined = pile.iter().rev().map(|(_, hash)| *hash).reduce(|right, left| Sha256.node(&left, &right));
    joined.unwrap_or_else(empty_root)
}
