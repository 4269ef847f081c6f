use auditmesh_attest::{
    Certificate, Cosignature, Ed25519Signer, KeyType, Membership, Note, NoteLine, PolicyBuilder, ProofFile,
    SignedCheckpoint, Threshold, TrustPolicy, VerifierKey, cosign,
};
use auditmesh_types::{Attestation, Authority, Certifier, Digest, Index, MemberId, Signer};

use super::Seed;
use crate::federation::{AT, HEAD, federation, origin, statements, voices};

pub(super) fn seeds() -> Vec<Seed> {
    let [eu, us, apac] = statements();
    let alone = Membership::new(origin(), vec![voices()[0].member().clone()], 1).expect("one member");
    let single = certified(&alone, &[eu]);
    let policy = alone.policy().to_string().into_bytes();
    let (federated, light) = (federation().policy().to_string().into_bytes(), light_policy());
    let witnessed = witnessed(&single);
    let attested = |policy: &[u8], note: &SignedCheckpoint| [policy, &[0], &note.to_bytes()].concat();
    let operator = single.note().signatures()[..1].to_vec();
    let short = SignedCheckpoint::new(single.checkpoint().clone(), operator.clone()).expect("one line");
    let proof = |extra, index, path, signed: &SignedCheckpoint| {
        ProofFile::new(extra, Index(index), path, signed.clone()).expect("within the limits").to_bytes()
    };
    let text = Note::new("any text\n\nin two parts\n", operator).expect("one line");
    let [.., cosigned] = witnessed.note().signatures() else { unreachable!("it has three lines") };
    let light_text = light.to_string().into_bytes();
    vec![
        ("note", "text", text.to_bytes()),
        ("note", "witnessed", witnessed.to_bytes()),
        (
            "checkpoint",
            "many",
            b"other.example/log\n1070003\n/+8BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n".to_vec(),
        ),
        ("checkpoint", "seven", single.checkpoint().to_string().into_bytes()),
        ("signed_checkpoint", "alone", single.to_bytes()),
        ("signed_checkpoint", "short", short.to_bytes()),
        ("proof_file", "bare", proof(None, 0, Vec::new(), &short)),
        (
            "proof_file",
            "whole",
            proof(Some(b"age".to_vec()), 1, vec![Digest([5; 32]), Digest([6; 32])], &short),
        ),
        ("cosignature", "ed25519", cosigned.blob().to_vec()),
        ("cosignature", "latest", latest()),
        ("policy", "alone", policy.clone()),
        ("policy", "federation", federated.clone()),
        ("policy", "light", [b"# comment\n\n\t".as_slice(), &light_text].concat()),
        ("policy_attested", "alone", attested(&policy, &single)),
        ("policy_attested", "light", attested(&light_text, &light_note())),
        ("policy_attested", "two_logs", two_logs()),
        ("certificate", "two", certified(federation(), &[eu, us]).to_bytes()),
        ("certificate", "witnessed", self::witnessed(&certified(federation(), &[us, apac])).to_bytes()),
        ("attestation", "genuine", eu.signed.clone()),
    ]
}

fn certified(membership: &Membership, statements: &[&Attestation]) -> SignedCheckpoint {
    let verified: Vec<_> = statements
        .iter()
        .map(|statement| membership.verify((*statement).clone()).expect("a genuine statement"))
        .collect();
    let certificate: Certificate = membership.certify(&verified).expect("a quorum").into_inner();
    assert_eq!(certificate.head(), HEAD);
    certificate.signed().clone()
}

fn witness(seed: u8) -> (MemberId, Ed25519Signer, VerifierKey) {
    let name = MemberId::new(format!("witness.example/{seed}")).expect("a valid name");
    let signer = Ed25519Signer::from_seed([seed; 32]);
    let key = VerifierKey::new(name.as_str(), KeyType::Ed25519Cosignature, signer.public_key());
    (name, signer, key.expect("a good key"))
}

fn witness_line(seed: u8, signed: &SignedCheckpoint) -> NoteLine {
    let (name, signer, _) = witness(seed);
    cosign(&name, &signer, signed.checkpoint(), AT).expect("a key in memory signs")
}

fn witnessed(signed: &SignedCheckpoint) -> SignedCheckpoint {
    let mut lines = signed.note().signatures().to_vec();
    lines.push(witness_line(77, signed));
    SignedCheckpoint::new(signed.checkpoint().clone(), lines).expect("three lines")
}

/// The operator of one member and the first two of the three witnesses of [`light_policy`].
fn light_note() -> SignedCheckpoint {
    let [eu, ..] = statements();
    let signed = SignedCheckpoint::parse(&eu.signed).expect("a genuine statement");
    let operator = signed.note().signatures()[0].clone();
    let lines = vec![operator, witness_line(71, &signed), witness_line(72, &signed)];
    SignedCheckpoint::new(signed.checkpoint().clone(), lines).expect("three lines")
}

/// A policy whose keys are all Ed25519, so that it is verified quickly, with a group within a group.
fn light_policy() -> TrustPolicy {
    let mut builder = PolicyBuilder::new();
    let mut build = || {
        builder.log(voices()[0].member().operator().clone(), Some("https://log.example/"))?;
        for seed in [71, 72, 73] {
            builder.witness(&format!("w{seed}"), witness(seed).2, None)?;
        }
        builder.group("pair", Threshold::Any, &["w72", "w73"])?;
        builder.group("both", Threshold::All, &["w71", "pair"])?;
        builder.quorum("both")
    };
    build().expect("names are defined before they are used");
    builder.build().expect("it has a quorum")
}

/// Two logs signed, of which one is named as the origin; no quorum is asked.
fn two_logs() -> Vec<u8> {
    let other = Ed25519Signer::from_seed([81; 32]);
    let key =
        VerifierKey::new("other.example/log", KeyType::Ed25519, other.public_key()).expect("a good key");
    let mut builder = PolicyBuilder::new();
    builder.log(voices()[0].member().operator().clone(), None).expect("a first key");
    builder.log(key.clone(), None).expect("another key");
    builder.quorum("none").expect("the first quorum line");
    let policy = builder.build().expect("it has a quorum").to_string();

    let (checkpoint, operator) =
        (light_note().checkpoint().clone(), light_note().note().signatures()[0].clone());
    let signature = other.sign(checkpoint.to_string().as_bytes()).expect("a key in memory signs");
    let line = NoteLine::new(key.name(), key.key_id(), signature).expect("a good name");
    let note = SignedCheckpoint::new(checkpoint, vec![operator, line]).expect("two lines").to_bytes();
    [policy.as_bytes(), &[0], &note].concat()
}

fn latest() -> Vec<u8> {
    Cosignature { at_seconds: i64::MAX.unsigned_abs(), signature: vec![7; 3] }.to_blob()
}
