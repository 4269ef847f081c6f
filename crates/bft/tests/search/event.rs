//! What may happen to a member.

use core::fmt;

use auditmesh_bft::Message;

use crate::{book::MessageNumber, cast, fault::Fault, intern::Intern, member::Member};

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Event {
    /// Something within.
    Own(Deed),
    /// This arrives.
    Heard(MessageNumber),
    /// These arrive, one after the other, until the member shows it.
    Shows(Vec<MessageNumber>),
}

/// What a member does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    Write,
    Sign,
    Crash,
    WriteSnapshotAndCrash,
    TimeOut,
    ProposeX,
    ProposeY,
}

impl Event {
    /// What it makes of `member`; `None` when nothing, or nothing that shows where that is asked for.
    ///
    /// # Errors
    /// The first rule that is broken on the way.
    pub(crate) fn after(&self, member: &Member, messages: &Intern<Message>) -> Result<Option<Member>, Fault> {
        let mut next = member.clone();
        match self {
            Self::Own(deed) => deed.of(&mut next)?,
            Self::Heard(message) => next.receive(&messages[*message])?,
            Self::Shows(list) => {
                for message in list {
                    next.receive(&messages[*message])?;
                    if next.shows(member) {
                        return Ok(Some(next));
                    }
                }
                return Ok(None);
            }
        }
        Ok((next != *member).then_some(next))
    }

    /// What happened to `member`, in words.
    pub(crate) fn told(&self, member: &Member, messages: &Intern<Message>) -> String {
        let heard = match self {
            Self::Own(deed) => return format!("{} {deed}", member.n()),
            Self::Heard(message) => core::slice::from_ref(message),
            Self::Shows(list) => {
                let mut next = member.clone();
                let last = |it| next.receive(&messages[it]).is_err() || next.shows(member);
                let end = list.iter().copied().position(last);
                end.and_then(|end| list.get(..=end)).unwrap_or(list)
            }
        };
        let heard: Vec<_> = heard.iter().map(|it| Words(&messages[*it]).to_string()).collect();
        format!("{} hears {}", member.n(), heard.join(", "))
    }
}

impl Deed {
    fn of(self, member: &mut Member) -> Result<(), Fault> {
        let propose = |member: &mut Member, which: usize| member.propose(cast::values()[which].clone());
        match self {
            Self::Write => member.write().map(drop),
            Self::Sign => member.sign().map(drop),
            Self::Crash => member.crash(false).map(drop),
            Self::WriteSnapshotAndCrash => member.crash(true).map(drop),
            Self::TimeOut => member.time_out(),
            Self::ProposeX => propose(member, 0),
            Self::ProposeY => propose(member, 1),
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Write => "writes a record",
            Self::Sign => "signs",
            Self::Crash => "crashes",
            Self::WriteSnapshotAndCrash => "writes a snapshot and crashes",
            Self::TimeOut => "sees its time run out",
            Self::ProposeX => "proposes x",
            Self::ProposeY => "proposes y",
        })
    }
}

/// A message in a few words.
struct Words<'a>(&'a Message);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            Message::Proposal(it) => format!("{}'s proposal, {}", it.prepare.by, it.prepare.statement),
            Message::Vote(vote) => format!("{}'s {}", vote.by, vote.statement),
            Message::ViewChange(it) => format!("{}'s {}", it.ask.by, it.ask.statement),
            Message::Certificate(it) => format!("a certificate, {}", it.statement()),
        };
        let [x, y] = cast::values().map(|value| value.id().0.to_string());
        f.write_str(&text.replace(&x, "x").replace(&y, "y"))
    }
}
