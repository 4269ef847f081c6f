use std::{cell::RefCell, collections::VecDeque, fmt, rc::Rc};

use auditmesh::{bft::Transport, types::MemberId};

/// What is on its way between the members, in the order in which it was sent.
pub(crate) struct Wire<T> {
    pub(crate) queue: VecDeque<Parcel<T>>,
    /// How many packets were sent.
    pub(crate) sent: u64,
    /// What they weigh, where somebody weighs them.
    pub(crate) bytes: u64,
    /// How long a chain of packets led to what is being done.
    pub(crate) depth: u64,
    /// How many bytes a packet has.
    pub(crate) weigh: Option<fn(&T) -> usize>,
    pub(crate) names: Rc<[MemberId]>,
}

/// A packet on its way.
pub(crate) struct Parcel<T> {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) depth: u64,
    pub(crate) packet: T,
}

impl<T> Wire<T> {
    pub(crate) fn new(names: Rc<[MemberId]>) -> Rc<RefCell<Self>> {
        let queue = VecDeque::new();
        Rc::new(RefCell::new(Self { queue, sent: 0, bytes: 0, depth: 0, weigh: None, names }))
    }
}

/// What a liar sends in the place of a packet, to the member at the place named.
pub(crate) type Forge<T> = Rc<dyn Fn(usize, &T) -> Option<T>>;

/// One member's way to the others.
#[derive(Clone)]
pub struct Post<T> {
    pub(crate) from: usize,
    pub(crate) wire: Rc<RefCell<Wire<T>>>,
    pub(crate) forge: Option<Forge<T>>,
}

impl<T: Clone> Transport<T> for Post<T> {
    fn send(&mut self, to: &MemberId, packet: &T) {
        let mut wire = self.wire.borrow_mut();
        let Ok(to) = wire.names.binary_search(to) else { return };
        let forged = self.forge.as_ref().and_then(|forge| forge(to, packet));
        let packet = forged.unwrap_or_else(|| packet.clone());
        wire.sent += 1;
        if let Some(weigh) = wire.weigh {
            wire.bytes += weigh(&packet) as u64;
        }
        let (from, depth) = (self.from, wire.depth + 1);
        wire.queue.push_back(Parcel { from, to, depth, packet });
    }
}

impl<T> fmt::Debug for Post<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").field("from", &self.from).finish_non_exhaustive()
    }
}
