use auditmesh_types::{Attestation, Attestor, Authority, Digest, MemberId, Millis, Round, Size, TreeHead};

use crate::{rule::accepted, sha256};

/// The contract of [`Attestor`]: a member's statements say what was asked, and the authority accepts them.
///
/// `make` gives the attestor of a member; `authority` knows all `members`.
///
/// Rules: `attestor/echoes`, `attestor/verifies`, `attestor/verified-unchanged`.
pub fn attestor<A: Attestor>(
    members: &[MemberId],
    make: impl Fn(&MemberId) -> A,
    authority: &impl Authority<Attestation>,
) {
    // A tree without leaves has one root.
    let roots =
        [(0, sha256(&[])), (1, Digest([1; 32])), (70_000, Digest([2; 32])), (1 << 40, Digest([3; 32]))];
    let heads = roots.map(|(size, root)| TreeHead { size: Size(size), root });
    for member in members {
        let attestor = make(member);
        for (round, head) in (1..).map(Round).zip(heads) {
            let at = Millis(1_760_212_800_000 + 1_000 * round.0);
            let statement = accepted(
                "attestor/verifies",
                attestor.attest(round, head, at),
                format_args!("{member} signs {head}"),
            );
            same!("attestor/echoes", statement.member, *member, "the member of {member}'s statement");
            same!("attestor/echoes", statement.round, round, "the round of {member}'s statement");
            same!("attestor/echoes", statement.head, head, "the head of {member}'s statement");
            same!("attestor/echoes", statement.at, at, "the time of {member}'s statement");
            let when = format!("{member} on {head} in round {round}");
            accepted("attestor/verifies", authority.check(&statement), &when);
            let verified = accepted("attestor/verifies", authority.verify(statement.clone()), when);
            same!("attestor/verified-unchanged", verified.into_inner(), statement, "what verify gives back");
        }
    }
}
