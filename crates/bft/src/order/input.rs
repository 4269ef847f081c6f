use alloc::sync::Arc;

use auditmesh_types::Verified;

use super::{Decided, Height, Message, RecordId, Signature, Timer, ValidatorSet, Value, ValueId, View};

/// What happened to the engine's surroundings.
#[derive(Debug, Clone)]
pub enum Input {
    /// Begin, or go on after [`Engine::restore`](super::Engine::restore). Sent once; what comes before it is passed over.
    Start,
    /// A message whose signatures were checked, under the set that [`Engine::set_of`](super::Engine::set_of) names for its height.
    Message(Verified<Message>),
    /// A timer set by [`Effect::SetTimer`](super::Effect::SetTimer) ran out.
    Timer(Timer),
    /// Answers [`Effect::Propose`](super::Effect::Propose).
    Proposed {
        /// The height asked for.
        height: Height,
        /// The view asked for.
        view: View,
        /// What to propose.
        value: Value,
    },
    /// Answers [`Effect::Judge`](super::Effect::Judge).
    Judged {
        /// The height asked about.
        height: Height,
        /// The value asked about.
        value: ValueId,
        /// Whether the application takes it.
        accepted: bool,
    },
    /// Answers [`Effect::Persist`](super::Effect::Persist): the record, and all before it, is on disk.
    Persisted(RecordId),
    /// Answers [`Effect::Sign`](super::Effect::Sign).
    Signed(RecordId, Signature),
    /// Answers [`Effect::Sign`](super::Effect::Sign) when the key is out of reach; it is asked for again at the next
    /// [`TimerKind::Resend`](super::TimerKind::Resend).
    SignFailed(RecordId),
    /// Answers [`Effect::Fetch`](super::Effect::Fetch): a decision whose certificate was checked.
    Synced(Verified<Decided>),
    /// Answers [`Effect::Decide`](super::Effect::Decide): the application holds the decision durably.
    Applied {
        /// The height applied.
        height: Height,
        /// Who decides two heights later.
        set: Arc<ValidatorSet>,
    },
}
