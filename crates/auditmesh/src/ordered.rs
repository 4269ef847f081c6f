use std::{
    fmt, mem,
    sync::{Arc, mpsc::Receiver},
};

use auditmesh_attest::Ed25519;
use auditmesh_bft::{
    Channel, Decided, Driver, Evidence, Height, Member, MemoryRecords, Notice, Packet, Rotation as _,
    RoundRobin, Settings, Spread, Timeouts, ValidatorSet, Value, View, mesh,
};
use auditmesh_types::{Batch, Batcher, MemberId, Millis, Origin, Scheme, Signer};

use crate::{BatchLedger, batch_value};

/// Views last a second at first and eight at most, of a clock that nobody waits for.
const TIMES: [Millis; 3] = [Millis(1_000), Millis(8_000), Millis(4_000)];

/// What stops a member here: bytes that are no batch were decided, which takes more than a third of liars.
type Stop = Box<dyn std::error::Error + Send + Sync>;

/// A member's engine with its parts, and what comes for it.
type Node<S> = (Driver<(BatchLedger, S, Ed25519, MemoryRecords, Channel)>, Receiver<(MemberId, Packet)>);

/// A batcher whose batches the members agree on first: each is a value that their engines order, all in this process.
///
/// Time is virtual: when nothing is on its way, the clock goes to the next timer, so that a proposer who is silent costs no waiting.
pub struct Ordered<B, S: Signer> {
    inner: B,
    federation: Origin,
    set: Arc<ValidatorSet>,
    /// Who takes part, until the first batch starts their engines.
    members: Vec<(MemberId, S, bool)>,
    nodes: Vec<Node<S>>,
    now: Millis,
    open: Option<Batch>,
    stopped: Option<String>,
    last: Option<Order>,
}

/// How a batch came to its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The name that was signed for: the federation's, and of the first batch of this process.
    pub federation: Origin,
    /// The decision, with its certificate.
    pub decided: Decided,
    /// Who proposed it.
    pub proposer: MemberId,
    /// What members were convicted of meanwhile.
    pub accused: Vec<Evidence>,
}

impl<B: Batcher, S: Signer> Ordered<B, S> {
    /// Orders the batches of `inner` among `members` of `federation`, each given with the key it votes with and whether it is there. A key has
    /// one role: do not give one that signs checkpoints.
    ///
    /// The engines keep their records in memory. So that members do not contradict what they said in an earlier process, they vote under a
    /// name that the first batch is part of, [`Order::federation`]: a log takes no batch twice.
    ///
    /// # Errors
    /// As [`ValidatorSet::new`].
    pub fn new(inner: B, federation: &Origin, members: Vec<(MemberId, S, bool)>) -> Result<Self, Stop> {
        let keys = members.iter().map(|(name, signer, _)| (name.clone(), signer.public_key()));
        let set = ValidatorSet::equal(Scheme::Ed25519, keys)?;
        let federation = federation.clone();
        Ok(Self {
            inner,
            federation,
            set,
            members,
            nodes: Vec::new(),
            now: Millis(0),
            open: None,
            stopped: None,
            last: None,
        })
    }

    /// Starts the engines, under a name for the order that begins with `first`.
    fn start(&mut self, first: &Batch) -> Result<(), Stop> {
        let id = Value::new(batch_value::encode(first))?.id();
        self.federation = Origin::new(format!("{}/{}", self.federation, &id.0.to_string()[..32]))?;
        let members = mem::take(&mut self.members);
        let names: Vec<MemberId> = members.iter().map(|(name, ..)| name.clone()).collect();
        let spread = if names.len() > 10 { Spread::Collector } else { Spread::AllToAll };
        let [base, cap, resend] = TIMES;
        let timeouts = Timeouts::new(base, cap, resend)?;
        for ((name, signer, there), (transport, inbox)) in members.into_iter().zip(mesh(&names)) {
            let settings = Settings { spread, timeouts, ..Settings::new(self.federation.clone(), name) };
            let (ledger, store) = (BatchLedger::new(self.set.clone()), MemoryRecords::default());
            let member = Member { ledger, signer, verifier: Ed25519, store, transport };
            if there {
                self.nodes.push((Driver::start(Millis(0), settings, member)?, inbox));
            }
        }
        Ok(())
    }

    /// What waits for its place.
    pub const fn inner(&self) -> &B {
        &self.inner
    }

    /// Who votes.
    pub const fn set(&self) -> &Arc<ValidatorSet> {
        &self.set
    }

    /// Why nothing is ordered any more, if a member had to stop.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// How the last batch came to its place.
    pub const fn last(&self) -> Option<&Order> {
        self.last.as_ref()
    }

    /// Lets the engines run until each has decided the height, or as many views have passed as there are members, and two more: then no quorum
    /// is there.
    fn decide(&mut self, batch: &Batch) -> Result<Option<Order>, Stop> {
        if !self.members.is_empty() {
            self.start(batch)?;
        }
        let Some(height) = self.nodes.first().map(|(node, _)| node.height()) else { return Ok(None) };
        for (node, _) in &mut self.nodes {
            node.ledger().offer(batch);
        }
        let mut accused = Vec::new();
        let until = self.now.0.saturating_add(TIMES[1].0.saturating_mul(self.set.len() as u64 + 2));
        while self.nodes.iter().any(|(node, _)| node.height() == height) {
            // What the last one sent in a turn comes to the first one in the next.
            if self.turn(&mut accused)? || self.turn(&mut accused)? {
                continue;
            }
            let next = self.nodes.iter().filter_map(|(node, _)| node.deadline()).min();
            match next.filter(|next| next.0 <= until) {
                Some(next) => self.now = self.now.max(next),
                None => return Ok(None),
            }
        }
        let last = self.nodes.iter_mut().next().and_then(|(node, _)| node.ledger().last().cloned());
        let Some((decided, _)) = last else { return Ok(None) };
        let proposer = self.proposer(height, decided.certificate.view);
        let federation = self.federation.clone();
        Ok(proposer.map(|proposer| Order { federation, decided, proposer, accused }))
    }

    /// Gives every member what came for it, and the time. Whether anything came.
    fn turn(&mut self, accused: &mut Vec<Evidence>) -> Result<bool, Stop> {
        let (now, mut came) = (self.now, false);
        for (node, inbox) in &mut self.nodes {
            let mut notices = node.tick(now)?;
            while let Ok((from, packet)) = inbox.try_recv() {
                came = true;
                notices.extend(node.receive(now, &from, packet)?);
            }
            for notice in notices {
                if let Notice::Accused(evidence) = notice
                    && !accused.contains(&evidence)
                {
                    accused.push(evidence);
                }
            }
        }
        Ok(came)
    }

    fn proposer(&self, height: Height, view: View) -> Option<MemberId> {
        let index = RoundRobin.proposer(&self.set, height, view);
        self.set.at(index).map(|validator| validator.name.clone())
    }
}

impl<B: Batcher, S: Signer> Batcher for Ordered<B, S> {
    type Event = B::Event;
    type Error = B::Error;

    fn push(&mut self, event: B::Event) -> Result<(), B::Error> {
        self.inner.push(event)
    }

    /// The next batch, once the members agree on it. `None` also when they do not; then the batch waits for the next call.
    fn seal(&mut self, limit: usize) -> Option<Batch> {
        let open = self.open.take();
        let batch = open.or_else(|| self.inner.seal(limit.min(BatchLedger::MAX_EVENTS)))?;
        self.last = self.decide(&batch).unwrap_or_else(|why| {
            // Members that failed must not go on.
            self.nodes.clear();
            self.stopped = Some(why.to_string());
            None
        });
        let decided = self.nodes.first_mut().and_then(|(node, _)| node.ledger().last().cloned());
        match decided.filter(|_| self.last.is_some()) {
            Some((_, decided)) => Some(decided),
            None => {
                self.open = Some(batch);
                None
            }
        }
    }

    fn depth(&self) -> usize {
        self.inner.depth() + self.open.as_ref().map_or(0, |batch| batch.records.len())
    }
}

impl<B: fmt::Debug, S: Signer> fmt::Debug for Ordered<B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ordered").field("inner", &self.inner).field("set", &self.set).finish_non_exhaustive()
    }
}
