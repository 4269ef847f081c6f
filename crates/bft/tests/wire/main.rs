//! The bytes of messages, decisions, records, evidence and packets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod changes;
mod frozen;
mod limits;
mod properties;
#[path = "../wire_samples/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]
mod wire_samples;

use auditmesh_bft::{Decided, Error, Evidence, Message, Packet, Record};
use std::fmt::Debug;

/// What has bytes.
trait Encoded: Clone + PartialEq + Debug {
    fn bytes(&self) -> Vec<u8>;
    fn of(bytes: &[u8]) -> Result<Self, Error>;
}

macro_rules! encoded {
    ($($name:ident),*) => { $(
        impl Encoded for $name {
            fn bytes(&self) -> Vec<u8> {
                self.encode()
            }
            fn of(bytes: &[u8]) -> Result<Self, Error> {
                Self::decode(bytes)
            }
        }
    )* };
}

encoded!(Message, Decided, Record, Evidence, Packet);
