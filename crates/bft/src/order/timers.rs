use auditmesh_types::Millis;

use super::{Timer, TimerKind};

/// The timers that are set: at most one of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Timers([Option<(Millis, Timer)>; 2]);

impl Timers {
    pub(crate) const fn set(&mut self, timer: Timer, at: Millis) {
        *self.slot(timer.kind) = Some((at, timer));
    }

    pub(crate) const fn cancel(&mut self, kind: TimerKind) {
        *self.slot(kind) = None;
    }

    /// The earliest time at which one runs out.
    pub(crate) fn next(&self) -> Option<Millis> {
        self.0.iter().flatten().map(|(at, _)| *at).min()
    }

    /// Takes the earliest that ran out by `now`.
    pub(crate) fn due(&mut self, now: Millis) -> Option<Timer> {
        let (at, timer) = self.0.iter().flatten().min().copied()?;
        (at <= now).then(|| self.cancel(timer.kind))?;
        Some(timer)
    }

    const fn slot(&mut self, kind: TimerKind) -> &mut Option<(Millis, Timer)> {
        let [view, resend] = &mut self.0;
        match kind {
            TimerKind::View => view,
            TimerKind::Resend => resend,
        }
    }
}
