use std::convert::Infallible;

use auditmesh::{
    bft::{RecordStore, Settings},
    types::Millis,
};
use auditmesh_bft_malachite::{Entry, Malachite, Member, Packet};

use crate::ordering::{Blobs, Checking, Places, Post, Seat, Signatures, Signing, Table, federation};

/// Malachite's core in our adapter, entries in memory.
pub type Theirs = Malachite<(Blobs, Signing, Checking, Entries, Post<Packet>)>;

/// Entries in memory.
#[derive(Debug, Default)]
pub struct Entries(Vec<Entry>);

impl RecordStore<Entry> for Entries {
    type Error = Infallible;

    fn read(&mut self) -> Result<Vec<Entry>, Infallible> {
        Ok(self.0.clone())
    }

    fn append(&mut self, entry: &Entry) -> Result<(), Infallible> {
        self.0.push(entry.clone());
        Ok(())
    }

    fn replace(&mut self, entries: &[Entry]) -> Result<(), Infallible> {
        self.0 = entries.to_vec();
        Ok(())
    }
}

/// A table of Malachite's cores: `count` members, values of `bytes` bytes.
#[must_use]
pub fn malachite(count: usize, bytes: usize, signatures: Signatures) -> Table<Theirs> {
    Table::new(
        Places { count, bytes, signatures },
        |_| false,
        |_| None,
        |seat| {
            let Seat { name, ledger, signer, verifier, post } = seat;
            let store = Entries::default();
            let member = Member { ledger, signer, verifier, store, transport: post };
            Malachite::start(Millis(0), Settings::new(federation(), name), member).unwrap()
        },
    )
}
