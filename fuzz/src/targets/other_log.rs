use auditmesh::ConsistencyFile;
use auditmesh_attest::{Checkpoint, LogAuthority, LogCheckpoint, SignedCheckpoint};

use crate::other_log::{SIZES, log, made, path};

/// `attest::LogCheckpoint`: one encoding; what is one of ours reads as the same; no text verifies but those that were signed.
pub(super) fn log_checkpoint(bytes: &[u8]) -> bool {
    let Ok(read) = LogCheckpoint::parse(bytes) else {
        assert!(SignedCheckpoint::parse(bytes).is_err(), "wider for us than for others");
        return false;
    };
    assert_eq!(read.to_bytes(), bytes, "two encodings of one checkpoint");
    let ours = SignedCheckpoint::parse(bytes);
    assert_eq!(ours.is_ok(), read.note().text().parse::<Checkpoint>().is_ok());
    if let Ok(ours) = ours {
        assert_eq!((ours.as_log(), read.extensions()), (&read, &[][..]));
        assert_eq!((ours.checkpoint().origin.as_str(), ours.checkpoint().head), (read.origin(), read.head()));
    }
    if let Ok(attested) = log().attested(&read) {
        assert!(was_signed(&read), "nobody signed that");
        assert_eq!((attested.origin.as_str(), attested.head), (read.origin(), read.head()));
        assert_eq!(attested.extensions, read.extensions());
    }
    true
}

/// `auditmesh::ConsistencyFile`: one encoding, and the limits; against a fixed older checkpoint nothing verifies but the truth.
pub(super) fn consistency_file(bytes: &[u8]) -> bool {
    let Ok(file) = ConsistencyFile::parse(bytes) else { return false };
    assert_eq!(file.to_bytes(), bytes, "two encodings of one consistency file");
    assert!(file.old() <= file.checkpoint().head().size);
    assert!(file.path().len() <= ConsistencyFile::MAX_PATH);
    let [old, ..] = made();
    if let Ok(grown) = file.check(log(), old) {
        assert!(was_signed(file.checkpoint()), "nobody signed that");
        assert_eq!((file.old(), grown.prefix().old), (SIZES[0], old.head()));
        let right = if file.checkpoint().head() == old.head() { Vec::new() } else { path() };
        assert_eq!(file.path(), right, "a second proof");
    }
    true
}

fn was_signed(read: &LogCheckpoint) -> bool {
    made().iter().any(|made| made.note().text() == read.note().text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truth_verifies() {
        let [old, new, extended] = made();
        for (checkpoint, hashes) in [(old, Vec::new()), (new, path()), (extended, path())] {
            let file = ConsistencyFile::new(SIZES[0], hashes, checkpoint.clone()).unwrap();
            file.check(log(), old).unwrap();
        }
    }
}
