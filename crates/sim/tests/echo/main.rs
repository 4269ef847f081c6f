//! A small machine in every kind of weather: it writes each number it hears, and passes it on once it is durable.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod echo;
mod rules;

use auditmesh_sim::{Clock, Fault, Letter, Mind, Scene, Setup, Strategy, Violation, Weather, World};
use auditmesh_types::Millis;

use crate::{
    echo::{Echo, Habits},
    rules::Rules,
};

fn world(seats: Vec<(usize, Mind<Echo>)>, faults: Vec<Fault>, habits: Habits) -> World<Echo, Rules> {
    let setup = Setup { seed: 11, calm: Weather::default(), faults, seats };
    World::new(setup, habits, Rules::default())
}

fn seats(count: usize) -> Vec<(usize, Mind<Echo>)> {
    (0..count).map(|seat| (seat, None)).collect()
}

fn finish(world: &mut World<Echo, Rules>) -> Result<(), Violation> {
    (0..10_000).try_for_each(|_| world.step().map(drop))
}

fn kept(world: &World<Echo, Rules>, seat: usize) -> Vec<u64> {
    world.disk(seat).unwrap().records(0).to_vec()
}

#[test]
fn a_number_goes_round_and_is_on_every_disk() {
    let mut world = world(seats(3), Vec::new(), Habits::default());
    finish(&mut world).unwrap();
    for seat in 0..3 {
        let numbers = kept(&world, seat);
        assert!(numbers.is_sorted() && numbers.last() == Some(&9), "seat {seat}: {numbers:?}");
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let storm = || {
        let weather = Weather { letter_ms: 90, answer_ms: 40, lost: 100, twice: 300 };
        let until = Millis(500);
        let skew = Clock { offset_ms: 77, gain_ppm: 9_000 };
        vec![
            Fault::Storm { from: Millis(0), until, weather },
            Fault::Crash { seat: 1, before: 9, down_ms: 30, forgets: 0 },
            Fault::Skew { seat: 2, clock: skew },
        ]
    };
    let seen = |faults| {
        let mut world = world(seats(3), faults, Habits::default());
        finish(&mut world).unwrap();
        world.watch().seen.clone()
    };
    let first = seen(storm());
    assert_eq!(first, seen(storm()));
    assert_ne!(first, seen(Vec::new()));
}

#[test]
fn a_crash_strikes_before_each_action_and_loses_what_was_not_durable() {
    let mut shortest = usize::MAX;
    for before in 0..25 {
        let crash = Fault::Crash { seat: 1, before, down_ms: 20, forgets: 0 };
        let mut world = world(seats(2), vec![crash], Habits::default());
        finish(&mut world).unwrap();
        let boots = world.watch().boots;
        assert_eq!(boots, 3, "seat 1 is booted twice");
        let numbers = kept(&world, 1);
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "in order: {numbers:?}");
        shortest = shortest.min(numbers.len());
    }
    assert!(shortest < 10, "some crash lost something");
}

#[test]
fn nothing_crashes_once_the_world_has_healed() {
    let crash = Fault::Crash { seat: 1, before: 0, down_ms: 1_000_000, forgets: 0 };
    let mut world = world(seats(2), vec![crash], Habits::default());
    world.run_until(Millis(5)).unwrap();
    assert!(world.node(1).is_none());
    world.heal();
    finish(&mut world).unwrap();
    assert!(world.node(1).is_some());
}

#[test]
fn whoever_sends_before_it_is_durable_is_found() {
    let habits = Habits { hasty: true, ..Habits::default() };
    let violation = finish(&mut world(seats(2), Vec::new(), habits)).unwrap_err();
    assert_eq!(violation.rule, "durable before sent");
    assert!(violation.to_string().contains("before write 0 of store 0"), "{violation}");
}

#[test]
fn what_a_watch_refuses_ends_the_run() {
    let habits = Habits { wrong_from: Some(4), ..Habits::default() };
    let violation = finish(&mut world(seats(2), Vec::new(), habits)).unwrap_err();
    assert_eq!(violation.rule, "no number is wrong");
    assert!(violation.what.contains("notes 500"), "{violation}");
}

#[test]
fn a_seat_that_cannot_boot_is_found() {
    let crash = Fault::Crash { seat: 0, before: 30, down_ms: 1, forgets: 0 };
    let habits = Habits { forgetful: true, ..Habits::default() };
    let violation = finish(&mut world(seats(2), vec![crash], habits)).unwrap_err();
    assert_eq!(violation.rule, "boots from its own disk");
}

/// Answers everything with a thousand more, a while later, and lets the machine hear nothing.
#[derive(Debug)]
struct Shouts;

impl Strategy<Echo> for Shouts {
    fn sends(&mut self, _: &mut Scene<'_, u64>, _: usize, _: u64) {}

    fn receives(&mut self, scene: &mut Scene<'_, u64>, from: usize, message: &u64) -> bool {
        scene.letters.push(Letter { to: from, message: message + 1_000, held_ms: 100 });
        false
    }
}

#[test]
fn a_strategy_speaks_in_place_of_the_machine() {
    let seats = vec![(0, None), (1, Some(Box::new(Shouts) as Box<dyn Strategy<Echo>>))];
    let mut world = world(seats, Vec::new(), Habits::default());
    finish(&mut world).unwrap();
    let numbers = kept(&world, 0);
    assert_eq!((numbers.first(), numbers.last(), kept(&world, 1).len()), (Some(&0), Some(&1_001), 0));
    assert!(world.now() >= Millis(100));
}

#[test]
fn twins_hear_the_same_letters() {
    let mut world = world(vec![(0, None), (1, None), (1, None)], Vec::new(), Habits::default());
    finish(&mut world).unwrap();
    assert_eq!((kept(&world, 1).last(), kept(&world, 2).last()), (Some(&9), Some(&9)));
    assert_eq!(world.watch().boots, 3);
}

#[test]
fn faults_say_what_they_are() {
    let side = [0, 99].into();
    let cut = Fault::Cut { from: Millis(1), until: Millis(9), side, one_way: true, holds: false };
    assert_eq!(cut.to_string(), "1..9 ms: seats 0,99 are not heard by the others, letters are lost");
    let crash = Fault::Crash { seat: 3, before: 7, down_ms: 5, forgets: 2 };
    assert_eq!(
        crash.to_string(),
        "seat 3 crashes before its action 7, for 5 ms, and its disk loses 2 records"
    );
}
