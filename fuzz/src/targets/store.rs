use std::{collections::BTreeMap, convert::Infallible, sync::OnceLock};

use auditmesh_merkle::{
    MAX_LEAVES, Tree, empty_root,
    tiles::{BundlePath, EntryBundle, TilePath, bundles_of, tile_bytes, tiles_of},
};
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileStore};
use auditmesh_types::{Size, TreeHead};

/// A log that was published up to each of these sizes.
pub(super) struct Published {
    pub(super) sizes: &'static [u64],
    pub(super) tree: Tree,
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) store: MemoryStore,
}

impl Published {
    /// The tree has some entries more than the last size.
    pub(super) fn new(sizes: &'static [u64]) -> Self {
        let last = sizes.last().copied().unwrap_or(0);
        let entry = |index: u64| if index % 7 == 3 { Vec::new() } else { index.to_string().into_bytes() };
        let entries: Vec<Vec<u8>> = (0..last + 600).map(entry).collect();
        let mut tree = Tree::new();
        tree.append_batch(&slices(&entries)).expect("short entries");
        let empty = TreeHead { size: Size(0), root: empty_root() };
        let mut publisher = Publisher::resume(MemoryStore::new(), empty).expect("nothing was there");
        for size in sizes {
            let new = slices(&entries[place(publisher.head().size.0)..place(*size)]);
            publisher.publish(&tree, &new, &checkpoint(*size)).expect("the log's own tree");
        }
        Self { sizes, store: publisher.into_store(), tree, entries }
    }

    pub(super) fn head(&self, size: u64) -> TreeHead {
        TreeHead { size: Size(size), root: self.tree.root_at(Size(size)).expect("within the tree") }
    }

    fn last(&self) -> TreeHead {
        self.head(self.sizes.last().copied().unwrap_or(0))
    }

    /// The files of a size, from the definition.
    fn promised(&self, size: u64) -> BTreeMap<FileName, Vec<u8>> {
        let tile =
            |path: TilePath| (FileName::Tile(path), tile_bytes(&self.tree, path).expect("within the tree"));
        let bundle = |path: BundlePath| {
            let first = place(path.index() * 256);
            let entries = slices(&self.entries[first..first + usize::from(path.width())]);
            (FileName::Bundle(path), EntryBundle::new(entries).expect("short entries").encode())
        };
        let (tiles, bundles) = (tiles_of(Size(size)), bundles_of(Size(size)));
        let tiles = tiles.expect("not too large").map(tile);
        tiles.chain(bundles.expect("not too large").map(bundle)).collect()
    }
}

fn slices(entries: &[Vec<u8>]) -> Vec<&[u8]> {
    entries.iter().map(Vec::as_slice).collect()
}

pub(super) fn place(size: u64) -> usize {
    usize::try_from(size).expect("within the tree")
}

fn checkpoint(size: u64) -> Vec<u8> {
    format!("fuzz.example/log\n{size}\n").into_bytes()
}

fn bases() -> &'static [Published; 5] {
    static BASES: OnceLock<[Published; 5]> = OnceLock::new();
    BASES.get_or_init(|| [[].as_slice(), &[5], &[5, 256], &[5, 300], &[300, 600]].map(Published::new))
}

/// Gives access to a store that outlives a publisher that was refused.
struct Lent<'a>(&'a mut MemoryStore);

impl TileStore for Lent<'_> {
    type Error = Infallible;

    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, Infallible> {
        self.0.read(name)
    }

    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), Infallible> {
        self.0.write(name, bytes)
    }

    fn remove(&mut self, name: FileName) -> Result<(), Infallible> {
        self.0.remove(name)
    }

    fn remove_partials(&mut self, name: FileName) -> Result<(), Infallible> {
        self.0.remove_partials(name)
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        self.0.sync()
    }
}

/// `store_tiles::Publisher::resume` with one file replaced, against a plain reading of `docs/spec/tiles.md`. Input: which
/// log; which file: the intent, the checkpoint, the last tile, the last bundle, or the intent while the checkpoint before the
/// last one is back; its bytes, for that one none without an intent.
pub(super) fn publisher_resume(bytes: &[u8]) -> bool {
    let [log, file, bytes @ ..] = bytes else { return false };
    let base = &bases()[usize::from(*log) % 5];
    let size = base.last().size.0;
    let width = u16::try_from(size % 256).expect("below 256");
    if file % 5 == 4 {
        return gone_back(base, bytes);
    }
    let name = match file % 5 {
        0 => Some(FileName::Intent),
        1 => Some(FileName::Checkpoint),
        2 => TilePath::new(0, size / 256, width).ok().map(FileName::Tile),
        _ => BundlePath::new(size / 256, width).ok().map(FileName::Bundle),
    };
    let Some(name) = name else { return false };
    let mut store = base.store.clone();
    let intent = intent(bytes).filter(|_| name == FileName::Intent);
    if let Some((old, new)) = intent
        && old == size
    {
        let left = if new <= size + 600 { base.promised(new) } else { BTreeMap::new() };
        left.iter().for_each(|(name, bytes)| infallible(store.write(*name, bytes)));
    }
    infallible(store.write(name, bytes));
    let before = store.clone();
    let resumed = Publisher::resume(Lent(&mut store), base.last()).map(|publisher| publisher.head());
    let want = match name {
        FileName::Intent => after_intent(intent, size),
        FileName::Checkpoint => after_checkpoint(size_of(bytes), base, size),
        _ if infallible(base.store.read(name)).as_deref() == Some(bytes) => Ok(()),
        _ => Err("another file"),
    };
    check(base, &store, &before, resumed, want);
    want.is_ok()
}

/// What the intent leads to.
fn after_intent(intent: Option<(u64, u64)>, size: u64) -> Result<(), &'static str> {
    match intent {
        None => Err("LocalIntent"),
        Some((_, new)) if new == size => Ok(()),
        Some((old, _)) if old != size => Err("LocalIntentSize"),
        Some((_, new)) if new > MAX_LEAVES => Err("LocalIntent"),
        Some(_) => Ok(()),
    }
}

/// What the size of the checkpoint leads to.
fn after_checkpoint(got: Option<u64>, base: &Published, size: u64) -> Result<(), &'static str> {
    match got {
        None => Err("PeerCheckpoint"),
        Some(got) if got != size => Err("MisuseHeadSize"),
        // Every publication came to its end.
        Some(_) => {
            assert_eq!(infallible(base.store.read(FileName::Intent)), None);
            Ok(())
        }
    }
}

/// The checkpoint before the last one is back, with an intent of `bytes`, or with none.
fn gone_back(base: &Published, bytes: &[u8]) -> bool {
    let [.., last] = base.sizes else { return false };
    let size = base.sizes.iter().rev().nth(1).copied().unwrap_or(0);
    let mut store = base.store.clone();
    infallible(store.write(FileName::Checkpoint, &checkpoint(size)));
    if !bytes.is_empty() {
        infallible(store.write(FileName::Intent, bytes));
    }
    let before = store.clone();
    let resumed = Publisher::resume(Lent(&mut store), base.head(size)).map(|publisher| publisher.head());
    let want = match intent(bytes) {
        _ if bytes.is_empty() => Err("LocalCheckpointOlder"),
        None => Err("LocalIntent"),
        Some((old, new)) if old != size && new != size => Err("LocalIntentSize"),
        Some((_, new)) if new == size || beyond(base, new) => Err("LocalCheckpointOlder"),
        // A tree of `size` leaves has partial files, which went when the last size was published.
        Some((_, new)) if size % 256 > 0 && new / 256 > size / 256 && last / 256 > size / 256 => {
            Err("LocalIntentSize")
        }
        Some(_) => Ok(()),
    };
    match (resumed, want) {
        (Ok(got), Ok(())) => {
            assert_eq!(got, base.head(size));
            let files: BTreeMap<_, _> = store.files().collect();
            let promised = base.promised(size);
            assert!(promised.iter().all(|(name, bytes)| files.get(name) == Some(&bytes.as_slice())));
            assert!(!files.contains_key(&FileName::Intent), "the intent is left");
            true
        }
        (Err(error), Err(word)) => {
            assert!(format!("{error:?}").starts_with(word), "{error:?} instead of {word}");
            assert!(store == before, "a refusal changed the store");
            false
        }
        (resumed, want) => panic!("{resumed:?} instead of {want:?}"),
    }
}

/// Whether the log has a tile in the place where `size` leaves end that is wider than they demand.
fn beyond(base: &Published, size: u64) -> bool {
    let wider = |width: u16| TilePath::new(0, size / 256, width).ok().map(FileName::Tile);
    let mut names = (1..=256).filter(|width| u64::from(*width) > size % 256).filter_map(wider);
    names.any(|name| infallible(base.store.read(name)).is_some())
}

/// Nothing changes on a refusal; afterwards every promised file is there and no file of a larger size.
fn check(
    base: &Published,
    after: &MemoryStore,
    before: &MemoryStore,
    resumed: Result<TreeHead, Error<Infallible>>,
    want: Result<(), &'static str>,
) {
    let head = base.last();
    match (&resumed, want) {
        (Ok(got), Ok(())) => assert_eq!(*got, head),
        (Err(error), Err(word)) => {
            let same = match error {
                Error::LocalIntent => word == "LocalIntent",
                Error::LocalIntentSize { size, .. } => word == "LocalIntentSize" && *size == head.size,
                Error::PeerCheckpoint => word == "PeerCheckpoint",
                Error::MisuseHeadSize { got, .. } => word == "MisuseHeadSize" && *got == head.size,
                Error::PeerTileLength { .. }
                | Error::PeerRootMismatch { .. }
                | Error::PeerBundle { .. }
                | Error::PeerEntryMismatch { .. } => word == "another file",
                _ => false,
            };
            assert!(same, "{error:?} instead of {word}");
            assert!(after == before, "a refusal changed the store");
        }
        _ => panic!("{resumed:?} instead of {want:?}"),
    }
    if resumed.is_ok() {
        assert_eq!(infallible(after.read(FileName::Intent)), None, "the intent is left");
        let promised = base.promised(head.size.0);
        let tiles: BTreeMap<_, _> = after.files().filter(|(name, _)| is_of_tree(*name)).collect();
        for (name, bytes) in &promised {
            assert_eq!(tiles.get(name), Some(&bytes.as_slice()), "{name} is gone or changed");
        }
        let kept: BTreeMap<_, _> = base.store.files().collect();
        assert!(tiles.keys().all(|name| kept.contains_key(name)), "a file of a larger size is left");
        let gone = kept.keys().filter(|name| is_of_tree(**name) && !tiles.contains_key(name));
        for name in gone {
            let full = name.full().filter(|_| name.is_partial());
            assert!(full.is_some_and(|full| promised.contains_key(&full)), "{name} was removed");
        }
    }
}

pub(super) const fn is_of_tree(name: FileName) -> bool {
    matches!(name, FileName::Tile(_) | FileName::Bundle(_))
}

/// The one form of an intent.
fn intent(bytes: &[u8]) -> Option<(u64, u64)> {
    let text = str::from_utf8(bytes).ok()?;
    let mut words = text.split(['\n', ' ']).skip(3);
    let (old, new): (u64, u64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    ((1..=1 << 24).contains(&new.checked_sub(old)?)
        && text == format!("auditmesh publishing v1\n{old} {new}\n"))
    .then_some((old, new))
}

/// The number in the second of at least two lines, each with its end.
fn size_of(bytes: &[u8]) -> Option<u64> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let line = str::from_utf8(lines.get(1).filter(|_| lines.len() > 2)?).ok()?;
    line.parse::<u64>().ok().filter(|size| size.to_string() == line)
}

fn infallible<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}
