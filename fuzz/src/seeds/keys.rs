use auditmesh_attest::{Ed25519Signer, KeyType, MlDsa44Signer, VerifierKey, did_key};
use auditmesh_types::Signer;

use super::Seed;
use crate::federation::voices;

pub(super) fn seeds() -> Vec<Seed> {
    let (ed25519, ml_dsa44) = (Ed25519Signer::from_seed([1; 32]), MlDsa44Signer::from_seed([1; 32]));
    let (ed25519_key, ml_dsa44_key) =
        (ed25519.public().expect("a good key"), ml_dsa44.public().expect("a good key"));
    let cosigner = Ed25519Signer::from_seed([77; 32]);
    let cosigner = VerifierKey::new("witness.example/w", KeyType::Ed25519Cosignature, cosigner.public_key());
    let member = voices()[0].member();
    let written = "a key in memory is written";
    vec![
        ("vkey", "cosigner", cosigner.expect("a good key").to_string().into_bytes()),
        ("vkey", "ml_dsa44", member.cosigner().to_string().into_bytes()),
        ("vkey", "operator", member.operator().to_string().into_bytes()),
        ("pem_private", "ed25519", ed25519.to_pem().expect(written).as_bytes().to_vec()),
        ("pem_private", "ml_dsa44", ml_dsa44.to_pem().expect(written).as_bytes().to_vec()),
        ("pem_public", "ed25519", ed25519_key.to_pem().expect(written).into_bytes()),
        ("pem_public", "ml_dsa44", ml_dsa44_key.to_pem().expect(written).into_bytes()),
        ("did_key", "ed25519", did_key::encode(&ed25519_key).expect(written).into_bytes()),
    ]
}
