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
    mutation::Mutation,
    run::run,
    scenario::{Scenario, Wanted},
    watch::Figures,
    words::Search,
};

/// A schedule that broke a rule.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) scenario: Scenario,
    pub(crate) violation: Violation,
    wanted: Wanted,
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
                        *found = Some(Failure { scenario, violation, wanted: search.wanted });
                    }
                }
            }
            progress.done(seed + 1 - search.seeds.start);
        }
        sum.lock().unwrap().add(figures);
    };
    thread::scope(|scope| {
        (1..search.jobs).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    progress.end(search.seeds.end - search.seeds.start);
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
        if *held > 0 { write!(f, "; at most {held} signatures held") } else { Ok(()) }
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
        Self { scenario, violation, wanted: self.wanted }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seed = self.scenario.seed;
        let commit = std::env::var("AUDITMESH_COMMIT").unwrap_or_else(|_| "unknown".to_owned());
        writeln!(f, "{}", self.violation)?;
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

/// A bar on a terminal, a line every ten seconds elsewhere.
struct Progress {
    bar: ProgressBar,
    lines: bool,
    begin: Instant,
    last: Mutex<Duration>,
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
        Self { bar, lines: search.show && !terminal, begin: Instant::now(), last: Mutex::default() }
    }

    fn done(&self, count: u64) {
        if count.is_multiple_of(256) {
            self.bar.set_position(count);
            let now = self.begin.elapsed();
            let mut last = self.last.lock().unwrap();
            if self.lines && now - *last >= Duration::from_secs(10) {
                *last = now;
                self.say(count, now);
            }
        }
    }

    fn end(&self, count: u64) {
        self.bar.finish_and_clear();
        if self.lines {
            self.say(count, self.begin.elapsed());
        }
    }

    fn say(&self, count: u64, took: Duration) {
        let rate = u128::from(count) * 1_000 / took.as_millis().max(1);
        eprintln!("{count} schedules in {} s, {rate} a second", took.as_secs());
    }
}
