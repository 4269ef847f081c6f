use auditmesh_types::{Attestation, Attestor, Authority, Digest, MemberId, Millis, Round, Size, TreeHead};

use crate::rule::{accepted, refused};

/// How many places of a long statement are tried between its two ends.
const SAMPLE: usize = 200;

/// How many bytes at each end of a statement are all tried.
const ENDS: usize = 64;

/// The contract of an [`Authority`] over statements: whatever is changed in one is refused.
///
/// `members`: at least two. `make` gives the attestor of a member. Of `signed`, the first and last 64 bytes are all
/// changed in three ways, and between them every `length / 200`-th byte (every byte below 400) in its lowest bit.
/// Times are changed by whole seconds, the unit of cosignatures; the round is carried beside the signature and may change.
///
/// Rules: `authority/accepts`, `authority/member`, `authority/size`, `authority/root`, `authority/at`,
/// `authority/presented-as-another`, `authority/other-head`, `authority/other-time`, `authority/signed-byte`,
/// `authority/signed-length`, `authority/verify-follows-check`.
///
/// # Cost
/// About 650 verifications a member.
pub fn authority<A: Attestor>(
    members: &[MemberId],
    make: impl Fn(&MemberId) -> A,
    authority: &impl Authority<Attestation>,
) {
    assert!(members.len() >= 2, "the suite needs two members, got {}", members.len());
    let head = TreeHead { size: Size(70_000), root: Digest([0x5a; 32]) };
    let other = TreeHead { size: Size(70_001), root: Digest([0xa5; 32]) };
    let (at, later) = (Millis(1_760_212_800_000), Millis(1_760_212_860_000));
    let attest = |member: &MemberId, head, at| {
        accepted("authority/accepts", make(member).attest(Round(7), head, at), format_args!("{member} signs"))
    };
    for member in members {
        let right = attest(member, head, at);
        accepted("authority/accepts", authority.check(&right), format_args!("{member}'s own statement"));
        envelope(authority, &right);
        let stranger = MemberId::new("stranger-9").expect("a member name");
        for name in members.iter().chain([&stranger]).filter(|name| *name != member) {
            let renamed = Attestation { member: name.clone(), ..right.clone() };
            let when = format!("{member}'s statement in the name of {name}");
            refused("authority/member", authority.check(&renamed), &when);
            refused("authority/verify-follows-check", authority.verify(renamed), when);
        }
        for name in members.iter().filter(|name| *name != member) {
            let lent = Attestation { signed: attest(name, head, at).signed, ..right.clone() };
            let when = format!("{name}'s signed bytes as {member}'s");
            refused("authority/presented-as-another", authority.check(&lent), when);
        }
        let replayed = Attestation { signed: attest(member, other, at).signed, ..right.clone() };
        refused("authority/other-head", authority.check(&replayed), "bytes signed over another head");
        let old = Attestation { signed: attest(member, head, later).signed, ..right.clone() };
        refused("authority/other-time", authority.check(&old), "bytes signed a minute later");
        signed_bytes(authority, &right);
        signed_lengths(authority, &right);
    }
}

fn envelope(authority: &impl Authority<Attestation>, right: &Attestation) {
    let Size(size) = right.head.size;
    for other in [0, size - 1, size + 1, size ^ 1 << 40, u64::MAX] {
        let mut changed = right.clone();
        changed.head.size = Size(other);
        refused("authority/size", authority.check(&changed), format_args!("size {other} instead of {size}"));
    }
    for byte in 0..32 {
        let mut changed = right.clone();
        changed.head.root.0[byte] ^= 1;
        refused("authority/root", authority.check(&changed), format_args!("byte {byte} of the root"));
    }
    let Millis(at) = right.at;
    for other in [0, at - 1_000, at + 1_000, at + 86_400_000, u64::MAX] {
        let changed = Attestation { at: Millis(other), ..right.clone() };
        refused("authority/at", authority.check(&changed), format_args!("time {other} instead of {at}"));
    }
}

fn signed_bytes(authority: &impl Authority<Attestation>, right: &Attestation) {
    let length = right.signed.len();
    let stride = (length / SAMPLE).max(1);
    for place in 0..length {
        let end = place < ENDS || place + ENDS >= length;
        let masks: &[u8] = match (end, place.is_multiple_of(stride)) {
            (true, _) => &[0x01, 0x20, 0x80],
            (false, true) => &[0x01],
            (false, false) => &[],
        };
        for mask in masks {
            let mut changed = right.clone();
            changed.signed[place] ^= mask;
            let when = format!("byte {place} of {length} signed bytes xor {mask:#04x}, stride {stride}");
            refused("authority/signed-byte", authority.check(&changed), when);
        }
    }
}

fn signed_lengths(authority: &impl Authority<Attestation>, right: &Attestation) {
    let signed = &right.signed;
    let cuts = [0, 1, signed.len() / 3, signed.len() / 2, signed.len() - 2, signed.len() - 1];
    let shorter = cuts.iter().map(|cut| signed[..*cut].to_vec());
    let longer = [b"\n".as_slice(), b"x", b"\0", b" ", signed].map(|extra| [signed, extra].concat());
    for changed in shorter.chain(longer).chain([signed[1..].to_vec(), [b"\n", &**signed].concat()]) {
        let when = format!("{} bytes where {} are right", changed.len(), signed.len());
        let changed = Attestation { signed: changed, ..right.clone() };
        refused("authority/signed-length", authority.check(&changed), when);
    }
}
