use auditmesh_types::Millis;

use super::{Decided, Evidence, Height, Message, Record, RecordId, Statement, ValidatorIndex, Value, View};

/// What the engine asks of its surroundings, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Write this record after those before it and make it durable; then [`Input::Persisted`](super::Input::Persisted).
    Persist(RecordId, Record),
    /// Sign [`Statement::signed_bytes`]; then [`Input::Signed`](super::Input::Signed) or
    /// [`Input::SignFailed`](super::Input::SignFailed). May run beside the write of the same record.
    Sign(RecordId, Statement),
    /// Send. No answer. Sent only after [`Input::Persisted`](super::Input::Persisted) of `after`, which a test can hold it to;
    /// `None` where it repeats what is others' word.
    Send {
        /// To whom; never to oneself.
        to: Recipients,
        /// What.
        message: Message,
        /// The record that must be on disk first.
        after: Option<RecordId>,
    },
    /// Hand back the timer at this time, or when it is past; then [`Input::Timer`](super::Input::Timer). It takes the place of a
    /// timer of the same kind.
    SetTimer(Timer, Millis),
    /// Forget the timer of this kind. No answer.
    CancelTimer(TimerKind),
    /// It is ours to propose; then [`Input::Proposed`](super::Input::Proposed), now or later. Without an answer the view passes.
    Propose {
        /// The height.
        height: Height,
        /// The view.
        view: View,
    },
    /// Is this value fit to be decided? Then [`Input::Judged`](super::Input::Judged). The answer must depend on the decisions
    /// before `height` and on the value alone.
    Judge {
        /// The height.
        height: Height,
        /// The value.
        value: Value,
    },
    /// Decided, once for each height, in order, and after the [`Record::Height`] of that height is on disk; then
    /// [`Input::Applied`](super::Input::Applied).
    Decide(Decided),
    /// A validator broke the rules, and this proves it. No answer.
    Accuse(Evidence),
    /// Ask others for the decision of this height; then [`Input::Synced`](super::Input::Synced), if any has it.
    Fetch(Height),
    /// Our own signature stands under something our records do not hold: they have lost their tail, or the key is used
    /// elsewhere. The engine votes no more at this height. No answer; tell a person.
    Amnesia(Statement),
}

/// To whom a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipients {
    /// All other validators of the height's set.
    Others,
    /// This one.
    One(ValidatorIndex),
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerKind {
    /// The view has had its time.
    View,
    /// Say again what may have been lost.
    Resend,
}

/// A timer. One that ran out too late, for a height or view that passed, is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timer {
    /// What for.
    pub kind: TimerKind,
    /// The height it was set in.
    pub height: Height,
    /// The view it was set in.
    pub view: View,
}
