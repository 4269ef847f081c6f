//! What a search has worked out: members, messages and events by number, and what an event makes of a member.

use std::sync::Arc;

use auditmesh_bft::{Message, ValueId, View};

use crate::{
    event::Event,
    fault::Fault,
    intern::{Intern, Map},
    member::{Member, Shown},
    members::{Keep, Members},
};

/// The number of a member's state.
pub(crate) type MemberNumber = u32;

/// The number of a message.
pub(crate) type MessageNumber = u32;

/// The number of an event.
pub(crate) type EventNumber = u32;

/// How many outcomes are remembered; then they are forgotten all at once.
const REMEMBERED: usize = 29_000_000;

/// What an event makes of a member: by number what it shows then, and its state, once that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    pub(crate) shown: u32,
    state: Option<MemberNumber>,
}

/// Everything that was worked out once.
pub(crate) struct Book {
    pub(crate) messages: Intern<Message>,
    pub(crate) events: Intern<Event>,
    shown: Intern<Shown>,
    members: Members,
    /// What each member has sent, and which view it is in.
    faces: Intern<(Vec<Message>, View)>,
    face: Vec<u32>,
    outcomes: Map<(MemberNumber, EventNumber), Option<Outcome>>,
    /// The state that was worked out last, with the event that led to it.
    last: Option<(MemberNumber, EventNumber, Member)>,
}

impl Book {
    pub(crate) fn new(keep: Keep) -> Self {
        Self {
            messages: Intern::default(),
            events: Intern::default(),
            shown: Intern::default(),
            members: Members::new(keep),
            faces: Intern::default(),
            face: Vec::new(),
            outcomes: Map::default(),
            last: None,
        }
    }

    /// The number of the state that a member starts in.
    pub(crate) fn first(&mut self, member: Member) -> MemberNumber {
        let said = (member.sent().to_vec(), member.view());
        let number = self.members.first(member);
        self.show(number, said)
    }

    /// How many states of members there are.
    pub(crate) fn members(&self) -> usize {
        self.members.len()
    }

    /// The state with a number.
    pub(crate) fn member(&mut self, number: MemberNumber) -> Arc<Member> {
        let (events, messages) = (&self.events, &self.messages);
        self.members.member(number, &|member, event| events[event].after(member, messages))
    }

    /// The number of what `member` has sent, with its view.
    pub(crate) fn face(&self, member: MemberNumber) -> u32 {
        self.face[member as usize]
    }

    /// What stands behind such a number.
    pub(crate) fn sent(&self, face: u32) -> (&[Message], View) {
        let (sent, view) = &*self.faces[face];
        (sent, *view)
    }

    /// What stands behind [`Outcome::shown`]: how many statements it made, and the value it has decided.
    pub(crate) fn shown(&self, number: u32) -> (usize, Option<ValueId>) {
        let shown = &self.shown[number];
        (shown.statements(), shown.decided())
    }

    /// What `event` makes of `member`; `None` when nothing that counts.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub(crate) fn outcome(
        &mut self,
        member: MemberNumber,
        event: EventNumber,
    ) -> Result<Option<Outcome>, Fault> {
        if let Some(known) = self.outcomes.get(&(member, event)) {
            return Ok(*known);
        }
        if self.outcomes.len() >= REMEMBERED {
            self.outcomes = Map::default();
        }
        let next = self.after(member, event)?;
        let outcome = next.as_ref().map(|it| Outcome { shown: self.shown.number(it.shown()), state: None });
        self.outcomes.insert((member, event), outcome);
        self.last = next.map(|next| (member, event, next));
        Ok(outcome)
    }

    /// The state that [`Self::outcome`] speaks of, which was not `None`.
    pub(crate) fn enter(&mut self, member: MemberNumber, event: EventNumber) -> Result<MemberNumber, Fault> {
        if let Some(known) = self.outcomes.get(&(member, event)).and_then(|known| known.as_ref()?.state) {
            return Ok(known);
        }
        let last = self.last.take_if(|last| (last.0, last.1) == (member, event));
        let next = match last {
            Some((.., next)) => next,
            None => self.after(member, event)?.unwrap(),
        };
        let said = (next.sent().to_vec(), next.view());
        let number = self.members.number(next, member, event);
        self.show(number, said);
        if let Some(Some(known)) = self.outcomes.get_mut(&(member, event)) {
            known.state = Some(number);
        }
        Ok(number)
    }

    /// Notes what a member has sent and which view it is in, if its number is new.
    fn show(&mut self, number: MemberNumber, said: (Vec<Message>, View)) -> MemberNumber {
        if number as usize == self.face.len() {
            self.face.push(self.faces.number(said));
        }
        number
    }

    fn after(&mut self, member: MemberNumber, event: EventNumber) -> Result<Option<Member>, Fault> {
        let before = self.member(member);
        self.events[event].after(&before, &self.messages)
    }
}
