//! The signer suite accepts a toy scheme and refuses faulty ones.

use auditmesh_conformance::{Never, rejects, sha256, signer};
use auditmesh_types::{Scheme, Signer, Verifier};
use std::{error, fmt};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    OtherScheme,
    IgnoresTopBits,
    IgnoresLastByte,
    AcceptsTail,
    AcceptsShort,
    IgnoresKey,
    CutsMessages,
    EmptyMessageFree,
    LongKeys,
    IgnoresKeyBit,
    IgnoresMessageBit,
    RefusesEmpty,
}

/// Anyone can forge it: the signature is `repeat` hashes over key and message. Only its verdicts matter here.
struct Toy {
    key: Vec<u8>,
    repeat: usize,
    longest: usize,
}

impl Toy {
    fn new(name: &str, repeat: usize) -> Self {
        Self { key: sha256(&[name.as_bytes()]).0.to_vec(), repeat, longest: usize::MAX }
    }
}

fn signature(key: &[u8], message: &[u8], repeat: usize) -> Vec<u8> {
    (0..repeat).flat_map(|n| sha256(&[&n.to_be_bytes(), key, message]).0).collect()
}

impl Signer for Toy {
    type Error = Never;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn public_key(&self) -> &[u8] {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Never> {
        Ok(signature(&self.key, &message[..message.len().min(self.longest)], self.repeat))
    }
}

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl error::Error for Refused {}

struct Checker {
    flaw: Flaw,
    repeat: usize,
}

impl Verifier for Checker {
    type Error = Refused;

    fn scheme(&self) -> Scheme {
        if self.flaw == Flaw::OtherScheme { Scheme::MlDsa44 } else { Scheme::Ed25519 }
    }

    fn check_key(&self, key: &[u8]) -> Result<(), Refused> {
        if key.len() == 32 || self.flaw == Flaw::LongKeys { Ok(()) } else { Err(Refused) }
    }

    fn verify(&self, key: &[u8], message: &[u8], given: &[u8]) -> Result<(), Refused> {
        if key.len() != 32
            || self.flaw == Flaw::EmptyMessageFree && message.is_empty() && given.len() == 32 * self.repeat
        {
            return if key.len() == 32 { Ok(()) } else { Err(Refused) };
        }
        let message =
            if self.flaw == Flaw::CutsMessages { &message[..message.len().min(1_000)] } else { message };
        if self.flaw == Flaw::RefusesEmpty && message.is_empty() {
            return Err(Refused);
        }
        let mut right = signature(key, message, self.repeat);
        let (mut low_key, mut low_message) = (key.to_vec(), message.to_vec());
        low_key[31] ^= 1;
        if let Some(byte) = low_message.first_mut() {
            *byte ^= 1;
        }
        match self.flaw {
            Flaw::IgnoresKeyBit if given == signature(&low_key, message, self.repeat) => return Ok(()),
            Flaw::IgnoresMessageBit if given == signature(key, &low_message, self.repeat) => return Ok(()),
            _ => {}
        }
        let mut given = given.to_vec();
        match self.flaw {
            Flaw::IgnoresTopBits => {
                right.iter_mut().chain(&mut given).for_each(|byte| *byte &= 0x7f);
            }
            Flaw::IgnoresLastByte if given.len() == right.len() => {
                right.pop();
                given.pop();
            }
            Flaw::AcceptsTail => given.truncate(right.len()),
            Flaw::AcceptsShort if !given.is_empty() => right.truncate(given.len()),
            Flaw::IgnoresKey if given.len() == right.len() => right = given.clone(),
            _ => {}
        }
        if given == right { Ok(()) } else { Err(Refused) }
    }
}

fn run(flaw: Flaw, repeat: usize) {
    let longest = if flaw == Flaw::CutsMessages { 1_000 } else { usize::MAX };
    let toy = |name| Toy { longest, ..Toy::new(name, repeat) };
    signer(&toy("one"), &toy("two"), &Checker { flaw, repeat });
}

#[test]
fn accepts_short_and_long_signatures() {
    run(Flaw::None, 2);
    run(Flaw::None, 5);
}

#[test]
fn refuses_faulty_verifiers() {
    for (flaw, rule) in [
        (Flaw::IgnoresKeyBit, "signer/flipped-key"),
        (Flaw::IgnoresMessageBit, "signer/flipped-message"),
        (Flaw::RefusesEmpty, "signer/verifies"),
        (Flaw::OtherScheme, "signer/scheme"),
        (Flaw::IgnoresTopBits, "signer/flipped-bit"),
        (Flaw::IgnoresLastByte, "signer/flipped-bit"),
        (Flaw::AcceptsTail, "signer/signature-length"),
        (Flaw::AcceptsShort, "signer/signature-length"),
        (Flaw::IgnoresKey, "signer/other-key"),
        (Flaw::CutsMessages, "signer/other-message"),
        (Flaw::EmptyMessageFree, "signer/other-key"),
        (Flaw::LongKeys, "signer/key-length"),
    ] {
        for repeat in [2, 5] {
            rejects(rule, || run(flaw, repeat));
        }
    }
    let one = Toy::new("one", 2);
    rejects("signer/own-key", || signer(&one, &one, &Checker { flaw: Flaw::None, repeat: 2 }));
}
