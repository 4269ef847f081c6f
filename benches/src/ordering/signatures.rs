use std::hint::black_box;

use auditmesh::{
    attest::{Ed25519Signer, EnrolledEd25519},
    bft::{Height, Phase, Says, Statement, Value, View},
    types::{Digest, Signer as _, Verifier as _},
};

use super::ours::federation;

/// Who does nothing but sign and check, as often as ours does.
pub const SIGNATURES_ALONE: &str = "signatures alone";

/// Makes and checks the signatures of `decisions` decisions of `count` members, `checks` for each, by the functions that ours calls.
pub(crate) fn signatures_alone(count: usize, decisions: u64, checks: u64) -> impl FnMut() {
    let signers: Vec<Ed25519Signer> =
        (0..count).map(|n| Ed25519Signer::from_seed([u8::try_from(n).unwrap(); 32])).collect();
    let verifier = EnrolledEd25519::new(signers.iter().map(Ed25519Signer::public_key)).unwrap();
    let value = Value::new("a value").unwrap().id();
    let bytes = move |height: u64, phase| {
        let says = Says::Vote(phase, value);
        let statement = Statement { height: Height(height), view: View(0), says };
        statement.signed_bytes(&federation(), Digest::default())
    };
    let mut height = 0;
    move || {
        for _ in 0..decisions {
            height += 1;
            let statements = [bytes(height, Phase::Prepare), bytes(height, Phase::Commit)];
            let signed: Vec<_> = statements
                .iter()
                .flat_map(|bytes| signers.iter().map(move |signer| (signer, bytes)))
                .map(|(signer, bytes)| (signer.public_key(), bytes, signer.sign(bytes).unwrap()))
                .collect();
            for (key, bytes, signature) in signed.iter().cycle().take(usize::try_from(checks).unwrap()) {
                verifier.verify(black_box(key), bytes, signature).unwrap();
            }
        }
    }
}
