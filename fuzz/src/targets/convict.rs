//! `attest::convicts`: who signed two roots for one size.

use std::{collections::BTreeSet, sync::OnceLock};

use auditmesh_attest::{Membership, Note, convicts as accuses};
use auditmesh_types::{Attestation, Attestor, Digest, Equivocation, MemberId, Millis, Round, Size, TreeHead};

use super::take;
use crate::federation::{AT, Voice, origin, voice};

/// Members, and all that they ever sign: each three heads, of which two have one size.
pub(crate) struct Liars {
    membership: Membership,
    pub(crate) said: Vec<Attestation>,
}

/// How many heads each member signs.
const HEADS: usize = 3;

pub(crate) fn liars() -> &'static Liars {
    static LIARS: OnceLock<Liars> = OnceLock::new();
    LIARS.get_or_init(|| {
        let voices: [Voice; 2] = [voice("EU-1", 21), voice("US-1", 22)];
        let members = voices.iter().map(|voice| voice.member().clone()).collect();
        let membership = Membership::new(origin(), members, 2).expect("two members with different keys");
        let heads = [(7, 1), (7, 2), (8, 2)]
            .map(|(size, root)| TreeHead { size: Size(size), root: Digest([root; 32]) });
        let say =
            |voice: &Voice| heads.map(|head| voice.attest(Round(1), head, AT).expect("keys in memory sign"));
        Liars { membership, said: voices.iter().flat_map(say).collect() }
    })
}

/// `attest::convicts`: exactly who signed two roots for one size, under the keys of the federation, is convicted, by what it signed and
/// nothing else. Input: whom the evidence names; for each statement whose it is said to be, which of the heads, how many seconds too
/// late, and which of all that was said, or a number beyond them behind which the length of another follows, in two bytes, and its bytes.
pub(super) fn convicts(bytes: &[u8]) -> bool {
    let Some(evidence) = evidence(bytes) else { return false };
    let verdict = accuses(&liars().membership, &evidence);
    let [first, second] = &evidence.evidence;
    let of_one = first.member == evidence.member && second.member == evidence.member;
    let differ = first.head.size == second.head.size && first.head.root != second.head.root;
    assert_eq!(verdict.is_ok(), of_one && differ && is_genuine(first) && is_genuine(second), "{verdict:?}");
    verdict.is_ok()
}

fn evidence(mut bytes: &[u8]) -> Option<Equivocation> {
    let [by] = take(&mut bytes)?;
    Some(Equivocation { member: member(by), evidence: [statement(&mut bytes)?, statement(&mut bytes)?] })
}

/// A member, or one that is not of the federation.
fn member(by: u8) -> MemberId {
    MemberId::new(["EU-1", "US-1", "APAC-1"][usize::from(by % 3)]).expect("a valid name")
}

fn statement(rest: &mut &[u8]) -> Option<Attestation> {
    let ([by, head, late, which], said) = (take(rest)?, &liars().said);
    let signed = match said.get(usize::from(which)) {
        Some(said) => said.signed.clone(),
        None => {
            let length = u16::from_be_bytes(take(rest)?);
            let (signed, left) = rest.split_at_checked(usize::from(length))?;
            *rest = left;
            signed.to_vec()
        }
    };
    let (head, at) = (said[usize::from(head) % HEADS].head, Millis(AT.0 + 1_000 * u64::from(late)));
    Some(Attestation { round: Round(1), member: member(by), head, at, signed })
}

/// Whether the member made it: the same text, time and lines, in any order.
fn is_genuine(claimed: &Attestation) -> bool {
    let made = |said: &&Attestation| {
        (&said.member, said.head, said.at) == (&claimed.member, claimed.head, claimed.at)
    };
    let parts = |bytes: &[u8]| {
        let note = Note::parse(bytes).ok()?;
        let lines: Vec<String> = note.signatures().iter().map(ToString::to_string).collect();
        Some((note.text().to_owned(), lines.len(), lines.into_iter().collect::<BTreeSet<_>>()))
    };
    let made = liars().said.iter().find(made);
    made.is_some_and(|made| parts(&claimed.signed).is_some_and(|it| Some(it) == parts(&made.signed)))
}
