use alloc::collections::BTreeSet;
use core::fmt;

use auditmesh_types::Millis;

use crate::{Clock, Weather};

/// Something that goes wrong: data, so that a schedule can be printed, and tried again with less of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The seats in `side` and the others do not hear one another.
    Cut {
        /// When it begins.
        from: Millis,
        /// When it ends.
        until: Millis,
        /// The seats of one side.
        side: BTreeSet<usize>,
        /// Only what `side` sends is cut.
        one_way: bool,
        /// Letters wait until the cut ends; otherwise they are lost.
        holds: bool,
    },
    /// Bad weather.
    Storm {
        /// When it begins.
        from: Millis,
        /// When it ends.
        until: Millis,
        /// How bad.
        weather: Weather,
    },
    /// A seat stops before one of its actions, and is booted again later. Without effect once the world has healed.
    Crash {
        /// Who.
        seat: usize,
        /// Before which of its actions, counted from the beginning of the run.
        before: u64,
        /// For how long.
        down_ms: u64,
        /// How many durable records of its first store are lost as well: a disk that lies, for seats that count as Byzantine.
        forgets: usize,
    },
    /// A clock that is wrong, from the beginning.
    Skew {
        /// Whose.
        seat: usize,
        /// How.
        clock: Clock,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut { from, until, side, one_way, holds } => {
                write!(f, "{from}..{until} ms: seats ")?;
                side.iter().enumerate().try_for_each(|(at, seat)| {
                    if at == 0 { write!(f, "{seat}") } else { write!(f, ",{seat}") }
                })?;
                f.write_str(if *one_way { " are not heard by the others" } else { " are cut off" })?;
                f.write_str(if *holds { ", letters wait" } else { ", letters are lost" })
            }
            Self::Storm { from, until, weather } => {
                let Weather { letter_ms, answer_ms, lost, twice } = weather;
                write!(
                    f,
                    "{from}..{until} ms: letters take up to {letter_ms} ms, answers {answer_ms} ms; of a thousand "
                )?;
                write!(f, "letters {lost} are lost, {twice} doubled")
            }
            Self::Crash { seat, before, down_ms, forgets } => {
                write!(f, "seat {seat} crashes before its action {before}, for {down_ms} ms")?;
                if *forgets > 0 { write!(f, ", and its disk loses {forgets} records") } else { Ok(()) }
            }
            Self::Skew { seat, clock: Clock { offset_ms, gain_ppm } } => {
                write!(f, "seat {seat}: the clock is off by {offset_ms} ms and gains {gain_ppm} ppm")
            }
        }
    }
}
