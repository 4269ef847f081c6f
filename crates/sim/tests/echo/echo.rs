use auditmesh_sim::{Action, Disk, Input, Node, Place};
use auditmesh_types::Millis;

/// What is wrong with the machine, if anything.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Habits {
    /// It sends before its write is durable.
    pub(crate) hasty: bool,
    /// From this number on it notes another.
    pub(crate) wrong_from: Option<u64>,
    /// It refuses a disk that holds anything.
    pub(crate) forgetful: bool,
}

/// Counts to ten with the others: seat 0 begins, and whoever has a number passes it on with the next.
#[derive(Debug)]
pub(crate) struct Echo {
    habits: Habits,
    address: usize,
    tickets: u64,
    last: Option<u64>,
}

const LAST: u64 = 9;

impl Echo {
    fn keep(&mut self, number: u64, out: &mut Vec<Action<Self>>) {
        if self.last.is_some_and(|last| last >= number) {
            return;
        }
        self.last = Some(number);
        let ticket = self.tickets;
        self.tickets += 1;
        out.push(Action::Persist { store: 0, ticket, record: number });
        let wrong = self.habits.wrong_from.is_some_and(|from| number >= from);
        out.push(Action::Note(if wrong { number + 5_000 } else { number }));
        if self.habits.hasty {
            self.pass_on(Some((0, ticket)), out);
        }
    }

    fn pass_on(&self, after: Option<(usize, u64)>, out: &mut Vec<Action<Self>>) {
        let Some(last) = self.last else { return };
        for message in [last, last + 1].into_iter().filter(|message| *message <= LAST) {
            for to in (0..3).filter(|to| *to != self.address) {
                out.push(Action::Send { to, message, after });
            }
        }
    }
}

impl Node for Echo {
    type Config = Habits;
    type Message = u64;
    type Record = u64;
    type Timer = ();
    type Task = ();
    type Note = u64;

    const STORES: usize = 1;

    fn boot(
        habits: &Habits,
        place: Place,
        now: Millis,
        disk: &Disk<u64>,
        out: &mut Vec<Action<Self>>,
    ) -> Result<Self, String> {
        let last = disk.records(0).last().copied();
        if habits.forgetful && last.is_some() {
            return Err(format!("the disk holds {last:?}"));
        }
        let mut echo = Self { habits: *habits, address: place.address, tickets: 0, last };
        if place.address == 0 {
            echo.keep(0, out);
        }
        out.push(Action::SetTimer { slot: 0, timer: (), at: Millis(now.0 + 50) });
        Ok(echo)
    }

    fn step(&mut self, now: Millis, input: Input<Self>, out: &mut Vec<Action<Self>>) {
        match input {
            Input::Message { message, .. } => self.keep(message, out),
            Input::Persisted { store, ticket } => self.pass_on(Some((store, ticket)), out),
            Input::Timer(()) => {
                out.push(Action::Task(()));
                if self.last < Some(LAST) {
                    out.push(Action::SetTimer { slot: 0, timer: (), at: Millis(now.0 + 50) });
                }
            }
            Input::Task(()) if self.tickets == 0 => self.pass_on(None, out),
            Input::Task(()) => {}
        }
    }
}
