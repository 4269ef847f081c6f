//! A schedule as data: drawn from a seed, printed when it fails, and made smaller.

use std::{collections::BTreeSet, fmt, sync::Arc};

use auditmesh_bft::{ByWeight, Height, Rotation, RoundRobin, Spread};
use auditmesh_sim::{Clock, Fault, Random, Weather};
use auditmesh_types::Millis;

use crate::{federation::set, liar::Habit};

/// What the caller fixes; the rest is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Wanted {
    pub(crate) members: Option<usize>,
    pub(crate) spread: Option<Spread>,
    pub(crate) liars: Option<Habit>,
    /// The one rule that counts.
    pub(crate) only: Option<&'static str>,
}

/// One schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    pub(crate) weights: Vec<u64>,
    pub(crate) spread: Spread,
    /// Whether proposers have turns by their weight; if not, they come one after the other.
    pub(crate) by_weight: bool,
    pub(crate) signatures_alone: bool,
    /// Whether an intake stands before the authority.
    pub(crate) intake: bool,
    /// Heights up to this one are decided before the run has healed.
    pub(crate) pause: Height,
    pub(crate) heal: Millis,
    pub(crate) key_fails: u32,
    /// From this height on the last member is not in the set; before it the first is not.
    pub(crate) change: Option<Height>,
    pub(crate) liars: Vec<(usize, Habit)>,
    pub(crate) faults: Vec<Fault>,
    /// The one rule that counts, if not all do.
    pub(crate) only: Option<&'static str>,
}

impl Scenario {
    /// The schedule of a seed.
    pub(crate) fn draw(seed: u64, wanted: Wanted) -> Self {
        let mut random = Random::stream(seed, 0x5ce_0a10);
        let members = wanted.members.unwrap_or_else(|| members(&mut random));
        let weighty = random.chance(150);
        let weights: Vec<u64> =
            (0..members).map(|_| if weighty { random.between(1, 4) } else { 1 }).collect();
        let spread = if random.chance(500) { Spread::AllToAll } else { Spread::Collector };
        let by_weight = weighty && random.chance(500);
        let heal = Millis(random.between(200, 2_500));
        let change = (members > 3 && random.chance(120)).then(|| Height(random.between(2, 4)));
        let mut scenario = Self {
            seed,
            weights,
            spread: wanted.spread.unwrap_or(spread),
            by_weight,
            signatures_alone: random.chance(333),
            intake: Random::stream(seed, 0x1_7a4e).chance(500),
            pause: Height(random.between(2, 4)),
            heal,
            key_fails: if random.chance(200) { 100 } else { 0 },
            change,
            liars: Vec::new(),
            faults: Vec::new(),
            only: wanted.only,
        };
        scenario.liars = liars(&scenario, wanted.liars, &mut random);
        scenario.faults = faults(&scenario, &mut random);
        scenario
    }

    /// Whose turn it is.
    pub(crate) fn rotation(&self) -> Arc<dyn Rotation> {
        if self.by_weight { Arc::new(ByWeight) } else { Arc::new(RoundRobin) }
    }

    pub(crate) fn members(&self) -> usize {
        self.weights.len()
    }

    /// The sets, each with the height from which it decides.
    pub(crate) fn sets(&self) -> Vec<(Height, Vec<(usize, u64)>)> {
        let all: Vec<(usize, u64)> = self.weights.iter().copied().enumerate().collect();
        match self.change {
            None => vec![(Height(1), all)],
            Some(from) => vec![(Height(1), all[1..].to_vec()), (from, all[..all.len() - 1].to_vec())],
        }
    }

    /// Whether these may all be Byzantine: in no set more weight than may be faulty.
    fn bears(&self, liars: &[(usize, Habit)]) -> bool {
        self.sets().into_iter().all(|(_, members)| {
            let lies = |n: &usize| liars.iter().any(|(liar, _)| liar == n);
            let weight: u64 = members.iter().filter(|(n, _)| lies(n)).map(|(_, weight)| weight).sum();
            weight <= set(members.into_iter()).faults()
        })
    }

    /// How many members may be faulty at once, at most: so many views in a row may have a faulty proposer.
    pub(crate) fn most_faulty(&self) -> u64 {
        let most = |mut members: Vec<(usize, u64)>| {
            members.sort_by_key(|(_, weight)| *weight);
            let may = set(members.clone().into_iter()).faults();
            let sums = members.iter().scan(0, |sum, (_, weight)| {
                *sum += weight;
                Some(*sum)
            });
            sums.take_while(|sum| *sum <= may).count()
        };
        let most = self.sets().into_iter().map(|(_, members)| most(members)).max();
        u64::try_from(most.unwrap_or(0)).unwrap()
    }

    /// The seats beside those of members: twins, each with its member.
    pub(crate) fn twins(&self) -> Vec<usize> {
        self.liars.iter().filter(|(_, habit)| *habit == Habit::Twins).map(|(n, _)| *n).collect()
    }

    /// How many faults and liars it has.
    #[cfg(feature = "mutants")]
    pub(crate) fn size(&self) -> usize {
        self.faults.len() + self.liars.len()
    }

    /// A little less of it, in each way that is left.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut less = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut next = self.clone();
            change(&mut next);
            if next != *self && next.bears(&next.liars) {
                less.push(next);
            }
        };
        for at in 0..self.faults.len() {
            add(&|it| {
                it.faults.remove(at);
            });
        }
        for at in 0..self.liars.len() {
            add(&|it| {
                it.liars.remove(at);
            });
            add(&|it| it.liars[at].1 = Habit::Silent);
        }
        add(&|it| it.pause = Height(it.pause.0.saturating_sub(1).max(1)));
        add(&|it| it.heal = Millis(it.heal.0 / 2));
        add(&|it| it.key_fails = 0);
        add(&|it| it.change = None);
        add(&|it| it.weights.fill(1));
        add(&|it| it.by_weight = false);
        add(&|it| it.signatures_alone = false);
        add(&|it| it.intake = false);
        add(&|it| it.spread = Spread::AllToAll);
        for at in 0..self.faults.len() {
            add(&|it| milder(&mut it.faults[at]));
        }
        less
    }
}

fn milder(fault: &mut Fault) {
    match fault {
        Fault::Cut { until, from, .. } | Fault::Storm { until, from, .. } => {
            until.0 = (from.0 + until.0).div_ceil(2).min(until.0);
            if until.0 - from.0 < 20 {
                *until = *from;
            }
        }
        Fault::Crash { down_ms, .. } => *down_ms /= 2,
        Fault::Skew { clock, .. } => *clock = Clock { offset_ms: 0, ..*clock },
        _ => {}
    }
}

fn members(random: &mut Random) -> usize {
    match random.below(100) {
        0..72 => 4,
        72..80 => 7,
        80..83 => 10,
        83..88 => 5,
        88..92 => 6,
        92..95 => 3,
        95..98 => 2,
        _ => 1,
    }
}

fn liars(scenario: &Scenario, wanted: Option<Habit>, random: &mut Random) -> Vec<(usize, Habit)> {
    let mut liars = Vec::new();
    if wanted.is_none() && random.chance(150) {
        return liars;
    }
    for _ in 0..scenario.members() {
        let one = (random.place(scenario.members()), wanted.unwrap_or_else(|| Habit::draw(random)));
        let new = liars.iter().all(|(n, _)| *n != one.0);
        let mut more = liars.clone();
        more.push(one);
        if new && scenario.bears(&more) {
            liars = more;
        }
    }
    liars
}

/// Each of the seats or not.
fn side(random: &mut Random, seats: usize) -> BTreeSet<usize> {
    let bits: Vec<u64> = (0..seats.div_ceil(64)).map(|_| random.bits()).collect();
    (0..seats).filter(|seat| bits[seat / 64] >> (seat % 64) & 1 == 1).collect()
}

fn faults(scenario: &Scenario, random: &mut Random) -> Vec<Fault> {
    let mut faults = Vec::new();
    let seats = scenario.members() + scenario.twins().len();
    let heal = scenario.heal.0;
    let window = |random: &mut Random| {
        let from = random.below(heal);
        (Millis(from), Millis(random.between(from, heal)))
    };
    for seat in 0..seats {
        let gain = i32::try_from(random.below(100_000)).unwrap() - 50_000;
        let clock = Clock { offset_ms: random.below(3_600_000), gain_ppm: gain };
        if random.chance(500) {
            faults.push(Fault::Skew { seat, clock });
        }
    }
    for _ in 0..random.below(3) {
        let (from, until) = window(random);
        let from = if random.chance(300) { Millis(0) } else { from };
        let (letter_ms, answer_ms) = (random.between(10, 400), random.between(3, 100));
        let (lost, twice) = [random.below(400), random.below(200)].map(|n| u32::try_from(n).unwrap()).into();
        faults.push(Fault::Storm { from, until, weather: Weather { letter_ms, answer_ms, lost, twice } });
    }
    for _ in 0..random.below(4) {
        let (from, until) = window(random);
        let side = side(random, seats);
        let (one_way, holds) = (random.chance(300), random.chance(500));
        faults.push(Fault::Cut { from, until, side, one_way, holds });
    }
    for _ in 0..random.below(4) {
        let (seat, before, down_ms) = (random.place(seats), random.below(250), random.between(1, 800));
        faults.push(Fault::Crash { seat, before, down_ms, forgets: 0 });
    }
    for (seat, _) in scenario.liars.iter().filter(|(_, habit)| *habit == Habit::Forgetful) {
        for _ in 0..3 {
            let (before, down_ms) = (random.below(200), random.between(1, 100));
            let forgets = random.place(6) + 1;
            faults.push(Fault::Crash { seat: *seat, before, down_ms, forgets });
        }
    }
    faults
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, spread, pause, heal, key_fails, change, .. } = self;
        let rotation = self.rotation();
        writeln!(
            f,
            "seed {seed}: {} members, {spread:?}, {rotation:?}, weights {:?}",
            self.members(),
            self.weights
        )?;
        let checks = if self.signatures_alone { "signatures alone" } else { "everything" };
        let first = if self.intake { "what the intake lets through" } else { "all messages" };
        writeln!(
            f,
            "  the authority gets {first} and checks {checks}; of a thousand requests to a key {key_fails} fail"
        )?;
        if let Some(from) = change {
            writeln!(f, "  member 0 decides from height {from} on, member {} before it", self.members() - 1)?;
        }
        for (n, habit) in &self.liars {
            writeln!(f, "  member {n} is Byzantine: {habit:?}")?;
        }
        for fault in &self.faults {
            writeln!(f, "  {fault}")?;
        }
        write!(f, "  members pause after height {pause}, until everything heals at {heal} ms")
    }
}
