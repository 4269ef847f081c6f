use std::sync::OnceLock;

use auditmesh_merkle::Tree;
use auditmesh_store_tiles::{Error, TileReader};
use auditmesh_types::{Digest, Index, Size};

use super::{
    store::{Published, is_of_tree, place},
    take,
};

/// A log, its files by path, sorted, and the tree of each published size, made when it is asked for.
type Shelf = (Published, Vec<(String, Vec<u8>)>, OnceLock<Vec<Tree>>);

/// Two logs to read: one of two levels of tiles, one of three.
fn shelves() -> &'static [Shelf; 2] {
    static SHELVES: OnceLock<[Shelf; 2]> = OnceLock::new();
    SHELVES.get_or_init(|| {
        [[5, 256, 300, 600].as_slice(), &[300, 65_536, 66_000]].map(|sizes| {
            let base = Published::new(sizes);
            let files = base.store.files().filter(|(name, _)| is_of_tree(*name));
            let mut files: Vec<_> = files.map(|(name, bytes)| (name.to_string(), bytes.to_vec())).collect();
            files.sort_unstable();
            (base, files, OnceLock::new())
        })
    })
}

/// Which file a change is of.
fn changed<T>(files: &[T], [high, low, ..]: &[u8; 6]) -> usize {
    usize::from(u16::from_be_bytes([*high, *low])) % files.len()
}

/// Changes one file: a bit pattern laid over a byte, its end cut off, more bytes, nothing, or another file.
fn change(files: &[(String, Vec<u8>)], path: &str, changes: &[[u8; 6]]) -> Option<Vec<u8>> {
    let at = files.binary_search_by(|(name, _)| name.as_str().cmp(path)).ok()?;
    let mut bytes = files[at].1.clone();
    for [_, _, action, from, to, value] in changes.iter().filter(|one| changed(files, one) == at) {
        let spot = usize::from(u16::from_be_bytes([*from, *to]));
        match action % 5 {
            0 if bytes.is_empty() => {}
            0 => {
                let spot = spot % bytes.len();
                bytes[spot] ^= value;
            }
            1 => bytes.truncate(bytes.len().saturating_sub(usize::from(*value))),
            2 => bytes.extend(std::iter::repeat_n(0, usize::from(*value))),
            3 => return None,
            _ => bytes.clone_from(&files[spot % files.len()].1),
        }
    }
    Some(bytes)
}

/// `store_tiles::TileReader` over changed files: whatever it gives is the truth, and with all files it gives it. Input: which
/// log, what is asked, which published head and whether with another root, two numbers of four bytes, changes of six bytes.
pub(super) fn tile_reader(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut ask = || Some((take::<3>(&mut rest)?, take(&mut rest)?, take(&mut rest)?));
    let Some(([log, what, head], first, second)) = ask() else { return false };
    let (changes, []) = rest.as_chunks::<6>() else { return false };
    let (base, files, trees) = &shelves()[usize::from(log % 2)];
    let mut head_read = base.head(base.sizes[usize::from(head & 0x7f) % base.sizes.len()]);
    let size = head_read.size.0;
    let forged = head >= 0x80;
    if forged {
        head_read.root.0[usize::from(what) % 32] ^= 1;
    }
    let reader = TileReader::new(|path: &str| change(files, path, changes).ok_or(()));
    // Some beyond the size, too.
    let number = |four| u64::from(u32::from_be_bytes(four)) % (size + 3);
    let (index, old) = (Index(number(first)), Size(number(second)));
    let within = index.0 < size;
    let tree = &base.tree;
    let verdict = match what % 7 {
        0 => judged(reader.leaf(index, head_read), within, tree.leaf(index)),
        1 => judged(reader.inclusion(index, head_read), within, tree.inclusion(index, Size(size)).ok()),
        2 => {
            let proof = reader.consistency(base.head(old.0), head_read);
            judged(proof, old.0 <= size, tree.consistency(old, Size(size)).ok())
        }
        3 => judged(reader.root_at(old, head_read), old.0 <= size, tree.root_at(old).ok()),
        4 => judged(reader.entry(index, head_read), within, base.entries.get(place(index.0)).cloned()),
        // Of the large log these would take a while.
        5 if log % 2 == 1 => return false,
        _ if log % 2 == 1 && index.0 + 600 < size => return false,
        5 => {
            let leaves: Option<Vec<Digest>> = (0..size).map(|index| tree.leaf(Index(index))).collect();
            judged(reader.leaves(head_read), true, leaves)
        }
        _ => {
            let tree = reader.tree(index, head_read).map(|tree| tree.encode());
            judged(tree, index.0 <= size, pruned(base, trees, size, index))
        }
    };
    let whole = changes
        .iter()
        .map(|change| &files[changed(files, change)])
        .all(|(path, bytes)| change(files, path, changes).as_ref() == Some(bytes));
    match verdict {
        Verdict::True => assert!(!forged, "something was read under a root that no tree has"),
        Verdict::Refused => assert!(forged || !whole, "what is there is refused"),
        Verdict::OutOfRange => {}
    }
    matches!(verdict, Verdict::True)
}

/// The file of the tree of a size, pruned below leaf `min`; `None` when that is beyond it.
fn pruned(base: &Published, trees: &OnceLock<Vec<Tree>>, size: u64, min: Index) -> Option<Vec<u8>> {
    let whole = |size: &u64| {
        let leaves: Option<Vec<Digest>> = (0..*size).map(|index| base.tree.leaf(Index(index))).collect();
        let mut tree = Tree::new();
        tree.append_leaf_hashes(&leaves.expect("within the tree")).expect("not too large");
        tree
    };
    let at = base.sizes.iter().position(|published| *published == size)?;
    let mut tree = trees.get_or_init(|| base.sizes.iter().map(whole).collect()).get(at)?.clone();
    tree.prune(min).ok()?;
    Some(tree.encode())
}

enum Verdict {
    True,
    Refused,
    OutOfRange,
}

fn judged<T: PartialEq + std::fmt::Debug>(
    got: Result<T, Error<()>>,
    within: bool,
    truth: Option<T>,
) -> Verdict {
    match got {
        Ok(got) => {
            assert!(within, "something beyond the log was read: {got:?}");
            assert_eq!(Some(got), truth);
            Verdict::True
        }
        Err(_) if within => Verdict::Refused,
        Err(_) => Verdict::OutOfRange,
    }
}
