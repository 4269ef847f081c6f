mod anchor;
mod attest;
pub(crate) mod batch;
mod bft;
pub(crate) mod convict;
mod credit;
pub(crate) mod dilithium;
mod driver;
mod engine;
pub(crate) mod enrolled;
mod event;
mod keys;
mod many;
mod merkle;
mod order;
mod other_log;
mod own_word;
mod proven;
mod reader;
mod receipt;
mod restore;
mod script;
mod store;
mod stored;
mod subtree;
mod types;
mod watched;

use std::{fmt::Display, str::FromStr};

use auditmesh_types::Digest;

/// A decoder or verifier under test: its name, which is also that of its corpus, and the function, which says whether it
/// accepted.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// Every target, sorted by name.
pub const TARGETS: &[Target] = &[
    ("allocation", credit::allocation),
    ("allocation_chain", credit::allocation_chain),
    ("anchor_chain", anchor::anchor_chain),
    ("anchor_line", anchor::anchor_line),
    ("attestation", attest::attestation),
    ("batch_value", batch::batch_value),
    ("bft_decided", order::bft_decided),
    ("bft_driver", driver::bft_driver),
    ("bft_engine", engine::bft_engine),
    ("bft_evidence", order::bft_evidence),
    ("bft_message", order::bft_message),
    ("bft_packet", order::bft_packet),
    ("bft_record", order::bft_record),
    ("bft_record_log", order::bft_record_log),
    ("bft_restore", restore::bft_restore),
    ("bundle_path", merkle::bundle_path),
    ("certificate", attest::certificate),
    ("checkpoint", attest::checkpoint),
    ("compact_range", subtree::compact_range),
    ("consistency", merkle::consistency),
    ("consistency_file", other_log::consistency_file),
    ("convicts", convict::convicts),
    ("cosignature", attest::cosignature),
    ("did_key", keys::did_key),
    ("digest", types::digest),
    ("dilithium", dilithium::dilithium),
    ("disclosure_decode", event::disclosure_decode),
    ("enrolled", enrolled::enrolled),
    ("entry_bundle", merkle::entry_bundle),
    ("entry_decode", event::entry_decode),
    ("frontier", merkle::frontier),
    ("frontier_file", stored::frontier_file),
    ("inclusion", merkle::inclusion),
    ("jsonl_line", event::jsonl_line),
    ("jsonl_lines", event::jsonl_lines),
    ("lanes", many::lanes),
    ("log_checkpoint", other_log::log_checkpoint),
    ("multi", many::multi),
    ("name", types::name),
    ("note", attest::note),
    ("pem_private", keys::pem_private),
    ("pem_public", keys::pem_public),
    ("policy", attest::policy),
    ("policy_attested", attest::policy_attested),
    ("proof_file", attest::proof_file),
    ("proven", proven::proven),
    ("publisher_resume", store::publisher_resume),
    ("range", many::range),
    ("range_file", stored::range_file),
    ("ratio", types::ratio),
    ("receipt", receipt::receipt),
    ("signed_checkpoint", attest::signed_checkpoint),
    ("subtree_consistency", subtree::subtree_consistency),
    ("subtree_inclusion", subtree::subtree_inclusion),
    ("threshold", bft::threshold),
    ("tile_path", merkle::tile_path),
    ("tile_reader", reader::tile_reader),
    ("tree_file", stored::tree_file),
    ("vkey", keys::vkey),
];

/// The target of that name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|(known, _)| *known == name)
}

/// Text that is read is written again as it came: there is one encoding.
fn exact<T: FromStr + Display>(bytes: &[u8]) -> Option<T> {
    let text = str::from_utf8(bytes).ok()?;
    let value = text.parse::<T>().ok()?;
    assert_eq!(value.to_string(), text, "two encodings of one value");
    Some(value)
}

/// Takes an array off the front of a structured input.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    take(rest).map(u64::from_be_bytes)
}

/// The rest of a structured input as digests; `None` when some bytes are left over.
fn digests(rest: &[u8]) -> Option<Vec<Digest>> {
    let (chunks, left) = rest.as_chunks::<32>();
    left.is_empty().then(|| chunks.iter().copied().map(Digest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_sorted_and_found() {
        assert!(TARGETS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(TARGETS.iter().all(|(name, _)| target(name).is_some_and(|found| found.0 == *name)));
        assert!(target("nothing").is_none());
    }

    #[test]
    #[should_panic(expected = "two encodings of one value")]
    fn a_second_encoding_is_noticed() {
        exact::<u8>(b"007");
    }

    #[test]
    fn digests_leave_nothing_over() {
        assert_eq!(digests(&[7; 64]), Some(vec![Digest([7; 32]); 2]));
        assert_eq!(digests(&[7; 65]), None);
    }
}
