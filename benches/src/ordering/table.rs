use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
};

use auditmesh::{
    bft::{Height, Notice, Orderer, ValidatorSet},
    types::{MemberId, Millis, Scheme, Signer as _},
};

use super::{
    Blobs, Checking, Signatures, Signing,
    wire::{Forge, Post, Wire},
};

/// Members around one table: packets travel in the order they were sent, at once; the time passes only when nothing is on its way.
pub struct Table<O: Orderer> {
    members: Vec<Option<O>>,
    wire: Rc<RefCell<Wire<O::Packet>>>,
    until: Rc<Cell<Height>>,
    checks: Rc<Cell<u64>>,
    now: Millis,
    /// Of the last decision: the longest chain of packets to it.
    hops: u64,
}

/// What one member is made of, besides its engine.
pub(crate) struct Seat<T> {
    pub(crate) name: MemberId,
    pub(crate) ledger: Blobs,
    pub(crate) signer: Signing,
    pub(crate) verifier: Checking,
    pub(crate) post: Post<T>,
}

/// What a table is set for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    /// How many members.
    pub(crate) count: usize,
    /// How long a value is.
    pub(crate) bytes: usize,
    /// Who makes and checks signatures.
    pub(crate) signatures: Signatures,
}

impl<O: Orderer<Packet: Clone>> Table<O> {
    /// A table where `sit` starts each member but those that `crashed` names.
    pub(crate) fn new(
        Places { count, bytes, signatures }: Places,
        crashed: impl Fn(usize) -> bool,
        forge: impl Fn(usize) -> Option<Forge<O::Packet>>,
        sit: impl Fn(Seat<O::Packet>) -> O,
    ) -> Self {
        let names: Rc<[MemberId]> = (0..count).map(|n| MemberId::new(format!("M-{n:03}")).unwrap()).collect();
        let keys = (0..count).map(|n| Signing::of(n, signatures).public_key().to_vec());
        let set = ValidatorSet::equal(Scheme::Ed25519, names.iter().cloned().zip(keys)).unwrap();
        let wire = Wire::new(Rc::clone(&names));
        let (until, checks) = (Rc::new(Cell::new(Height(0))), Rc::new(Cell::new(0)));
        let verifier = Checking::new(count, signatures, Rc::clone(&checks));
        let seat = |n: usize| Seat {
            name: names[n].clone(),
            ledger: Blobs::new(bytes, set.clone(), Rc::clone(&until)),
            signer: Signing::of(n, signatures),
            verifier: verifier.clone(),
            post: Post { from: n, wire: Rc::clone(&wire), forge: forge(n) },
        };
        let members = (0..count).map(|n| (!crashed(n)).then(|| sit(seat(n)))).collect();
        Self { members, wire, until, checks, now: Millis(0), hops: 0 }
    }

    /// Decides `more` heights, all members each, and delivers what is left on its way.
    pub fn decide(&mut self, more: u64) {
        let until = Height(self.until.get().0 + more);
        self.until.set(until);
        self.wire.borrow_mut().depth = 0;
        self.tick();
        loop {
            self.deliver();
            if self.members.iter().flatten().all(|member| member.height() > until) {
                return;
            }
            let due = self.members.iter().flatten().filter_map(Orderer::deadline).min();
            self.now = self.now.max(due.unwrap());
            self.tick();
        }
    }

    fn tick(&mut self) {
        for member in self.members.iter_mut().flatten() {
            let notices = member.tick(self.now).ok().unwrap();
            self.hops = hops(&notices, self.wire.borrow().depth).unwrap_or(self.hops);
        }
    }

    fn deliver(&mut self) {
        loop {
            let next = self.wire.borrow_mut().queue.pop_front();
            let Some(parcel) = next else { return };
            let Some(member) = &mut self.members[parcel.to] else { continue };
            let from = {
                let mut wire = self.wire.borrow_mut();
                wire.depth = parcel.depth;
                Rc::clone(&wire.names)
            };
            let notices = member.receive(self.now, &from[parcel.from], parcel.packet).ok().unwrap();
            self.hops = hops(&notices, parcel.depth).unwrap_or(self.hops);
        }
    }

    /// Of the last decision: how long the chain of packets was that led to the last member's.
    #[must_use]
    pub const fn hops(&self) -> u64 {
        self.hops
    }

    /// How many packets were sent so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.wire.borrow().sent
    }

    /// How many bytes they had, since [`Table::weigh`].
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.wire.borrow().bytes
    }

    /// How many signatures were checked so far.
    #[must_use]
    pub fn checks(&self) -> u64 {
        self.checks.get()
    }

    /// Weighs packets from here on.
    pub fn weigh(&mut self, weigh: fn(&O::Packet) -> usize) {
        self.wire.borrow_mut().weigh = Some(weigh);
    }
}

/// The depth, if one of `notices` is a decision.
fn hops(notices: &[Notice], depth: u64) -> Option<u64> {
    notices.iter().any(|notice| matches!(notice, Notice::Decided(_))).then_some(depth)
}

impl<O: Orderer> fmt::Debug for Table<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("members", &self.members.len()).finish_non_exhaustive()
    }
}
