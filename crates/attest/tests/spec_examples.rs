//! The examples of `docs/spec/`: the pages show these bytes, and the code writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh_attest::{
    Checkpoint, Ed25519Signer, KeyType, Membership, MlDsa44Signer, ProofFile, SignedCheckpoint, VerifierKey,
    cosign, did_key,
};
use auditmesh_types::{Authority, Certifier, Digest, Index, Signer};
use federation::*;
use sha2::{Digest as _, Sha256};

const CHECKPOINT: &str = include_str!("../../../docs/spec/checkpoint.md");
const KEYS: &str = include_str!("../../../docs/spec/keys.md");
const POLICY: &str = include_str!("../../../docs/spec/policy.md");
const PROOF: &str = include_str!("../../../docs/spec/proof.md");

fn sha256(bytes: &[u8]) -> String {
    Digest(Sha256::digest(bytes).into()).to_string()
}

/// The federation of one member whose two seeds are 32 bytes 1, and its certificate for size 7 and a root of bytes 1.
fn alone() -> (Membership, SignedCheckpoint) {
    let eu = voice("EU-1", 1);
    let membership = Membership::new(origin(), vec![eu.member().clone()], 1).unwrap();
    let agreed = membership.verify(statement(&eu, head(7, 1))).unwrap();
    let certificate = membership.certify(&[agreed]).unwrap();
    (membership, certificate.signed().clone())
}

/// Whether `page` shows `line`, whole or, for lines too long for a page, its first 60 characters and an ellipsis.
fn shows(page: &str, line: &str) -> bool {
    let start: String = line.chars().take(60).collect();
    page.lines().any(|shown| shown == line || shown == format!("{start}…"))
}

#[test]
fn checkpoint_page() {
    let (_, signed) = alone();
    let bytes = signed.to_bytes();
    for line in core::str::from_utf8(&bytes).unwrap().lines() {
        assert!(shows(CHECKPOINT, line), "{line:.60}");
    }
    assert_eq!(bytes.len(), 3457);
    assert_eq!(sha256(&bytes), "d3515a99a30a068313e062cd9295b33ea6ad9da4f42878a4d88dcaa28874cf1e");
    assert!(CHECKPOINT.contains(&sha256(&bytes)));
    let statement = Checkpoint { origin: origin(), head: head(7, 1) }.digest().to_string();
    assert_eq!(statement, "e7367d62032be1306e9f131073d5ea495134fa71e473c02e89ce7f2e26b5317c");
    assert!(CHECKPOINT.contains(&statement));

    let witness = Ed25519Signer::from_seed([77; 32]);
    let line = cosign(&id("witness.example/w"), &witness, signed.checkpoint(), AT).unwrap();
    assert!(shows(CHECKPOINT, &line.to_string()));
    let key =
        VerifierKey::new("witness.example/w", KeyType::Ed25519Cosignature, witness.public_key()).unwrap();
    assert!(shows(CHECKPOINT, &key.to_string()));
}

#[test]
fn policy_page() {
    let text = alone().0.policy().to_string();
    for line in text.lines() {
        assert!(shows(POLICY, line), "{line:.60}");
    }
    assert_eq!(text.len(), 1903);
    assert_eq!(sha256(text.as_bytes()), "36d0a4d11fe2b0ac0937d5988d3f8544c0ae9c6372cbdc6afcfce460c032c7f6");
    assert!(POLICY.contains(&sha256(text.as_bytes())));
}

#[test]
fn proof_page() {
    let (_, signed) = alone();
    let operator = signed.note().signatures()[..1].to_vec();
    let signed = SignedCheckpoint::new(signed.checkpoint().clone(), operator).unwrap();
    let path = vec![Digest([5; 32]), Digest([6; 32])];
    let proof = ProofFile::new(Some(b"age".to_vec()), Index(1), path, signed).unwrap();
    let bytes = proof.to_bytes();
    assert!(PROOF.contains(core::str::from_utf8(&bytes).unwrap()));
    assert_eq!(sha256(&bytes), "9622e535dc5574c3ce6497be52afa3e7c38be68e940cd8b8189bc9f54c41e54b");
}

#[test]
fn keys_page() {
    let (ed25519, ml_dsa) = (Ed25519Signer::from_seed([1; 32]), MlDsa44Signer::from_seed([1; 32]));
    assert!(KEYS.contains(ed25519.to_pem().unwrap().as_str()));
    assert!(KEYS.contains(&ed25519.public().unwrap().to_pem().unwrap()));
    assert!(KEYS.contains(ml_dsa.to_pem().unwrap().as_str()));
    assert!(shows(KEYS, &did_key::encode(&ed25519.public().unwrap()).unwrap()));
    assert!(shows(KEYS, &did_key::fingerprint(&ed25519.public().unwrap()).unwrap()));
    assert!(shows(KEYS, &did_key::fingerprint(&ml_dsa.public().unwrap()).unwrap()));
    let member = voice("EU-1", 1).member().clone();
    for key in [member.operator(), member.cosigner()] {
        assert!(shows(KEYS, &key.to_string()), "{}", key.label());
    }
}
