use auditmesh_types::{
    Attestation, Attestor, Authority, Certifier, Digest, MemberId, Millis, Round, Size, TreeHead, Verified,
};

use crate::rule::{accepted, refused};

/// The contract of [`Certifier`], and that `checker` accepts what it makes.
///
/// `fewest`: the smallest number of `members` that meets the threshold, at least 2. `make` gives the attestor of a
/// member, `authority` verifies its statements.
///
/// Rules: `certifier/certifies`, `certifier/accepted`, `certifier/any-order`, `certifier/too-few`, `certifier/none`,
/// `certifier/one-member-twice`, `certifier/duplicate-harmless`, `certifier/mixed-roots`, `certifier/mixed-sizes`,
/// `certifier/statement-same`, `certifier/statement-binds`.
pub fn certifier<A: Attestor, C: Certifier>(
    members: &[MemberId],
    fewest: usize,
    make: impl Fn(&MemberId) -> A,
    authority: &impl Authority<Attestation>,
    certifier: &C,
    checker: &impl Authority<C::Certificate>,
) {
    assert!((2..=members.len()).contains(&fewest), "a threshold of {fewest} of {} members", members.len());
    let head = TreeHead { size: Size(70_000), root: Digest([0x5a; 32]) };
    let attest = |member: &MemberId, head, at| {
        let statement = accepted("certifier/certifies", make(member).attest(Round(7), head, at), member);
        accepted("certifier/certifies", authority.verify(statement), format_args!("{member}'s statement"))
    };
    let at = |n: u64| Millis(1_760_212_800_000 + 1_000 * n);
    let all: Vec<Verified<Attestation>> =
        (0..).zip(members).map(|(n, member)| attest(member, head, at(n))).collect();
    for count in fewest..=members.len() {
        for start in 0..members.len() {
            let some: Vec<_> = all.iter().cycle().skip(start).take(count).cloned().collect();
            let when = format!("{count} of {} members from number {start}", members.len());
            made("certifier/certifies", certifier, checker, &some, &when);
        }
    }
    let mut turned = all.clone();
    turned.reverse();
    made("certifier/any-order", certifier, checker, &turned, "all members in reverse order");

    refused("certifier/none", certifier.certify(&[]), "no statement at all");
    for count in 1..fewest {
        let when = format!("{count} statements where {fewest} are needed");
        refused("certifier/too-few", certifier.certify(&all[..count]), when);
    }
    twice(certifier, checker, &all, fewest, |n| attest(&members[0], head, at(100 + n)));

    let (last, rest) = all.split_last().expect("two members or more");
    let mixed = |name: &str, other: TreeHead| {
        let stray = attest(&last.member, other, at(0));
        for place in [0, rest.len()] {
            let mut statements = rest.to_vec();
            statements.insert(place, stray.clone());
            let when = format!("{} statements for {head}, one for {other} at place {place}", rest.len());
            refused(name, certifier.certify(&statements), when);
        }
    };
    mixed("certifier/mixed-roots", TreeHead { root: Digest([0x5b; 32]), ..head });
    mixed("certifier/mixed-sizes", TreeHead { size: Size(70_001), ..head });
    statement(certifier, head);
}

/// The digest of what is signed says which head it is, whatever was certified before.
fn statement(certifier: &impl Certifier, head: TreeHead) {
    let digest = certifier.statement(head);
    same!("certifier/statement-same", certifier.statement(head), digest, "the statement for {head} again");
    let mut others: Vec<TreeHead> =
        [0, 69_999, 70_001, 700_000].map(|size| TreeHead { size: Size(size), ..head }).to_vec();
    for byte in 0..32 {
        let mut other = head;
        other.root.0[byte] ^= 1;
        others.push(other);
    }
    for other in others {
        let differs = certifier.statement(other) != digest;
        rule!("certifier/statement-binds", differs, "the statements for {head} and {other} have one digest");
    }
}

fn made<C: Certifier>(
    name: &str,
    certifier: &C,
    checker: &impl Authority<C::Certificate>,
    statements: &[Verified<Attestation>],
    when: &str,
) {
    let certificate = accepted(name, certifier.certify(statements), when);
    accepted("certifier/accepted", checker.check(&certificate), when);
    let checked = checker.verify(certificate.into_inner());
    accepted("certifier/accepted", checked.map(|_| ()), format_args!("{when}, verified anew"));
}

/// One member's word counts once, however often it is given.
fn twice<C: Certifier>(
    certifier: &C,
    checker: &impl Authority<C::Certificate>,
    all: &[Verified<Attestation>],
    fewest: usize,
    again: impl Fn(u64) -> Verified<Attestation>,
) {
    let mut same = vec![all[0].clone(); fewest];
    refused(
        "certifier/one-member-twice",
        certifier.certify(&same),
        format_args!("one statement {fewest} times"),
    );
    same = (0..fewest as u64).map(&again).collect();
    let when = format!("{fewest} statements of one member at different times");
    refused("certifier/one-member-twice", certifier.certify(&same), when);
    let mut padded = all[..fewest - 1].to_vec();
    padded.push(again(50));
    let when = format!("{} members, one of them twice, where {fewest} are needed", fewest - 1);
    refused("certifier/one-member-twice", certifier.certify(&padded), when);
    let mut enough = all[..fewest].to_vec();
    enough.push(all[0].clone());
    made("certifier/duplicate-harmless", certifier, checker, &enough, "enough members, one of them twice");
}
