//! The folder of `--out`: a log published batch by batch, and what is written beside it.

use std::{
    collections::BTreeSet,
    fmt::Display,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use auditmesh::{
    anchor::FileAnchor,
    attest::{Certificate, TrustPolicy},
    event::Disclosure,
    merkle::empty_root,
    types::{Authority, Digest, Index, Nodes, Record, Size, TreeHead},
};
use auditmesh_examples::{prove, read};
use auditmesh_store_tiles::{FileName, FolderStore, Publisher, TileReader, TileStore};

const ANCHORS: &str = "anchors.log";
const POLICY: &str = "policy";

/// What stands in a folder before the policy does, and what does before the first checkpoint does.
const BEFORE_POLICY: [&str; 4] = [".lock", ".writing", ".written", ANCHORS];
const BEFORE_CHECKPOINT: [&str; 5] = [POLICY, ".publishing", "tile", "report.json", "metrics.txt"];

/// A publication, new or gone on with. What was published stays, whatever becomes of the run; a run that fails before it
/// published anything leaves nothing behind.
pub(crate) struct Folder {
    path: PathBuf,
    publisher: Publisher<FolderStore>,
    certificate: Option<Certificate>,
    /// How the folder was found, as long as nothing in it is worth keeping.
    unused: Option<Found>,
    /// What the anchors lack of the published log.
    unanchored: Option<String>,
}

/// A folder without a log.
#[derive(Debug, Clone, Copy)]
enum Found {
    Nothing,
    Empty,
}

impl Folder {
    /// Opens a folder: one that this program published, an empty one, or one that is not there yet.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let unused = look(path).map_err(|why| of(path, &why))?;
        let store = FolderStore::open(path).map_err(|why| of(path, &why))?;
        let certificate = published(&store).map_err(|why| of(path, &why))?;
        let head = certificate.as_ref().map_or(empty_head(), Certificate::head);
        let publisher = Publisher::resume(store, head).map_err(|why| of(path, &why))?;
        Ok(Self { path: path.to_owned(), publisher, certificate, unused, unanchored: None })
    }

    /// What is published.
    pub(crate) fn head(&self) -> TreeHead {
        self.publisher.head()
    }

    /// The hashes of all published entries, in order.
    pub(crate) fn leaves(&self) -> Result<Vec<Digest>, String> {
        let reader = TileReader::of_store(self.publisher.store());
        reader.leaves(self.head()).map_err(|why| of(&self.path, &why))
    }

    /// The anchors so far, and the size that was anchored last.
    pub(crate) fn anchors(&mut self) -> Result<(FileAnchor, Size), String> {
        let (path, published) = (self.path.join(ANCHORS), self.head());
        if self.certificate.is_some() && !path.exists() {
            let why = format!(
                "{ANCHORS} is missing; restore the copy whose last line is of size {} or more",
                published.size
            );
            return Err(of(&self.path, &why));
        }
        let (anchor, repair) = match self.certificate.is_none() && !path.exists() {
            true => (FileAnchor::create(path), None),
            false => match FileAnchor::open_repairing(path) {
                Ok((anchor, repair)) => (Ok(anchor), repair),
                Err(why) => (Err(why), None),
            },
        };
        let anchor = anchor.map_err(|why| of(&self.path, &why))?;
        if let Some(repair) = repair {
            eprintln!("round: an unfinished line of {ANCHORS} was moved to {}", repair.copy.display());
        }
        let last = anchor.chain().line(anchor.chain().len());
        let size = last.map_or(Size(0), |line| line.commitment().head.size);
        let find =
            |it: &Certificate| anchor.chain().find(&it.signed().checkpoint().origin, it.head()).is_some();
        self.unanchored = match self.certificate.as_ref().map(find) {
            Some(false) if size < published.size => Some(format!(
                "{ANCHORS} ends at size {size}, the log is published up to size {}; restore the {ANCHORS} that goes with it",
                published.size
            )),
            Some(false) => Some(format!(
                "{ANCHORS} goes up to size {size} and has no line for the published {published}; restore the one that goes with it"
            )),
            _ => None,
        };
        Ok((anchor, size))
    }

    /// Says under which policy, and from which head, the log goes on: those of the last checkpoint, which, where heads are
    /// `anchored` at all, is also in the anchors.
    pub(crate) fn begin(&self, policy: &str, head: TreeHead, anchored: bool) -> Result<(), String> {
        if head != self.head() {
            let why = format!("the log there has {}, the members begin with {head}", self.head());
            return Err(of(&self.path, &why));
        }
        match fs::read(self.path.join(POLICY)) {
            Ok(before) if before == policy.as_bytes() => match &self.unanchored {
                Some(why) if anchored => Err(of(&self.path, why)),
                _ => Ok(()),
            },
            Ok(_) => {
                let whose = if self.certificate.is_some() { "the log" } else { "what was begun" };
                let why = format!(
                    "{whose} there has another policy: other members, keys or threshold; name a new folder"
                );
                Err(of(&self.path, &why))
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => self.write(POLICY, policy.as_bytes()),
            Err(why) => Err(of(&self.path, &format!("{POLICY}: {why}"))),
        }
    }

    /// Publishes what a batch added. Once this returns, everything is durable.
    pub(crate) fn publish<N: Nodes + ?Sized>(
        &mut self,
        tree: &N,
        records: &[Record],
        certificate: &Certificate,
    ) -> Result<(), String> {
        self.unused = None;
        let entries: Vec<&[u8]> = records.iter().map(|record| record.entry.as_slice()).collect();
        let published = self.publisher.publish(tree, &entries, &certificate.to_bytes());
        published.map_err(|why| of(&self.path, &why))?;
        self.certificate = Some(certificate.clone());
        Ok(())
    }

    /// Writes the proof of one entry, the entry, and the event behind it where that is known.
    pub(crate) fn prove(&self, index: Index, event: Option<&Disclosure>) -> Result<(), String> {
        let fail = |why: &dyn Display| format!("--prove {index}: {why}");
        let Some(certificate) = &self.certificate else { return Ok(()) };
        let (proof, entry) =
            prove(self.publisher.store(), certificate.signed().as_log(), index).map_err(|why| fail(&why))?;
        self.write(&format!("proof/{index}.tlog-proof"), &proof.to_bytes())?;
        self.write(&format!("proof/{index}.entry"), &entry)?;
        match event {
            Some(event) => {
                let event = event.encode().map_err(|why| fail(&why))?;
                self.write(&format!("proof/{index}.event"), &event)
            }
            None => Ok(()),
        }
    }

    /// Whether a file is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path.join(name).exists()
    }

    /// Writes one file beside the log, whole or not at all, and makes it durable.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let (path, writing) = (self.path.join(name), self.path.join(".written"));
        let write = || -> io::Result<()> {
            let folder = path.parent().unwrap_or(&self.path);
            fs::create_dir_all(folder)?;
            let mut file = File::create(&writing)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&writing, &path)?;
            File::open(folder)?.sync_all()?;
            File::open(&self.path)?.sync_all()
        };
        write().map_err(|why| format!("{}/{name}: {why}", self.path.display()))
    }

    /// Keeps the folder, although nothing may have been agreed.
    pub(crate) fn keep(&mut self) {
        self.unused = None;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = match self.unused {
            Some(Found::Nothing) => fs::remove_dir_all(&self.path),
            Some(Found::Empty) => clear(&self.path),
            None => Ok(()),
        };
    }
}

fn of(path: &Path, why: &dyn Display) -> String {
    format!("--out {}: {why}", path.display())
}

fn empty_head() -> TreeHead {
    TreeHead { size: Size(0), root: empty_root() }
}

/// Whether the folder can be used. Anything but a log stays as it is.
fn look(path: &Path) -> Result<Option<Found>, String> {
    if path.symlink_metadata().is_err_and(|why| why.kind() == io::ErrorKind::NotFound) {
        return Ok(Some(Found::Nothing));
    }
    if !path.is_dir() {
        return Err("is there and is no folder; name a new one".to_owned());
    }
    let names = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let names = names.map_err(|why| why.to_string())?;
    let names: BTreeSet<String> =
        names.into_iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    match (names.is_empty(), names.contains("checkpoint") || begun(&names)) {
        (true, _) => Ok(Some(Found::Empty)),
        (false, true) => Ok(None),
        (false, false) => Err("holds something else than a log; name a new folder".to_owned()),
    }
}

/// Whether these are the names that a run without a checkpoint leaves, and no other: it locks the folder, makes the anchors,
/// then writes the policy, and only then anything else.
fn begun(names: &BTreeSet<String>) -> bool {
    let began = names.contains(".lock");
    let has_policy = names.contains(ANCHORS) && names.contains(POLICY);
    let torn = |name: &str| name.strip_prefix(ANCHORS).is_some_and(|rest| rest.starts_with(".torn-"));
    let ours = |name: &str| {
        BEFORE_POLICY.contains(&name) || torn(name) || has_policy && BEFORE_CHECKPOINT.contains(&name)
    };
    began && names.iter().all(|name| ours(name))
}

/// The checkpoint in the folder, verified under the policy beside it.
fn published(store: &FolderStore) -> Result<Option<Certificate>, String> {
    let Some(checkpoint) = store.read(FileName::Checkpoint).map_err(|why| why.to_string())? else {
        return Ok(None);
    };
    let policy = read(&store.path().join(POLICY), TrustPolicy::MAX_BYTES)?;
    let policy = TrustPolicy::parse(&policy).map_err(|why| format!("{POLICY}: {why}"))?;
    let certificate = Certificate::parse(&checkpoint).map_err(|why| format!("checkpoint: {why}"))?;
    policy.check(certificate.signed()).map_err(|why| format!("checkpoint: {why}"))?;
    Ok(Some(certificate))
}

fn clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}
