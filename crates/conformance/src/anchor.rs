use auditmesh_types::{Anchor, Commitment, Digest, Millis, Origin, Receipt, Size, TreeHead};

use crate::rule::{accepted, refused};

/// The contract of [`Anchor`]; `make` makes an empty one.
///
/// Rules: `anchor/empty`, `anchor/commits`, `anchor/found`, `anchor/checks`, `anchor/idempotent`, `anchor/unique-id`,
/// `anchor/not-found`, `anchor/contradiction`, `anchor/contradiction-leaves-no-trace`, `anchor/tampered-commitment`,
/// `anchor/tampered-receipt`, `anchor/same-head-again`.
pub fn anchor<A: Anchor>(mut make: impl FnMut() -> A) {
    empty(&make());
    let mut anchor = make();
    // At sizes 3 and 7 the two logs have one root, beyond they differ.
    let of = |origin, beyond| {
        [(3, 1), (7, 1), (8, beyond), (70_000, beyond)].map(|(n, fill)| commitment(origin, n, fill))
    };
    let all: Vec<Commitment> = [of("one.example/log", 1), of("two.example/log", 2)].concat();
    let mut receipts: Vec<Receipt> = Vec::new();
    for commitment in &all {
        receipts.push(accepted("anchor/commits", anchor.commit(commitment), commitment.head));
        for (commitment, receipt) in all.iter().zip(&receipts) {
            holds(&anchor, commitment, receipt);
        }
    }
    for (n, receipt) in receipts.iter().enumerate() {
        let unique = receipts[..n].iter().all(|other| other.id != receipt.id);
        rule!("anchor/unique-id", unique, "{} names two commitments", receipt.id);
    }
    for (commitment, receipt) in all.iter().zip(&receipts) {
        let again = accepted("anchor/idempotent", anchor.commit(commitment), "the same commitment again");
        same!("anchor/idempotent", again, *receipt, "the same commitment again");
    }
    absent(&anchor, &all[0]);
    tampered(&anchor, &all[1], &receipts[1]);
    for (commitment, receipt) in all.iter().zip(receipts.iter().skip(1).chain(&receipts[..1])) {
        refused("anchor/tampered-receipt", anchor.check(receipt, commitment), "another commitment's receipt");
    }
    contradicted(&mut anchor, &all[1], &receipts[1]);
    same_head(make());
    for (commitment, receipt) in all.iter().zip(&receipts) {
        holds(&anchor, commitment, receipt);
    }
}

/// What a durable anchor keeps when it is opened anew. `anchor` is empty; `reopen` closes and opens the same place.
///
/// Rules: those of [`anchor`](crate::anchor()).
pub fn anchor_reopened<A: Anchor>(anchor: A, mut reopen: impl FnMut(A) -> A) {
    let mut anchor = reopen(anchor);
    empty(&anchor);
    let (first, second) = (commitment("one.example/log", 3, 1), commitment("one.example/log", 9, 2));
    let one = accepted("anchor/commits", anchor.commit(&first), first.head);
    anchor = reopen(anchor);
    holds(&anchor, &first, &one);
    let again = accepted("anchor/idempotent", anchor.commit(&first), "the same commitment after reopening");
    same!("anchor/idempotent", again, one, "the same commitment after reopening");
    let two = accepted("anchor/commits", anchor.commit(&second), second.head);
    anchor = reopen(anchor);
    anchor = reopen(anchor);
    holds(&anchor, &first, &one);
    holds(&anchor, &second, &two);
    rule!("anchor/unique-id", one.id != two.id, "{} names two commitments", one.id);
    contradicted(&mut anchor, &first, &one);
    tampered(&anchor, &second, &two);
}

fn commitment(origin: &str, size: u64, fill: u8) -> Commitment {
    Commitment {
        origin: Origin::new(origin).expect("an origin"),
        head: TreeHead { size: Size(size), root: Digest([fill; 32]) },
        statement: Digest([fill ^ 0x80; 32]),
        at: Millis(1_760_212_800_000 + size),
    }
}

fn holds(anchor: &impl Anchor, commitment: &Commitment, receipt: &Receipt) {
    let when = format!("{} of {}", commitment.head, commitment.origin);
    let found = accepted("anchor/found", anchor.find(&commitment.origin, commitment.head), &when);
    same!("anchor/found", found.as_ref(), Some(receipt), "{when}");
    accepted("anchor/checks", anchor.check(receipt, commitment), when);
}

fn missing(anchor: &impl Anchor, origin: &str, head: TreeHead, what: &str) {
    let origin = Origin::new(origin).expect("an origin");
    let found = accepted("anchor/not-found", anchor.find(&origin, head), what);
    same!("anchor/not-found", found, None, "{what}");
}

fn empty(anchor: &impl Anchor) {
    let some = commitment("one.example/log", 3, 1);
    let found = accepted("anchor/empty", anchor.find(&some.origin, some.head), "find in an empty anchor");
    same!("anchor/empty", found, None, "find in an empty anchor");
    for id in
        ["", "0", "1", "no such receipt", "../../../etc/passwd", "\0\n", "-1", "99999999999999999999999"]
    {
        let receipt = Receipt { id: id.into(), digest: Digest([1; 32]) };
        refused(
            "anchor/empty",
            anchor.check(&receipt, &some),
            format_args!("receipt {id:?} of an empty anchor"),
        );
    }
}

fn absent(anchor: &impl Anchor, known: &Commitment) {
    let head = known.head;
    missing(anchor, "three.example/log", head, "the head of another log");
    missing(anchor, "one.example/lo", head, "an origin that is the beginning of a known one");
    missing(
        anchor,
        "one.example/log",
        TreeHead { root: Digest([2; 32]), ..head },
        "another root of a known size",
    );
    missing(anchor, "one.example/log", TreeHead { size: Size(4), ..head }, "a known root with another size");
}

fn tampered(anchor: &impl Anchor, right: &Commitment, receipt: &Receipt) {
    let mut changed = vec![(
        "origin",
        Commitment { origin: Origin::new("one.example/loG").expect("one"), ..right.clone() },
    )];
    for size in [0, right.head.size.0 - 1, right.head.size.0 + 1, u64::MAX] {
        changed.push((
            "size",
            Commitment { head: TreeHead { size: Size(size), ..right.head }, ..right.clone() },
        ));
    }
    for at in [0, right.at.0 - 1, right.at.0 + 1, right.at.0 + 1_000, u64::MAX] {
        changed.push(("time", Commitment { at: Millis(at), ..right.clone() }));
    }
    for byte in 0..32 {
        let (mut root, mut statement) = (right.clone(), right.clone());
        root.head.root.0[byte] ^= 1;
        statement.statement.0[byte] ^= 1;
        changed.extend([("root", root), ("statement", statement)]);
    }
    for (what, commitment) in changed {
        let when = format!("another {what} than what was committed: {commitment:?}");
        refused("anchor/tampered-commitment", anchor.check(receipt, &commitment), when);
    }
    for byte in 0..32 {
        let mut digest = receipt.digest;
        digest.0[byte] ^= 1;
        let forged = Receipt { digest, ..receipt.clone() };
        refused(
            "anchor/tampered-receipt",
            anchor.check(&forged, right),
            format_args!("byte {byte} of its digest"),
        );
    }
    let id = &receipt.id;
    for id in
        [String::new(), format!("{id}0"), format!("0{id}"), format!(" {id}"), format!("{id}\n"), "?".into()]
    {
        let when = format!("id {id:?} instead of {:?}", receipt.id);
        refused("anchor/tampered-receipt", anchor.check(&Receipt { id, ..receipt.clone() }, right), when);
    }
}

/// Another root for a size that was anchored.
fn contradicted(anchor: &mut impl Anchor, known: &Commitment, receipt: &Receipt) {
    let fork = Commitment { head: TreeHead { root: Digest([0xee; 32]), ..known.head }, ..known.clone() };
    for _ in 0..2 {
        refused("anchor/contradiction", anchor.commit(&fork), "another root for a size that was anchored");
        let found = accepted(
            "anchor/contradiction-leaves-no-trace",
            anchor.find(&fork.origin, fork.head),
            "the fork",
        );
        same!("anchor/contradiction-leaves-no-trace", found, None, "the fork");
        let checked = anchor.check(receipt, &fork);
        refused("anchor/contradiction-leaves-no-trace", checked, "the fork under the earlier receipt");
    }
    holds(anchor, known, receipt);
}

/// The same head with another time or statement is refused, or anchored as itself; the first one stays.
fn same_head<A: Anchor>(mut anchor: A) {
    let first = commitment("one.example/log", 5, 1);
    let receipt = accepted("anchor/commits", anchor.commit(&first), first.head);
    let later = Commitment { at: Millis(first.at.0 + 60_000), ..first.clone() };
    let other = Commitment { statement: Digest([0x77; 32]), ..first.clone() };
    for again in [later, other] {
        if let Ok(second) = anchor.commit(&again) {
            accepted("anchor/same-head-again", anchor.check(&second, &again), "what a receipt was given for");
        }
        accepted(
            "anchor/same-head-again",
            anchor.check(&receipt, &first),
            "the first commitment of that head",
        );
    }
}
