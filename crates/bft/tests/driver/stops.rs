//! A member whose disk or application failed says nothing more: wherever in two heights and a view change it fails.

use auditmesh_bft::{Error, Height, Message, Packet, Phase, Proposal};
use auditmesh_types::Millis;

use crate::{
    cast::{Broken, Fault, Node, Part, Setup, proposal, vote},
    wire_samples::{HEIGHT, alone, name, set},
};

/// What happens to member 0: a packet from another, or the time that passes.
#[derive(Debug, Clone)]
enum Step {
    Packet(u16, Packet),
    Time(u64),
}

/// Validator 3 proposes at the first height, member 0 at the second; then nobody, so that views pass.
fn steps() -> Vec<Step> {
    let (set, next) = (set(), HEIGHT.next());
    let (x, y) = (alone("x"), proposal(next));
    let prepare = vote(&set, 3, HEIGHT, Phase::Prepare, &x.value);
    let first = Message::Proposal(Proposal { candidate: x.clone(), prepare });
    let said = |by: u16, height: Height, phase: Phase, value| {
        Step::Packet(by, Packet::Message(Message::Vote(vote(&set, by, height, phase, value))))
    };
    let mut steps = vec![Step::Time(0), Step::Packet(3, Packet::Message(first))];
    steps.extend([1, 2].map(|by| said(by, HEIGHT, Phase::Prepare, &x.value)));
    steps.extend([1, 2, 3].map(|by| said(by, HEIGHT, Phase::Commit, &x.value)));
    steps.push(Step::Packet(1, Packet::Request(HEIGHT)));
    steps.extend([1, 2].map(|by| said(by, next, Phase::Prepare, &y)));
    steps.extend([1, 2].map(|by| said(by, next, Phase::Commit, &y)));
    steps.extend([10_000, 40_000, 200_000].map(Step::Time));
    steps
}

type Taken = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn take(node: &mut Node, step: Step) -> Taken {
    match step {
        Step::Packet(from, packet) => node.receive(Millis(0), &name(from), packet).map(drop),
        Step::Time(ms) => node.tick(Millis(ms)).map(drop),
    }
}

/// Where a member was that failed at the `after`th of what `part` does; `None` when it does less than that.
fn failing(part: Part, after: usize) -> Option<Height> {
    let setup = Setup { fault: Fault::at(part, after), ..Setup::new(&set(), 0, 8) };
    let mut node = match setup.start() {
        Ok(node) => node,
        Err(why) => {
            assert_eq!(why.downcast_ref(), Some(&Broken(part)));
            assert_eq!(setup.sent.borrow().len(), 0);
            return Some(HEIGHT);
        }
    };
    let taken = steps().into_iter().find_map(|step| take(&mut node, step).err());
    let Some(why) = taken else {
        assert!(setup.fault.waits(), "{part:?} failed, and the member did not notice");
        return None;
    };
    assert_eq!(why.downcast_ref(), Some(&Broken(part)));
    let (height, sent) = (node.height(), setup.sent.borrow().len());
    for step in steps().into_iter().chain([Step::Time(1_000_000), Step::Time(2_000_000)]) {
        let why = take(&mut node, step.clone()).expect_err("it takes something in");
        assert_eq!(why.downcast_ref(), Some(&Error::LocalStopped { height }), "{step:?}");
    }
    assert_eq!(setup.sent.borrow().len(), sent, "it speaks after {part:?} failed");
    assert_eq!(node.height(), height);
    Some(height)
}

/// Where the member was, for each time that `part` can fail.
fn all(part: Part) -> Vec<u64> {
    (0..).map_while(|after| failing(part, after)).map(|height| height.0).collect()
}

#[test]
fn when_a_record_is_not_written() {
    // That a height begins, and two votes there; of the last, one request for a later view.
    assert_eq!(all(Part::Append), [7, 7, 7, 8, 8, 8, 9, 9]);
}

#[test]
fn when_the_records_are_not_replaced() {
    // At start, and after each decision: what was applied stays.
    assert_eq!(all(Part::Replace), [7, 8, 9]);
}

#[test]
fn when_a_decision_is_not_applied() {
    assert_eq!(all(Part::Apply), [7, 8]);
}

#[test]
fn the_reason_is_plain() {
    let why = Error::LocalStopped { height: Height(9) }.to_string();
    assert_eq!(why, "the member stopped at height 9; start it again");
}

/// Without a fault the member says all that the steps ask of it.
#[test]
fn otherwise_it_speaks() {
    let setup = Setup::new(&set(), 0, 8);
    let mut node = setup.start().unwrap();
    for step in steps() {
        take(&mut node, step).unwrap();
    }
    assert_eq!(node.height(), Height(9));
    let sent = setup.sent.borrow();
    let proposals = sent.iter().filter(|it| matches!(it, Packet::Message(Message::Proposal(_)))).count();
    let votes = sent.iter().filter(|it| matches!(it, Packet::Message(Message::Vote(_)))).count();
    let asks = sent.iter().filter(|it| matches!(it, Packet::Message(Message::ViewChange(_)))).count();
    assert_eq!((proposals, votes), (3, 9));
    assert!(asks >= 3, "{asks}");
}
