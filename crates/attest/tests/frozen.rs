//! The wire formats against the bytes that were published, both ways. Signing is deterministic, so signatures are too.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod federation;

use auditmesh_attest::{
    Certificate, Checkpoint, Cosignature, Ed25519Signer, KeyType, LogAuthority, LogCheckpoint, Membership,
    MlDsa44Signer, Note, ProofFile, PublicKey, SignedCheckpoint, TrustPolicy, VerifierKey, compat, cosign,
    did_key,
};
use auditmesh_conformance::frozen;
use auditmesh_types::{Authority, Certifier, Digest, Index, Scheme, Signer};
use federation::{AT, Voice, head, id, origin, statement, voice};

/// The one member of these examples; both of its seeds are 32 bytes of 1.
fn member() -> Voice {
    voice("EU-1", 1)
}

fn alone() -> Membership {
    Membership::new(origin(), vec![member().member().clone()], 1).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: origin(), head: head(7, 1) }
}

fn certificate() -> Certificate {
    let membership = alone();
    let agreed = membership.verify(statement(&member(), head(7, 1))).unwrap();
    membership.certify(&[agreed]).unwrap().into_inner()
}

fn witness() -> (Ed25519Signer, VerifierKey) {
    let signer = Ed25519Signer::from_seed([77; 32]);
    let key = VerifierKey::new("witness.example/w", KeyType::Ed25519Cosignature, signer.public_key());
    (signer, key.unwrap())
}

#[test]
fn checkpoint_text_and_what_is_signed_of_it() {
    frozen::check("CHECKPOINT_V1", frozen::CHECKPOINT_V1, checkpoint().to_string().as_bytes());
    assert_eq!(frozen::CHECKPOINT_V1.parse(), Ok(checkpoint()));
    let message = checkpoint().cosigned_message(KeyType::MlDsa44Cosignature, "EU-1", AT.seconds()).unwrap();
    frozen::check("COSIGNED_MESSAGE_V1", frozen::COSIGNED_MESSAGE_V1, &message);
}

#[test]
fn statement_and_certificate() {
    let statement = statement(&member(), head(7, 1));
    frozen::check("CERTIFICATE_V1", frozen::CERTIFICATE_V1, &statement.signed);
    frozen::check("CERTIFICATE_V1", frozen::CERTIFICATE_V1, &certificate().to_bytes());
    let bytes = frozen::CERTIFICATE_V1.as_bytes();
    let read = Certificate::parse(bytes).unwrap();
    assert_eq!(read, certificate());
    assert!(alone().verify(read).is_ok());
    let [operator, cosigner] = Note::parse(bytes).unwrap().signatures().to_vec().try_into().unwrap();
    assert_eq!(operator.blob().len(), 64);
    let cosignature = Cosignature::parse(cosigner.blob()).unwrap();
    assert_eq!((cosignature.at_seconds, cosignature.signature.len()), (AT.seconds(), 2420));
}

#[test]
fn line_of_a_witness() {
    let (signer, key) = witness();
    let line = cosign(&id("witness.example/w"), &signer, &checkpoint(), AT).unwrap();
    frozen::check("WITNESS_LINE_V1", frozen::WITNESS_LINE_V1, format!("{line}\n").as_bytes());
    let note = [frozen::CERTIFICATE_V1, frozen::WITNESS_LINE_V1].concat();
    let read = SignedCheckpoint::parse(note.as_bytes()).unwrap();
    assert_eq!(key.verify_line(&checkpoint(), &read.note().signatures()[2]), Ok(Some(AT.seconds())));
}

#[test]
fn policy() {
    frozen::check("POLICY_V1", frozen::POLICY_V1, alone().policy().to_string().as_bytes());
    let read = TrustPolicy::parse(frozen::POLICY_V1.as_bytes()).unwrap();
    assert_eq!(read, *alone().policy());
    assert_eq!(Membership::from_policy(&read), Ok(alone()));
    let signed = SignedCheckpoint::parse(frozen::CERTIFICATE_V1.as_bytes()).unwrap();
    assert_eq!(read.attested(signed.as_log()).unwrap().rule.to_string(), "group members 1 of 1");
}

#[test]
fn proof_file() {
    let operator = certificate().signed().note().signatures()[..1].to_vec();
    let signed = SignedCheckpoint::new(checkpoint(), operator).unwrap();
    let path = vec![Digest([5; 32]), Digest([6; 32])];
    let proof = ProofFile::new(Some(b"age".to_vec()), Index(1), path, signed).unwrap();
    frozen::check("PROOF_FILE_V1", frozen::PROOF_FILE_V1, &proof.to_bytes());
    assert_eq!(ProofFile::parse(frozen::PROOF_FILE_V1.as_bytes()), Ok(proof));
    let read = LogCheckpoint::parse(frozen::CERTIFICATE_V1.as_bytes()).unwrap();
    assert_eq!(&read, certificate().signed().as_log(), "what members write is what any reader holds");
    frozen::check("CERTIFICATE_V1", frozen::CERTIFICATE_V1, &read.to_bytes());
}

#[test]
fn verifier_keys() {
    let member = member().member().clone();
    let keys = [member.operator().clone(), witness().1, member.cosigner().clone()];
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    frozen::check("VERIFIER_KEYS_V1", frozen::VERIFIER_KEYS_V1, text.as_bytes());
    let read: Vec<VerifierKey> = frozen::VERIFIER_KEYS_V1.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(read, keys);
}

#[test]
fn key_files() {
    let signer = Ed25519Signer::from_seed([1; 32]);
    frozen::check("ED25519_PRIVATE", frozen::ED25519_PRIVATE, signer.to_pem().unwrap().as_bytes());
    let public = signer.public().unwrap();
    frozen::check("ED25519_PUBLIC", frozen::ED25519_PUBLIC, public.to_pem().unwrap().as_bytes());
    let read = Ed25519Signer::from_pem(frozen::ED25519_PRIVATE).unwrap();
    assert_eq!(read.public_key(), signer.public_key());
    assert_eq!(PublicKey::from_pem(Scheme::Ed25519, frozen::ED25519_PUBLIC), Ok(public));

    let signer = MlDsa44Signer::from_seed([1; 32]);
    frozen::check("ML_DSA44_PRIVATE", frozen::ML_DSA44_PRIVATE, signer.to_pem().unwrap().as_bytes());
    let public = signer.public().unwrap();
    frozen::check("ML_DSA44_PUBLIC", frozen::ML_DSA44_PUBLIC, public.to_pem().unwrap().as_bytes());
    let read = MlDsa44Signer::from_pem(frozen::ML_DSA44_PRIVATE).unwrap();
    assert_eq!(read.public_key(), signer.public_key());
    assert_eq!(PublicKey::from_pem(Scheme::MlDsa44, frozen::ML_DSA44_PUBLIC), Ok(public));
}

#[test]
fn key_names() {
    let ed25519 = PublicKey::from_pem(Scheme::Ed25519, frozen::ED25519_PUBLIC).unwrap();
    let ml_dsa44 = PublicKey::from_pem(Scheme::MlDsa44, frozen::ML_DSA44_PUBLIC).unwrap();
    let did = did_key::encode(&ed25519).unwrap();
    let prints = [&ed25519, &ml_dsa44].map(|key| did_key::fingerprint(key).unwrap());
    let text = format!("{did}\n{}\n{}\n", prints[0], prints[1]);
    frozen::check("KEY_NAMES_V1", frozen::KEY_NAMES_V1, text.as_bytes());
    assert_eq!(did_key::decode(frozen::KEY_NAMES_V1.lines().next().unwrap()), Ok(ed25519));
}

#[test]
fn message_of_the_older_node_attestation() {
    let message = compat::node_attestation_message(&Digest([1; 32]), &id("EU-1"));
    frozen::check("NODE_ATTESTATION", frozen::NODE_ATTESTATION, &message);
}
