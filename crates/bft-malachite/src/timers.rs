use arc_malachitebft_core_types::Timeout;
use auditmesh_types::Millis;

/// The timeouts that are scheduled: one of each kind and round.
#[derive(Debug, Default)]
pub(crate) struct Timers(Vec<(Millis, Timeout)>);

impl Timers {
    pub(crate) fn set(&mut self, timeout: Timeout, at: Millis) {
        self.cancel(timeout);
        self.0.push((at, timeout));
    }

    pub(crate) fn cancel(&mut self, timeout: Timeout) {
        self.0.retain(|(_, known)| *known != timeout);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The earliest time at which one runs out.
    pub(crate) fn next(&self) -> Option<Millis> {
        self.0.iter().map(|(at, _)| *at).min()
    }

    /// Takes the earliest that ran out by `now`; of equals the one set first.
    pub(crate) fn due(&mut self, now: Millis) -> Option<Timeout> {
        let (at, timeout) = self.0.iter().min_by_key(|(at, _)| *at).copied()?;
        (at <= now).then(|| self.cancel(timeout))?;
        Some(timeout)
    }
}
