use alloc::{collections::BinaryHeap, format, vec::Vec};
use core::fmt::{self, Debug};

use auditmesh_types::Millis;

use crate::{
    Action, Disk, Fault, Input, Letter, Node, Place, Random, Scene, Violation, Watch, Weather, Write,
    due::{Due, What},
    network::Network,
    seat::Seat,
    strategy::Mind,
};

/// What a world begins with.
#[derive(Debug)]
pub struct Setup<N: Node> {
    /// What everything is drawn from.
    pub seed: u64,
    /// The weather outside storms.
    pub calm: Weather,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// For each seat its address, and its strategy if it is Byzantine.
    pub seats: Vec<(usize, Mind<N>)>,
}

/// Machines, in one virtual time on one thread.
pub struct World<N: Node, W> {
    config: N::Config,
    watch: W,
    now: u64,
    order: u64,
    due: BinaryHeap<Due<N>>,
    seats: Vec<Seat<N>>,
    network: Network,
    healed: bool,
    letters: Vec<Letter<N::Message>>,
}

impl<N: Node, W: Watch<N>> World<N, W> {
    /// A world in which every seat is about to be booted.
    #[must_use]
    pub fn new(setup: Setup<N>, config: N::Config, watch: W) -> Self {
        let Setup { seed, calm, faults, seats } = setup;
        let network = Network::new(seed, seats.len(), calm, &faults);
        let begin = |(at, (address, mind)): (usize, (usize, Mind<N>))| seat(seed, at, address, mind, &faults);
        let seats: Vec<Seat<N>> = seats.into_iter().enumerate().map(begin).collect();
        let due = BinaryHeap::with_capacity(seats.len().saturating_mul(32));
        let mut world =
            Self { config, watch, now: 0, order: 0, due, seats, network, healed: false, letters: Vec::new() };
        for seat in 0..world.seats.len() {
            world.plan(0, What::Boot { seat });
        }
        world
    }

    /// The time.
    #[must_use]
    pub const fn now(&self) -> Millis {
        Millis(self.now)
    }

    /// What every seat knows.
    #[must_use]
    pub const fn config(&self) -> &N::Config {
        &self.config
    }

    /// The watch.
    #[must_use]
    pub const fn watch(&self) -> &W {
        &self.watch
    }

    /// The watch, to be told something.
    pub const fn watch_mut(&mut self) -> &mut W {
        &mut self.watch
    }

    /// The machine at a seat; nothing while it is down.
    #[must_use]
    pub fn node(&self, seat: usize) -> Option<&N> {
        self.seats.get(seat)?.node.as_ref()
    }

    /// The disk at a seat.
    #[must_use]
    pub fn disk(&self, seat: usize) -> Option<&Disk<N::Record>> {
        self.seats.get(seat).map(|seat| &seat.disk)
    }

    /// The most things that may happen in one [`World::run_until`]: room for each seat to talk to every other a few hundred times.
    #[must_use]
    pub fn most_steps(&self) -> u64 {
        let seats = u64::try_from(self.seats.len()).unwrap_or(u64::MAX);
        seats.saturating_mul(seats).saturating_mul(2_000).saturating_add(200_000)
    }

    /// Lets the next thing happen. Says whether there was one.
    ///
    /// # Errors
    /// The rule that is broken by it.
    pub fn step(&mut self) -> Result<bool, Violation> {
        let Some(due) = self.due.pop() else { return Ok(false) };
        self.now = due.at;
        self.happens(due.what)?;
        Ok(true)
    }

    /// Lets everything happen that is due before `time`, then it is `time`.
    ///
    /// # Errors
    /// The rule that is broken; `time passes` when more than [`World::most_steps`] things happen first: the machines keep one another busy
    /// for ever.
    pub fn run_until(&mut self, time: Millis) -> Result<(), Violation> {
        let mut steps = 0;
        while self.due.peek().is_some_and(|due| due.at < time.0) {
            if steps == self.most_steps() {
                let what = format!("{steps} steps before {time} ms, and it is {} ms", self.now);
                return Err(Violation::new("time passes", what));
            }
            steps += 1;
            self.step()?;
        }
        self.now = self.now.max(time.0);
        Ok(())
    }

    /// From here on there are no faults but those of strategies; whoever is down is booted.
    pub fn heal(&mut self) {
        self.healed = true;
        self.network.heal();
        let down = (0..self.seats.len()).filter(|seat| self.node(*seat).is_none()).collect::<Vec<_>>();
        for seat in down {
            self.plan(self.now, What::Boot { seat });
        }
    }

    /// Hands a task to the machine at a seat, if it runs.
    ///
    /// # Errors
    /// The rule that is broken by it.
    pub fn give(&mut self, seat: usize, task: N::Task) -> Result<(), Violation> {
        self.input(seat, Input::Task(task))
    }

    fn plan(&mut self, at: u64, what: What<N>) {
        self.order = self.order.saturating_add(1);
        self.due.push(Due { at, order: self.order, what });
    }

    fn happens(&mut self, what: What<N>) -> Result<(), Violation> {
        match what {
            What::Boot { seat } => self.boot(seat),
            What::Letter { seat, from, message } => self.arrives(seat, from, message),
            What::Answer { seat, run, task } if self.is_run(seat, run) => self.input(seat, Input::Task(task)),
            What::Timer { seat, slot, number, timer } => {
                let counts = self.seats.get(seat).is_some_and(|it| it.timers.get(&slot) == Some(&number));
                if counts { self.input(seat, Input::Timer(timer)) } else { Ok(()) }
            }
            What::Written { seat, run, store, ticket } if self.is_run(seat, run) => {
                self.written(seat, store, ticket)
            }
            What::Answer { .. } | What::Written { .. } => Ok(()),
        }
    }

    fn is_run(&self, seat: usize, run: u32) -> bool {
        self.seats.get(seat).is_some_and(|it| it.run == run && it.node.is_some())
    }

    fn boot(&mut self, at: usize) -> Result<(), Violation> {
        let Some(seat) = self.seats.get_mut(at).filter(|seat| seat.node.is_none()) else { return Ok(()) };
        let mut out = Vec::new();
        seat.run = seat.run.saturating_add(1);
        let now = seat.clock.shows(Millis(self.now));
        let node = N::boot(&self.config, seat.place, now, &seat.disk, &mut out)
            .map_err(|why| Violation::new("boots from its own disk", format!("seat {at}: {why}")))?;
        self.watch.booted(seat.place, &node, &seat.disk)?;
        seat.node = Some(node);
        self.carry_out(at, out)
    }

    fn arrives(&mut self, at: usize, from: usize, message: N::Message) -> Result<(), Violation> {
        let Some(seat) = self.seats.get_mut(at).filter(|seat| seat.node.is_some()) else { return Ok(()) };
        let passes = seat.mind.as_mut().is_none_or(|mind| {
            let mut scene =
                Scene { now: Millis(self.now), random: &mut seat.random, letters: &mut self.letters };
            mind.receives(&mut scene, from, &message)
        });
        self.post(at);
        if passes { self.input(at, Input::Message { from, message }) } else { Ok(()) }
    }

    fn written(&mut self, at: usize, store: usize, ticket: u64) -> Result<(), Violation> {
        let Some(seat) = self.seats.get_mut(at) else { return Ok(()) };
        if seat.disk.is_synced(store, ticket) {
            return Ok(());
        }
        // Now and then one sync takes everything that waits along, and is answered once.
        let together = seat.random.chance(250);
        let ticket = seat.disk.newest(store).filter(|_| together).unwrap_or(ticket);
        let (place, watch) = (seat.place, &mut self.watch);
        seat.disk.sync(store, ticket, |write| watch.synced(place, store, write))?;
        self.input(at, Input::Persisted { store, ticket })
    }

    fn input(&mut self, at: usize, input: Input<N>) -> Result<(), Violation> {
        let Some(seat) = self.seats.get_mut(at) else { return Ok(()) };
        let Some(node) = seat.node.as_mut() else { return Ok(()) };
        let mut out = Vec::new();
        self.watch.before(seat.place, node);
        node.step(seat.clock.shows(Millis(self.now)), input, &mut out);
        self.carry_out(at, out)
    }

    /// Does what a machine asks for, one by one; it may crash before each.
    fn carry_out(&mut self, at: usize, actions: Vec<Action<N>>) -> Result<(), Violation> {
        for action in actions {
            let Some(seat) = self.seats.get_mut(at) else { return Ok(()) };
            let Some(node) = &seat.node else { return Ok(()) };
            let number = seat.actions;
            if let Some((_, down, forgets)) = seat.crashes.pop_if(|(before, ..)| *before <= number)
                && !self.healed
            {
                self.crash(at, down, forgets);
                return Ok(());
            }
            seat.actions = seat.actions.saturating_add(1);
            self.watch.action(seat.place, node, &action)?;
            self.perform(at, action)?;
        }
        let Some(seat) = self.seats.get(at) else { return Ok(()) };
        seat.node.as_ref().map_or(Ok(()), |node| self.watch.after(seat.place, node))
    }

    fn crash(&mut self, at: usize, down: u64, forgets: usize) {
        let Some(seat) = self.seats.get_mut(at) else { return };
        seat.node = None;
        seat.timers.clear();
        seat.writes.clear();
        seat.disk.crash(&mut seat.random, N::torn);
        seat.disk.forget(forgets);
        self.plan(self.now.saturating_add(down), What::Boot { seat: at });
    }

    fn perform(&mut self, at: usize, action: Action<N>) -> Result<(), Violation> {
        let now = self.now;
        match action {
            Action::Persist { store, ticket, record } => self.write(at, store, ticket, Write::Append(record)),
            Action::Replace { store, records } => self.rewrite(at, store, Write::Replace(records)),
            Action::Cut { store, records } => self.rewrite(at, store, Write::Cut(records)),
            Action::Send { to, message, after } => return self.send(at, to, message, after),
            Action::SetTimer { slot, timer, at: shown } => {
                let number = self.order;
                let Some(seat) = self.seats.get_mut(at) else { return Ok(()) };
                seat.timers.insert(slot, number);
                let when = seat.clock.reaches(shown).0.max(now);
                self.plan(when, What::Timer { seat: at, slot, number, timer });
            }
            Action::CancelTimer { slot } => {
                self.seats.get_mut(at).map(|seat| seat.timers.remove(&slot));
            }
            Action::Task(task) => {
                let when = self.network.answer(now, at);
                let run = self.seats.get(at).map_or(0, |seat| seat.run);
                self.plan(when, What::Answer { seat: at, run, task });
            }
            Action::Note(_) => {}
        }
        Ok(())
    }

    /// A write without a ticket of its own.
    fn rewrite(&mut self, at: usize, store: usize, write: Write<N::Record>) {
        let newest = self.seats.get(at).and_then(|seat| seat.disk.newest(store));
        self.write(at, store, newest.unwrap_or(0), write);
    }

    fn write(&mut self, at: usize, store: usize, ticket: u64, write: Write<N::Record>) {
        let answer = self.network.answer(self.now, at);
        let Some(seat) = self.seats.get_mut(at) else { return };
        seat.disk.write(store, ticket, write);
        let done = seat.writes.entry(store).or_default();
        *done = answer.max(*done);
        let (when, run) = (*done, seat.run);
        self.plan(when, What::Written { seat: at, run, store, ticket });
    }

    fn send(
        &mut self,
        at: usize,
        to: usize,
        message: N::Message,
        after: Option<(usize, u64)>,
    ) -> Result<(), Violation> {
        let Some(seat) = self.seats.get_mut(at) else { return Ok(()) };
        if let Some(mind) = &mut seat.mind {
            let mut scene =
                Scene { now: Millis(self.now), random: &mut seat.random, letters: &mut self.letters };
            mind.sends(&mut scene, to, message);
            self.post(at);
            return Ok(());
        }
        if let Some((store, ticket)) = after.filter(|(store, ticket)| !seat.disk.is_synced(*store, *ticket)) {
            let what =
                format!("seat {at} sends {message:?} before write {ticket} of store {store} is durable");
            return Err(Violation::new("durable before sent", what));
        }
        self.dispatch(at, to, &message, 0);
        Ok(())
    }

    /// Sends what a strategy has put together.
    fn post(&mut self, at: usize) {
        let mut letters = core::mem::take(&mut self.letters);
        for Letter { to, message, held_ms } in letters.drain(..) {
            self.dispatch(at, to, &message, held_ms);
        }
        self.letters = letters;
    }

    fn dispatch(&mut self, at: usize, to: usize, message: &N::Message, held_ms: u64) {
        let from = self.seats.get(at).map_or(0, |seat| seat.place.address);
        for seat in 0..self.seats.len() {
            if seat == at || self.seats.get(seat).is_none_or(|it| it.place.address != to) {
                continue;
            }
            for when in self.network.travel(self.now, at, seat).into_iter().flatten() {
                let when = when.saturating_add(held_ms);
                self.plan(when, What::Letter { seat, from, message: message.clone() });
            }
        }
    }
}

fn seat<N: Node>(seed: u64, at: usize, address: usize, mind: Mind<N>, faults: &[Fault]) -> Seat<N> {
    let mut crashes: Vec<(u64, u64, usize)> = Vec::new();
    let mut own = crate::Clock::default();
    for fault in faults {
        match fault {
            Fault::Crash { seat, before, down_ms, forgets } if *seat == at => {
                crashes.push((*before, *down_ms, *forgets));
            }
            Fault::Skew { seat, clock } if *seat == at => own = *clock,
            _ => {}
        }
    }
    crashes.sort_by(|a, b| b.cmp(a));
    let label = u64::try_from(at).unwrap_or(u64::MAX).wrapping_neg();
    Seat {
        place: Place { seat: at, address },
        node: None,
        mind,
        disk: Disk::new(N::STORES),
        clock: own,
        run: 0,
        actions: 0,
        crashes,
        timers: alloc::collections::BTreeMap::new(),
        writes: alloc::collections::BTreeMap::new(),
        random: Random::stream(seed, label),
    }
}

impl<N: Node, W> Debug for World<N, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("now", &self.now).field("seats", &self.seats).finish_non_exhaustive()
    }
}
