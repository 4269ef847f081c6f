//! Many seeds, on a few threads: each schedule runs on one.

use std::{
    any::Any,
    fmt,
    io::IsTerminal,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use auditmesh_bft::Spread;
use auditmesh_sim::{Violation, shrink};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    memory::Held,
    mutation::Mutation,
    run::run,
    scenario::{Scenario, Wanted},
    watch::Figures,
    words::Search,
};

/// The longest without a line at first, and later.
const FIRST_LINE: Duration = Duration::from_secs(1);
const LATER_LINES: Duration = Duration::from_secs(10);

/// A schedule that broke a rule.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) scenario: Scenario,
    pub(crate) violation: Violation,
    wanted: Wanted,
    /// Whether the schedule is less than what the seed draws.
    less: bool,
}

/// Runs a schedule, and takes a panic for a broken rule.
fn attempt(scenario: &Scenario, mutation: Mutation) -> Result<Figures, Violation> {
    let said = |payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
    };
    catch_unwind(AssertUnwindSafe(|| run(scenario, mutation)))
        .unwrap_or_else(|payload| Err(Violation::new("no panic", said(payload))))
}

/// Runs the seeds until one fails: the lowest that does.
///
/// # Errors
/// The failure, as it was drawn.
pub(crate) fn search(search: &Search, mutation: Mutation) -> Result<Figures, Box<Failure>> {
    let next = AtomicU64::new(search.seeds.start);
    let stop = AtomicU64::new(search.seeds.end);
    let (found, sum) = (Mutex::new(None::<Failure>), Mutex::new(Figures::default()));
    let progress = Progress::new(search);
    let work = || {
        let mut figures = Figures::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= stop.load(Ordering::Relaxed) {
                break;
            }
            let scenario = Scenario::draw(seed, search.wanted);
            match attempt(&scenario, mutation) {
                Ok(more) => figures.add(more),
                Err(violation) => {
                    stop.fetch_min(seed, Ordering::Relaxed);
                    let mut found = found.lock().unwrap();
                    if found.as_ref().is_none_or(|old| seed < old.scenario.seed) {
                        *found = Some(Failure { scenario, violation, wanted: search.wanted, less: false });
                    }
                }
            }
            progress.done();
        }
        sum.lock().unwrap().add(figures);
    };
    thread::scope(|scope| {
        (1..search.jobs).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    progress.end();
    match found.into_inner().unwrap() {
        Some(failure) => Err(Box::new(failure)),
        None => Ok(sum.into_inner().unwrap()),
    }
}

impl Figures {
    fn add(&mut self, more: Self) {
        self.decisions += more.decisions;
        self.later_views += more.later_views;
        self.accusations += more.accusations;
        self.boots += more.boots;
        self.torn += more.torn;
        self.short += more.short;
        self.changed += more.changed;
        self.steps += more.steps;
        self.held = self.held.max(more.held);
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { decisions, later_views, accusations, boots, torn, short, changed, steps, held } = self;
        write!(
            f,
            "{steps} steps, {decisions} decisions, {later_views} of them in later views, {accusations} accusations, "
        )?;
        write!(f, "{boots} boots, {torn} torn records, {short} found short and {changed} changed")?;
        let Held { signatures, values, aside } = held;
        write!(f, "; at most {aside} votes in an intake")?;
        if *signatures > 0 {
            write!(f, ", {signatures} signatures and {values} values in an engine")
        } else {
            Ok(())
        }
    }
}

impl Failure {
    /// The same failure in less: of the same rule.
    pub(crate) fn shrunk(&self, mutation: Mutation) -> Self {
        let rule = self.violation.rule;
        let breaks =
            |scenario: &Scenario| attempt(scenario, mutation).is_err_and(|violation| violation.rule == rule);
        let scenario = shrink(self.scenario.clone(), Scenario::smaller, breaks);
        let violation = attempt(&scenario, mutation).err().unwrap_or_else(|| self.violation.clone());
        let less = scenario != self.scenario;
        Self { scenario, violation, wanted: self.wanted, less }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seed = self.scenario.seed;
        let commit = std::env::var("AUDITMESH_COMMIT").unwrap_or_else(|_| "unknown".to_owned());
        writeln!(f, "{}", self.violation)?;
        if self.less {
            // A command draws a schedule by its seed, and all of it.
            write!(
                f,
                "commit {commit}; no command plays this alone: the one for the whole schedule comes to it again"
            )?;
            return write!(f, "\n{}", self.scenario);
        }
        writeln!(f, "commit {commit}; the same again:")?;
        write!(f, "  cargo xtask simulate --seeds {seed}..{}", seed + 1)?;
        if let Some(members) = self.wanted.members {
            write!(f, " --members {members}")?;
        }
        if let Some(spread) = self.wanted.spread {
            write!(f, " --spread {}", if spread == Spread::AllToAll { "all" } else { "collector" })?;
        }
        if let Some(habit) = self.wanted.liars {
            write!(f, " --byzantine {habit:?}")?;
        }
        write!(f, "\n{}", self.scenario)
    }
}

/// A bar on a terminal; elsewhere a line after a second, and then at least every ten.
struct Progress {
    bar: ProgressBar,
    lines: bool,
    begin: Instant,
    last: Mutex<Duration>,
    done: AtomicU64,
}

impl Progress {
    #[allow(clippy::disallowed_methods, reason = "the speed is shown and decides nothing")]
    fn new(search: &Search) -> Self {
        let bar = ProgressBar::new(search.seeds.end - search.seeds.start);
        let terminal = std::io::stderr().is_terminal();
        if !search.show || !terminal {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style =
            ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} schedules, {per_sec}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            lines: search.show && !terminal,
            begin: Instant::now(),
            last: Mutex::default(),
            done: AtomicU64::new(0),
        }
    }

    /// One more schedule has come to its end.
    fn done(&self) {
        let count = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_position(count);
        if self.lines {
            let mut last = self.last.lock().unwrap();
            let (now, wait) = (self.begin.elapsed(), (*last).clamp(FIRST_LINE, LATER_LINES));
            if now.saturating_sub(*last) >= wait {
                *last = now;
                self.say(count, now);
            }
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
        if self.lines {
            self.say(self.done.load(Ordering::Relaxed), self.begin.elapsed());
        }
    }

    fn say(&self, count: u64, took: Duration) {
        let tenths = u128::from(count) * 10_000 / took.as_millis().max(1);
        eprintln!("{count} schedules in {} s, {}.{} a second", took.as_secs(), tenths / 10, tenths % 10);
    }
}
