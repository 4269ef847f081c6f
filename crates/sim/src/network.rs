use alloc::vec::Vec;

use crate::{Fault, Random, Weather};

/// What lies between the seats: links with a stream of chance each, and the faults that hold at a time.
#[derive(Debug)]
pub(crate) struct Network {
    seats: usize,
    calm: Weather,
    cuts: Vec<Fault>,
    storms: Vec<Fault>,
    links: Vec<Random>,
    answers: Vec<Random>,
}

impl Network {
    pub(crate) fn new(seed: u64, seats: usize, calm: Weather, faults: &[Fault]) -> Self {
        let stream = |label: usize| Random::stream(seed, u64::try_from(label).unwrap_or(u64::MAX));
        let (links, ends) = (seats.saturating_mul(seats), seats.saturating_mul(seats).saturating_add(seats));
        Self {
            seats,
            calm,
            cuts: faults.iter().filter(|fault| matches!(fault, Fault::Cut { .. })).cloned().collect(),
            storms: faults.iter().filter(|fault| matches!(fault, Fault::Storm { .. })).cloned().collect(),
            links: (0..links).map(stream).collect(),
            answers: (links..ends).map(stream).collect(),
        }
    }

    /// Ends every cut and storm.
    pub(crate) fn heal(&mut self) {
        self.cuts.clear();
        self.storms.clear();
    }

    fn weather(&self, now: u64) -> Weather {
        let holds = |fault: &Fault| match fault {
            Fault::Storm { from, until, weather } if (from.0..until.0).contains(&now) => Some(*weather),
            _ => None,
        };
        self.storms.iter().find_map(holds).unwrap_or(self.calm)
    }

    /// Until when a cut holds a letter back; `Err` when it is lost.
    fn cut(&self, now: u64, from: usize, to: usize) -> Result<u64, ()> {
        let mut open = now;
        for fault in &self.cuts {
            let Fault::Cut { from: begin, until, side, one_way, holds } = fault else { continue };
            if !(begin.0..until.0).contains(&now) {
                continue;
            }
            let (from, to) = (side.contains(&from), side.contains(&to));
            if from != to && (from || !one_way) {
                if !holds {
                    return Err(());
                }
                open = open.max(until.0);
            }
        }
        Ok(open)
    }

    /// When a letter arrives, and once more if it is doubled.
    pub(crate) fn travel(&mut self, now: u64, from: usize, to: usize) -> [Option<u64>; 2] {
        let weather = self.weather(now);
        let cut = self.cut(now, from, to);
        let Some(random) = self.links.get_mut(from.saturating_mul(self.seats).saturating_add(to)) else {
            return [None, None];
        };
        let (takes, lost, twice) =
            (random.between(1, weather.letter_ms), random.chance(weather.lost), random.chance(weather.twice));
        let Ok(open) = cut else { return [None, None] };
        let first = (!lost).then(|| open.saturating_add(takes));
        let second =
            twice.then(|| open.saturating_add(takes).saturating_add(random.between(1, weather.letter_ms)));
        [first, second]
    }

    /// When a disk or an outside answer is ready.
    pub(crate) fn answer(&mut self, now: u64, seat: usize) -> u64 {
        let weather = self.weather(now);
        let takes = self.answers.get_mut(seat).map_or(0, |random| random.between(0, weather.answer_ms));
        now.saturating_add(takes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auditmesh_types::Millis;

    #[test]
    fn a_cut_holds_or_loses_in_its_direction_and_time() {
        let cut = |one_way, holds| {
            let (from, until) = (Millis(10), Millis(50));
            let side = [0].into();
            Network::new(1, 3, Weather::default(), &[Fault::Cut { from, until, side, one_way, holds }])
        };
        let arrives = |network: &mut Network, now, from, to| network.travel(now, from, to)[0];
        let mut loses = cut(false, false);
        assert_eq!([arrives(&mut loses, 20, 0, 1), arrives(&mut loses, 20, 2, 0)], [None, None]);
        assert!(arrives(&mut loses, 20, 1, 2).is_some() && arrives(&mut loses, 50, 0, 1).is_some());
        let mut holds = cut(true, true);
        assert!(arrives(&mut holds, 20, 0, 1) > Some(50) && arrives(&mut holds, 20, 1, 0) < Some(50));
        holds.heal();
        assert!(arrives(&mut holds, 20, 0, 1) < Some(50));
    }

    #[test]
    fn a_cut_goes_between_any_two_of_a_hundred_seats() {
        let (from, until, side) = (Millis(0), Millis(50), (1..100).step_by(2).collect());
        let cut = Fault::Cut { from, until, side, one_way: false, holds: false };
        let mut network = Network::new(1, 100, Weather::default(), &[cut]);
        for seat in 1..100 {
            assert_eq!(network.travel(20, 0, seat)[0].is_none(), seat % 2 == 1, "seat {seat}");
            assert_eq!(network.travel(20, seat, 99)[0].is_none(), seat % 2 == 0, "seat {seat}");
        }
    }

    #[test]
    fn a_storm_loses_and_doubles() {
        let weather = Weather { letter_ms: 200, answer_ms: 0, lost: 300, twice: 200 };
        let storm = Fault::Storm { from: Millis(0), until: Millis(100), weather };
        let mut network = Network::new(1, 2, Weather::default(), &[storm]);
        let all: Vec<_> = (0..1000).map(|_| network.travel(5, 0, 1)).collect();
        let count = |which: usize| all.iter().filter(|both| both[which].is_some()).count();
        assert!(
            (600..800).contains(&count(0)) && (120..280).contains(&count(1)),
            "{} {}",
            count(0),
            count(1)
        );
        assert!(all.iter().flatten().flatten().any(|at| *at > 150), "letters are late");
        assert!((0..100).all(|_| network.travel(100, 0, 1)[1].is_none()), "the storm is over");
        assert_eq!(network.answer(5, 0), 5);
    }
}
