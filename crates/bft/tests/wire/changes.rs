//! There is one encoding of each value: any other bytes are refused, or are another value.

use auditmesh_bft::Error;

use crate::{Encoded, wire_samples::World};

/// Encodings up to this length are tried with all 255 changes of each byte, longer ones with all changes of one bit.
const SHORT: usize = 300;

fn check<T: Encoded>(samples: &[T]) {
    for sample in samples {
        let bytes = sample.bytes();
        assert_eq!(T::of(&bytes).as_ref(), Ok(sample));
        cut(sample, &bytes);
        change(sample, &bytes);
    }
}

fn cut<T: Encoded>(sample: &T, bytes: &[u8]) {
    for length in 0..bytes.len() {
        match T::of(&bytes[..length]) {
            Err(Error::PeerShort { at, want, got }) => {
                assert!(got < want && at + got == length, "{sample:?} cut to {length}");
            }
            other => panic!("{sample:?} cut to {length}: {other:?}"),
        }
    }
    let more = [bytes, &[0]].concat();
    assert_eq!(T::of(&more), Err(Error::PeerTrailing { at: bytes.len(), got: 1 }));
}

fn change<T: Encoded>(sample: &T, bytes: &[u8]) {
    let masks: Vec<u8> =
        if bytes.len() <= SHORT { (1..=255).collect() } else { (0..8).map(|bit| 1 << bit).collect() };
    let mut bytes = bytes.to_vec();
    let mut others = 0;
    for at in 0..bytes.len() {
        for mask in &masks {
            bytes[at] ^= mask;
            if let Ok(other) = T::of(&bytes) {
                others += 1;
                assert_ne!(&other, sample, "byte {at} xor {mask:#04x}");
                assert_eq!(other.bytes(), bytes, "byte {at} xor {mask:#04x}");
            }
            bytes[at] ^= mask;
        }
    }
    assert!(others > 0, "a signature may be any bytes, so some changes are other values");
}

#[test]
fn of_messages() {
    check(&World::new().messages());
}

#[test]
fn of_decisions() {
    check(&[World::new().decided()]);
}

#[test]
fn of_evidence() {
    check(&World::new().evidence());
}

#[test]
fn of_records() {
    check(&World::new().records());
}

#[test]
fn of_packets() {
    check(&World::new().packets());
}
