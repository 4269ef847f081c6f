use alloc::{boxed::Box, vec::Vec};
use core::fmt::Debug;

use auditmesh_types::Millis;

use crate::{Node, Random};

/// A letter that a strategy sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter<M> {
    /// The address.
    pub to: usize,
    /// What.
    pub message: M,
    /// How long it is held back first.
    pub held_ms: u64,
}

/// What a strategy has to work with.
#[derive(Debug)]
pub struct Scene<'a, M> {
    /// The world's time.
    pub now: Millis,
    /// The seat's own random numbers.
    pub random: &'a mut Random,
    /// What is sent.
    pub letters: &'a mut Vec<Letter<M>>,
}

impl<M> Scene<'_, M> {
    /// Sends without holding back.
    pub fn send(&mut self, to: usize, message: M) {
        self.letters.push(Letter { to, message, held_ms: 0 });
    }
}

/// A Byzantine member's mind: it stands between a machine and the network.
pub trait Strategy<N: Node>: Debug {
    /// The machine wants this sent. Nothing goes out but what the strategy puts into the scene.
    fn sends(&mut self, scene: &mut Scene<'_, N::Message>, to: usize, message: N::Message);

    /// This came in. Says whether the machine gets to see it.
    fn receives(&mut self, scene: &mut Scene<'_, N::Message>, from: usize, message: &N::Message) -> bool;
}

/// A strategy, or none for a member that keeps to the protocol.
pub type Mind<N> = Option<Box<dyn Strategy<N>>>;
