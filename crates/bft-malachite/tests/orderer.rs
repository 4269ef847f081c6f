//! Malachite's core keeps to what every `Orderer` keeps to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "../../bft/tests/orderer_suite/mod.rs"]
mod orderer_suite;

use arc_malachitebft_core_types::{Proposal as _, Vote as _};
use auditmesh_bft::Settings;
use auditmesh_bft_malachite::{Entry, Malachite, Member, Packet};
use auditmesh_types::Millis;
use orderer_suite::{Disk, Kind, Mail, Notebook, Seat, ToySigner, ToyVerifier, run};

struct Theirs;

impl Kind for Theirs {
    type Packet = Packet;
    type Record = Entry;
    type Orderer = Malachite<(Notebook, ToySigner, ToyVerifier, Disk<Entry>, Mail<Packet>)>;

    fn start(now: Millis, settings: Settings, seat: Seat<Self>) -> Self::Orderer {
        let Seat { ledger, signer, verifier, disk, mail } = seat;
        let member = Member { ledger, signer, verifier, store: disk, transport: mail };
        Malachite::start(now, settings, member).unwrap()
    }

    fn vote(packet: &Packet) -> Option<(String, String)> {
        match packet {
            Packet::Vote(vote) => {
                let vote = &vote.message;
                let (by, height, round) = (vote.validator_address(), vote.height(), vote.round());
                Some((format!("{by} {height} {round} {:?}", vote.vote_type()), format!("{:?}", vote.value())))
            }
            Packet::Proposal(proposal) => {
                let offer = &proposal.message;
                let (by, height, round) = (offer.validator_address(), offer.height(), offer.round());
                Some((format!("{by} {height} {round} proposal"), format!("{:?}", offer.value())))
            }
            _ => None,
        }
    }
}

#[test]
fn malachite_plays_the_role() {
    run::<Theirs>();
}
