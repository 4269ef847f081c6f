use std::{
    convert::Infallible,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use auditmesh::{
    merkle::Tree,
    types::{Size, TreeHead},
};
use auditmesh_lanes::Lanes;
use auditmesh_store_tiles::{FileName, FolderStore, MemoryStore, Publisher, TileStore};

use crate::{Contender, MILLION, Work, digests, entries, tree};

/// The contender that writes the same entries as one file and syncs it: no tree, no names, and it reads nothing back.
pub const ONE_FILE: &str = "one-file";

/// A folder that is removed when it is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, empty.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn store(&self, name: &str) -> FolderStore {
        FolderStore::open(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A log that is published batch by batch; every batch has the same entries.
struct Publication<S> {
    tree: Tree<Lanes>,
    publisher: Publisher<S>,
    batch: Vec<Vec<u8>>,
}

impl<S: TileStore> Publication<S> {
    fn new(store: S, batch: u64, bytes: usize) -> Self {
        let tree = Tree::with_hasher(Lanes::new());
        let publisher = Publisher::resume(store, tree.head()).unwrap();
        Self { tree, publisher, batch: entries(batch, bytes) }
    }

    fn append(&mut self) {
        self.tree.append_batch(&refs(&self.batch)).unwrap();
    }

    fn publish(&mut self) -> TreeHead {
        let checkpoint = checkpoint(self.tree.size());
        self.publisher.publish(&self.tree, &refs(&self.batch), checkpoint.as_bytes()).unwrap()
    }
}

fn refs<E: AsRef<[u8]>>(entries: &[E]) -> Vec<&[u8]> {
    entries.iter().map(AsRef::as_ref).collect()
}

fn checkpoint(size: Size) -> String {
    format!("bench.example/log\n{size}\n(root, signatures)\n")
}

/// Gives the publishing of batches below `folder` to `take`. Appending to the tree in memory is not timed.
pub fn publications(folder: &Folder, take: &mut dyn FnMut(Work<'_>)) {
    for (name, batch) in [("publish/batch=1000,bytes=1024", 1000), ("publish/batch=1024,bytes=1024", 1024)] {
        let log = Publication::new(folder.store(&format!("batch-{batch}")), batch, 1024);
        let (bytes, file) = (log.batch.concat(), folder.0.join("one-file"));
        let contenders = vec![
            Contender::prepared(Contender::OURS, log, Publication::append, Publication::publish),
            Contender::new(ONE_FILE, || write_synced(&file, &bytes).unwrap()),
        ];
        take(Work { name, unit: "ns/entry", per: batch, runs: 31, contenders });
    }
}

fn write_synced(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The bytes of all files of tiles for a million leaves that are published below `folder`.
#[must_use]
pub fn tiles(folder: &Folder) -> u64 {
    let entries: Vec<[u8; 8]> = (0..MILLION).map(u64::to_be_bytes).collect();
    let tree = tree(Lanes::new(), &digests(MILLION));
    let mut publisher = Publisher::resume(folder.store("tiles"), Tree::new().head()).unwrap();
    publisher.publish(&tree, &refs(&entries), checkpoint(tree.size()).as_bytes()).unwrap();
    let levels = fs::read_dir(folder.0.join("tiles/tile")).unwrap().map(|level| level.unwrap().path());
    levels.filter(|level| !level.ends_with("entries")).map(|level| bytes_below(&level).unwrap()).sum()
}

fn bytes_below(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.metadata()?;
        bytes += if file.is_dir() { bytes_below(&entry.path())? } else { file.len() };
    }
    Ok(bytes)
}

/// Bytes written for a million bytes of entries, in twelve batches of `batch` entries of `bytes` bytes.
#[must_use]
pub fn written(batch: u64, bytes: usize) -> u64 {
    let mut log = Publication::new(Counting::default(), batch, bytes);
    for _ in 0..12 {
        log.append();
        log.publish();
    }
    log.publisher.store().written * MILLION / (12 * batch * bytes as u64)
}

/// A store that counts what is written to it.
#[derive(Default)]
struct Counting {
    store: MemoryStore,
    written: u64,
}

impl TileStore for Counting {
    type Error = Infallible;

    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, Infallible> {
        self.store.read(name)
    }

    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), Infallible> {
        self.written += bytes.len() as u64;
        self.store.write(name, bytes)
    }

    fn remove(&mut self, name: FileName) -> Result<(), Infallible> {
        self.store.remove(name)
    }

    fn remove_partials(&mut self, name: FileName) -> Result<(), Infallible> {
        self.store.remove_partials(name)
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        self.store.sync()
    }
}
