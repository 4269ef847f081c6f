//! A process that is killed while it publishes: the store opens at its checkpoint, with every file that promises.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use auditmesh_merkle::Tree;
use auditmesh_store_tiles::{FileName, FolderStore, Publisher, TileReader, TileStore};
use support::{checkpoint, entries, entry, head_in, promised, slices, tree_of};
use tempfile::tempdir;

const PATH: &str = "AUDITMESH_STORE_TILES_KILLED_PATH";
const SAID: &str = "PUBLISHED:";

/// Publishes until it is killed, and says each size once it is published.
fn publish_for_ever(path: &Path) {
    let store = FolderStore::open(path).unwrap();
    let head = head_in(&store);
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&TileReader::of_store(&store).leaves(head).unwrap()).unwrap();
    let mut publisher = Publisher::resume(store, head).unwrap();
    loop {
        let size = tree.size().0;
        let batch = entries(0, size, size + 1 + size * 37 % 300);
        tree.append_batch(&slices(&batch)).unwrap();
        let head = publisher.publish(&tree, &slices(&batch), &checkpoint(tree.head())).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{SAID}{}", head.size).unwrap();
        out.flush().unwrap();
    }
}

/// Lets a child publish, kills it after `wait` publications and `delay`, and gives the last size it said.
fn kill_after(path: &Path, wait: usize, delay: Duration) -> Option<u64> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_killed_publisher_keeps_what_it_published", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut said, mut count, mut killed, mut text) = (None, 0, false, String::new());
    loop {
        if count == wait && !killed {
            std::thread::sleep(delay);
            child.kill().unwrap();
            killed = true;
        }
        text.clear();
        // A last line without an end was not said.
        if out.read_line(&mut text).unwrap() == 0 || !text.ends_with('\n') {
            break;
        }
        let Some((_, size)) = text.trim_end().split_once(SAID) else { continue };
        said = Some(size.parse().unwrap());
        count += 1;
    }
    assert!(killed, "the child ended by itself");
    assert!(!child.wait().unwrap().success());
    said
}

/// All files below a folder but the store's own, by path.
fn files_below(root: &Path, folder: &Path, paths: &mut Vec<String>) {
    for item in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = item.path();
        if item.file_type().unwrap().is_dir() {
            files_below(root, &path, paths);
        } else {
            paths.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn a_killed_publisher_keeps_what_it_published() {
    if let Some(path) = env::var_os(PATH) {
        return publish_for_ever(Path::new(&path));
    }
    let folder = tempdir().unwrap();
    let root = folder.path().join("log");
    let (mut last, mut rounds_that_grew) = (0, 0);
    for round in 0..15u64 {
        let wait = usize::try_from(round % 5).unwrap();
        let said = kill_after(&root, wait, Duration::from_micros(round * 1_733 % 9_000));
        assert!(said.is_some() || wait == 0);
        let store = FolderStore::open(&root).unwrap();
        let head = head_in(&store);
        assert!(head.size.0 >= said.unwrap_or(last), "round {round}");
        rounds_that_grew += u64::from(head.size.0 > last);
        last = head.size.0;
        let all: Vec<Vec<u8>> = (0..last).map(|index| entry(0, index)).collect();
        let tree = tree_of(&all);
        assert_eq!(tree.head(), head, "no entry is lost or doubled");
        let files = promised(&tree, &all, last);
        for (name, bytes) in &files {
            assert_eq!(store.read(*name).unwrap().as_ref(), Some(bytes), "round {round}: {name}");
        }
        drop(Publisher::resume(store, head).unwrap());
        assert!(!root.join(".publishing").exists(), "round {round}");
        let mut paths = Vec::new();
        files_below(&root, &root, &mut paths);
        let own = ["checkpoint", ".lock", ".writing"];
        for path in paths.iter().filter(|path| !own.contains(&path.as_str())) {
            let full = path.split_once(".p/").map(|(full, _)| full);
            let stands = |name: &FileName| Some(name.to_string().as_str()) == full;
            let known = files.keys().any(|name| name.to_string() == *path);
            // A partial file of an earlier checkpoint stays until the full one stands.
            let earlier =
                full.is_some_and(|full| files.keys().any(|name| name.to_string().starts_with(full)));
            assert!(known || earlier && !files.keys().any(stands), "round {round}: {path} was left over");
        }
    }
    assert!(rounds_that_grew >= 12 && last > 1_000, "{rounds_that_grew} rounds, {last} entries");
}
