use alloc::{
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    vec::Vec,
};
use core::cmp::Reverse;

use auditmesh_types::{Batch, Batcher, MemberId, Millis, Zone};

use crate::{
    Error, Event, Gap, Position,
    seen::Seen,
    source::{Source, Waiting},
};

/// Takes events in any order and seals batches whose order does not depend on it.
///
/// What must survive a restart: [`Sequencer::positions`]. The remembered ids do not: after a restart an id that was
/// sealed before is taken again, unless its source's sequence number gives it away.
#[derive(Debug, Clone)]
pub struct Sequencer {
    members: Option<BTreeSet<(Zone, MemberId)>>,
    start: u64,
    queue_limit: usize,
    not_after: Option<Millis>,
    refuses_gaps: bool,
    sources: BTreeMap<(Zone, MemberId), Source>,
    seen: Seen,
    depth: usize,
    ready: usize,
}

impl Default for Sequencer {
    fn default() -> Self {
        Self::new()
    }
}

impl Sequencer {
    /// The number of a source's first event, unless [`Sequencer::with_start`] says otherwise.
    pub const START: u64 = 1;

    /// How many events may wait, unless [`Sequencer::with_queue_limit`] says otherwise.
    pub const QUEUE_LIMIT: usize = 1_000_000;

    /// How many sealed ids are remembered, unless [`Sequencer::with_remembered_ids`] says otherwise.
    pub const REMEMBERED_IDS: usize = 1_000_000;

    /// A sequencer that takes events of any source, from number 1, of any time.
    #[must_use]
    pub fn new() -> Self {
        Self {
            members: None,
            start: Self::START,
            queue_limit: Self::QUEUE_LIMIT,
            not_after: None,
            refuses_gaps: false,
            sources: BTreeMap::new(),
            seen: Seen::new(Self::REMEMBERED_IDS),
            depth: 0,
            ready: 0,
        }
    }

    /// Takes events of these sources only.
    #[must_use]
    pub fn with_members(mut self, members: impl IntoIterator<Item = (Zone, MemberId)>) -> Self {
        self.members = Some(members.into_iter().collect());
        self
    }

    /// Sets the number of a source's first event, for sources that have sent nothing yet.
    #[must_use]
    pub fn with_start(mut self, start: u64) -> Self {
        self.start = start;
        self
    }

    /// Refuses an event that is not the next of its source, instead of letting it wait until the gap is filled.
    #[must_use]
    pub fn refusing_gaps(mut self) -> Self {
        self.refuses_gaps = true;
        self
    }

    /// Sets how many events may wait. One more is taken when nothing is ready to be sealed and it fills the front of a
    /// gap: otherwise a queue full of events behind gaps could never empty.
    #[must_use]
    pub fn with_queue_limit(mut self, events: usize) -> Self {
        self.queue_limit = events;
        self
    }

    /// Sets how many ids of sealed events are remembered; the oldest sealed is forgotten first. Ids of events that
    /// wait are always known. An id costs about its bytes and 100 more.
    #[must_use]
    pub fn with_remembered_ids(mut self, ids: usize) -> Self {
        self.seen.capacity = ids;
        self
    }

    /// Sets the latest time that [`Batcher::push`] takes, commonly the caller's clock and some minutes.
    pub fn set_not_after(&mut self, time: Option<Millis>) {
        self.not_after = time;
    }

    /// Goes on behind `position`: what its source sealed before a restart.
    ///
    /// # Errors
    /// [`Error::PeerUnknownMember`]; [`Error::MisuseSourceStarted`] when the source has sent events or was resumed.
    pub fn resume(&mut self, position: Position) -> Result<(), Error> {
        let Position { zone, node, sealed, clock } = position;
        let key = (zone, node);
        self.check_member(&key)?;
        if self.sources.contains_key(&key) {
            let (zone, node) = key;
            return Err(Error::MisuseSourceStarted { zone, node });
        }
        self.sources.insert(key, Source::resumed(self.start, sealed, clock));
        Ok(())
    }

    /// How far every source has come of which something was sealed, in the order of zone and node.
    #[must_use]
    pub fn positions(&self) -> Vec<Position> {
        let place = |((zone, node), source): (&(Zone, MemberId), &Source)| {
            let (sealed, clock) = source.sealed()?;
            Some(Position { zone: zone.clone(), node: node.clone(), sealed, clock })
        };
        self.sources.iter().filter_map(place).collect()
    }

    /// How many events [`Batcher::seal`] would take now: those that no gap holds back.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.ready
    }

    /// Every run of numbers that is missing before an event that waits, in the order of zone, node and number.
    ///
    /// # Cost
    /// A pass over all that waits.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for ((zone, node), source) in &self.sources {
            gaps.extend(source.gaps().map(|(missing_from, missing_to, _)| Gap {
                zone: zone.clone(),
                node: node.clone(),
                missing_from,
                missing_to,
            }));
        }
        gaps
    }

    /// Refuses gaps at once, for those who read a complete recording.
    ///
    /// # Errors
    /// [`Error::PeerSequenceGap`] for the first of [`Sequencer::gaps`].
    pub fn check_gaps(&self) -> Result<(), Error> {
        for ((zone, node), source) in &self.sources {
            if let Some((expected, _, got)) = source.gaps().next() {
                return Err(Error::PeerSequenceGap { zone: zone.clone(), node: node.clone(), expected, got });
            }
        }
        Ok(())
    }

    fn check_member(&self, key: &(Zone, MemberId)) -> Result<(), Error> {
        match &self.members {
            Some(members) if !members.contains(key) => {
                Err(Error::PeerUnknownMember { zone: key.0.clone(), node: key.1.clone() })
            }
            _ => Ok(()),
        }
    }

    fn check_sequence(&self, key: &(Zone, MemberId), sequence: u64) -> Result<(), Error> {
        let source = self.sources.get(key);
        let start = source.map_or(self.start, Source::start);
        if sequence < start {
            let (zone, node) = key.clone();
            return Err(Error::PeerSequenceBeforeStart { zone, node, got: sequence, start });
        }
        if source.is_some_and(|source| source.has(sequence)) {
            let (zone, node) = key.clone();
            return Err(Error::PeerSequenceRepeated { zone, node, sequence });
        }
        let expected = source.map_or(Some(self.start), Source::missing);
        match expected.filter(|expected| self.refuses_gaps && *expected != sequence) {
            Some(expected) => {
                let (zone, node) = key.clone();
                Err(Error::PeerSequenceGap { zone, node, expected, got: sequence })
            }
            None => Ok(()),
        }
    }

    fn check_room(&self, key: &(Zone, MemberId), sequence: u64) -> Result<(), Error> {
        let awaited = self.sources.get(key).map_or(Some(self.start), Source::missing) == Some(sequence);
        if self.depth < self.queue_limit || (self.depth == self.queue_limit && self.ready == 0 && awaited) {
            return Ok(());
        }
        Err(Error::LocalQueueFull { got: self.depth, allowed: self.queue_limit })
    }
}

impl Batcher for Sequencer {
    type Event = Event;
    type Error = Error;

    /// Takes an event in; its payload is hashed and dropped.
    ///
    /// # Errors
    /// In this order: [`Error::PeerPayloadTooLarge`], [`Error::PeerTimeTooLate`], [`Error::PeerTimeInFuture`],
    /// [`Error::PeerUnknownMember`], [`Error::PeerSequenceBeforeStart`], [`Error::PeerSequenceRepeated`],
    /// [`Error::PeerSequenceGap`] when gaps are refused, [`Error::PeerIdRepeated`], [`Error::LocalQueueFull`]. What is
    /// refused leaves no trace.
    /// # Cost
    /// One SHA-256 over the payload, O(log waiting) comparisons.
    fn push(&mut self, event: Event) -> Result<(), Error> {
        event.check()?;
        if let Some(allowed) = self.not_after.filter(|allowed| event.time > *allowed) {
            return Err(Error::PeerTimeInFuture { got: event.time, allowed });
        }
        let key = (event.zone.clone(), event.node.clone());
        self.check_member(&key)?;
        self.check_sequence(&key, event.sequence)?;
        if self.seen.contains(&event.id) {
            return Err(Error::PeerIdRepeated { id: event.id });
        }
        self.check_room(&key, event.sequence)?;
        let waiting = Waiting { time: event.time, record: event.record()? };
        let source = self.sources.entry(key).or_insert_with(|| Source::new(self.start));
        self.ready += source.insert(event.sequence, waiting);
        self.depth += 1;
        self.seen.wait(event.id);
        Ok(())
    }

    /// Closes the batch: what no gap holds back, at most `limit` events, in total order. `None` when there is nothing.
    ///
    /// # Cost
    /// O(sealed · log sources).
    fn seal(&mut self, limit: usize) -> Option<Batch> {
        let mut sources: Vec<&mut Source> = self.sources.values_mut().collect();
        let heads = sources.iter().enumerate();
        // Sources stand in the order of zone and node, so their index breaks ties as the names would.
        let mut heap: BinaryHeap<_> =
            heads.filter_map(|(index, source)| Some(Reverse((source.head()?, index)))).collect();
        let mut batch = Batch { records: Vec::with_capacity(self.ready.min(limit)), newest: Millis(0) };
        while batch.records.len() < limit {
            let Some(Reverse((_, index))) = heap.pop() else { break };
            let Some(source) = sources.get_mut(index) else { break };
            let Some(Waiting { time, record }) = source.pop() else { break };
            heap.extend(source.head().map(|head| Reverse((head, index))));
            self.seen.seal(&record.id);
            batch.newest = batch.newest.max(time);
            batch.records.push(record);
        }
        self.depth -= batch.records.len();
        self.ready -= batch.records.len();
        (!batch.records.is_empty()).then_some(batch)
    }

    /// How many events wait, those behind gaps included.
    fn depth(&self) -> usize {
        self.depth
    }
}
