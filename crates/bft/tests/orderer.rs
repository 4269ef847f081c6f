//! The driver with its engine keeps to what every `Orderer` keeps to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod orderer_suite;

use auditmesh_bft::{Driver, Member, Message, Packet, Record, Settings, Signed};
use auditmesh_types::Millis;
use orderer_suite::{Disk, Kind, Mail, Notebook, Seat, ToySigner, ToyVerifier, run};

struct Ours;

impl Kind for Ours {
    type Packet = Packet;
    type Record = Record;
    type Orderer = Driver<(Notebook, ToySigner, ToyVerifier, Disk<Record>, Mail<Packet>)>;

    fn start(now: Millis, settings: Settings, seat: Seat<Self>) -> Self::Orderer {
        let Seat { ledger, signer, verifier, disk, mail } = seat;
        let member = Member { ledger, signer, verifier, store: disk, transport: mail };
        Driver::start(now, settings, member).unwrap()
    }

    fn vote(packet: &Packet) -> Option<(String, String)> {
        let Packet::Message(
            Message::Vote(vote) | Message::Proposal(auditmesh_bft::Proposal { prepare: vote, .. }),
        ) = packet
        else {
            return None;
        };
        let Signed { by, statement, .. } = vote;
        let (phase, value) = statement.vote()?;
        let (height, view) = (statement.height, statement.view);
        Some((format!("{by} {height} {view} {phase:?}"), format!("{value:?}")))
    }
}

#[test]
fn the_driver_plays_the_role() {
    run::<Ours>();
}
