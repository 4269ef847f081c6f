//! Keys: verifier keys, key files, names of keys, signers, and the older attestation message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh_attest::{
    Ed25519, Ed25519Signer, Error, KeyKind, KeyType, MlDsa44, MlDsa44Signer, PublicKey, VerifierKey, compat,
    did_key,
};
use auditmesh_types::{Digest, MemberId, Scheme, Signer, Verifier};
use proptest::prelude::*;

const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// RFC 8410 §10.
const RFC_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
const RFC_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

/// What Python's `cryptography` 50.0.2 writes for the seed of 32 bytes 9.
const ML_DSA_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ\nCQkJCQkJ\n-----END PRIVATE KEY-----\n";

#[test]
fn verifier_keys_have_one_spelling() {
    let key: VerifierKey = NEUMANN.parse().unwrap();
    assert_eq!(
        (key.name(), key.key_type(), key.label().as_str()),
        ("PeterNeumann", KeyType::Ed25519, "PeterNeumann+c74f20a3")
    );
    assert_eq!(key.to_string(), NEUMANN);
    let refused = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    for bad in ["", "a", "a+b", "a+c74f20a+AR", "a+C74F20A3+AR", "a+c74f20a3+", "a++c74f20a3+AR"] {
        assert_eq!(refused(bad), Error::PeerVerifierKeyForm, "{bad}");
    }
    let id = [0xc7, 0x4f, 0x20, 0xa3];
    let wrong = NEUMANN.replace("c74f20a3", "c74f20a4");
    assert_eq!(
        refused(&wrong),
        Error::PeerKeyId { name: "PeterNeumann".into(), got: [0xc7, 0x4f, 0x20, 0xa4], want: id }
    );
    assert!(matches!(refused(&NEUMANN.replace("Peter", "Petra")), Error::PeerKeyId { got, .. } if got == id));
    assert_eq!(refused("a+00000000+Ag=="), Error::PeerKeyType { got: 2 });
    assert_eq!(refused("a b+00000000+AQ=="), Error::PeerKeyName { name: "a b".into() });
    assert_eq!(refused("+00000000+AQ=="), Error::PeerKeyName { name: String::new() });
    assert_eq!(refused("a+00000000+AQ"), Error::PeerBase64 { what: "verifier key" });
    assert_eq!(
        refused("a+00000000+AQE="),
        Error::PeerLength { what: "Ed25519 public key", got: 1, want: 32 }
    );
    assert_eq!(
        refused("a+00000000+BgE="),
        Error::PeerLength { what: "ML-DSA-44 public key", got: 1, want: 1312 }
    );
    let long = Error::PeerTooLarge { what: "key name", got: 256, max: 255 };
    assert_eq!(VerifierKey::new("n".repeat(256), KeyType::Ed25519, key.key().as_bytes()), Err(long));
    let huge = "a".repeat(VerifierKey::MAX_BYTES + 1);
    assert!(matches!(refused(&huge), Error::PeerTooLarge { what: "verifier key", .. }));
}

#[test]
fn the_longest_verifier_key_fits() {
    let signer = MlDsa44Signer::from_seed([5; 32]);
    let key = VerifierKey::new("n".repeat(255), KeyType::MlDsa44Cosignature, signer.public_key()).unwrap();
    assert_eq!(key.to_string().len(), VerifierKey::MAX_BYTES);
    assert_eq!(key.to_string().parse(), Ok(key));
}

/// The eight points of small order, in every encoding that decompresses, and a point whose encoding is not canonical.
#[test]
fn weak_and_non_canonical_ed25519_keys_are_refused() {
    let hex = |text: &str| -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    let zeros = "00".repeat(31);
    let weak = [
        format!("01{zeros}"),
        format!("ec{}7f", "ff".repeat(30)),
        format!("00{zeros}"),
        format!("{zeros}80"),
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05".into(),
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85".into(),
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a".into(),
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa".into(),
        format!("ee{}7f", "ff".repeat(30)),
        format!("ed{}7f", "ff".repeat(30)),
    ];
    for text in &weak {
        let key = hex(text);
        let want = Err(Error::PeerWeakKey { scheme: Scheme::Ed25519 });
        assert_eq!(Ed25519.check_key(&key), want, "{text}");
        assert_eq!(Ed25519.verify(&key, b"m", &[0; 64]), want, "{text}");
        let refused = VerifierKey::new("n", KeyType::Ed25519, &key).unwrap_err();
        assert_eq!(refused, Error::PeerWeakKey { scheme: Scheme::Ed25519 });
    }
    // y = p + k for small k: what decompresses is either weak or refused for its spelling.
    let mut spelled = 0;
    for low in 0xed..=0xff_u8 {
        let key = hex(&format!("{low:02x}{}7f", "ff".repeat(30)));
        let verdict = Ed25519.check_key(&key).unwrap_err();
        assert!(matches!(verdict, Error::PeerWeakKey { .. } | Error::PeerMalformedKey { .. }), "{low}");
        spelled += usize::from(ed25519_dalek::VerifyingKey::from_bytes(&key.try_into().unwrap()).is_ok());
    }
    assert!(spelled > 2, "some of them decompress, so the spelling was what refused them");
}

#[test]
fn an_ml_dsa_key_without_t1_is_refused() {
    let mut key = vec![0; 1312];
    key[..32].fill(9);
    let want = Error::PeerWeakKey { scheme: Scheme::MlDsa44 };
    assert_eq!(MlDsa44.check_key(&key), Err(want.clone()));
    assert_eq!(VerifierKey::new("n", KeyType::MlDsa44Cosignature, &key), Err(want));
    key[1311] = 1;
    assert_eq!(MlDsa44.check_key(&key), Ok(()));
}

fn every_changed_byte_is_refused(signer: &impl Signer<Error = Error>, rule: &impl Verifier<Error = Error>) {
    let scheme = signer.scheme();
    assert_eq!(scheme, rule.scheme());
    let (key, message) = (signer.public_key().to_vec(), b"root".to_vec());
    let signature = signer.sign(&message).unwrap();
    assert_eq!(signer.sign(&message), Ok(signature.clone()), "signatures are deterministic");
    assert_eq!(rule.verify(&key, &message, &signature), Ok(()));
    for at in 0..signature.len() {
        let mut bad = signature.clone();
        bad[at] ^= 1;
        assert_eq!(rule.verify(&key, &message, &bad), Err(Error::PeerSignatureRefused { scheme }), "{at}");
    }
    for at in 0..key.len() {
        let mut bad = key.clone();
        bad[at] ^= 1;
        let verdict = rule.verify(&bad, &message, &signature).unwrap_err();
        assert!(
            matches!(verdict, Error::PeerSignatureRefused { .. } | Error::PeerMalformedKey { .. }),
            "{at}"
        );
    }
    for at in 0..message.len() {
        let mut bad = message.clone();
        bad[at] ^= 1;
        assert_eq!(rule.verify(&key, &bad, &signature), Err(Error::PeerSignatureRefused { scheme }));
    }
    for bytes in [&signature[1..], &[signature.as_slice(), &[0]].concat()] {
        assert!(matches!(rule.verify(&key, &message, bytes), Err(Error::PeerLength { .. })));
    }
    assert!(matches!(rule.verify(&key[1..], &message, &signature), Err(Error::PeerLength { .. })));
}

#[test]
fn ed25519_signatures_bind_every_byte() {
    every_changed_byte_is_refused(&Ed25519Signer::from_seed([1; 32]), &Ed25519);
}

#[test]
fn ml_dsa_44_signatures_bind_every_byte() {
    every_changed_byte_is_refused(&MlDsa44Signer::from_seed([1; 32]), &MlDsa44);
}

#[test]
fn signers_do_not_show_their_keys() {
    assert_eq!(format!("{:?}", Ed25519Signer::from_seed([7; 32])), "Ed25519Signer { .. }");
    assert_eq!(format!("{:?}", MlDsa44Signer::from_seed([7; 32])), "MlDsa44Signer { .. }");
}

#[test]
fn key_files_are_those_of_the_rfc_and_round_trip() {
    let signer = Ed25519Signer::from_pem(RFC_PRIVATE).unwrap();
    assert_eq!(signer.to_pem().unwrap().as_str(), RFC_PRIVATE);
    assert_eq!(signer.public().unwrap().to_pem().unwrap(), RFC_PUBLIC);
    assert_eq!(PublicKey::from_pem(Scheme::Ed25519, RFC_PUBLIC), signer.public());

    let signer = MlDsa44Signer::from_seed([9; 32]);
    let (private, public) = (signer.to_pem().unwrap(), signer.public().unwrap().to_pem().unwrap());
    assert_eq!(private.as_str(), ML_DSA_PRIVATE);
    let again = MlDsa44Signer::from_pem(&private).unwrap();
    assert_eq!(again.public_key(), signer.public_key());
    assert_eq!(PublicKey::from_pem(Scheme::MlDsa44, &public), signer.public());
}

#[test]
fn a_wrong_sort_of_key_file_is_named() {
    let other = MlDsa44Signer::from_seed([9; 32]);
    let (private, public) = (other.to_pem().unwrap(), other.public().unwrap().to_pem().unwrap());
    let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    // An EC key: SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING 04 }.
    let ec = "-----BEGIN PUBLIC KEY-----\nMBkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDAgAE\n-----END PUBLIC KEY-----\n";
    let got = |got, want| Error::MisuseKeyKind { got, want };
    let want = KeyKind::Ed25519Private;
    assert_eq!(Ed25519Signer::from_pem(&private).unwrap_err(), got(KeyKind::MlDsa44Private, want));
    assert_eq!(Ed25519Signer::from_pem(&public).unwrap_err(), got(KeyKind::MlDsa44Public, want));
    assert_eq!(Ed25519Signer::from_pem(RFC_PUBLIC).unwrap_err(), got(KeyKind::Ed25519Public, want));
    assert_eq!(Ed25519Signer::from_pem(certificate).unwrap_err(), got(KeyKind::OtherBlock, want));
    let want = KeyKind::MlDsa44Private;
    assert_eq!(MlDsa44Signer::from_pem(RFC_PRIVATE).unwrap_err(), got(KeyKind::Ed25519Private, want));
    let want = KeyKind::Ed25519Public;
    assert_eq!(PublicKey::from_pem(Scheme::Ed25519, &public), Err(got(KeyKind::MlDsa44Public, want)));
    assert_eq!(PublicKey::from_pem(Scheme::Ed25519, ec), Err(got(KeyKind::OtherPublic, want)));
    let want = KeyKind::MlDsa44Public;
    assert_eq!(PublicKey::from_pem(Scheme::MlDsa44, RFC_PUBLIC), Err(got(KeyKind::Ed25519Public, want)));
    assert_eq!(
        got(KeyKind::Ed25519Public, want).to_string(),
        "the key file holds a public Ed25519 key (SPKI), here a public ML-DSA-44 key (SPKI) is needed"
    );
    let scheme = Error::MisuseScheme { got: Scheme::Dilithium2, want: Scheme::Ed25519 };
    assert_eq!(PublicKey::from_pem(Scheme::Dilithium2, RFC_PUBLIC), Err(scheme));
}

#[test]
fn malformed_key_files_are_refused() {
    let want = Error::MisuseKeyFile { want: KeyKind::Ed25519Private };
    for bad in ["", "x", &RFC_PRIVATE.replace("MC4C", "MC4D"), &RFC_PRIVATE[..80]] {
        assert_eq!(Ed25519Signer::from_pem(bad).unwrap_err(), want, "{bad}");
    }
    let long = "x".repeat(16 * 1024 + 1);
    let want = Error::PeerTooLarge { what: "key file", got: 16 * 1024 + 1, max: 16 * 1024 };
    assert_eq!(Ed25519Signer::from_pem(&long).unwrap_err(), want);
}

#[test]
fn did_key_is_the_published_one() {
    let did = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";
    let key = did_key::decode(did).unwrap();
    assert_eq!(bs58::encode(key.as_bytes()).into_string(), "B12NYF8RrR3h41TDCTJojY59usg3mbtbjnFs7Eud1Y6u");
    assert_eq!(did_key::encode(&key).unwrap(), did);
    let x25519 = format!("did:key:z{}", bs58::encode([&[0xec, 0x01], key.as_bytes()].concat()).into_string());
    let short = format!("did:key:z{}", bs58::encode([0xed, 0x01, 5]).into_string());
    for bad in [
        "",
        "did:key:",
        "did:key:z",
        "did:web:x",
        &did[..40],
        &format!("{did}#x"),
        &x25519,
        &short,
        &did.replace('H', "0"),
    ] {
        assert_eq!(did_key::decode(bad), Err(Error::PeerDidKey), "{bad}");
    }
    assert_eq!(did_key::decode(&format!("did:key:z{}", "1".repeat(1 << 20))), Err(Error::PeerDidKey));
    let ml_dsa = MlDsa44Signer::from_seed([9; 32]).public().unwrap();
    let refused = Error::MisuseScheme { got: Scheme::MlDsa44, want: Scheme::Ed25519 };
    assert_eq!(did_key::encode(&ml_dsa), Err(refused));
}

/// The first is what OpenSSL 3.0 writes as DER and hashes, the second what Python's `cryptography` 50.0.2 does.
#[test]
fn fingerprints_name_keys() {
    let ed25519 = PublicKey::from_pem(Scheme::Ed25519, RFC_PUBLIC).unwrap();
    let want = "sha256:a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f";
    assert_eq!(did_key::fingerprint(&ed25519).unwrap(), want);
    let ml_dsa = did_key::fingerprint(&MlDsa44Signer::from_seed([9; 32]).public().unwrap()).unwrap();
    assert_eq!(ml_dsa, "sha256:1fa381c0ebf32add9f2e6619755136252301e694ff2651b85286cb79f6c4bef4");
}

#[test]
fn the_older_message_is_root_then_id() {
    let message = compat::node_attestation_message(&Digest([0xab; 32]), &MemberId::new("EU-1").unwrap());
    assert_eq!(message, [[0xab; 32].as_slice(), b"EU-1"].concat());
}

proptest! {
    #[test]
    fn ed25519_forms_round_trip(seed in any::<[u8; 32]>(), name in "[a-zA-Z0-9./-]{1,40}") {
        let signer = Ed25519Signer::from_seed(seed);
        let public = signer.public().unwrap();
        prop_assert_eq!(did_key::decode(&did_key::encode(&public).unwrap()).unwrap(), public.clone());
        prop_assert_eq!(PublicKey::from_pem(Scheme::Ed25519, &public.to_pem().unwrap()), Ok(public));
        let again = Ed25519Signer::from_pem(&signer.to_pem().unwrap()).unwrap();
        prop_assert_eq!(again.public_key(), signer.public_key());
        for key_type in [KeyType::Ed25519, KeyType::Ed25519Cosignature] {
            let key = VerifierKey::new(name.as_str(), key_type, signer.public_key()).unwrap();
            prop_assert_eq!(key.to_string().parse(), Ok(key));
        }
    }
}
