//! Checkpoints, keys and policies that other logs published are read, and verified where we know the signature type.
//!
//! The artefacts are facts, each as its log published it: the Go checksum database (`sum.golang.org`), Rekor v1 and v2
//! (`rekor.sigstore.dev`, `log2025-1.rekor.sigstore.dev`), the test log of transparency-dev/tessera, and the witnesses
//! of the public witness network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh_attest::{
    Ed25519Signer, Error, KeyType, LogAuthority, LogCheckpoint, LogKey, MlDsa44Signer, Note, NoteLine,
    SignedCheckpoint, TrustPolicy, VerifierKey,
};
use auditmesh_types::{Authority, NameError, Scheme, Signer, Size};
use proptest::prelude::*;

const GO_KEY: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const GO: [&str; 2] = [
    "go.sum database tree\n31700353\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n\u{2014} sum.golang.org Az3grnmrIUEDFqHzAElIQCPNoRFRAAdFo47fooyWKMHb89k11GJh5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=\n",
    "go.sum database tree\n65209736\n5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n\u{2014} sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n",
];
/// Signed with ECDSA, key type 0x02, which is none of ours; one with an extension line, one without.
const REKOR_V1: [&str; 2] = [
    "rekor.sigstore.dev - 2605736670972794746\n21428036\nrxnoKyFZlJ7/R6bMh/d3lcqwKqAy5CL1LcNBJP17kgQ=\nTimestamp: 1688058656037355364\n\n\u{2014} rekor.sigstore.dev wNI9ajBFAiEAuDk7uu5Ae8Own/MjhSZNuVzbLuYH2jBMxbSA0WaNDNACIDV4reKpYiOpkwtvazCClnpUuduF2o/th2xR3gRZAUU4\n",
    "rekor.sigstore.dev - 2605736670972794746\n90244708\nCOSIc1jqxpbuuTChPdiTqtZBBve7GAVJqTYjqAaM940=\n\n\u{2014} rekor.sigstore.dev wNI9ajBEAiAkKWVCpp/N5yF/GlQkAyKQxUsjc3Vpu04YyALJvrBsvAIgcZfXJsJdwLdgUAWwnekWg8YXS4gfz/DM1wVhhcouJBE=\n",
];
const REKOR_V1_KEY: &str = "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
const REKOR_V2_KEY: &str =
    "log2025-1.rekor.sigstore.dev+cf119915+AbfK5adZJxsI323FwGD2AJJ9F4i89cfDuLdGJBIYntuO";
const REKOR_V2: &str = "log2025-1.rekor.sigstore.dev\n34356369\ndA9mMr0smTXgo7nGsE01Zdc5KOOqTs2/zYfdSqxO+ks=\n\n\u{2014} log2025-1.rekor.sigstore.dev zxGZFQZgTebN28s0D7vKP5gX8R+CsXCved700HCQAHgDHbdkaH3tfx7+DMPkccNhzsnSy7LijLzWMa+evZduylLs0wc=\n";
const COSIGNED: &str = "log2025-1.rekor.sigstore.dev\n139911860\nEliTHtnx44DhEBH+5qIXBtQsSpc54Avam7mIYEvxnTA=\n\n\u{2014} log2025-1.rekor.sigstore.dev zxGZFcOra4Y7QpuiQen+CmnUvDZbxSXfBOXJzL+HKIeR9aC58QTfao58ABqkhVyBhQDseS+TZdDNpcnZhoRxkh7IbQ0=\n\u{2014} witness.stagemole.eu Z/euoAAAAABqxF18wrJCADsJ1G5Lc2JaRjZqqBwjpNqH24yQse4iJ4rKS6b5MtvHP+IbKYXwaWuWokdGA+BubLFi+TrwK7xpKr6XBw==\n";
const TESSERA_KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const TESSERA: [&str; 2] = [
    "example.com/log/testdata\n7\nIrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=\n\n\u{2014} example.com/log/testdata M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=\n",
    "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n\u{2014} example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n",
];
const WITNESSES: [&str; 4] = [
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G",
    "staging.witness.transparency.goog/ring-any-bells+2e1a8dc9+BG5JTpLc3FJtwzgh1Uv+Qelz9qeOH2bfWjS1s0s+y4rL",
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
];

fn foreign(text: &str) -> LogCheckpoint {
    LogCheckpoint::parse(text.as_bytes()).unwrap()
}

fn policy(text: &str) -> TrustPolicy {
    text.parse().unwrap()
}

/// Every byte changed, and every bit of the line feeds and digits: refused, or a line of nobody known.
fn every_changed_byte_is_refused(text: &str, verdict: impl Fn(&LogCheckpoint) -> Result<(), Error>) {
    assert_eq!(verdict(&foreign(text)), Ok(()));
    for at in 0..text.len() {
        for change in [0x01, 0x10, 0x80] {
            let mut bad = text.as_bytes().to_vec();
            bad[at] ^= change;
            let got = LogCheckpoint::parse(&bad).and_then(|read| verdict(&read));
            assert!(got.is_err(), "byte {at} xor {change}");
        }
    }
}

#[test]
fn gos_checksum_database_is_read_and_verified_by_its_key() {
    let key: VerifierKey = GO_KEY.parse().unwrap();
    for (text, size) in GO.into_iter().zip([31_700_353, 65_209_736]) {
        let read = foreign(text);
        assert_eq!((read.origin(), read.head().size), ("go.sum database tree", Size(size)));
        assert_eq!(read.to_bytes(), text.as_bytes());
        every_changed_byte_is_refused(text, |read| read.note().verify(&key));
        let log = LogKey { key: key.clone(), origin: read.origin().into() };
        every_changed_byte_is_refused(text, |read| log.check(read));
        let attested = log.attested(&read).unwrap();
        assert_eq!((attested.origin.as_str(), attested.head), ("go.sum database tree", read.head()));
        assert_eq!((attested.logs, attested.witnesses), (vec!["sum.golang.org+033de0ae".to_owned()], vec![]));
        assert_eq!((attested.rule.to_string().as_str(), attested.extensions.len()), ("quorum none", 0));
        let space = NameError::MisuseCharacter { what: "origin", at: 6, found: ' ' };
        let ours = SignedCheckpoint::parse(text.as_bytes());
        assert_eq!(ours, Err(Error::PeerOrigin { source: space }), "ours has no spaces");
    }
    // The key is not named as the origin, which a policy asks for.
    let silent = Err(Error::PeerNoLogSignature { origin: "go.sum database tree".into() });
    assert_eq!(policy(&format!("log {GO_KEY}\nquorum none\n")).check(&foreign(GO[0])), silent);
}

#[test]
fn rekor_v1_has_spaces_extension_lines_and_a_signature_type_of_its_own() {
    let read = REKOR_V1.map(foreign);
    assert_eq!(read[0].extensions(), ["Timestamp: 1688058656037355364"]);
    assert_eq!(read[1].extensions(), [""; 0]);
    for (read, size) in read.iter().zip([21_428_036, 90_244_708]) {
        assert_eq!(read.origin(), "rekor.sigstore.dev - 2605736670972794746");
        assert_eq!(read.head().size, Size(size));
        assert_eq!(read.note().signatures()[0].key_id(), [0xc0, 0xd2, 0x3d, 0x6a]);
    }
    assert_eq!(REKOR_V1_KEY.parse::<VerifierKey>(), Err(Error::PeerKeyType { got: 2 }));
}

#[test]
fn policies_of_one_log_line_verify_other_logs() {
    let rekor = policy(&format!("log {REKOR_V2_KEY} https://log2025-1.rekor.sigstore.dev\nquorum none\n"));
    let tessera = policy(&format!("log {TESSERA_KEY}\nquorum none\n"));
    for (policy, text) in
        [(&rekor, REKOR_V2), (&rekor, COSIGNED), (&tessera, TESSERA[0]), (&tessera, TESSERA[1])]
    {
        assert_eq!(policy.check(&foreign(text)), Ok(()));
        let ours = SignedCheckpoint::parse(text.as_bytes()).unwrap();
        assert_eq!(policy.attested(ours.as_log()).unwrap().rule.name, "none");
        assert_eq!(LogCheckpoint::from(ours.clone()), foreign(text));
        assert_eq!(ours.to_bytes(), text.as_bytes());
    }
    every_changed_byte_is_refused(REKOR_V2, |read| rekor.check(read));
    let silent = Err(Error::PeerNoLogSignature { origin: "example.com/log/testdata".into() });
    assert_eq!(rekor.check(&foreign(TESSERA[0])), silent);
}

#[test]
fn a_witness_of_the_public_network_counts_for_its_groups() {
    let network = |rule: &str| {
        let [a, b, c, d] = WITNESSES;
        policy(&format!(
            "# The public witness network\nlog {REKOR_V2_KEY}\n\nwitness mullvad {a}\nwitness geomys\t{b} https://navigli.sunlight.geomys.org\n\
             witness goog {c}\nwitness little-garden {d}\ngroup EU any mullvad geomys\ngroup US 1 goog little-garden\n{rule}\n"
        ))
    };
    let read = foreign(COSIGNED);
    let witness = &network("quorum mullvad").witnesses()[0].key.clone();
    assert_eq!(witness.key_type(), KeyType::Ed25519Cosignature);
    assert_eq!(read.verify_line(witness, &read.note().signatures()[1]), Ok(Some(1_791_253_884)));
    for rule in ["quorum mullvad", "quorum EU", "group all-of-it any EU US\nquorum all-of-it"] {
        assert_eq!(network(rule).check(&read), Ok(()), "{rule}");
    }
    let missed = |rule: &str, got, want| Err(Error::PeerQuorumMissed { rule: rule.into(), got, want });
    assert_eq!(network("quorum US").check(&read), missed("US", 0, 1));
    assert_eq!(network("group both all EU US\nquorum both").check(&read), missed("both", 1, 2));
    let both = network("quorum EU");
    every_changed_byte_is_refused(COSIGNED, |read| both.check(read));
}

/// A log of the key's name whose checkpoint carries `extensions`, signed as `key_type`.
fn extended(key_type: KeyType, extensions: &str) -> (TrustPolicy, LogCheckpoint) {
    let (name, at) = ("log.example", 7u64);
    let (ed25519, ml_dsa) = (Ed25519Signer::from_seed([1; 32]), MlDsa44Signer::from_seed([1; 32]));
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let plain: auditmesh_attest::Checkpoint = format!("{name}\n5\n{root}\n").parse().unwrap();
    let text = format!("{plain}{extensions}");
    let (public, signature) = match key_type {
        KeyType::Ed25519 => (ed25519.public_key(), ed25519.sign(text.as_bytes()).unwrap()),
        KeyType::Ed25519Cosignature => {
            let message = format!("cosignature/v1\ntime {at}\n{text}");
            (ed25519.public_key(), ed25519.sign(message.as_bytes()).unwrap())
        }
        KeyType::MlDsa44Cosignature => {
            (ml_dsa.public_key(), ml_dsa.sign(&plain.cosigned_message(key_type, name, at).unwrap()).unwrap())
        }
    };
    let key = VerifierKey::new(name, key_type, public).unwrap();
    let time = if key_type == KeyType::Ed25519 { vec![] } else { at.to_be_bytes().to_vec() };
    let line = NoteLine::new(name, key.key_id(), [time, signature].concat()).unwrap();
    let note = Note::new(text, vec![line]).unwrap();
    (policy(&format!("log {key}\nquorum none\n")), LogCheckpoint::parse(&note.to_bytes()).unwrap())
}

#[test]
fn a_log_key_is_trusted_for_one_log_and_says_why_not() {
    let (key, stranger): (VerifierKey, VerifierKey) =
        (GO_KEY.parse().unwrap(), REKOR_V2_KEY.parse().unwrap());
    let origin = "go.sum database tree";
    let by = |key: &VerifierKey, origin: &str| LogKey { key: key.clone(), origin: origin.into() };
    let other = |got: &str, want: &str| Err(Error::PeerOriginMismatch { got: got.into(), want: want.into() });
    assert_eq!(by(&key, "go.sum database").check(&foreign(GO[0])), other(origin, "go.sum database"));
    assert_eq!(LogKey::from(key.clone()).check(&foreign(GO[0])), other(origin, "sum.golang.org"));
    let unsigned = |key: &VerifierKey| Err(Error::PeerNotSignedBy { name: key.label() });
    assert_eq!(by(&stranger, origin).check(&foreign(GO[0])), unsigned(&stranger));
    let bad = GO[0].replacen("Az3grnmr", "Az3grnms", 1);
    let refused = Error::PeerBadSignature { scheme: Scheme::Ed25519, signer: key.label() };
    assert_eq!(by(&key, origin).check(&foreign(&bad)), Err(refused));
    // Where key and log have one name, the name is enough.
    assert_eq!(LogKey::from(stranger).check(&foreign(REKOR_V2)), Ok(()));
}

#[test]
fn extension_lines_are_read_where_the_signature_covers_them() {
    for key_type in [KeyType::Ed25519, KeyType::Ed25519Cosignature, KeyType::MlDsa44Cosignature] {
        let (policy, read) = extended(key_type, "");
        assert_eq!(policy.check(&read), Ok(()), "{key_type}");
    }
    let more = "Timestamp: 1\nanything \u{e8}\n";
    for key_type in [KeyType::Ed25519, KeyType::Ed25519Cosignature] {
        let (policy, read) = extended(key_type, more);
        assert_eq!(read.extensions(), ["Timestamp: 1", "anything \u{e8}"]);
        assert_eq!(policy.attested(&read).unwrap().extensions, read.extensions(), "{key_type}");
        let log = LogKey::from(policy.logs()[0].key.clone());
        assert_eq!(log.attested(&read).unwrap().extensions, read.extensions(), "{key_type}");
        every_changed_byte_is_refused(&String::from_utf8(read.to_bytes()).unwrap(), |read| {
            policy.check(read)
        });
        let text = String::from_utf8(read.note().to_bytes()).unwrap().replace("Timestamp: 1", "Timestamp: 2");
        let signer = policy.logs()[0].key.label();
        let refused = Error::PeerBadSignature { scheme: Scheme::Ed25519, signer };
        assert_eq!(policy.check(&foreign(&text)), Err(refused.clone()), "{key_type}");
        assert_eq!(log.check(&foreign(&text)), Err(refused), "{key_type}");
    }
    let (policy, read) = extended(KeyType::MlDsa44Cosignature, more);
    assert_eq!(policy.check(&read), Err(Error::PeerExtensionLines { got: 2 }));
    let log = LogKey::from(policy.logs()[0].key.clone());
    assert_eq!(log.check(&read), Err(Error::PeerExtensionLines { got: 2 }));
}

#[test]
fn lines_of_unknown_types_are_passed_over_and_there_may_be_many() {
    let policy = policy(&format!("log {REKOR_V2_KEY}\nquorum none\n"));
    let mut text = REKOR_V2.to_owned();
    for number in 0..99u8 {
        let line = NoteLine::new(
            format!("example.net/w{number}"),
            [number; 4],
            vec![number; 1 + usize::from(number)],
        );
        text.push_str(&format!("{}\n", line.unwrap()));
    }
    // The very name of the log, with the id of another key.
    text.push_str("\u{2014} log2025-1.rekor.sigstore.dev wNI9ajBEAiAkKWVC\n");
    assert_eq!(foreign(&text).note().signatures().len(), 101);
    assert_eq!(policy.check(&foreign(&text)), Ok(()));
}

#[test]
fn what_no_specification_allows_is_refused_with_the_reason() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let line = "\n\u{2014} n AAAAAAA=\n";
    let refused = |text: &str| LogCheckpoint::parse(format!("{text}{line}").as_bytes()).unwrap_err();
    assert_eq!(refused("o\n1\n"), Error::PeerCheckpointLines { got: 2 });
    assert_eq!(refused(&format!("\n1\n{root}\n")), Error::PeerEmpty { what: "origin" });
    assert_eq!(refused(&format!("o\n1\n{root}\n\nx\n")), Error::PeerEmpty { what: "extension line" });
    assert_eq!(refused(&format!("o\n1\n{root}\n\n")), Error::PeerEmpty { what: "extension line" });
    assert_eq!(refused(&format!("o\n01\n{root}\n")), Error::PeerNumber { what: "tree size" });
    assert_eq!(refused("o\n1\nAAA=\n"), Error::PeerLength { what: "root hash", got: 2, want: 32 });
    assert_eq!(refused("o\n1\nAA\n"), Error::PeerBase64 { what: "root hash" });
    let far = format!("{}\n1\n{root}\n{line}", "o".repeat(256));
    let key =
        VerifierKey::new("n", KeyType::MlDsa44Cosignature, MlDsa44Signer::from_seed([1; 32]).public_key());
    let key = key.unwrap();
    let signed = NoteLine::new("n", key.key_id(), vec![0; 2428]).unwrap();
    let long = Error::PeerTooLarge { what: "origin", got: 256, max: 255 };
    assert_eq!(foreign(&far).verify_line(&key, &signed), Err(long));
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written(origin in "[^\\p{Cc}]{1,40}", size in 1..=u64::MAX, more in prop::collection::vec("[^\\p{Cc}]{1,20}", 0..4)) {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        let lines: String = more.iter().map(|line| format!("{line}\n")).collect();
        let text = format!("{origin}\n{size}\n{root}\n{lines}\n\u{2014} n AAAAAAA=\n");
        let read = foreign(&text);
        prop_assert_eq!((read.origin(), read.head().size, read.extensions()), (origin.as_str(), Size(size), more.as_slice()));
        prop_assert_eq!(read.note().to_bytes(), text.as_bytes());
        prop_assert_eq!(SignedCheckpoint::parse(text.as_bytes()).is_ok(), more.is_empty() && !origin.contains([' ', '+']) && !origin.contains(char::is_whitespace));
    }

    #[test]
    fn changed_bytes_never_panic(at in 0..COSIGNED.len(), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut bad = COSIGNED.as_bytes().to_vec();
        bad.splice(at.., bytes);
        if let Ok(read) = LogCheckpoint::parse(&bad) {
            prop_assert_eq!(read.note().to_bytes(), bad);
        }
    }
}
