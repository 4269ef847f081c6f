use auditmesh_types::{Signer, Verifier};

use crate::rule::{accepted, refused};

/// Signatures and keys up to this many bytes have every bit flipped; of longer ones, this many bytes are sampled evenly,
/// the first and the last among them: at a stride of `length / 64`, rounded down.
const SAMPLE: usize = 64;

/// Up to this many bytes, every byte is tried.
const SHORT: usize = 128;

/// The contract of [`Signer`] and [`Verifier`]. `other` signs with another key of the same scheme.
///
/// Of a signature of up to 128 bytes, every bit is flipped; of a longer one, every bit of 64 bytes.
///
/// Rules: `signer/scheme`, `signer/own-key`, `signer/verifies`, `signer/other-message`, `signer/other-key`,
/// `signer/flipped-bit`, `signer/flipped-message`, `signer/flipped-key`, `signer/signature-length`,
/// `signer/key-length`, `signer/foreign-signature`.
pub fn signer(signer: &impl Signer, other: &impl Signer, verifier: &impl Verifier) {
    let key = signer.public_key();
    same!("signer/scheme", verifier.scheme(), signer.scheme(), "verifier and signer");
    same!("signer/scheme", other.scheme(), signer.scheme(), "the two signers given to the suite");
    rule!("signer/own-key", key != other.public_key(), "the two signers given to the suite have one key");
    accepted("signer/own-key", verifier.check_key(key), "the signer's own public key");
    same!("signer/own-key", signer.public_key(), key, "the public key when asked again");
    let long: Vec<u8> = (0..100_000u32).map(|n| n.wrapping_mul(31).to_le_bytes()[0]).collect();
    let text = b"auditmesh.example/eu-us-apac\n5\n".as_slice();
    for message in [b"".as_slice(), b"\0", text, &[0xff; 64], &long] {
        verdicts(signer, other, verifier, message);
    }
    let signature = sign(signer, text);
    flips(verifier, key, text, &signature);
    lengths(verifier, key, text, &signature);
    let empty = sign(signer, b"");
    refused(
        "signer/flipped-bit",
        verifier.verify(key, b"", &flip(&empty, 0, 0)),
        "the empty message, first bit",
    );
}

fn sign(signer: &impl Signer, message: &[u8]) -> Vec<u8> {
    accepted("signer/verifies", signer.sign(message), format_args!("signing {} bytes", message.len()))
}

/// `bytes` with bit `bit` of byte `at` flipped.
fn flip(bytes: &[u8], at: usize, bit: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if let Some(byte) = changed.get_mut(at) {
        *byte ^= 1 << bit;
    }
    changed
}

/// The places that are tried in something of `length` bytes.
fn sample(length: usize) -> Vec<usize> {
    if length <= SHORT {
        return (0..length).collect();
    }
    let mut places: Vec<usize> = (0..SAMPLE - 1).map(|n| n * (length / SAMPLE)).collect();
    places.push(length - 1);
    places
}

fn verdicts(signer: &impl Signer, other: &impl Signer, verifier: &impl Verifier, message: &[u8]) {
    let (key, signature, foreign) = (signer.public_key(), sign(signer, message), sign(other, message));
    let when = format!("a message of {} bytes", message.len());
    accepted("signer/verifies", verifier.verify(key, message, &signature), &when);
    accepted("signer/verifies", verifier.verify(key, message, &signature), format_args!("{when}, again"));
    accepted(
        "signer/verifies",
        verifier.verify(key, message, &sign(signer, message)),
        format_args!("{when}, anew"),
    );
    accepted(
        "signer/verifies",
        verifier.verify(other.public_key(), message, &foreign),
        format_args!("{when}, other key"),
    );
    refused("signer/other-key", verifier.verify(other.public_key(), message, &signature), &when);
    refused("signer/foreign-signature", verifier.verify(key, message, &foreign), &when);
    let longer = [message, &[0]].concat();
    refused(
        "signer/other-message",
        verifier.verify(key, &longer, &signature),
        format_args!("{when}, one zero longer"),
    );
    if let Some((_, shorter)) = message.split_last() {
        refused(
            "signer/other-message",
            verifier.verify(key, shorter, &signature),
            format_args!("{when}, one shorter"),
        );
        for at in sample(message.len()).into_iter().step_by(8).chain([message.len() - 1]) {
            let result = verifier.verify(key, &flip(message, at, 0), &signature);
            refused("signer/flipped-message", result, format_args!("{when}, bit 0 of byte {at}"));
        }
    }
}

fn flips(verifier: &impl Verifier, key: &[u8], message: &[u8], signature: &[u8]) {
    for at in sample(signature.len()) {
        for bit in 0..8 {
            let result = verifier.verify(key, message, &flip(signature, at, bit));
            let length = signature.len();
            refused(
                "signer/flipped-bit",
                result,
                format_args!("bit {bit} of byte {at} of a {length}-byte signature"),
            );
        }
    }
    for at in sample(key.len()) {
        for bit in [0, 7] {
            let result = verifier.verify(&flip(key, at, bit), message, signature);
            refused(
                "signer/flipped-key",
                result,
                format_args!("bit {bit} of byte {at} of a {}-byte key", key.len()),
            );
        }
    }
}

fn lengths(verifier: &impl Verifier, key: &[u8], message: &[u8], signature: &[u8]) {
    for changed in others(signature) {
        let when = format!("{} bytes where {} are right", changed.len(), signature.len());
        refused("signer/signature-length", verifier.verify(key, message, &changed), when);
    }
    for changed in others(key) {
        let when = format!("a key of {} bytes where {} are right", changed.len(), key.len());
        refused("signer/key-length", verifier.verify(&changed, message, signature), &when);
        refused("signer/key-length", verifier.check_key(&changed), when);
    }
}

/// `bytes` truncated, extended, doubled and emptied.
fn others(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (_, shorter) = bytes.split_last().expect("neither keys nor signatures are empty");
    let (_, tail) = bytes.split_first().expect("neither keys nor signatures are empty");
    let half = bytes[..bytes.len() / 2].to_vec();
    let mut all = vec![Vec::new(), shorter.to_vec(), tail.to_vec(), half];
    all.extend([0u8, 0xff].map(|extra| [bytes, &[extra]].concat()));
    all.extend([[bytes, bytes].concat(), [&[0], bytes].concat()]);
    all
}
