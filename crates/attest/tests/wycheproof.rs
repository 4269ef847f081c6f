//! The verdicts of both schemes on the Wycheproof vectors. No vector is skipped: each is counted in one of the classes.

use auditmesh_attest::{Ed25519, EnrolledEd25519, Error, MlDsa44};
use auditmesh_types::{Scheme, Verifier};
use ml_dsa::{EncodedVerifyingKey, MlDsa44 as Parameters, Signature, VerifyingKey};
use wycheproof::{TestResult, eddsa, mldsa_verify};

#[test]
fn ed25519_verdicts() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in &set.test_groups {
        let enrolled = EnrolledEd25519::new([&group.key.pk]).unwrap();
        for test in &group.tests {
            let verdict = Ed25519.verify(&group.key.pk, &test.msg, &test.sig);
            assert_eq!(enrolled.verify(&group.key.pk, &test.msg, &test.sig), verdict, "{}", test.tc_id);
            match test.result {
                TestResult::Valid => {
                    assert_eq!(verdict, Ok(()), "{}: {}", test.tc_id, test.comment);
                    valid += 1;
                }
                TestResult::Invalid => {
                    let reason = verdict.expect_err(&test.comment);
                    let named = matches!(
                        reason,
                        Error::PeerSignatureRefused { scheme: Scheme::Ed25519 }
                            | Error::PeerLength { what: "Ed25519 signature", want: 64, .. }
                    );
                    assert!(named, "{}: {reason}", test.tc_id);
                    invalid += 1;
                }
                TestResult::Acceptable => panic!("{}: the set has no such vectors", test.tc_id),
            }
        }
    }
    assert_eq!((valid, invalid), (88, 63));
}

/// FIPS 204 itself, for the vectors that our rule does not reach.
fn fips204(key: &[u8], message: &[u8], context: &[u8], signature: &[u8]) -> bool {
    let Ok(encoded) = EncodedVerifyingKey::<Parameters>::try_from(key) else { return false };
    let Ok(signature) = Signature::<Parameters>::try_from(signature) else { return false };
    VerifyingKey::decode(&encoded).verify_with_context(message, context, &signature)
}

/// Two classes are judged apart from our rule. Vectors with a context: our rule has none, so the library's function with
/// context is tested, and ours must refuse them. Vectors whose key has a zero `t1`: FIPS 204 gives a verdict, and we
/// refuse the key, since anyone can sign for it.
#[test]
fn ml_dsa_44_verdicts() {
    let set = mldsa_verify::TestSet::load(mldsa_verify::TestName::MlDsa44Verify).unwrap();
    let (mut valid, mut invalid, mut context, mut weak) = (0, 0, 0, 0);
    let mut weak_but_valid = Vec::new();
    for group in &set.test_groups {
        for test in &group.tests {
            let (key, must_verify) = (&group.pubkey, test.result == TestResult::Valid);
            assert_ne!(test.result, TestResult::Acceptable);
            let ours = MlDsa44.verify(key, &test.msg, &test.sig);
            let with = test.ctx.as_ref().map_or(&[][..], |context| context);
            assert_eq!(
                fips204(key, &test.msg, with, &test.sig),
                must_verify,
                "{}: {}",
                test.tc_id,
                test.comment
            );
            if !with.is_empty() {
                let refused = Error::PeerSignatureRefused { scheme: Scheme::MlDsa44 };
                assert_eq!(ours, Err(refused), "{}", test.tc_id);
                context += 1;
            } else if key.len() == 1312 && key[32..].iter().all(|byte| *byte == 0) {
                assert_eq!(ours, Err(Error::PeerWeakKey { scheme: Scheme::MlDsa44 }), "{}", test.tc_id);
                weak += 1;
                if must_verify {
                    weak_but_valid.push(test.tc_id);
                }
            } else if must_verify {
                assert_eq!(ours, Ok(()), "{}: {}", test.tc_id, test.comment);
                valid += 1;
            } else {
                let reason = ours.expect_err(&test.comment);
                let named = matches!(
                    reason,
                    Error::PeerSignatureRefused { scheme: Scheme::MlDsa44 } | Error::PeerLength { .. }
                );
                assert!(named, "{}: {reason}", test.tc_id);
                invalid += 1;
            }
        }
    }
    assert_eq!((valid, invalid, context, weak), (73, 65, 7, 35));
    assert_eq!(weak_but_valid, [68, 147], "the only valid signatures that we refuse");
}
