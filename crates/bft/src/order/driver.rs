use alloc::{
    collections::VecDeque,
    string::{String, ToString as _},
    vec::Vec,
};
use core::{cmp::Ordering, iter, mem};

use auditmesh_types::{Authority, MemberId, Millis, Signer};

use super::{
    Applied, Decided, Effect, Engine, Evidence, Height, Input, Intake, Ledger, Member, Message, Notice,
    Packet, Parts, Recipients, RecordId, RecordStore, SetAuthority, Settings, Signature, Statement,
    Transport, Value, View, timers::Timers,
};
use crate::Error;

/// One member: the engine, joined to an application, a key, a store and a way to the others. It reads no clock and starts no thread:
/// its owner brings packets and the time, and calls again at the [`Driver::deadline`].
///
/// When ledger or store fail it stops for good: what it would say next may rest on what is not on disk. Then it sends nothing more, and
/// every call fails; drop it, and start the member again from ledger and store as they are.
///
/// A decision that contradicts ours is noticed for the height before the current one, if that was applied since the start and the ledger
/// holds it: the sets of older heights are not kept, and such decisions are dropped unread. An owner that keeps sets checks them before
/// it hands a packet over, with a [`SetAuthority`] and [`Evidence::of_fork`].
#[allow(missing_debug_implementations, reason = "its parts need not be printable, and one is a key")]
pub struct Driver<P: Parts> {
    engine: Engine,
    intake: Intake,
    timers: Timers,
    /// A proposal that the application had nothing for yet.
    wanted: Option<(Height, View)>,
    /// How often others were asked for a decision, which turns round whom we ask.
    asked: usize,
    own: Member<P>,
    queue: VecDeque<Effect>,
    /// What there was to tell at the start, until the next call tells it.
    untold: Vec<Notice>,
    /// Ledger or store failed.
    stopped: bool,
}

impl<P: Parts> Driver<P> {
    /// Starts a member, or starts it again: from what `ledger` applied and `store` kept. It may speak at once, and one that decides alone
    /// decides; the next call gives the notices of it.
    ///
    /// # Errors
    /// As the ledger's and the store's, and [`Error::LocalRecordAhead`], [`Error::LocalRecordTwice`]; [`Error::MisuseScheme`] when the
    /// verifier follows another rule than the sets.
    pub fn start(now: Millis, settings: Settings, own: Member<P>) -> Result<Self, P::Error> {
        let Member { ledger, signer, verifier, mut store, transport } = own;
        let Applied { height, set, next_set } = ledger.applied();
        SetAuthority::new(&settings.federation, &set, &verifier)?;
        let mut engine = Engine::new(settings, height, set, next_set);
        engine.restore(&store.read()?)?;
        store.replace(&engine.snapshot())?;
        let own = Member { ledger, signer, verifier, store, transport };
        let (intake, timers, queue) = (Intake::default(), Timers::default(), VecDeque::new());
        let (wanted, asked, untold, stopped) = (None, 0, Vec::new(), false);
        let mut driver = Self { engine, intake, timers, wanted, asked, own, queue, untold, stopped };
        driver.step(now, Input::Start);
        driver.untold = driver.carry_out(now)?;
        Ok(driver)
    }

    /// The height that is being decided.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.engine.height()
    }

    /// The application. An owner that gives it something to propose calls [`Driver::tick`] next.
    pub const fn ledger(&mut self) -> &mut P::Ledger {
        &mut self.own.ledger
    }

    /// When [`Driver::tick`] is due at the latest: at once while notices of the start wait.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        if self.untold.is_empty() { self.timers.next() } else { Some(Millis(0)) }
    }

    /// Takes a packet in that came from the member `from`.
    ///
    /// # Errors
    /// When ledger or store fail, with their error, and ever after with [`Error::LocalStopped`]. The call that fails gives no notices:
    /// what was decided before it failed, the ledger holds.
    pub fn receive(&mut self, now: Millis, from: &MemberId, packet: Packet) -> Result<Vec<Notice>, P::Error> {
        self.running()?;
        let mut notices = mem::take(&mut self.untold);
        match packet {
            Packet::Message(message) => notices.extend(self.message(now, from, message)),
            Packet::Request(height) => {
                if let Some(decided) = self.own.ledger.decided(height) {
                    self.own.transport.send(from, &Packet::Decided(decided));
                }
            }
            Packet::Decided(decided) => notices.extend(self.decision(now, from, decided)),
        }
        notices.extend(self.carry_out(now)?);
        Ok(notices)
    }

    /// Lets the time pass: timers that ran out, and a proposal that waits for the application.
    ///
    /// # Errors
    /// As [`Driver::receive`].
    pub fn tick(&mut self, now: Millis) -> Result<Vec<Notice>, P::Error> {
        self.running()?;
        let mut notices = mem::take(&mut self.untold);
        while let Some(timer) = self.timers.due(now) {
            self.step(now, Input::Timer(timer));
        }
        notices.extend(self.carry_out(now)?);
        Ok(notices)
    }

    const fn running(&self) -> Result<(), Error> {
        if self.stopped { Err(Error::LocalStopped { height: self.engine.height() }) } else { Ok(()) }
    }

    fn message(&mut self, now: Millis, from: &MemberId, message: Message) -> Vec<Notice> {
        let mut notices = Vec::new();
        for message in self.intake.offer(&self.engine, message) {
            match self.authority(message.height()).map(|authority| authority.verify(message)) {
                Some(Ok(message)) => self.step(now, Input::Message(message)),
                Some(Err(why)) => notices.push(refused(from, &why)),
                None => {}
            }
        }
        notices
    }

    fn decision(&mut self, now: Millis, from: &MemberId, decided: Decided) -> Vec<Notice> {
        if !self.concerns(&decided) {
            return Vec::new();
        }
        match self.authority(decided.height()).map(|authority| authority.verify(decided)) {
            Some(Ok(decided)) if decided.height() < self.engine.height() => self.fork(decided.into_inner()),
            Some(Ok(decided)) => {
                self.step(now, Input::Synced(decided));
                Vec::new()
            }
            Some(Err(why)) => [refused(from, &why)].into(),
            None => Vec::new(),
        }
    }

    /// Whether a decision is worth its checks: one of this height, or one that says another thing than what we applied.
    fn concerns(&self, decided: &Decided) -> bool {
        let other = |ours: Decided| ours.certificate.value != decided.certificate.value;
        match decided.height().cmp(&self.engine.height()) {
            Ordering::Less => self.own.ledger.decided(decided.height()).is_some_and(other),
            Ordering::Equal => true,
            Ordering::Greater => false,
        }
    }

    /// What there is to tell of a decision that was verified, of a height before this one.
    fn fork(&self, theirs: Decided) -> Vec<Notice> {
        let Some(ours) = self.own.ledger.decided(theirs.height()) else { return Vec::new() };
        let accused = Evidence::of_fork(&ours, &theirs).into_iter().map(Notice::Accused);
        iter::once(Notice::Fork { ours, theirs }).chain(accused).collect()
    }

    fn authority(&self, height: Height) -> Option<SetAuthority<'_, P::Verifier>> {
        let set = self.engine.set_of(height)?;
        SetAuthority::new(&self.engine.settings().federation, set, &self.own.verifier).ok()
    }

    fn step(&mut self, now: Millis, input: Input) {
        self.queue.extend(self.engine.step(now, input));
    }

    /// Carries out what waits, or stops the member.
    fn carry_out(&mut self, now: Millis) -> Result<Vec<Notice>, P::Error> {
        let done = self.settle(now);
        self.stopped = done.is_err();
        done
    }

    /// Carries out what waits. A proposal is asked for once in each call, so that a member who decides alone comes back to its owner.
    fn settle(&mut self, now: Millis) -> Result<Vec<Notice>, P::Error> {
        let mut notices = Vec::new();
        self.drain(now, &mut notices)?;
        // What was wanted in a view that has passed is not asked for any more.
        let current = (self.engine.height(), self.engine.view());
        if let Some((height, view)) = self.wanted.take().filter(|wanted| *wanted == current) {
            match self.own.ledger.propose(height).map(|bytes| bytes.map(Value::new)) {
                Ok(Some(Ok(value))) => self.step(now, Input::Proposed { height, view, value }),
                Ok(Some(Err(why))) => notices.push(Notice::NotProposed { height, why: why.to_string() }),
                Ok(None) => self.wanted = Some((height, view)),
                Err(why) => notices.push(Notice::NotProposed { height, why: why.to_string() }),
            }
            self.drain(now, &mut notices)?;
        }
        self.intake.forget(&self.engine);
        Ok(notices)
    }

    fn drain(&mut self, now: Millis, notices: &mut Vec<Notice>) -> Result<(), P::Error> {
        while let Some(effect) = self.queue.pop_front() {
            match effect {
                Effect::Persist(id, record) => {
                    self.own.store.append(&record)?;
                    self.step(now, Input::Persisted(id));
                }
                Effect::Sign(id, statement) => notices.extend(self.sign(now, id, &statement)),
                Effect::Send { to, message, .. } => self.send(to, message),
                Effect::SetTimer(timer, at) => self.timers.set(timer, at),
                Effect::CancelTimer(kind) => self.timers.cancel(kind),
                Effect::Propose { height, view } => self.wanted = Some((height, view)),
                Effect::Judge { height, value } => {
                    let (judged, value) = (self.own.ledger.judge(height, value.bytes()), value.id());
                    self.step(now, Input::Judged { height, value, accepted: judged.is_ok() });
                    let refused = judged.err().map(|why| why.to_string());
                    notices.extend(refused.map(|why| Notice::NotTaken { height, value, why }));
                }
                Effect::Decide(decided) => {
                    let (height, set) = (decided.height(), self.own.ledger.apply(&decided)?);
                    notices.push(Notice::Decided(decided));
                    self.wanted = None;
                    self.step(now, Input::Applied { height, set });
                    self.own.store.replace(&self.engine.snapshot())?;
                }
                Effect::Fetch(height) => self.fetch(height),
                Effect::Accuse(evidence) => notices.push(Notice::Accused(evidence)),
                Effect::Amnesia(statement) => notices.push(Notice::Amnesia(statement)),
            }
        }
        Ok(())
    }

    fn sign(&mut self, now: Millis, id: RecordId, statement: &Statement) -> Option<Notice> {
        let signature = self.signature(statement);
        let (input, refused) = match signature {
            Ok(signature) => (Input::Signed(id, signature), None),
            Err(why) => (Input::SignFailed(id), Some(Notice::NotSigned { statement: *statement, why })),
        };
        self.step(now, input);
        refused
    }

    /// Signs, if the set of the height has this key for us: a signature by another would be counted here and nowhere else.
    fn signature(&self, statement: &Statement) -> Result<Signature, String> {
        let settings = self.engine.settings();
        let set = self.engine.set_of(statement.height).ok_or("the height has passed")?;
        let ours = set.position(&settings.name).and_then(|place| set.at(place));
        if ours.is_none_or(|ours| ours.key != self.own.signer.public_key()) {
            return Err("the signer's key is not the one that the validator set has for this member".into());
        }
        let bytes = statement.signed_bytes(&settings.federation, set.hash());
        let signature = self.own.signer.sign(&bytes).map_err(|why| why.to_string())?;
        Ok(Signature(signature.into()))
    }

    fn send(&mut self, to: Recipients, message: Message) {
        let Some(set) = self.engine.set_of(message.height()) else { return };
        let packet = Packet::Message(message);
        match to {
            Recipients::One(index) => {
                if let Some(validator) = set.at(index) {
                    self.own.transport.send(&validator.name, &packet);
                }
            }
            Recipients::Others => {
                for (_, validator) in set.iter() {
                    if validator.name != self.engine.settings().name {
                        self.own.transport.send(&validator.name, &packet);
                    }
                }
            }
        }
    }

    /// Asks a third of the others and one more, each time the next ones.
    fn fetch(&mut self, height: Height) {
        let Some(set) = self.engine.set_of(height) else { return };
        let names: Vec<&MemberId> = set.iter().map(|(_, validator)| &validator.name).collect();
        let count = (names.len().saturating_sub(1) / 3).saturating_add(1);
        let turn = self.asked.checked_rem(names.len()).unwrap_or(0);
        let others = names
            .iter()
            .cycle()
            .skip(turn)
            .take(names.len())
            .filter(|name| ***name != self.engine.settings().name);
        for name in others.take(count) {
            self.own.transport.send(name, &Packet::Request(height));
        }
        self.asked = self.asked.wrapping_add(count);
    }
}

fn refused(from: &MemberId, why: &Error) -> Notice {
    Notice::Refused { from: Some(from.clone()), why: why.to_string() }
}
