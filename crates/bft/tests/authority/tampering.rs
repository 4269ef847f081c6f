//! Whatever byte of whatever was signed is changed in whatever bit: no decoder takes it, or the authority refuses it.

use auditmesh_bft::{Decided, Error, Evidence, Message};

use crate::{check, wire_samples::World};

fn tamper<T>(
    world: &World,
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, Error>,
    check: impl Fn(&T) -> Result<(), Error>,
) {
    let mut bytes = bytes.to_vec();
    let (mut decoded, mut unsigned) = (0, 0);
    assert_eq!(check(&decode(&bytes).unwrap()), Ok(()));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            if let Ok(value) = decode(&bytes) {
                decoded += 1;
                let refused = check(&value);
                assert!(refused.is_err(), "bit {bit} of byte {at} of {}", bytes.len());
                unsigned += usize::from(matches!(refused, Err(Error::PeerSignature { .. })));
            }
            bytes[at] ^= 1 << bit;
        }
    }
    // Each bit of one signature of 32 bytes at least.
    assert!(decoded >= 256 && unsigned >= 256, "{decoded} decoded, {unsigned} refused for a signature");
    assert_eq!(world.0.len(), 4);
}

#[test]
fn messages() {
    let world = World::new();
    for message in world.messages() {
        tamper(&world, &message.encode(), Message::decode, |message| check(&world, message));
    }
}

#[test]
fn decisions() {
    let world = World::new();
    tamper(&world, &world.decided().encode(), Decided::decode, |decided| check(&world, decided));
}

#[test]
fn evidence() {
    let world = World::new();
    for evidence in world.evidence() {
        tamper(&world, &evidence.encode(), Evidence::decode, |evidence| check(&world, evidence));
    }
}
