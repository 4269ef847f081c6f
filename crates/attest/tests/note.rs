//! Notes and checkpoints: one encoding, published examples, and reasons for every refusal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh_attest::{
    Checkpoint, Error, KeyType, LogCheckpoint, Note, NoteLine, SignedCheckpoint, VerifierKey,
};
use auditmesh_types::{Digest, NameError, Origin, Size, TreeHead};
use proptest::prelude::*;

const NEUMANN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const SALVATORE: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u{e8} subito sera.\n\n\
    \u{2014} quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
const SOFA: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

#[test]
fn gos_example_verifies_and_every_changed_byte_is_refused() {
    let key: VerifierKey = NEUMANN_KEY.parse().unwrap();
    let note = Note::parse(NEUMANN.as_bytes()).unwrap();
    assert_eq!(note.verify(&key), Ok(()));
    assert_eq!(note.to_bytes(), NEUMANN.as_bytes());
    for at in 0..NEUMANN.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut bad = NEUMANN.as_bytes().to_vec();
            bad[at] ^= flip;
            let refused = Note::parse(&bad).and_then(|note| note.verify(&key));
            assert!(refused.is_err(), "byte {at} flipped by {flip:#x}");
        }
    }
    for at in 0..NEUMANN_KEY.len() {
        let mut bad = NEUMANN_KEY.as_bytes().to_vec();
        bad[at] ^= 1;
        let text = String::from_utf8(bad).unwrap();
        let refused = text.parse::<VerifierKey>().and_then(|key| note.verify(&key));
        assert!(refused.is_err(), "key byte {at}");
    }
}

#[test]
fn a_bad_line_of_a_known_key_refuses_the_note_and_unknown_keys_are_ignored() {
    let key: VerifierKey = NEUMANN_KEY.parse().unwrap();
    let note = Note::parse(NEUMANN.as_bytes()).unwrap();
    let good = note.signatures()[0].clone();
    let bad = NoteLine::new(key.name(), key.key_id(), vec![0; 64]).unwrap();
    let other = NoteLine::new(key.name(), [0; 4], vec![1]).unwrap();
    let with = |lines: Vec<NoteLine>| Note::new(note.text(), lines).unwrap();
    assert_eq!(with(vec![other.clone(), good.clone(), good.clone()]).verify(&key), Ok(()));
    let refused = Error::PeerBadSignature {
        scheme: auditmesh_types::Scheme::Ed25519,
        signer: "PeterNeumann+c74f20a3".into(),
    };
    assert_eq!(with(vec![good, bad]).verify(&key), Err(refused));
    let nobody = Error::PeerNotSignedBy { name: "PeterNeumann".into() };
    assert_eq!(with(vec![other]).verify(&key), Err(nobody));
}

#[test]
fn only_a_key_over_text_verifies_a_note() {
    let known: VerifierKey = NEUMANN_KEY.parse().unwrap();
    let key = VerifierKey::new("x", KeyType::Ed25519Cosignature, known.key().as_bytes()).unwrap();
    let note = Note::parse(NEUMANN.as_bytes()).unwrap();
    let (got, want) = (KeyType::Ed25519Cosignature, KeyType::Ed25519);
    assert_eq!(note.verify(&key), Err(Error::MisuseKeyRole { name: "x".into(), got, want }));
}

#[test]
fn published_examples_round_trip() {
    let poem = Note::parse(SALVATORE.as_bytes()).unwrap();
    assert!(poem.text().ends_with(":\n\ned \u{e8} subito sera.\n"));
    assert_eq!(poem.to_bytes(), SALVATORE.as_bytes());

    let sofa = SignedCheckpoint::parse(SOFA.as_bytes()).unwrap();
    assert_eq!(sofa.checkpoint().origin.as_str(), "example.com/behind-the-sofa");
    assert_eq!(sofa.checkpoint().head.size, Size(20_852_163));
    assert_eq!(sofa.to_bytes(), SOFA.as_bytes());
    let line = &sofa.note().signatures()[1];
    assert_eq!((line.name(), line.key_id()), ("witness.example.com/w1", [0x8d, 0x66, 0xcf, 0x3f]));
    let cosignature = auditmesh_attest::Cosignature::parse(line.blob()).unwrap();
    assert_eq!((cosignature.at_seconds, cosignature.signature.len()), (1_679_315_147, 64));
    assert_eq!(cosignature.to_blob(), line.blob());
    let message = sofa.checkpoint().cosigned_message(KeyType::Ed25519Cosignature, line.name(), 1_679_315_147);
    let want = format!("cosignature/v1\ntime 1679315147\n{}", sofa.note().text());
    assert_eq!(message, Ok(want.into_bytes()));
}

#[test]
fn the_subtree_message_is_laid_out_as_specified() {
    let head = TreeHead { size: Size(0x0102), root: Digest([9; 32]) };
    let checkpoint = Checkpoint { origin: Origin::new("log").unwrap(), head };
    let message = checkpoint.cosigned_message(KeyType::MlDsa44Cosignature, "EU-1", 0x0304).unwrap();
    let mut want = b"subtree/v1\n\0\x04EU-1\0\0\0\0\0\0\x03\x04\x03log".to_vec();
    want.extend_from_slice(&[0; 8]);
    want.extend_from_slice(&[0, 0, 0, 0, 0, 0, 1, 2]);
    want.extend_from_slice(&[9; 32]);
    assert_eq!(message, want);
    let long = checkpoint.cosigned_message(KeyType::MlDsa44Cosignature, &"n".repeat(256), 0);
    assert_eq!(long, Err(Error::PeerTooLarge { what: "key name", got: 256, max: 255 }));
}

#[test]
fn malformed_notes_are_refused_with_the_reason() {
    let refused = |text: &str| Note::parse(text.as_bytes()).unwrap_err();
    for bad in [
        "",
        "a",
        "a\n",
        "a\n\n",
        "\u{2014} n AAAAAAA=\n",
        "a\n\n\u{2014} n AAAAAAA=",
        "\n\u{2014} n AAAAAAA=\n",
    ] {
        let error = refused(bad);
        assert!(
            matches!(error, Error::PeerNoteForm | Error::PeerSignatureLine { line: 1 }),
            "{bad:?}: {error}"
        );
    }
    assert_eq!(refused("a\n\n- n AAAAAAA=\n"), Error::PeerSignatureLine { line: 1 });
    assert_eq!(refused("a\n\n\u{2014} n AAAAAAA=\nx\n"), Error::PeerSignatureLine { line: 2 });
    assert_eq!(refused("a\n\n\u{2014} n AAAAAA==\n"), Error::PeerSignatureLine { line: 1 });
    assert_eq!(refused("a\n\n\u{2014} n AAAAAAA\n"), Error::PeerBase64 { what: "signature line" });
    assert_eq!(refused("a\n\n\u{2014} n AAAAAAA= \n"), Error::PeerBase64 { what: "signature line" });
    assert_eq!(refused("a\n\n\u{2014}  AAAAAAA=\n"), Error::PeerKeyName { name: String::new() });
    for name in ["a+b", "a\u{a0}b", "a\u{2003}b"] {
        let text = format!("a\n\n\u{2014} {name} AAAAAAA=\n");
        assert_eq!(refused(&text), Error::PeerKeyName { name: name.into() });
    }
    assert_eq!(
        refused("a\r\n\n\u{2014} n AAAAAAA=\n"),
        Error::PeerControlCharacter { what: "note", at: 1, found: b'\r' }
    );
    let latin = b"\xe8\n\n\xe2\x80\x94 n AAAAAAA=\n";
    assert_eq!(Note::parse(latin), Err(Error::PeerNotUtf8 { what: "note", at: 0 }));
    assert!(Note::parse("\n\n\u{2014} n AAAAAAA=\n".as_bytes()).is_ok(), "an empty line is text");
}

#[test]
fn limits_are_exact() {
    let line = "\u{2014} n AAAAAAA=\n";
    let text = |bytes: usize| format!("{}\n\n{line}", "a".repeat(bytes - 1));
    assert!(Note::parse(text(65_536).as_bytes()).is_ok());
    let error = Error::PeerTooLarge { what: "note text", got: 65_537, max: 65_536 };
    assert_eq!(Note::parse(text(65_537).as_bytes()), Err(error));
    let lines = |count: usize| format!("a\n\n{}", line.repeat(count));
    assert!(Note::parse(lines(1024).as_bytes()).is_ok());
    let error = Error::PeerTooLarge { what: "note's list of signatures", got: 1025, max: 1024 };
    assert_eq!(Note::parse(lines(1025).as_bytes()), Err(error));
    let huge = vec![b'a'; Note::MAX_BYTES + 1];
    let error = Error::PeerTooLarge { what: "note", got: huge.len(), max: Note::MAX_BYTES };
    assert_eq!(Note::parse(&huge), Err(error));
    let long = NoteLine::new("n", [0; 4], vec![0; 4 << 20]).unwrap();
    assert!(matches!(Note::new("a\n", vec![long]), Err(Error::PeerTooLarge { what: "note", .. })));
}

#[test]
fn notes_are_not_made_malformed() {
    let line = NoteLine::new("n", [0; 4], vec![1]).unwrap();
    for text in ["", "a", "a\n\nb"] {
        assert_eq!(Note::new(text, vec![line.clone()]), Err(Error::PeerNoteForm), "{text:?}");
    }
    assert_eq!(Note::new("a\n", vec![]), Err(Error::PeerNoteForm));
    let tab = Error::PeerControlCharacter { what: "note", at: 1, found: b'\t' };
    assert_eq!(Note::new("a\t\n", vec![line]), Err(tab));
    let none = Error::PeerEmpty { what: "signature" };
    assert_eq!(NoteLine::new("n", [0; 4], vec![]), Err(none));
    assert_eq!(NoteLine::new("a b", [0; 4], vec![1]), Err(Error::PeerKeyName { name: "a b".into() }));
}

#[test]
fn malformed_checkpoints_are_refused_with_the_reason() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let refused = |text: String| text.parse::<Checkpoint>().unwrap_err();
    assert_eq!(refused(String::new()), Error::PeerCheckpointLines { got: 0 });
    assert_eq!(refused("o\n1\n".into()), Error::PeerCheckpointLines { got: 2 });
    assert_eq!(refused(format!("o\n1\n{root}")), Error::PeerCheckpointLines { got: 2 });
    assert_eq!(refused(format!("o\n1\n{root}\nmore\n")), Error::PeerExtensionLines { got: 1 });
    assert_eq!(refused(format!("o\n1\n{root}\n\n")), Error::PeerExtensionLines { got: 1 });
    let empty = NameError::MisuseEmpty { what: "origin" };
    assert_eq!(refused(format!("\n1\n{root}\n")), Error::PeerOrigin { source: empty });
    for size in ["", "01", "+1", "-1", " 1", "1 ", "18446744073709551616"] {
        assert_eq!(refused(format!("o\n{size}\n{root}\n")), Error::PeerNumber { what: "tree size" });
    }
    let short = Error::PeerLength { what: "root hash", got: 2, want: 32 };
    assert_eq!(refused("o\n1\nAAA=\n".into()), short);
    // The same 32 bytes, spelled with stray bits at the end.
    let stray = root.replace("I=", "J=");
    assert_eq!(refused(format!("o\n1\n{stray}\n")), Error::PeerBase64 { what: "root hash" });
}

/// The one root of a tree without leaves, in base64.
const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

#[test]
fn a_checkpoint_of_no_leaves_has_one_root() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let got = format!("o\n1\n{root}\n").parse::<Checkpoint>().unwrap().head.root;
    let refused = Error::PeerEmptyRoot { got };
    let line = "\n\u{2014} n AAAAAAA=\n";
    let text = format!("o\n0\n{root}\n");
    let note = format!("{text}{line}");
    assert_eq!(text.parse::<Checkpoint>(), Err(refused.clone()));
    assert_eq!(SignedCheckpoint::parse(note.as_bytes()), Err(refused.clone()));
    assert_eq!(LogCheckpoint::parse(note.as_bytes()), Err(refused.clone()));
    let extended = LogCheckpoint::parse(format!("{text}more\n{line}").as_bytes());
    assert_eq!(extended, Err(refused.clone()));
    let head = TreeHead { size: Size(0), root: got };
    let checkpoint = Checkpoint { origin: Origin::new("o").unwrap(), head };
    let lines = vec![NoteLine::new("n", [0; 4], vec![0]).unwrap()];
    assert_eq!(SignedCheckpoint::new(checkpoint, lines), Err(refused));

    let text = format!("o\n0\n{EMPTY}\n");
    assert_eq!(text.parse::<Checkpoint>().unwrap().to_string(), text);
    let note = format!("{text}{line}");
    let ours = SignedCheckpoint::parse(note.as_bytes()).unwrap();
    assert_eq!((ours.to_bytes(), ours.checkpoint().head.size), (note.clone().into_bytes(), Size(0)));
    assert_eq!(LogCheckpoint::parse(note.as_bytes()).as_ref(), Ok(ours.as_log()));
    assert_eq!(SignedCheckpoint::new(ours.checkpoint().clone(), ours.note().signatures().to_vec()), Ok(ours));
}

#[test]
fn cosignature_times_stay_below_two_to_the_63() {
    let blob = |time: u64| [time.to_be_bytes().as_slice(), &[1]].concat();
    assert!(auditmesh_attest::Cosignature::parse(&blob(i64::MAX as u64)).is_ok());
    let error = Error::PeerCosignatureTime { got: 1 << 63 };
    assert_eq!(auditmesh_attest::Cosignature::parse(&blob(1 << 63)), Err(error));
    let error = Error::PeerCosignatureForm { got: 8 };
    assert_eq!(auditmesh_attest::Cosignature::parse(&[0; 8]), Err(error));
}

prop_compose! {
    fn any_line()(name in "[^\\s+\\p{Cc}]{1,20}", id in any::<[u8; 4]>(), blob in prop::collection::vec(any::<u8>(), 1..99)) -> NoteLine {
        NoteLine::new(name, id, blob).unwrap()
    }
}

proptest! {
    #[test]
    fn notes_round_trip(text in "([^\\p{Cc}]{0,20}\n){1,5}", lines in prop::collection::vec(any_line(), 1..20)) {
        let note = Note::new(text, lines).unwrap();
        prop_assert_eq!(Note::parse(&note.to_bytes()), Ok(note));
    }

    #[test]
    fn what_parses_is_written_back(bytes in "([a\u{e8}+=\\- \n]|\u{2014}|\u{2014} n AAAAAAA=\n){0,24}") {
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.to_bytes(), bytes.into_bytes());
        }
    }

    #[test]
    fn checkpoints_round_trip(origin in "[a-z./\u{e8}]{1,40}", size in 1..=u64::MAX, root in any::<[u8; 32]>()) {
        let head = TreeHead { size: Size(size), root: Digest(root) };
        let checkpoint = Checkpoint { origin: Origin::new(origin).unwrap(), head };
        prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
    }
}
