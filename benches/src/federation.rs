use auditmesh::{
    Builder, Built, LocalMember,
    anchor::{CONTRACT, MemoryAnchor},
    attest::{Ed25519Signer, MlDsa44Signer},
    event::Event,
    types::{MemberId, Millis, NameError, Origin, Zone},
};

/// The zones that members are dealt to.
pub const ZONES: [&str; 3] = ["EU", "US", "APAC"];

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
