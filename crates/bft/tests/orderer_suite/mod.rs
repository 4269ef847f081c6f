//! What every `Orderer` keeps to, whatever its protocol: agreement, progress with one silent, values that were proposed and judged, order,
//! restarts, catching up. Four members; packets travel in order, and the time passes when none is left.
#![allow(dead_code, reason = "each of the users takes a part")]

mod notebook;
mod room;
mod toy;

pub(crate) use notebook::Notebook;
pub(crate) use room::{Disk, Mail, Room};
pub(crate) use toy::{ToySigner, ToyVerifier};

use std::collections::BTreeSet;

use auditmesh_bft::{Height, Orderer, Settings};
use auditmesh_types::Millis;

/// One way of playing the role.
pub(crate) trait Kind {
    /// What its members send one another.
    type Packet: Clone;
    /// What they keep.
    type Record: Clone;
    /// A member.
    type Orderer: Orderer<Ledger = Notebook, Packet = Self::Packet>;

    /// Starts a member, or starts it again.
    fn start(now: Millis, settings: Settings, seat: Seat<Self>) -> Self::Orderer;

    /// If `packet` is a vote: where it stands, of which there is one each, and what it says.
    fn vote(packet: &Self::Packet) -> Option<(String, String)>;
}

/// What a member is made of.
pub(crate) struct Seat<K: Kind + ?Sized> {
    pub(crate) ledger: Notebook,
    pub(crate) signer: ToySigner,
    pub(crate) verifier: ToyVerifier,
    pub(crate) disk: Disk<K::Record>,
    pub(crate) mail: Mail<K::Packet>,
}

/// Runs all of it.
pub(crate) fn run<K: Kind>() {
    agree::<K>();
    one_silent::<K>();
    refused_values_are_not_decided::<K>();
    restarts_say_nothing_else::<K>();
    a_late_member_catches_up::<K>();
}

fn agree<K: Kind>() {
    let mut room = Room::<K>::new(&[0, 1, 2, 3]);
    room.run(Height(8));
    room.check(Height(8));
}

fn one_silent<K: Kind>() {
    for silent in 0..4 {
        let present: Vec<usize> = (0..4).filter(|n| *n != silent).collect();
        let mut room = Room::<K>::new(&present);
        room.run(Height(6));
        room.check(Height(6));
    }
}

fn refused_values_are_not_decided<K: Kind>() {
    let mut room = Room::<K>::new(&[0, 1, 2, 3]);
    room.books[2].borrow_mut().proposes_what_others_refuse = true;
    room.run(Height(8));
    room.check(Height(8));
    let book = room.books[0].borrow();
    assert!(book.decided.iter().all(|decided| !decided.value().bytes().starts_with(b"unfit")));
    let refused: BTreeSet<Height> = book.refused.clone();
    assert!(!refused.is_empty(), "nobody was asked about the unfit value");
}

/// Each member is dropped and started again after every so many packets: the run ends the same, and nobody's votes contradict.
fn restarts_say_nothing_else<K: Kind>() {
    for every in [1, 2, 3, 5, 7, 11, 23] {
        let mut room = Room::<K>::new(&[0, 1, 2, 3]);
        room.restart_every = Some(every);
        room.run(Height(4));
        room.check(Height(4));
        assert!(room.restarts >= 4, "only {} restarts", room.restarts);
    }
}

fn a_late_member_catches_up<K: Kind>() {
    let mut room = Room::<K>::new(&[0, 1, 2]);
    room.run(Height(5));
    room.start(3);
    room.run(Height(7));
    room.check(Height(7));
}
