//! `bft::Engine` as a whole: any list of inputs.

use std::sync::Arc;

use auditmesh_bft::{ByWeight, Input, RecordId, Settings, Spread, Timer, TimerKind};
use auditmesh_types::Millis;

use super::{
    order::origin,
    script::{Script, signature},
    watched::{Watched, name, place, set},
};

/// The most operations that are carried out.
const MOST: usize = 400;

/// `bft::Engine`, `bft::Intake`: whatever comes in whatever order, also after restarts from what it wrote, it says nothing that the rules of
/// `docs/spec/bft.md` forbid, nothing that is not on disk, and decides each height once; it holds no more than is promised. Where
/// messages are checked, their signatures apart, so are those it sends and what it decides. Input: whose engine; the settings, and
/// whether messages are checked; operations ([`operation`]).
pub(super) fn bft_engine(bytes: &[u8]) -> bool {
    let mut script = Script::new(bytes);
    let Some((settings, how)) = settings(&mut script) else { return false };
    let mut watched = Watched::new(settings, [set(how >> 3), set(how >> 5)], how & 4 != 0);
    carry_out(&mut watched, &mut script);
    watched.is_bounded();
    let (height, view) = place(&watched.engine);
    height.0 > 1 || view.0 > 0
}

/// The second byte: spread, rotation, and by its other bits what the caller likes.
pub(super) fn settings(script: &mut Script<'_>) -> Option<(Settings, u8)> {
    let (who, how) = (script.byte()?, script.byte()?);
    let mut settings = Settings::new(origin(), name(who % 7));
    if how & 1 != 0 {
        settings.spread = Spread::Collector;
    }
    if how & 2 != 0 {
        settings.rotation = Arc::new(ByWeight);
    }
    Some((settings, how))
}

/// All operations that are left.
pub(super) fn carry_out(watched: &mut Watched, script: &mut Script<'_>) {
    for _ in 0..MOST {
        script.here = place(&watched.engine);
        if operation(watched, script).is_none() {
            return;
        }
    }
}

/// One operation: an answer as it should be, to one effect or to all that wait; a message, by way of the intake or not; any other
/// input, whether it was asked for or not; a restart; every vote for a value; or time that passes, and with it an answer that never comes.
fn operation(watched: &mut Watched, script: &mut Script<'_>) -> Option<()> {
    let input = match script.byte()? % 17 {
        0 => Input::Start,
        1 => {
            watched.answer(script.byte()?.into(), set(0));
            return Some(());
        }
        2 => {
            let next = script.byte()?;
            (0..64).for_each(|_| watched.answer(0, set(next)));
            return Some(());
        }
        what @ (3 | 4) => {
            watched.hear(script.message()?, what == 4);
            return Some(());
        }
        5 => {
            Input::Timer(Timer { kind: kind(script.byte()?), height: script.height()?, view: script.view()? })
        }
        6 => match watched.timers.get(&kind(script.byte()?)) {
            Some(timer) => Input::Timer(*timer),
            None => return Some(()),
        },
        7 => Input::Proposed { height: script.height()?, view: script.view()?, value: script.value()? },
        8 => {
            let how = script.byte()?;
            Input::Judged { height: script.height()?, value: script.value()?.id(), accepted: how & 1 == 0 }
        }
        9 => Input::Persisted(record(script.byte()?)),
        10 => Input::Signed(record(script.byte()?), signature(1)),
        11 => Input::SignFailed(record(script.byte()?)),
        12 => {
            let decided = script.decided()?;
            let verified = watched.verified(decided.height(), decided);
            match verified {
                Some(decided) => Input::Synced(decided),
                None => return Some(()),
            }
        }
        13 => Input::Applied { height: script.height()?, set: set(script.byte()?) },
        14 => {
            watched.restart(script.byte()? & 1 == 0);
            return Some(());
        }
        15 => {
            watched.flood(script.height()?, script.value()?.id());
            return Some(());
        }
        _ => {
            let later = script.byte()?;
            watched.now = if later == u8::MAX {
                Millis(u64::MAX)
            } else {
                Millis(watched.now.0.saturating_add(later.into()))
            };
            let which = usize::from(later).checked_rem(watched.pending.len());
            which.and_then(|which| watched.pending.remove(which));
            return Some(());
        }
    };
    watched.step(input);
    Some(())
}

pub(super) const fn kind(byte: u8) -> TimerKind {
    if byte & 1 == 0 { TimerKind::View } else { TimerKind::Resend }
}

fn record(byte: u8) -> RecordId {
    RecordId(if byte == u8::MAX { u64::MAX } else { byte.into() })
}
