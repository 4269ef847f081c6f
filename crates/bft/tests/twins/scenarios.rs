//! All ways to split the network in a number of rounds. Scenarios that have led to one state are played on together.

use crate::{
    cast::{MEMBERS, Mutant},
    intern::Map,
    round::{ENGINES, Fault, Split, World},
};

/// How many rounds a scenario has.
pub(crate) const ROUNDS: usize = 4;

/// What playing them all showed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Ways to choose a split, and a leader where leaders are chosen, for all rounds.
    pub(crate) scenarios: u64,
    /// Rounds that were played.
    pub(crate) rounds: u64,
    /// Distinct states after the last round.
    pub(crate) ends: u64,
    /// Scenarios in which somebody decided before the network healed.
    pub(crate) decided: u64,
    /// Scenarios in which the twins were found out, healing included.
    pub(crate) accused: u64,
    /// The most rounds that a healed network took.
    pub(crate) healing: usize,
}

/// A broken rule, and the splits that lead there.
pub(crate) type Broken = (Fault, Vec<Round>);

/// A round: its leader, where it does not come by rotation, and how the network is split.
pub(crate) type Round = (Option<usize>, Split);

/// Plays every scenario of `rounds` rounds, each of them one of `choices`, with the twin of member `twin`.
///
/// # Errors
/// The first rule that is broken.
pub(crate) fn play(
    twin: usize,
    rounds: usize,
    choices: &[Round],
    without: Option<Mutant>,
) -> Result<Seen, Broken> {
    let mut seen = Seen::default();
    // Each state with one way to it, and how many there are.
    let mut worlds = Map::default();
    worlds.insert(World::new(twin, without), (Vec::new(), 1u64));
    for _ in 0..rounds {
        let mut next: Map<World, (Vec<Round>, u64)> = Map::default();
        for (world, (way, count)) in worlds {
            for (leader, split) in choices {
                seen.rounds += 1;
                let mut after = world.clone();
                let way = || way.iter().copied().chain([(*leader, *split)]).collect();
                after.turn(*leader, split).map_err(|fault| (fault, way()))?;
                next.entry(after).or_insert_with(|| (way(), 0)).1 += count;
            }
        }
        worlds = next;
    }
    for (world, (way, count)) in worlds {
        seen.end(world, count).map_err(|fault| (fault, way))?;
    }
    Ok(seen)
}

/// Plays scenarios drawn by `seed`, each from the beginning, with the twins in each place by turns.
///
/// # Errors
/// The first rule that is broken.
pub(crate) fn sample(
    rounds: usize,
    choices: &[Round],
    seed: u64,
    count: u64,
    without: Option<Mutant>,
) -> Result<Seen, Broken> {
    let mut seen = Seen::default();
    let mut draw = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let places = (0..MEMBERS).cycle();
    for (twin, _) in places.zip(0..count) {
        let (mut world, mut way) = (World::new(twin, without), Vec::new());
        for _ in 0..rounds {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            let (leader, split) = choices[usize::try_from(draw % choices.len() as u64).unwrap()];
            way.push((leader, split));
            world.turn(leader, &split).map_err(|fault| (fault, way.clone()))?;
            seen.rounds += 1;
        }
        seen.end(world, 1).map_err(|fault| (fault, way))?;
    }
    Ok(seen)
}

impl Seen {
    /// Heals the network at the end of `count` scenarios.
    fn end(&mut self, mut world: World, count: u64) -> Result<(), Fault> {
        self.ends += 1;
        self.scenarios += count;
        self.decided += if world.decided() > 0 { count } else { 0 };
        self.healing = self.healing.max(world.heal()?);
        self.accused += if world.accused().next().is_some() { count } else { 0 };
        Ok(())
    }
}

/// Every split, the leader coming by rotation.
pub(crate) fn by_rotation() -> Vec<Round> {
    splits().into_iter().map(|split| (None, split)).collect()
}

/// Every split with every leader.
pub(crate) fn by_choice() -> Vec<Round> {
    (0..MEMBERS).flat_map(|leader| splits().into_iter().map(move |split| (Some(leader), split))).collect()
}

/// All ways to split the engines into parts, each written as the part of every engine, parts numbered as they come up.
fn splits() -> Vec<Split> {
    let mut all = vec![(Split::default(), 0)];
    for at in 0..ENGINES {
        let longer = all.iter().flat_map(|(split, parts)| {
            (0..=*parts).map(move |part| {
                let mut split = *split;
                split[at] = part;
                (split, (*parts).max(part + 1))
            })
        });
        all = longer.collect();
    }
    all.into_iter().map(|(split, _)| split).collect()
}
