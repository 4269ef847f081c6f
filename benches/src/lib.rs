//! Inputs shared by the benchmarks: the same bytes in every run.

use auditmesh::{
    Builder, Built, LocalMember,
    anchor::{CONTRACT, MemoryAnchor},
    attest::{Ed25519Signer, MlDsa44Signer},
    event::Event,
    merkle::Sha256,
    types::{Digest, Hasher, MemberId, Millis, NameError, Origin, Zone},
};

/// The zones that members are dealt to.
pub const ZONES: [&str; 3] = ["EU", "US", "APAC"];

/// `count` leaf hashes.
#[must_use]
pub fn digests(count: u64) -> Vec<Digest> {
    (0..count).map(|n| Sha256.leaf(&n.to_be_bytes())).collect()
}

/// `count` entries of `bytes` bytes each.
#[must_use]
pub fn entries(count: u64, bytes: usize) -> Vec<Vec<u8>> {
    let fill = |n: u64| (0u64..).flat_map(move |i| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ i).to_be_bytes());
    (0..count).map(|n| fill(n).take(bytes).collect()).collect()
}

/// The name and zone of a member.
///
/// # Errors
/// None in practice: the names are valid.
pub fn member(place: usize) -> Result<(Zone, MemberId), NameError> {
    let zone = ZONES[place % ZONES.len()];
    Ok((zone.parse()?, MemberId::new(format!("{zone}-{}", place / ZONES.len() + 1))?))
}

/// A federation of `members` in memory.
///
/// # Errors
/// As the builder's.
pub fn federation(members: u8, batch: usize) -> Built<LocalMember, MemoryAnchor> {
    let origin = Origin::new("bench.example/log").unwrap_or_else(|_| unreachable!("a valid name"));
    let mut builder = Builder::new(origin).batch_size(batch);
    for place in 0..members {
        let (zone, id) = member(place.into()).unwrap_or_else(|_| unreachable!("a valid name"));
        let (operator, cosigner) =
            (Ed25519Signer::from_seed([place; 32]), MlDsa44Signer::from_seed([place; 32]));
        builder = builder.member(zone, id, operator, cosigner);
    }
    builder.contract(CONTRACT).build(MemoryAnchor::new())
}

/// Event `n` of the first member, with a payload of about a kilobyte.
///
/// # Errors
/// None in practice: the names are valid.
pub fn event(n: u64) -> Result<Event, NameError> {
    let (zone, node) = member(0)?;
    Ok(Event {
        id: format!("e-{n}").parse()?,
        zone,
        node,
        sequence: n,
        time: Millis(1_767_225_600_000 + n),
        kind: "iam.CreateUser".parse()?,
        salt: [7; 32],
        payload: vec![b'x'; 1024],
    })
}
