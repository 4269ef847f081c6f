//! What a validator set's authority takes, what it refuses and why, and whom a fork convicts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod accepts;
mod forks;
mod refuses;
mod tampering;
#[path = "../wire_samples/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]
mod wire_samples;

use std::cell::RefCell;

use auditmesh_bft::{Error, SetAuthority};
use auditmesh_types::{Authority, Scheme, Verifier};
use wire_samples::{Bad, Mac, World, federation};

/// Checks `value` under the world's own set.
fn check<T>(world: &World, value: &T) -> Result<(), Error>
where
    for<'a> SetAuthority<'a, Mac>: Authority<T, Error = Error>,
{
    let federation = federation();
    SetAuthority::new(&federation, &world.0, &Mac).unwrap().check(value)
}

/// Key, message and signature.
type Asked = [Vec<u8>; 3];

/// Remembers what it was asked.
#[derive(Debug, Default)]
struct Counting(RefCell<Vec<Asked>>);

impl Verifier for Counting {
    type Error = Bad;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), Bad> {
        Mac.check_key(public_key)
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Bad> {
        self.0.borrow_mut().push([public_key, message, signature].map(<[u8]>::to_vec));
        Mac.verify(public_key, message, signature)
    }
}

/// How many signatures are verified for `value`; no two of them the same.
fn cost<T>(world: &World, value: &T) -> usize
where
    for<'a> SetAuthority<'a, Counting>: Authority<T, Error = Error>,
{
    let (federation, counting) = (federation(), Counting::default());
    SetAuthority::new(&federation, &world.0, &counting).unwrap().check(value).unwrap();
    let asked = counting.0.into_inner();
    for (at, one) in asked.iter().enumerate() {
        assert!(!asked[..at].contains(one), "verified twice");
    }
    asked.len()
}
