//! Seeds of the ordering engine: what happens to one member of four, as the bytes that `targets/engine.rs` reads.

use super::Seed;

/// Whose engine: `M-1` proposes at height 1 in view 0, `M-2` in view 1.
const FIRST: u8 = 1;
const SECOND: u8 = 2;
const LAST: u8 = 3;

const ALL_TO_ALL: u8 = 0;
const COLLECTOR: u8 = 1;

const START: &[u8] = &[0];
/// All that waits is answered, in order; sets stay as they are.
const ANSWERS: &[u8] = &[2, 0];
const VIEW_ENDS: &[u8] = &[6, 0];
const RESEND: &[u8] = &[6, 1];
const RESTART: &[u8] = &[14, 0, 0];
/// Everybody's votes for the first value.
const FLOOD: &[u8] = &[15, 7, 0];
/// A proposal of the first value by the proposer of view 0, of height 1 and of the one where the engine is.
const PROPOSAL: &[u8] = &[4, 4, 1, 0, 0, 0];
const NEXT_PROPOSAL: &[u8] = &[4, 4, 7, 0, 0, 0];

const PREPARE: u8 = 0;
const COMMIT: u8 = 1;

/// Votes for the first value, each by way of the intake.
fn votes(by: &[u8], height: u8, view: u8, phase: u8) -> Vec<u8> {
    by.iter().flat_map(|by| [4, 0, *by, height, view, phase]).collect()
}

/// Requests that name nothing.
fn asks(by: &[u8], view: u8) -> Vec<u8> {
    by.iter().flat_map(|by| [4, 2, *by, 1, view, 0]).collect()
}

/// PREPAREs and COMMITs for the first value in view 0.
fn both(by: &[u8], height: u8) -> Vec<u8> {
    [votes(by, height, 0, PREPARE), votes(by, height, 0, COMMIT)].concat()
}

pub(super) fn seeds() -> Vec<Seed> {
    [decided(), later_views(), restored(), driven()].concat()
}

/// Whose engine, its settings, what happens.
fn run(name: &'static str, who: u8, how: u8, parts: &[&[u8]]) -> Seed {
    ("bft_engine", name, [&[who, how], parts.concat().as_slice()].concat())
}

/// Heights that are decided in view 0.
fn decided() -> Vec<Seed> {
    let (of_first, of_last, next) = (both(&[0, 2, 3], 1), both(&[0, 1, 2], 1), both(&[0, 1, 2], 7));
    let (prepares, commits) = (votes(&[0, 2], 1, 0, PREPARE), votes(&[0, 2], 1, 0, COMMIT));
    let [prepared, committed] = [PREPARE, COMMIT].map(|phase| [4, 3, 1, 0, phase, 0b111]);
    let early = votes(&[0, 1], 2, 0, COMMIT);
    let flooded = [NEXT_PROPOSAL, ANSWERS, &next, FLOOD, ANSWERS, FLOOD].concat().repeat(3);
    let begun = [START, ANSWERS].concat();
    let follows = [begun.as_slice(), PROPOSAL, ANSWERS].concat();
    vec![
        run("proposer", FIRST, ALL_TO_ALL, &[&begun, &of_first, ANSWERS]),
        run(
            "follower",
            LAST,
            ALL_TO_ALL,
            &[&follows, &of_last, ANSWERS, NEXT_PROPOSAL, ANSWERS, &next, ANSWERS],
        ),
        run("early", LAST, ALL_TO_ALL, &[START, &early, &of_last, PROPOSAL, ANSWERS]),
        run("collector", FIRST, COLLECTOR, &[&begun, &prepares, ANSWERS, &commits, ANSWERS]),
        run("collected", LAST, COLLECTOR, &[&follows, &prepared, ANSWERS, &committed, ANSWERS]),
        run("caught_up", 0, ALL_TO_ALL, &[&begun, &[12, 1, 0, 0, 0, 0, 0b1110], ANSWERS, &[14, 1], START]),
        run("flooded", LAST, ALL_TO_ALL, &[&begun, &flooded]),
        run("sets_change", FIRST, 8 | 64, &[&begun, &of_first, &[2, 2]]),
    ]
}

/// Views that end.
fn later_views() -> Vec<Seed> {
    let begun = [START, ANSWERS].concat();
    let ended = [VIEW_ENDS, ANSWERS].concat();
    // Prepared in view 0; the end of it; a restart.
    let locked = [&begun, PROPOSAL, &votes(&[0, 1], 1, 0, PREPARE), ANSWERS, &ended, RESTART].concat();
    // A request that names the first value, which members 0, 1 and 3 prepared in view 0.
    let named = [4, 2, 0, 1, 1, 1, 0, 0, 0, 0b1011];
    // The first value in view 1, by requests of 0, 2 and 3 of which the lowest names it.
    let again = [4, 4, 1, 1, 0, 1, 0, 0b1101, 16, 0b1011];
    let (others, second) = (asks(&[2], 1), votes(&[0, 2], 1, 1, PREPARE));
    // From view to view, by their places in a list, with all votes for another value in each.
    let far = |view| [&asks(&[0, 1, 3], view), &[15, 1, 1][..]].concat();
    let far: Vec<u8> = [5, 8, 9, 10].into_iter().flat_map(far).collect();
    vec![
        run("new_view", SECOND, ALL_TO_ALL, &[&begun, &ended, &asks(&[0, 3], 1), ANSWERS]),
        run(
            "locked",
            LAST,
            ALL_TO_ALL,
            &[&locked, &named, &others, &again, ANSWERS, &second, ANSWERS, RESEND],
        ),
        run("far", SECOND, ALL_TO_ALL, &[&begun, &far]),
    ]
}

/// Records of one height, and what comes after the restart.
fn restored() -> Vec<Seed> {
    let run = |who: u8, applied: u8, records: &[&[u8]], after: &[u8]| {
        let count = u8::try_from(records.len()).expect("a few records");
        [&[who, ALL_TO_ALL, applied, count], records.concat().as_slice(), after].concat()
    };
    let begins: &[u8] = &[0, 1];
    let prepare: &[u8] = &[2 | 4, 1, 0, PREPARE, 0, 0];
    let commit: &[u8] = &[2 | 8, 1, 0, COMMIT, 0, 0b1011];
    // It names the first value, as prepared in view 0.
    let ask: &[u8] = &[2, 1, 1, 0xc0, 0];
    // Requests of 0 and 2, then all answers.
    let after: &[u8] = &[0, 2, 0, 1, 1, 0, 0, 2, 2, 1, 1, 0, 3];
    vec![
        ("bft_restore", "lost_tail", run(LAST, 3, &[begins], after)),
        ("bft_restore", "proposer", run(FIRST, 0, &[begins, prepare], after)),
        ("bft_restore", "silent", run(LAST, 0, &[begins, &[1, 1]], after)),
        ("bft_restore", "whole", run(LAST, 0, &[begins, prepare, commit, ask], after)),
    ]
}

/// Packets to one member, with the number of their sender.
fn driven() -> Vec<Seed> {
    let run = |who: u8, parts: &[&[u8]]| [&[who, ALL_TO_ALL], parts.concat().as_slice()].concat();
    let votes = |by: &[u8], height: u8, phase: u8| -> Vec<u8> {
        by.iter().flat_map(|by| [by << 3, 0, *by, height, 0, phase]).collect()
    };
    let both = |by: &[u8], height| [votes(by, height, PREPARE), votes(by, height, COMMIT)].concat();
    let (of_first, of_last) = (both(&[0, 2, 3], 1), both(&[0, 1, 2], 1));
    // A decision of the height where it is, for a value of view 0, and one of height 1 for another.
    let (decided, fork): (&[u8], &[u8]) = (&[3, 7, 0, 0, 0, 0, 0b1110], &[3, 1, 0, 0, 1, 0, 0b1110]);
    // The proposer's packet, a timer's time, an end and a beginning, a disk that fails once it has written.
    let (proposal, time, again, fault): (&[u8], &[u8], &[u8], &[u8]) =
        (&[8, 4, 1, 0, 0, 0], &[5, 31], &[6], &[7, 0xc0]);
    vec![
        ("bft_driver", "proposer", run(FIRST, &[&of_first, &[4, 1]])),
        ("bft_driver", "follower", run(LAST, &[proposal, &of_last, time])),
        ("bft_driver", "fork", run(LAST, &[decided, fork, again, decided])),
        ("bft_driver", "again", run(FIRST, &[time, again, &of_first])),
        ("bft_driver", "broken", run(FIRST, &[fault, &of_first, again, &of_first])),
    ]
}
