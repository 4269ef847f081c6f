use auditmesh::{
    bft::{Driver, Member, MemoryRecords, Packet, Settings, Spread},
    types::{Millis, Origin},
};

use super::{
    Blobs, Checking, Post, Signatures, Signing, Table,
    table::{Places, Seat},
    wire::Forge,
};

/// Our engine in its driver, records in memory.
pub type Ours = Driver<(Blobs, Signing, Checking, MemoryRecords, Post<Packet>)>;

/// A table of our engines: `count` members, values of `bytes` bytes.
#[must_use]
pub fn ours(count: usize, bytes: usize, signatures: Signatures, spread: Spread) -> Table<Ours> {
    seated(Places { count, bytes, signatures }, spread, |_| false, |_| None)
}

/// The same, where some are not there and some lie.
pub(crate) fn seated(
    places: Places,
    spread: Spread,
    crashed: impl Fn(usize) -> bool,
    forge: impl Fn(usize) -> Option<Forge<Packet>>,
) -> Table<Ours> {
    Table::new(places, crashed, forge, |seat| {
        let Seat { name, ledger, signer, verifier, post } = seat;
        let mut settings = Settings::new(federation(), name);
        settings.spread = spread;
        let store = MemoryRecords::default();
        let member = Member { ledger, signer, verifier, store, transport: post };
        Driver::start(Millis(0), settings, member).unwrap()
    })
}

/// Whose order it is.
pub(crate) fn federation() -> Origin {
    Origin::new("bench.example/order").unwrap()
}
