//! Bytes that were published once and never change. `vectors/README.md` says how one is added.

/// The roots of the RFC 6962 example with eight entries, for sizes 1 to 8: 32 bytes each.
pub const RFC6962_ROOTS: &str = include_str!("../vectors/rfc6962_roots.hex");

/// The text whose SHA-256 names a governance event in the older form.
pub const GOVERNANCE_PREIMAGE: &str = include_str!("../vectors/governance_preimage.txt");

/// The SHA-256 of [`GOVERNANCE_PREIMAGE`].
pub const GOVERNANCE_ID: &str = include_str!("../vectors/governance_id.hex");

/// The salted commitment to a payload, as it stands in [`ENTRY_V1`].
pub const COMMITMENT_V1: &str = include_str!("../vectors/commitment_v1.hex");

/// The entry of `docs/spec/entry.md`.
pub const ENTRY_V1: &str = include_str!("../vectors/entry_v1.hex");

/// The event file that opens [`ENTRY_V1`]. It does not end in a line feed.
pub const EVENT_V1: &str = include_str!("../vectors/event_v1.txt");

/// The id that an event of a line without one gets. It does not end in a line feed.
pub const DEFAULT_ID_V1: &str = include_str!("../vectors/default_id_v1.txt");

/// A bundle of three entries.
pub const ENTRY_BUNDLE_V1: &str = include_str!("../vectors/entry_bundle_v1.hex");

/// The tile of level 0 above [`ENTRY_BUNDLE_V1`].
pub const TILE_V1: &str = include_str!("../vectors/tile_v1.hex");

/// Names of tiles, then of entry bundles, one a line.
pub const TILE_PATHS_V1: &str = include_str!("../vectors/tile_paths_v1.txt");

/// The text of a checkpoint.
pub const CHECKPOINT_V1: &str = include_str!("../vectors/checkpoint_v1.txt");

/// What the ML-DSA-44 line of [`CERTIFICATE_V1`] signs.
pub const COSIGNED_MESSAGE_V1: &str = include_str!("../vectors/cosigned_message_v1.hex");

/// [`CHECKPOINT_V1`] with the two lines of its one member: types 0x01 and 0x06.
pub const CERTIFICATE_V1: &str = include_str!("../vectors/certificate_v1.note");

/// The line of type 0x04 that a witness adds to [`CERTIFICATE_V1`].
pub const WITNESS_LINE_V1: &str = include_str!("../vectors/witness_line_v1.txt");

/// The trust policy of a federation of one member.
pub const POLICY_V1: &str = include_str!("../vectors/policy_v1.txt");

/// A proof file with extra data.
pub const PROOF_FILE_V1: &str = include_str!("../vectors/proof_file_v1.txt");

/// Verifier keys of types 0x01, 0x04 and 0x06, one a line.
pub const VERIFIER_KEYS_V1: &str = include_str!("../vectors/vkeys_v1.txt");

/// An Ed25519 key as PKCS#8. Its seed is 32 bytes of 1, as that of the next three.
pub const ED25519_PRIVATE: &str = include_str!("../vectors/ed25519_private.pem");

/// The public half of [`ED25519_PRIVATE`] as SPKI.
pub const ED25519_PUBLIC: &str = include_str!("../vectors/ed25519_public.pem");

/// An ML-DSA-44 key as PKCS#8, the choice `seed`.
pub const ML_DSA44_PRIVATE: &str = include_str!("../vectors/ml_dsa44_private.pem");

/// The public half of [`ML_DSA44_PRIVATE`] as SPKI.
pub const ML_DSA44_PUBLIC: &str = include_str!("../vectors/ml_dsa44_public.pem");

/// The `did:key` of [`ED25519_PUBLIC`], its fingerprint, and that of [`ML_DSA44_PUBLIC`], one a line.
pub const KEY_NAMES_V1: &str = include_str!("../vectors/key_names_v1.txt");

/// What the older node attestation signs.
pub const NODE_ATTESTATION: &str = include_str!("../vectors/node_attestation.hex");

/// The first allocation of `docs/spec/allocation.md`.
pub const ALLOCATION_V1: &str = include_str!("../vectors/allocation_v1.hex");

/// The chain of the two allocations there.
pub const ALLOCATION_CHAIN_V1: &str = include_str!("../vectors/allocation_chain_v1.hex");

/// An anchor file of two lines.
pub const ANCHOR_FILE_V1: &str = include_str!("../vectors/anchor_file_v1.txt");

/// The COSE receipt that an entry is in a log, signed with Ed25519: the first example of `docs/spec/receipt.md`.
pub const INCLUSION_RECEIPT_V1: &str = include_str!("../vectors/inclusion_receipt_v1.hex");

/// The COSE receipt that a log continues an older one: the second example there.
pub const CONSISTENCY_RECEIPT_V1: &str = include_str!("../vectors/consistency_receipt_v1.hex");

/// What a publisher writes of its intent before it goes from 1,024 to 2,048 leaves.
pub const PUBLISHING_V1: &str = include_str!("../vectors/publishing_v1.txt");

/// The stored tree of three entries, pruned below leaf 1.
pub const TREE_FILE_V1: &str = include_str!("../vectors/tree_file_v1.hex");

/// The stored frontier of the same tree.
pub const FRONTIER_FILE_V1: &str = include_str!("../vectors/frontier_file_v1.hex");

/// The stored range of its leaves 1 and 2.
pub const RANGE_FILE_V1: &str = include_str!("../vectors/range_file_v1.hex");

/// What the hash of a validator set is the SHA-256 of.
pub const BFT_VALIDATOR_SET_V1: &str = include_str!("../vectors/bft_validator_set_v1.hex");

/// What a PREPARE signs.
pub const BFT_PREPARE_V1: &str = include_str!("../vectors/bft_prepare_v1.hex");

/// What a COMMIT signs.
pub const BFT_COMMIT_V1: &str = include_str!("../vectors/bft_commit_v1.hex");

/// What a VIEW-CHANGE signs that names nothing as prepared.
pub const BFT_VIEW_CHANGE_V1: &str = include_str!("../vectors/bft_view_change_v1.hex");

/// What a VIEW-CHANGE signs that names a value as prepared.
pub const BFT_VIEW_CHANGE_PREPARED_V1: &str = include_str!("../vectors/bft_view_change_prepared_v1.hex");

/// A message: a PREPARE.
pub const BFT_VOTE_V1: &str = include_str!("../vectors/bft_vote_v1.hex");

/// A message: a value proposed once more, in view 2.
pub const BFT_PROPOSAL_V1: &str = include_str!("../vectors/bft_proposal_v1.hex");

/// A message: a VIEW-CHANGE with what was prepared.
pub const BFT_VIEW_CHANGE_MESSAGE_V1: &str = include_str!("../vectors/bft_view_change_message_v1.hex");

/// A message: a collector's certificate.
pub const BFT_CERTIFICATE_MESSAGE_V1: &str = include_str!("../vectors/bft_certificate_message_v1.hex");

/// A decision of view 2, with its lineage.
pub const BFT_DECIDED_V1: &str = include_str!("../vectors/bft_decided_v1.hex");

/// Evidence of a COMMIT that a later VIEW-CHANGE hides.
pub const BFT_EVIDENCE_V1: &str = include_str!("../vectors/bft_evidence_v1.hex");

/// A packet that asks for a decision.
pub const BFT_PACKET_REQUEST_V1: &str = include_str!("../vectors/bft_packet_request_v1.hex");

/// A packet that answers with [`BFT_DECIDED_V1`].
pub const BFT_PACKET_DECIDED_V1: &str = include_str!("../vectors/bft_packet_decided_v1.hex");

/// A record of a COMMIT.
pub const BFT_RECORD_V1: &str = include_str!("../vectors/bft_record_v1.hex");

/// A file of two records.
pub const BFT_RECORD_LOG_V1: &str = include_str!("../vectors/bft_record_log_v1.hex");

/// Compares `actual` with what a text or hex file in `vectors/` froze.
///
/// `expected`: when its first line is `hex`, the bytes whose lower-case hexadecimal digits follow, over any number of
/// lines; otherwise the bytes of the text itself, its line ends included.
///
/// Panics with the first place of difference, both lengths, and the bytes around it on both sides.
pub fn check(name: &str, expected: &'static str, actual: &[u8]) {
    match expected.strip_prefix("hex\n") {
        Some(digits) => compare(name, &decode(name, digits), actual, hex),
        None => compare(name, expected.as_bytes(), actual, text),
    }
}

/// As [`check`], for a file that holds the raw bytes.
pub fn check_bytes(name: &str, expected: &'static [u8], actual: &[u8]) {
    compare(name, expected, actual, hex);
}

/// The bytes that a text or hex file freezes, for tests that decode them.
#[must_use]
pub fn bytes(name: &str, expected: &'static str) -> Vec<u8> {
    expected.strip_prefix("hex\n").map_or_else(|| expected.as_bytes().to_vec(), |digits| decode(name, digits))
}

fn decode(name: &str, digits: &str) -> Vec<u8> {
    let digits: Vec<char> = digits.chars().filter(|c| *c != '\n').collect();
    let nibble = |digit: &char| match digit {
        '0'..='9' | 'a'..='f' => digit.to_digit(16),
        _ => panic!("the frozen file of {name} holds {digit:?}, which is not a lower-case hexadecimal digit"),
    };
    assert!(digits.len().is_multiple_of(2), "the frozen file of {name} ends in the middle of a byte");
    let pairs =
        digits.chunks_exact(2).map(|pair| pair.iter().filter_map(nibble).fold(0, |byte, n| byte << 4 | n));
    pairs.map(|byte| u8::try_from(byte).expect("two digits make a byte")).collect()
}

fn compare(name: &str, expected: &[u8], actual: &[u8], show: fn(&[u8]) -> String) {
    if expected == actual {
        return;
    }
    let same = expected.iter().zip(actual).take_while(|(left, right)| left == right).count();
    let from = same.saturating_sub(16);
    let window = |bytes: &[u8]| show(bytes.get(from..bytes.len().min(same + 24)).unwrap_or_default());
    panic!(
        "frozen bytes of {name} changed at byte {same}: frozen {} bytes, got {} bytes\n  from byte {from}\n  \
         frozen {}\n  got    {}\nwhat is published keeps its bytes; a new form gets a new version and a new file",
        expected.len(),
        actual.len(),
        window(expected),
        window(actual),
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256;
    use std::panic::catch_unwind;

    fn said(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
        *catch_unwind(check).unwrap_err().downcast::<String>().unwrap()
    }

    #[test]
    fn accepts_equal_bytes() {
        check("T", "hex\n00ff\n10\n", &[0x00, 0xff, 0x10]);
        check("T", "origin\n5\n", b"origin\n5\n");
        check_bytes("T", &[1, 2], &[1, 2]);
        assert_eq!(bytes("T", "hex\n0a"), [0x0a]);
        assert_eq!(bytes("T", "0a"), b"0a");
    }

    #[test]
    fn says_where_bytes_differ() {
        let text = said(|| check("NOTE_V1", "origin\n5\n", b"origin\n6\n"));
        assert!(text.contains("NOTE_V1 changed at byte 7"), "{text}");
        assert!(text.contains(r"frozen origin\n5\n") && text.contains(r"got    origin\n6\n"), "{text}");
        let short = said(|| check("ENTRY_V1", "hex\n0102", &[1]));
        assert!(short.contains("at byte 1: frozen 2 bytes, got 1 bytes"), "{short}");
        let long = said(|| check_bytes("ENTRY_V1", &[7; 100], &[7; 101]));
        assert!(long.contains("at byte 100") && long.contains("from byte 84"), "{long}");
    }

    #[test]
    fn refuses_a_file_that_is_not_hexadecimal() {
        assert!(said(|| check("T", "hex\n0A", &[10])).contains("'A', which is not"));
        assert!(said(|| check("T", "hex\n0", &[])).contains("middle of a byte"));
    }

    #[test]
    fn the_governance_id_is_the_digest_of_its_preimage() {
        check("GOVERNANCE_ID", GOVERNANCE_ID, &sha256(&[GOVERNANCE_PREIMAGE.as_bytes()]).0);
    }
}
