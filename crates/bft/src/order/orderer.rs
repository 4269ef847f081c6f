use alloc::vec::Vec;

use auditmesh_types::{MemberId, Millis};

use super::{Driver, Height, Ledger, Notice, Packet, Parts};

/// One member that agrees with others on an order, whatever the protocol between them: it asks a [`Ledger`] what to propose and what is fit,
/// and gives it the decisions. [`Driver`] plays it with this crate's engine; an adapter may play it with another.
///
/// Like a [`Driver`] it reads no clock and starts no thread: its owner brings packets and the time.
pub trait Orderer {
    /// The application.
    type Ledger: Ledger;
    /// What travels between two members.
    type Packet;
    /// What stops a member.
    type Error;

    /// The height that is being decided.
    fn height(&self) -> Height;

    /// The application. An owner that gives it something to propose calls [`Orderer::tick`] next.
    fn ledger(&mut self) -> &mut Self::Ledger;

    /// When [`Orderer::tick`] is due at the latest.
    fn deadline(&self) -> Option<Millis>;

    /// Takes a packet in that came from the member `from`.
    ///
    /// # Errors
    /// When ledger or store fail: the member must stop.
    fn receive(
        &mut self,
        now: Millis,
        from: &MemberId,
        packet: Self::Packet,
    ) -> Result<Vec<Notice>, Self::Error>;

    /// Lets the time pass: timers that ran out, and a proposal that waits for the application.
    ///
    /// # Errors
    /// As [`Orderer::receive`].
    fn tick(&mut self, now: Millis) -> Result<Vec<Notice>, Self::Error>;
}

impl<P: Parts> Orderer for Driver<P> {
    type Ledger = P::Ledger;
    type Packet = Packet;
    type Error = P::Error;

    fn height(&self) -> Height {
        Self::height(self)
    }

    fn ledger(&mut self) -> &mut P::Ledger {
        Self::ledger(self)
    }

    fn deadline(&self) -> Option<Millis> {
        Self::deadline(self)
    }

    fn receive(&mut self, now: Millis, from: &MemberId, packet: Packet) -> Result<Vec<Notice>, P::Error> {
        Self::receive(self, now, from, packet)
    }

    fn tick(&mut self, now: Millis) -> Result<Vec<Notice>, P::Error> {
        Self::tick(self, now)
    }
}
