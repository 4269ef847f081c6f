use super::{Decided, Height, Message};

/// What travels between two members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// A message about the height that is being decided.
    Message(Message),
    /// A request for the decision of this height.
    Request(Height),
    /// Answers a request.
    Decided(Decided),
}
