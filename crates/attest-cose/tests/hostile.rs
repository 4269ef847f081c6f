//! Receipts of other logs are read whatever the order of their labels; malformed ones are refused for their reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod logs;

use auditmesh_attest::Ed25519;
use auditmesh_attest_cose::{Error, MAX_BYTES, Receipt};
use auditmesh_types::{Scheme, Signer};
use coset::cbor::{ser::into_writer, value::Value};
use logs::*;

fn bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    into_writer(value, &mut bytes).unwrap();
    bytes
}

fn int(number: i64) -> Value {
    Value::from(number)
}

fn map(pairs: &[(Value, Value)]) -> Value {
    Value::Map(pairs.to_vec())
}

/// The parts of a receipt, each of which a test may replace.
#[derive(Clone)]
struct Parts {
    protected: Vec<(Value, Value)>,
    unprotected: Vec<(Value, Value)>,
    payload: Value,
    signature: Value,
}

fn proof(path: &[Vec<u8>]) -> Vec<u8> {
    let path = path.iter().cloned().map(Value::Bytes).collect();
    bytes(&Value::Array(vec![int(7), int(6), Value::Array(path)]))
}

fn path() -> Vec<Vec<u8>> {
    let proof = tree(7).inclusion(auditmesh_types::Index(6), auditmesh_types::Size(7)).unwrap();
    proof.path.iter().map(|hash| hash.0.to_vec()).collect()
}

fn vdp(kind: i64, proofs: &[Vec<u8>]) -> (Value, Value) {
    let proofs = Value::Array(proofs.iter().cloned().map(Value::Bytes).collect());
    (int(396), map(&[(int(kind), proofs)]))
}

fn parts() -> Parts {
    Parts {
        protected: vec![(int(1), int(-8)), (int(395), int(1))],
        unprotected: vec![vdp(-1, &[proof(&path())])],
        payload: Value::Null,
        signature: Value::Bytes(vec![0; 64]),
    }
}

impl Parts {
    fn array(&self) -> Value {
        Value::Array(vec![
            Value::Bytes(bytes(&map(&self.protected))),
            map(&self.unprotected),
            self.payload.clone(),
            self.signature.clone(),
        ])
    }

    fn bytes(&self) -> Vec<u8> {
        bytes(&Value::Tag(18, Box::new(self.array())))
    }

    /// Signs over the protected header as it stands, in the form of RFC 9052 §4.4.
    fn signed(mut self) -> Vec<u8> {
        let protected = Value::Bytes(bytes(&map(&self.protected)));
        let root = Value::Bytes(tree(7).root().0.to_vec());
        let context = Value::Text("Signature1".to_owned());
        let message = Value::Array(vec![context, protected, Value::Bytes(Vec::new()), root]);
        self.signature = Value::Bytes(ed25519().sign(&bytes(&message)).unwrap());
        self.bytes()
    }

    fn refusal(&self) -> Error {
        Receipt::decode(&self.bytes()).expect_err("it must be refused")
    }
}

#[test]
fn built_by_hand_it_has_the_same_bytes() {
    assert_eq!(parts().signed(), inclusion(&ed25519(), 6, 7));
}

#[test]
fn labels_may_come_in_any_order_and_others_beside_them() {
    let mut other = parts();
    other.protected.insert(0, (int(4), Value::Bytes(b"kid".to_vec())));
    other.protected.insert(0, (int(15), map(&[(int(1), Value::Text("log.example".to_owned()))])));
    other.protected.swap(2, 3);
    other.protected.push((Value::Text("x".to_owned()), Value::Bool(true)));
    other.unprotected.insert(0, (int(-70_000), int(5)));
    let receipt = Receipt::decode(&other.clone().signed()).unwrap();
    assert_eq!(receipt.key_id(), b"kid");
    let got = receipt.verify_inclusion(&Ed25519, ed25519().public_key(), &leaf(6));
    assert_eq!(got, Ok(tree(7).root()));

    // The signature is over the protected header as it came.
    let mut swapped = other.clone();
    swapped.protected.swap(0, 1);
    let signed = other.signed();
    swapped.signature = Value::Bytes(signed[signed.len() - 64..].to_vec());
    let receipt = Receipt::decode(&swapped.bytes()).unwrap();
    let got = receipt.verify_inclusion(&Ed25519, ed25519().public_key(), &leaf(6));
    assert_eq!(got, Err(Error::PeerSignature { scheme: Scheme::Ed25519 }));
}

/// Written by `build_receipt` of PyPI `scitt-cose` 0.5.0 with the same key, for entry 4 of 11, with `kid`, `iss`, `sub` and
/// `iat`. Its protected header is not in the order of RFC 8949 §4.2.1.
#[test]
fn a_receipt_of_another_implementation_verifies() {
    const THEIRS: &str = concat!(
        "d284582ca419018b010fa3016b6c6f672e6578616d706c650267656e7472792034061a6553f10004456c6f672d310127",
        "a119018ca12081588c830b048458209ff537b618a257ef82908c45915acbaeb6d9dea035d6d93964fc88c19e98c8b358",
        "20ff0e32c20ff65b97ac10b3b2677b872aa3d5a0287d9457acba47e57cf4a4a73f58209799f307517ef517c2205df9b6",
        "7762bf34756b20099fb7dfcce76bcebd273b2e58201a0ecfdf8af7a1e2b7b03eaedf4bbaf5a41eb727061175e3462042",
        "be9b8fe300f65840d010f5c6f25590f092b7032359c0e210e635ba6d9844a28b09ce557f5a32aff4abaea9beebadd3ca",
        "c9cd94508bf34cac878a1fb018dc899662580d5512621c08",
    );
    let byte = |at: usize| u8::from_str_radix(&THEIRS[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..THEIRS.len()).step_by(2).map(byte).collect();
    let receipt = Receipt::decode(&bytes).unwrap();
    assert_eq!(receipt.key_id(), b"log-1");
    assert_eq!(receipt.verify_inclusion(&Ed25519, ed25519().public_key(), &leaf(4)), Ok(tree(11).root()));
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        let verified = Receipt::decode(&bad)
            .and_then(|receipt| receipt.verify_inclusion(&Ed25519, ed25519().public_key(), &leaf(4)));
        // The size stands at byte 58 and is not signed: 10 leaves have a path of the same form.
        let size = at == 58;
        assert_eq!(verified.is_ok(), size, "byte {at}: {verified:?}");
    }
}

#[test]
fn the_fully_specified_ed25519_is_read_too() {
    let mut newer = parts();
    newer.protected[0].1 = int(-19);
    let receipt = Receipt::decode(&newer.signed()).unwrap();
    assert_eq!(receipt.verify_inclusion(&Ed25519, ed25519().public_key(), &leaf(6)), Ok(tree(7).root()));
}

#[test]
fn labels_that_stand_twice_are_refused() {
    let twice = |what| Error::PeerLabelTwice { what };
    let mut bad = parts();
    bad.protected.push((int(395), int(2)));
    assert_eq!(bad.refusal(), twice("protected header"));
    let mut bad = parts();
    bad.unprotected.push(vdp(-2, &[]));
    assert_eq!(bad.refusal(), twice("receipt"));
    let mut bad = parts();
    let Value::Map(kinds) = &mut bad.unprotected[0].1 else { panic!("a map") };
    kinds.push(kinds[0].clone());
    assert_eq!(bad.refusal(), twice("receipt"));
    for label in [1, 395, 396] {
        let mut bad = parts();
        let both = vdp(-1, &[proof(&path())]).1;
        bad.unprotected.retain(|(found, _)| *found != int(label));
        bad.protected.retain(|(found, _)| *found != int(label));
        let value = if label == 396 { both } else { int(-8) };
        bad.protected.push((int(label), value.clone()));
        bad.unprotected.push((int(label), value));
        assert_eq!(bad.refusal(), twice("two headers"), "{label}");
    }
    let mut bad = parts();
    let deep = map(&[(int(1), int(1)), (int(1), int(2))]);
    bad.protected.push((int(15), Value::Array(vec![Value::Tag(1, Box::new(deep))])));
    assert_eq!(bad.refusal(), twice("protected header"));
    let mut bad = parts();
    bad.unprotected.extend((1_000..1_064).map(|label| (int(label), Value::Null)));
    assert_eq!(bad.refusal(), Error::PeerLabels { what: "receipt", got: 65, max: 64 });
}

#[test]
fn other_algorithms_structures_and_payloads_are_refused() {
    for (value, got) in [(int(-7), Some(-7)), (int(-70_000), Some(-70_000)), (Value::Text("a".into()), None)]
    {
        let mut bad = parts();
        bad.protected[0].1 = value;
        assert_eq!(bad.refusal(), Error::PeerAlgorithm { got });
    }
    let mut bad = parts();
    bad.protected[0].1 = int(-60_000);
    assert_eq!(bad.refusal(), Error::PeerUnregistered);
    let mut bad = parts();
    let algorithm = bad.protected.remove(0);
    assert_eq!(bad.refusal(), Error::PeerAlgorithm { got: None });
    bad.unprotected.push(algorithm);
    assert_eq!(bad.refusal(), Error::PeerAlgorithm { got: None }, "it must be protected");
    for (value, got) in [(int(2), Some(2)), (Value::Null, None)] {
        let mut bad = parts();
        bad.protected[1].1 = value;
        assert_eq!(bad.refusal(), Error::PeerStructure { got });
    }
    let mut bad = parts();
    bad.protected.clear();
    let none = Error::PeerAlgorithm { got: None };
    assert_eq!(bad.refusal(), none, "an empty map");
    let Value::Array(mut array) = bad.array() else { panic!("an array") };
    array[0] = Value::Bytes(Vec::new());
    let no_map = bytes(&Value::Tag(18, Box::new(Value::Array(array))));
    assert_eq!(Receipt::decode(&no_map), Err(none), "no map");
    let mut bad = parts();
    let structure = bad.protected.remove(1);
    bad.unprotected.push(structure);
    assert_eq!(bad.refusal(), Error::PeerStructure { got: None }, "it must be protected");
    let mut bad = parts();
    bad.payload = Value::Bytes(tree(7).root().0.to_vec());
    assert_eq!(bad.refusal(), Error::PeerPayload);
    let mut bad = parts();
    bad.protected.push((int(2), Value::Array(vec![int(1)])));
    assert_eq!(bad.refusal(), Error::PeerCritical);
    let mut bad = parts();
    bad.protected.push((int(2), Value::Array(vec![int(395)])));
    assert_eq!(bad.refusal(), Error::PeerUnregistered);
    for length in [0, 63, 65, 2420] {
        let mut bad = parts();
        bad.signature = Value::Bytes(vec![0; length]);
        let want = Error::PeerSignatureLength { scheme: Scheme::Ed25519, got: length, want: 64 };
        assert_eq!(bad.refusal(), want);
    }
}

#[test]
fn other_shapes_are_refused() {
    let shape = Error::PeerShape { what: "receipt", want: "a COSE_Sign1: tag 18 and an array of four" };
    let untagged = bytes(&parts().array());
    assert_eq!(Receipt::decode(&untagged), Err(shape.clone()));
    assert_eq!(Receipt::decode(&bytes(&Value::Tag(98, Box::new(parts().array())))), Err(shape));
    let three = Value::Tag(18, Box::new(Value::Array(vec![Value::Null; 3])));
    let want = Error::PeerHeader { got: "array", want: "array with 4 items" };
    assert_eq!(Receipt::decode(&bytes(&three)), Err(want));
    let mut bad = parts();
    bad.payload = int(1);
    assert_eq!(bad.refusal(), Error::PeerHeader { got: "int", want: "bstr or nil" });

    for (proofs, got) in [(vec![], 0), (vec![proof(&path()); 2], 2)] {
        let mut bad = parts();
        bad.unprotected[0] = vdp(-1, &proofs);
        assert_eq!(bad.refusal(), Error::PeerProofCount { got });
    }
    let mut bad = parts();
    bad.unprotected.clear();
    assert_eq!(bad.refusal(), Error::PeerProofCount { got: 0 });
    for proofs in [vdp(-3, &[proof(&path())]).1, map(&[(int(-1), Value::Null)]), int(1)] {
        let mut bad = parts();
        bad.unprotected[0].1 = proofs;
        let Error::PeerShape { what: "proofs (396)", .. } = bad.refusal() else {
            panic!("{:?}", bad.refusal())
        };
    }
}

#[test]
fn other_paths_are_refused() {
    let refusal = |proof: Vec<u8>| {
        let mut bad = parts();
        bad.unprotected[0] = vdp(-1, &[proof]);
        bad.refusal()
    };
    let what = "inclusion proof";
    for length in [0, 31, 33] {
        let got = refusal(proof(&[vec![1; 32], vec![1; length]]));
        assert_eq!(got, Error::PeerHashLength { at: 1, got: length });
    }
    assert_eq!(refusal(proof(&vec![vec![1; 32]; 65])), Error::PeerPathTooLong { got: 65, max: 64 });
    assert_eq!(refusal([proof(&path()), vec![0]].concat()), Error::PeerLeftOver { what });
    assert_eq!(refusal(Vec::new()), Error::PeerCbor { what });
    let shape = Error::PeerShape { what, want: "an array of two numbers and an array of hashes" };
    let empty = || Value::Array(Vec::new());
    for value in [
        Value::Null,
        Value::Array(vec![int(7), int(6)]),
        Value::Array(vec![int(7), int(6), empty(), empty()]),
        Value::Array(vec![int(-7), int(6), empty()]),
        Value::Array(vec![int(7), Value::from(7.0), empty()]),
        Value::Array(vec![int(7), int(6), Value::Null]),
        Value::Array(vec![int(7), int(6), Value::Array(vec![int(1)])]),
    ] {
        assert_eq!(refusal(bytes(&value)), shape, "{value:?}");
    }
    // 7 in two bytes, and an array of indefinite length.
    assert_eq!(refusal(vec![0x83, 0x18, 7, 6, 0x80]), Error::PeerSpelling { what });
    assert_eq!(refusal(vec![0x9f, 7, 6, 0x80, 0xff]), Error::PeerSpelling { what });
}

#[test]
fn long_deep_and_oddly_spelt_receipts_are_refused() {
    let got = MAX_BYTES + 1;
    assert_eq!(Receipt::decode(&vec![0; got]), Err(Error::PeerTooLong { got, max: MAX_BYTES }));
    for byte in [0x81, 0xc1, 0xa1, 0x9f, 0xbf] {
        let deep = vec![byte; MAX_BYTES];
        assert_eq!(Receipt::decode(&deep), Err(Error::PeerCbor { what: "receipt" }), "{byte:#x}");
    }
    let nested = |levels| {
        let mut other = parts();
        let deep = (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        other.protected.push((int(1_000), deep));
        Receipt::decode(&other.bytes()).map(drop)
    };
    assert_eq!(nested(200), Ok(()));
    assert_eq!(nested(300), Err(Error::PeerCbor { what: "protected header" }));
    // Lengths that promise more than there is.
    for head in [0x5b, 0x7b, 0x9b, 0xbb] {
        let short = [&[head][..], &[0xff; 8]].concat();
        assert_eq!(Receipt::decode(&short), Err(Error::PeerCbor { what: "receipt" }), "{head:#x}");
    }
    let good = inclusion(&ed25519(), 6, 7);
    let spelling = Err(Error::PeerSpelling { what: "receipt" });
    let long_tag = [&[0xd8, 18], &good[1..]].concat();
    assert_eq!(Receipt::decode(&long_tag), spelling);
    let null = good.len() - 67;
    assert_eq!(good[null], 0xf6);
    let mut undefined = good;
    undefined[null] = 0xf7;
    assert_eq!(Receipt::decode(&undefined), spelling);
}
