//! A process that is killed while it commits: every receipt it gave holds.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use auditmesh_anchor::{Error, FileAnchor};
use auditmesh_types::{Anchor, Receipt};
use support::commitment;
use tempfile::tempdir;

const PATH: &str = "AUDITMESH_ANCHOR_KILLED_PATH";
const RECEIPT: &str = "RECEIPT:";

/// Commits until it is killed, and says each receipt once it has it.
fn commit_for_ever(path: &Path) {
    let mut anchor = FileAnchor::open_repairing(path).unwrap().0;
    for size in anchor.chain().len() + 1.. {
        let receipt = anchor.commit(&commitment("killed.example/log", size, 1, 2, size)).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{RECEIPT}{size} {} {}", receipt.id, receipt.digest).unwrap();
        out.flush().unwrap();
    }
}

/// Lets a child commit, kills it after `wait` receipts and `delay`, and gives all receipts it said.
fn kill_after(path: &Path, wait: usize, delay: Duration) -> Vec<(u64, Receipt)> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_killed_writer_keeps_every_receipt", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut receipts = Vec::new();
    let mut text = String::new();
    let mut killed = false;
    loop {
        if receipts.len() == wait && !killed {
            std::thread::sleep(delay);
            child.kill().unwrap();
            killed = true;
        }
        text.clear();
        // A last line without an end was not said.
        if out.read_line(&mut text).unwrap() == 0 || !text.ends_with('\n') {
            break;
        }
        let Some((_, said)) = text.trim_end().split_once(RECEIPT) else { continue };
        let [size, id, digest] = said.split(' ').collect::<Vec<_>>()[..] else { unreachable!("{said}") };
        let receipt = Receipt { id: id.to_owned(), digest: digest.parse().unwrap() };
        receipts.push((size.parse().unwrap(), receipt));
    }
    assert!(killed, "the child ended by itself");
    assert!(!child.wait().unwrap().success());
    receipts
}

#[test]
fn a_killed_writer_keeps_every_receipt() {
    if let Some(path) = env::var_os(PATH) {
        return commit_for_ever(Path::new(&path));
    }
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    drop(FileAnchor::create(&path).unwrap());
    let mut said = Vec::new();
    for round in 0..20 {
        let receipts = kill_after(&path, round % 7, Duration::from_micros(round as u64 * 331 % 2000));
        assert!(receipts.len() >= round % 7);
        said.extend(receipts);
        let (anchor, repair) = match FileAnchor::open(&path) {
            Ok(anchor) => (anchor, None),
            Err(Error::LocalTornTail { .. }) => FileAnchor::open_repairing(&path).unwrap(),
            Err(other) => unreachable!("round {round}: {other}"),
        };
        for (size, receipt) in &said {
            let commitment = commitment("killed.example/log", *size, 1, 2, *size);
            assert_eq!(anchor.check(receipt, &commitment), Ok(()), "round {round}, after {repair:?}");
        }
        // At most one line more for each kill: written, and its receipt not said.
        let lines = anchor.chain().len();
        assert!((said.len() as u64..=said.len() as u64 + round as u64 + 1).contains(&lines));
    }
    assert!(said.len() >= 50, "{} receipts", said.len());
}
