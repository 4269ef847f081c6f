//! Seeded clock, network, disk and faults for anything written as a pure state machine.
//!
//! # Example
//!
//! ```
//! use auditmesh_sim::{Random, shrink};
//!
//! // The same seed, the same run: a failure is replayed by its seed alone.
//! let mut random = Random::new(7);
//! let faults: Vec<u64> = (0..20).map(|_| random.below(100)).collect();
//! assert!(faults.iter().all(|fault| *fault < 100));
//! // What failed is made smaller as long as it still fails.
//! let fails = |faults: &Vec<u64>| faults.len() >= 3;
//! let without = |faults: &Vec<u64>| (0..faults.len()).map(|at| [&faults[..at], &faults[at + 1..]].concat()).collect();
//! assert_eq!(shrink(faults, without, fails).len(), 3);
//! ```
//!
//! # Model
//!
//! A [`Node`] is a pure machine: it is booted from what its disk kept, takes [`Input`]s with the time of its own clock, and answers with
//! [`Action`]s. A [`World`] holds a number of them on one thread, in one virtual time, drawn from one seed, and carries the actions out
//! one by one:
//!
//! - a [`Disk`] keeps what was synced; a crash loses a tail of the rest, and of the record it was writing [`tear`] may leave a part,
//!   zeros or noise;
//! - letters take a while each, so they overtake one another; a [`Fault`] loses, repeats, delays or cuts them off, until it ends;
//! - a [`Fault::Crash`] strikes between any two actions, also of one step;
//! - every seat has its own [`Clock`], which is off and runs fast or slow;
//! - a [`Strategy`] stands between a machine and the network and says what it likes: a Byzantine member. Two seats may share one
//!   address, which makes twins.
//!
//! A [`Watch`] sees every action before it is carried out, and ends the run with a [`Violation`]. The world itself holds every seat to
//! "durable before sent". [`shrink`] makes a failing schedule smaller.
//!
//! The random numbers are drawn by an own few lines ([`Random`]) instead of another crate, since a seed in a report must mean the same
//! schedule after every update. Each link and each seat draws from its own stream, so that a fault less leaves the others as they were.
//!
//! # Security
//!
//! For tests. The numbers are predictable on purpose. A simulation shows the presence of faults; that it finds none is as good as its
//! strategies and its number of runs.
//!
//! # Status
//!
//! API: alpha. No wire format. A seed means the same schedule only within one commit.
//!
//! # Sources
//!
//! SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014). Twins: Bano et al., "Twins: BFT Systems
//! Made Robust" (2021).
#![no_std]

extern crate alloc;

mod action;
mod clock;
mod disk;
mod due;
mod fault;
mod network;
mod node;
mod random;
mod seat;
mod shrink;
mod strategy;
mod tear;
mod violation;
mod watch;
mod weather;
mod world;

pub use action::{Action, Input};
pub use clock::Clock;
pub use disk::{Disk, Write};
pub use fault::Fault;
pub use node::Node;
pub use random::Random;
pub use seat::Place;
pub use shrink::shrink;
pub use strategy::{Letter, Mind, Scene, Strategy};
pub use tear::tear;
pub use violation::Violation;
pub use watch::Watch;
pub use weather::Weather;
pub use world::{Setup, World};
