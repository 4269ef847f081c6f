//! One schedule from beginning to end: chaos, healing, and the decision that must follow.

use std::{cell::Cell, rc::Rc};

use auditmesh_bft::{Height, View};
use auditmesh_sim::{Mind, Random, Setup, Violation, Weather, World};
use auditmesh_types::{Millis, Origin};

use crate::{
    federation::{BASE_MS, CAP_MS, Federation, RESEND_MS, set},
    liar::{Habit, Liar},
    member::{Member, Task},
    mutation::Mutation,
    scenario::Scenario,
    watch::{Figures, Rules},
};

/// Runs a schedule.
///
/// # Errors
/// The rule that it breaks.
pub(crate) fn run(scenario: &Scenario, mutation: Mutation) -> Result<Figures, Violation> {
    to_the_end(scenario, mutation).or_else(|violation| match scenario.only {
        Some(rule) if rule != violation.rule => Ok(Figures::default()),
        _ => Err(violation),
    })
}

fn to_the_end(scenario: &Scenario, mutation: Mutation) -> Result<Figures, Violation> {
    let federation = Rc::new(federation(scenario, mutation));
    let twins = scenario.twins();
    let seats = scenario.members() + twins.len();
    let liar = |seat: usize| {
        let n = twins.get(seat.wrapping_sub(scenario.members())).copied().unwrap_or(seat);
        (n, scenario.liars.iter().find(|(liar, _)| *liar == n).map(|(_, habit)| *habit))
    };
    let mind = |seat: usize| -> (usize, Mind<Member>) {
        let (n, habit) = liar(seat);
        let friends = Random::stream(scenario.seed, u64::try_from(n).unwrap() + 1_000).bits();
        let friends = if seat == n { friends } else { !friends };
        (
            n,
            habit.map(|habit| -> Box<dyn auditmesh_sim::Strategy<Member>> {
                Box::new(Liar::new(n, habit, friends, &federation))
            }),
        )
    };
    let setup = Setup {
        seed: scenario.seed,
        calm: Weather::default(),
        faults: scenario.faults.clone(),
        seats: (0..seats).map(mind).collect(),
    };
    let honest: Vec<bool> = (0..seats).map(|seat| liar(seat).1.is_none()).collect();
    let mut rules = Rules::new(Rc::clone(&federation), &honest);
    rules.only = scenario.only;
    rules.weighs = scenario.liars.iter().any(|(_, habit)| *habit == Habit::Floods);
    let mut world = World::new(setup, Rc::clone(&federation), rules);
    world.run_until(scenario.heal)?;
    world.heal();
    federation.resumed.set(true);
    // Whoever was down is up after this step.
    world.run_until(Millis(scenario.heal.0 + 1))?;
    for seat in 0..seats {
        world.give(seat, Task::Resume)?;
    }
    let honest: Vec<usize> = (0..seats).filter(|seat| honest[*seat]).collect();
    goes_on(&mut world, scenario, &honest)?;
    let mut figures = world.watch().figures;
    figures.torn = (0..seats).filter_map(|seat| Some(u64::try_from(world.disk(seat)?.torn()).unwrap())).sum();
    Ok(figures)
}

/// Liveness. Let `H` be the highest height that an honest member has yet to decide when everything has healed, `V` the highest view of
/// `H` that an honest member is in or has asked for by then, and `f` the most members that may be faulty at once. Every honest member decides `H` in a view of
/// at most `V + f + 2`, within the time that so many views take.
fn goes_on(world: &mut World<Member, Rules>, scenario: &Scenario, honest: &[usize]) -> Result<(), Violation> {
    let at = |world: &World<Member, Rules>, seat: usize| {
        world.node(seat).map(|it| (it.open(), it.engine.height(), it.engine.view()))
    };
    let places: Vec<_> = honest.iter().filter_map(|seat| Some((*seat, at(world, *seat)?))).collect();
    let height = places.iter().map(|(_, (open, ..))| *open).max().unwrap_or(Height(1));
    let there = places.iter().filter(|(_, (_, now, _))| *now == height);
    let view = there.map(|(seat, (_, _, view))| world.watch().asked(*seat, height).max(*view)).max();
    let view = view.unwrap_or_default();
    // An engine that lacks a rule may be in any view at all.
    let last = View(view.0.saturating_add(scenario.most_faulty() + 2));
    let views = (view.0..=last.0.saturating_add(1))
        .map(|view| (BASE_MS << view.min(10)).min(CAP_MS) + RESEND_MS)
        .sum::<u64>();
    // Clocks are up to a twentieth slow; letters of before the healing may be on their way for two seconds more.
    let deadline = Millis(world.now().0 + views * 11 / 10 + 4_000);
    let lag = |world: &World<Member, Rules>| {
        honest.iter().find(|seat| world.watch().decided(**seat) < height).copied()
    };
    // More steps than any schedule needs.
    let (mut steps, most) = (0, 2 * world.most_steps());
    while let Some(seat) = lag(world) {
        steps += 1;
        if world.now() > deadline || steps > most || !world.step()? {
            let what = format!(
                "seat {seat} has not decided height {height} by {} ms, where the latest view was {view}: {:?}",
                world.now(),
                honest.iter().map(|seat| at(world, *seat)).collect::<Vec<_>>()
            );
            return Err(Violation::new("liveness", what));
        }
    }
    let decided = world.watch().views.get(&height).copied().unwrap_or_default();
    if decided > last {
        let what = format!("height {height} is decided in view {decided}, {last} was allowed from {view} on");
        return Err(Violation::new("liveness", what));
    }
    Ok(())
}

fn federation(scenario: &Scenario, mutation: Mutation) -> Federation {
    let sets = scenario.sets().into_iter().map(|(from, members)| (from, set(members.into_iter())));
    Federation {
        seed: scenario.seed,
        origin: Origin::new("example/order").unwrap(),
        spread: scenario.spread,
        rotation: scenario.rotation(),
        mutation,
        signatures_alone: scenario.signatures_alone || mutation.needs_signatures_alone(),
        intake: scenario.intake,
        pause: scenario.pause,
        resumed: Cell::new(false),
        key_fails: scenario.key_fails,
        sets: sets.collect(),
        members: scenario.members(),
    }
}

/// Whether it is a member of a kind that the caller asks for.
pub(crate) fn habit(word: &str) -> Option<Habit> {
    Habit::ALL
        .into_iter()
        .chain([Habit::Floods])
        .find(|habit| format!("{habit:?}").eq_ignore_ascii_case(word))
}
