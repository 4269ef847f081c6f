use alloc::{collections::BTreeMap, vec::Vec};
use core::{convert::Infallible, time::Duration};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

use auditmesh_types::{MemberId, Millis};

use super::{Driver, Notice, Packet, Parts, Record, RecordStore, Transport};

/// How long a member sleeps at most, in milliseconds.
const NAP_MS: u64 = 10;

/// A way to the other members of one process.
#[derive(Debug, Clone)]
pub struct Channel {
    name: MemberId,
    others: BTreeMap<MemberId, Sender<(MemberId, Packet)>>,
}

/// A channel from each of the members `names` to each other, and where its own packets arrive with their senders' names.
#[must_use]
pub fn mesh(names: &[MemberId]) -> Vec<(Channel, Receiver<(MemberId, Packet)>)> {
    let ends: Vec<_> = names.iter().map(|_| channel()).collect();
    let others: BTreeMap<_, _> = names.iter().cloned().zip(ends.iter().map(|(to, _)| to.clone())).collect();
    let others = |name: &MemberId| {
        others.iter().filter(|(to, _)| *to != name).map(|(to, end)| (to.clone(), end.clone())).collect()
    };
    let channels = names.iter().map(|name| Channel { name: name.clone(), others: others(name) });
    channels.zip(ends.into_iter().map(|(_, inbox)| inbox)).collect()
}

impl Transport for Channel {
    fn send(&mut self, to: &MemberId, packet: &Packet) {
        if let Some(other) = self.others.get(to) {
            // A member that has gone misses nothing.
            drop(other.send((self.name.clone(), packet.clone())));
        }
    }
}

/// Records in memory: for trials. They do not survive the process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryRecords(pub Vec<Record>);

impl RecordStore for MemoryRecords {
    type Error = Infallible;

    fn read(&mut self) -> Result<Vec<Record>, Infallible> {
        Ok(self.0.clone())
    }

    fn append(&mut self, record: &Record) -> Result<(), Infallible> {
        self.0.push(record.clone());
        Ok(())
    }

    fn replace(&mut self, records: &[Record]) -> Result<(), Infallible> {
        self.0 = records.to_vec();
        Ok(())
    }
}

impl<P: Parts> Driver<P> {
    /// Takes part until `until` says so. It is asked at every notice, and with `None` after a turn without one; `clock` is the only
    /// clock.
    ///
    /// # Errors
    /// As [`Driver::receive`].
    pub fn run(
        &mut self,
        inbox: &Receiver<(MemberId, Packet)>,
        clock: impl Fn() -> Millis,
        mut until: impl FnMut(Option<&Notice>) -> bool,
    ) -> Result<(), P::Error> {
        loop {
            let now = clock();
            let left = self.deadline().map_or(NAP_MS, |at| at.0.saturating_sub(now.0));
            let notices = match inbox.recv_timeout(Duration::from_millis(left.min(NAP_MS))) {
                Ok((from, packet)) => self.receive(clock(), &from, packet)?,
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            let idle = notices.is_empty().then_some(None);
            let ticked = self.tick(clock())?;
            for notice in notices.iter().chain(&ticked).map(Some).chain(idle) {
                if until(notice) {
                    return Ok(());
                }
            }
        }
    }
}
