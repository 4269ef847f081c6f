use auditmesh::ConsistencyFile;
use auditmesh_attest::SignedCheckpoint;
use auditmesh_types::{Digest, Size};

use super::Seed;
use crate::{
    federation::statements,
    other_log::{SIZES, made, path},
};

pub(super) fn seeds() -> Vec<Seed> {
    let [old, new, extended] = made();
    let file = |old, path, checkpoint| {
        ConsistencyFile::new(old, path, checkpoint).expect("within the limits").to_bytes()
    };
    let ours = SignedCheckpoint::parse(&statements()[0].signed).expect("a genuine statement");
    let short = SignedCheckpoint::new(ours.checkpoint().clone(), ours.note().signatures()[..1].to_vec());
    let ours = short.expect("one line");
    vec![
        ("consistency_file", "extended", file(SIZES[0], path(), extended.clone())),
        ("consistency_file", "nothing", file(Size(0), Vec::new(), new.clone())),
        ("consistency_file", "ours", file(Size(4), vec![Digest([5; 32]); 2], ours.clone().into())),
        ("consistency_file", "same", file(SIZES[0], Vec::new(), old.clone())),
        ("log_checkpoint", "extended", extended.to_bytes()),
        ("log_checkpoint", "old", old.to_bytes()),
        ("log_checkpoint", "ours", ours.to_bytes()),
    ]
}
