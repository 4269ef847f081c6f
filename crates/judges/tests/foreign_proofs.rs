//! Proofs that other logs published: an entry of Rekor v2, and the test log of transparency-dev/tessera at two sizes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh_attest::{ForeignCheckpoint, ProofFile, TrustPolicy};
use auditmesh_merkle::{Error, Sha256, Tree, verify_consistency, verify_inclusion};
use auditmesh_types::{Authority, Digest, Hasher, Index, Size};
use base64ct::{Base64, Encoding};

const REKOR_KEY: &str = "log2025-1.rekor.sigstore.dev+cf119915+AbfK5adZJxsI323FwGD2AJJ9F4i89cfDuLdGJBIYntuO";
const REKOR: &str = "log2025-1.rekor.sigstore.dev\n412115\n+8vUkEgBK/ansexBUomzocaWoPEmPIzxJC/y+xNMQN4=\n\n\u{2014} log2025-1.rekor.sigstore.dev zxGZFahCZ/+MqTjH4rC5MWcdLDWbpetE5l30RZfQc4BQkRjWSoKipEUPjvHENeZDHIlAsuezJcLzUVvItpNjaSRoMAs=\n";
const INDEX: Index = Index(412_114);
const ENTRY: &str = "eyJhcGlWZXJzaW9uIjoiMC4wLjIiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJoYXNoZWRSZWtvcmRWMDAyIjp7ImRhdGEiOnsiYWxnb3JpdGhtIjoiU0hBMl8yNTYiLCJkaWdlc3QiOiI1ZEoyU2FrVWVPWFk0dXQxaEJIUG9teitoVG42dGMwS1R6Y0dvc0ErZXBFPSJ9LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FWUNJUURjSk84Mm56MXJydHUxRHhTcHJ1WDFvZ0p1bThkbDRJaUdCTVB6M2pZY2JnSWhBS3dROHdOdTFPbjhwWWZoQUpDSzhPcVQwT09HVGgveUFRK0FuL2UzZC9kVSIsInZlcmlmaWVyIjp7ImtleURldGFpbHMiOiJQS0lYX0VDRFNBX1AyNTZfU0hBXzI1NiIsInB1YmxpY0tleSI6eyJyYXdCeXRlcyI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRTBxOVErdGRHMTk1Q1hLZm1VeDFZYXR2Wi9tTjNyaGpwT2ZtMWx2c2tXcHJIOVB4cGU5WGM2TGpFSmJCY1ZQaHV0a2ZVdkJCOVJEays0MlNORTYvNXhnPT0ifX19fX19";
const PATH: [&str; 9] = [
    "KIoYVJ0TqmaEkFboP7YWTjSh8vFjVECmokcTOAByfIM=",
    "Umf0h0cK2hegTzNnSgsXszyiA4bp5OvEvP+GrWq3C8w=",
    "vNQeSNBfepYZI2Ez3ViKdCft0JH87ZS8IGKwixxUVjc=",
    "JBAugd5awOqmHXIKgz1MOjlR5f37VqmP0bWoRVcHX5M=",
    "xYH2mAxGxfOgvSOLnItT2LsJt+Z2a2egjf8QJFwK7jA=",
    "PbZWM3NitzChx9A22m/kddDtzh2bAKX5Fy7j76l3z2k=",
    "sKX9Sbsahvw5DiC2oP6pbZsDi1NzuNS1nIULXkCC57o=",
    "pfTCxXHnCM253jwYxVJcuUhmoTTtDxznn92QhN0M4Ws=",
    "cJ8uk2ZvZyfg+HRILKOHcyHu2pvI8Fz3R1MyMvyzWtA=",
];

fn digest(text: &str) -> Digest {
    Digest::from_slice(&Base64::decode_vec(text).unwrap()).unwrap()
}

fn checkpoint(policy: &str, text: &str) -> ForeignCheckpoint {
    let policy: TrustPolicy = format!("log {policy}\nquorum none\n").parse().unwrap();
    policy.verify(ForeignCheckpoint::parse(text.as_bytes()).unwrap()).unwrap().into_inner()
}

#[test]
fn an_entry_of_rekor_v2_is_in_its_log() {
    let head = checkpoint(REKOR_KEY, REKOR).head();
    let leaf = Sha256.leaf(&Base64::decode_vec(ENTRY).unwrap());
    let path = PATH.map(digest);
    assert_eq!(verify_inclusion(&Sha256, &leaf, INDEX, head.size, &path, &head.root), Ok(()));
    for at in 0..path.len() {
        let mut bad = path;
        bad[at].0[at] ^= 1;
        let refused = verify_inclusion(&Sha256, &leaf, INDEX, head.size, &bad, &head.root);
        assert!(matches!(refused, Err(Error::PeerRootMismatch { .. })), "{refused:?}");
    }
    let refused = verify_inclusion(&Sha256, &leaf, Index(INDEX.0 - 1), head.size, &path, &head.root);
    assert!(refused.is_err());
}

#[test]
fn the_same_proof_reads_as_a_proof_file() {
    let file = format!("c2sp.org/tlog-proof@v1\nindex {INDEX}\n{}\n\n{REKOR}", PATH.join("\n"));
    let read = ProofFile::parse(file.as_bytes()).unwrap();
    assert_eq!((read.index(), read.path()), (INDEX, PATH.map(digest).as_slice()));
    assert_eq!(read.to_bytes(), file.as_bytes());
}

const TESSERA_KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const TESSERA: [&str; 2] = [
    "example.com/log/testdata\n7\nIrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=\n\n\u{2014} example.com/log/testdata M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=\n",
    "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n\u{2014} example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n",
];
/// The fifteen entries, spaces between them, as the log's builder spells them.
const ENTRIES: &str = "b25lIHR3byB0aHJlZSBmb3VyIGZpdmUgc2l4IHNldmVuIGVpdCBuYWluIHRlbiBpbGV2ZW4gdHdlbGYgdGhyZWV0ZW4gZm91cnRlbiBmaXZ0ZW4=";

#[test]
fn tesseras_test_log_has_the_root_that_we_compute_at_both_sizes() {
    let [old, new] = TESSERA.map(|text| checkpoint(TESSERA_KEY, text).head());
    let entries = Base64::decode_vec(ENTRIES).unwrap();
    let entries: Vec<&[u8]> = entries.split(|byte| *byte == b' ').collect();
    let mut tree = Tree::new();
    tree.append_batch(&entries).unwrap();
    assert_eq!(tree.head(), new);
    assert_eq!(tree.root_at(Size(7)), Ok(old.root));
    let proof = tree.consistency(old.size, new.size).unwrap();
    assert_eq!(verify_consistency(&Sha256, &old, &new, &proof.path), Ok(()));
}
