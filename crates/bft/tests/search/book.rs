//! What a search has worked out: members and messages by number, and what becomes of a member that hears a message.

use auditmesh_bft::Message;

use crate::{
    fault::Fault,
    intern::{Intern, Map},
    member::Member,
};

/// The number of a member's state.
pub(crate) type MemberNumber = u32;

/// The number of a message.
pub(crate) type MessageNumber = u32;

/// Marks the number of a state that only a count sets apart from the one before; such are forgotten from time to time.
const SILENT: MemberNumber = 1 << 31;

/// How many of them are remembered.
const REMEMBERED: usize = 200_000;

/// Everything that was worked out once.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) messages: Intern<Message>,
    members: Intern<Member>,
    silent: Intern<Member>,
    /// What each member has sent.
    outboxes: Intern<Vec<Message>>,
    outbox: Vec<u32>,
    heard: Map<(MemberNumber, MessageNumber), MemberNumber>,
    happened: Map<(MemberNumber, &'static str), MemberNumber>,
}

impl Book {
    /// The number of a member's state, for good.
    pub(crate) fn enter(&mut self, member: Member) -> MemberNumber {
        let said = member.sent().to_vec();
        let number = self.members.number(member);
        if number as usize == self.outbox.len() {
            self.outbox.push(self.outboxes.number(said));
        }
        number
    }

    /// The same state's number for good.
    pub(crate) fn keep(&mut self, number: MemberNumber) -> MemberNumber {
        if number & SILENT == 0 {
            return number;
        }
        let member = Member::clone(self.member(number));
        self.enter(member)
    }

    /// How many states of members there are for good.
    pub(crate) fn members(&self) -> usize {
        self.members.len()
    }

    /// The state with a number.
    pub(crate) fn member(&self, number: MemberNumber) -> &Member {
        if number & SILENT == 0 { &self.members[number] } else { &self.silent[number & !SILENT] }
    }

    /// The number of what `member` has sent.
    pub(crate) fn outbox(&self, member: MemberNumber) -> u32 {
        self.outbox[member as usize]
    }

    /// What stands in an outbox.
    pub(crate) fn sent(&self, outbox: u32) -> &[Message] {
        &self.outboxes[outbox]
    }

    /// Forgets silent states when there are many. Their numbers are worth nothing after it.
    pub(crate) fn tidy(&mut self) {
        if self.silent.len() > REMEMBERED {
            (self.silent, self.heard) = (Intern::default(), Map::default());
        }
    }

    /// `member` after it heard `message`.
    pub(crate) fn hear(
        &mut self,
        member: MemberNumber,
        message: MessageNumber,
    ) -> Result<MemberNumber, Fault> {
        if let Some(known) = self.heard.get(&(member, message)) {
            return Ok(*known);
        }
        let before = self.member(member);
        let mut next = before.clone();
        next.receive(&self.messages[message])?;
        let next = if next == *before {
            member
        } else if next.shows(before) {
            self.enter(next)
        } else {
            self.silent.number(next) | SILENT
        };
        self.heard.insert((member, message), next);
        Ok(next)
    }

    /// `member` after something happened to it that needs no message.
    pub(crate) fn happen(
        &mut self,
        member: MemberNumber,
        what: &'static str,
        how: impl FnOnce(&mut Member) -> Result<(), Fault>,
    ) -> Result<MemberNumber, Fault> {
        if let Some(known) = self.happened.get(&(member, what)) {
            return Ok(*known);
        }
        let mut next = self.member(member).clone();
        how(&mut next)?;
        let next = self.enter(next);
        self.happened.insert((member, what), next);
        Ok(next)
    }
}
