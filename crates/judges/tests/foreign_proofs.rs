//! Proofs that other logs published: an entry of Go's checksum database, one of Rekor v2, and the test log of
//! transparency-dev/tessera at two sizes. The files in `recorded/` are put together from what each log gave:
//! its checkpoint, its entry, and the hashes of the path; those between the two sizes of Tessera's log are computed here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh_attest::{Error as Refused, LogAuthority, LogCheckpoint, LogKey, ProofFile, TrustPolicy};
use auditmesh_merkle::{Error, Sha256, Tree, verify_consistency, verify_inclusion};
use auditmesh_types::{Authority, Hasher, Index, Scheme, Size};
use base64ct::{Base64, Encoding};

const GO_KEY: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const GO_ORIGIN: &str = "go.sum database tree";
const GO: &str = include_str!("recorded/go-x-sync.tlog-proof");
const GO_ENTRY: &[u8] = include_bytes!("recorded/go-x-sync.entry");
const REKOR_KEY: &str = "log2025-1.rekor.sigstore.dev+cf119915+AbfK5adZJxsI323FwGD2AJJ9F4i89cfDuLdGJBIYntuO";
const REKOR: &str = include_str!("recorded/rekor-v2.tlog-proof");
const REKOR_ENTRY: &[u8] = include_bytes!("recorded/rekor-v2.entry");

fn log(key: &str, origin: Option<&str>) -> LogKey {
    let log = LogKey::from(key.parse::<auditmesh_attest::VerifierKey>().unwrap());
    LogKey { origin: origin.map_or(log.origin, str::to_owned), key: log.key }
}

#[derive(Debug, PartialEq, Eq)]
enum Why {
    Attest(Refused),
    Inclusion(Error),
}

/// Whether `file` shows that `entry` is in the log that `trust` vouches for.
fn check(trust: &dyn LogAuthority, file: &str, entry: &[u8]) -> Result<(), Why> {
    let proof = ProofFile::parse(file.as_bytes()).map_err(Why::Attest)?;
    let head = trust.attested(proof.checkpoint()).map_err(Why::Attest)?.head;
    let leaf = Sha256.leaf(entry);
    verify_inclusion(&Sha256, &leaf, proof.index(), head.size, proof.path(), &head.root)
        .map_err(Why::Inclusion)
}

#[test]
fn recorded_entries_are_in_their_logs() {
    let policy: TrustPolicy = format!("log {REKOR_KEY}\nquorum none\n").parse().unwrap();
    assert_eq!(check(&policy, REKOR, REKOR_ENTRY), Ok(()));
    assert_eq!(check(&log(REKOR_KEY, None), REKOR, REKOR_ENTRY), Ok(()));
    assert_eq!(check(&log(GO_KEY, Some(GO_ORIGIN)), GO, GO_ENTRY), Ok(()));
    for (file, index, size) in [(GO, 13_544_323, 65_196_790), (REKOR, 412_114, 412_115)] {
        let read = ProofFile::parse(file.as_bytes()).unwrap();
        assert_eq!((read.index(), read.checkpoint().head().size), (Index(index), Size(size)));
        assert_eq!(read.to_bytes(), file.as_bytes());
    }
}

#[test]
fn every_changed_byte_of_a_recorded_proof_or_entry_is_refused() {
    for (trust, file, entry) in
        [(log(GO_KEY, Some(GO_ORIGIN)), GO, GO_ENTRY), (log(REKOR_KEY, None), REKOR, REKOR_ENTRY)]
    {
        for at in 0..file.len() {
            for change in [0x01, 0x10] {
                let mut bad = file.as_bytes().to_vec();
                bad[at] ^= change;
                let Ok(bad) = String::from_utf8(bad) else { continue };
                assert!(check(&trust, &bad, entry).is_err(), "byte {at} xor {change}");
            }
        }
        for at in 0..entry.len() {
            let mut bad = entry.to_vec();
            bad[at] ^= 1;
            let refused = check(&trust, file, &bad);
            assert!(matches!(refused, Err(Why::Inclusion(Error::PeerRootMismatch { .. }))), "byte {at}");
        }
    }
}

#[test]
fn changes_of_a_recorded_proof_are_refused_for_their_reason() {
    let trust = log(GO_KEY, Some(GO_ORIGIN));
    let with = |from: &str, to: &str| {
        assert!(GO.contains(from), "{from}");
        check(&trust, &GO.replacen(from, to, 1), GO_ENTRY)
    };
    let other = |got: &str, want: &str| {
        Err(Why::Attest(Refused::PeerOriginMismatch { got: got.into(), want: want.into() }))
    };
    assert_eq!(with(GO_ORIGIN, "go.sum database"), other("go.sum database", GO_ORIGIN));
    assert_eq!(check(&log(GO_KEY, None), GO, GO_ENTRY), other(GO_ORIGIN, "sum.golang.org"));
    let stranger = log(REKOR_KEY, Some(GO_ORIGIN));
    let unsigned = Refused::PeerNotSignedBy { name: stranger.key.label() };
    assert_eq!(check(&stranger, GO, GO_ENTRY), Err(Why::Attest(unsigned)));
    let policy: TrustPolicy = format!("log {GO_KEY}\nquorum none\n").parse().unwrap();
    let silent = Refused::PeerNoLogSignature { origin: GO_ORIGIN.into() };
    assert_eq!(check(&policy, GO, GO_ENTRY), Err(Why::Attest(silent)), "the key has another name");
    let bad = Refused::PeerBadSignature { scheme: Scheme::Ed25519, signer: trust.key.label() };
    assert_eq!(with("\n65196790\n", "\n65196791\n"), Err(Why::Attest(bad.clone())));
    assert_eq!(with("GCI=\n\n", "GCI=\nan extension\n\n"), Err(Why::Attest(bad)));

    let inclusion = |refused| match refused {
        Err(Why::Inclusion(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(matches!(inclusion(with("13544323", "13544322")), Error::PeerRootMismatch { .. }));
    let hash = format!("{}\n", GO.lines().nth(2).unwrap());
    assert_eq!(inclusion(with(&hash, "")), Error::PeerPathLength { got: 25, want: 26 });
    assert_eq!(inclusion(with(&hash, &hash.repeat(2))), Error::PeerPathLength { got: 27, want: 26 });
}

const TESSERA_KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const TESSERA: [&str; 2] =
    [include_str!("recorded/tessera-7.checkpoint"), include_str!("recorded/tessera-15.checkpoint")];
/// The fifteen entries, spaces between them, as the log's builder spells them.
const ENTRIES: &str = "b25lIHR3byB0aHJlZSBmb3VyIGZpdmUgc2l4IHNldmVuIGVpdCBuYWluIHRlbiBpbGV2ZW4gdHdlbGYgdGhyZWV0ZW4gZm91cnRlbiBmaXZ0ZW4=";

#[test]
fn tesseras_test_log_has_the_root_that_we_compute_at_both_sizes() {
    let [old, new] = TESSERA.map(|text| {
        let read = LogCheckpoint::parse(text.as_bytes()).unwrap();
        log(TESSERA_KEY, None).verify(read).unwrap().head()
    });
    let entries = Base64::decode_vec(ENTRIES).unwrap();
    let entries: Vec<&[u8]> = entries.split(|byte| *byte == b' ').collect();
    let mut tree = Tree::new();
    tree.append_batch(&entries).unwrap();
    assert_eq!(tree.head(), new);
    assert_eq!(tree.root_at(Size(7)), Ok(old.root));
    let proof = tree.consistency(old.size, new.size).unwrap();
    assert_eq!(verify_consistency(&Sha256, &old, &new, &proof.path), Ok(()));
    let hashes: String =
        proof.path.iter().map(|hash| Base64::encode_string(hash.as_bytes()) + "\n").collect();
    let file = format!("old 7\n{hashes}\n{}", TESSERA[1]);
    assert_eq!(include_str!("recorded/tessera-7.growth"), file, "made by us from the log's entries");
}
