//! Statements, certificates and evidence: what is accepted, and the reason for every refusal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh_attest::{
    Certificate, Checkpoint, Error, KeyType, Member, MemberAttestor, Membership, NoteLine, SignedCheckpoint,
    convicts,
};
use auditmesh_types::{
    Attestation, Attestor, Authority, Certifier, Equivocation, Millis, Origin, Round, Scheme, Verified,
};
use federation::*;

fn check(membership: &Membership, statement: &Attestation) -> Result<(), Error> {
    Authority::<Attestation>::check(membership, statement)
}

/// The statement with its lines changed.
fn relined(statement: &Attestation, change: impl FnOnce(&mut Vec<NoteLine>)) -> Attestation {
    let signed = SignedCheckpoint::parse(&statement.signed).unwrap();
    let mut lines = signed.note().signatures().to_vec();
    change(&mut lines);
    let signed = SignedCheckpoint::new(signed.checkpoint().clone(), lines).unwrap().to_bytes();
    Attestation { signed, ..statement.clone() }
}

fn verified(membership: &Membership, voices: &[Voice]) -> Vec<Verified<Attestation>> {
    voices.iter().map(|voice| membership.verify(statement(voice, head(7, 1))).unwrap()).collect()
}

#[test]
fn a_statement_holds_two_lines_and_verifies() {
    let (membership, voice) = (federation(3), voice("EU-1", 1));
    let statement = statement(&voice, head(7, 1));
    assert_eq!(check(&membership, &statement), Ok(()));
    let signed = SignedCheckpoint::parse(&statement.signed).unwrap();
    let names: Vec<_> =
        signed.note().signatures().iter().map(|line| (line.name(), line.blob().len())).collect();
    assert_eq!(names, [(origin().as_str(), 64), ("EU-1", 8 + 2420)]);
    let time = voice.member().cosigner().verify_line(signed.checkpoint(), &signed.note().signatures()[1]);
    assert_eq!(time, Ok(Some(1_700_000_000)), "seconds, rounded down");
    assert_eq!(statement, federation::statement(&voice, head(7, 1)), "signing is deterministic");
}

#[test]
fn every_changed_byte_of_a_statement_is_refused() {
    let (membership, voice) = (federation(3), voice("EU-1", 1));
    let statement = statement(&voice, head(7, 1));
    for at in 0..statement.signed.len() {
        let mut bad = statement.clone();
        bad.signed[at] ^= 1;
        assert!(check(&membership, &bad).is_err(), "byte {at}");
    }
}

#[test]
fn statements_are_refused_with_the_reason() {
    let (membership, voice, other) = (federation(3), voice("EU-1", 1), voice("EU-2", 4));
    let good = statement(&voice, head(7, 1));
    let member = id("EU-1");
    let refused = |statement: &Attestation| check(&membership, statement).unwrap_err();

    let stranger = federation::voice("EU-9", 9);
    let unknown = Error::PeerUnknownMember { member: id("EU-9") };
    assert_eq!(refused(&statement(&stranger, head(7, 1))), unknown);

    let log = Origin::new("other.example/log").unwrap();
    let keys = || auditmesh_attest::Ed25519Signer::from_seed([1; 32]);
    let cosigner = auditmesh_attest::MlDsa44Signer::from_seed([1; 32]);
    let foreign = MemberAttestor::new(member.clone(), log.clone(), keys(), cosigner).unwrap();
    let elsewhere = foreign.attest(Round(1), head(7, 1), AT).unwrap();
    assert_eq!(
        refused(&elsewhere),
        Error::PeerOriginMismatch { got: log.to_string(), want: origin().to_string() }
    );

    let claims = Attestation { head: head(8, 1), ..good.clone() };
    let mismatch = Error::PeerHeadMismatch { member: member.clone(), got: head(7, 1), want: head(8, 1) };
    assert_eq!(refused(&claims), mismatch);
    let late = Attestation { at: Millis(AT.0 + 1000), ..good.clone() };
    let mismatch =
        Error::PeerTimeMismatch { member: member.clone(), got: 1_700_000_000, want: 1_700_000_001 };
    assert_eq!(refused(&late), mismatch);

    let other_id = Attestation { member: id("EU-2"), ..good.clone() };
    assert!(matches!(refused(&other_id), Error::PeerLineUnknown { .. }), "EU-1's lines in EU-2's name");
    let extra = SignedCheckpoint::parse(&statement(&other, head(7, 1)).signed).unwrap();
    let extra = relined(&good, |lines| lines.push(extra.note().signatures()[1].clone()));
    assert_eq!(refused(&extra), Error::PeerLineUnknown { member: member.clone(), name: "EU-2".into() });

    for (at, scheme) in [(0, Scheme::Ed25519), (1, Scheme::MlDsa44)] {
        let member = member.clone();
        let missing = relined(&good, |lines| drop(lines.remove(at)));
        assert_eq!(refused(&missing), Error::PeerLineMissing { scheme, member: member.clone() });
        let repeated = relined(&good, |lines| lines.push(lines[at].clone()));
        assert_eq!(refused(&repeated), Error::PeerLineRepeated { scheme, member });
        let bad = relined(&good, |lines| {
            let mut blob = lines[at].blob().to_vec();
            *blob.last_mut().unwrap() ^= 1;
            lines[at] = NoteLine::new(lines[at].name(), lines[at].key_id(), blob).unwrap();
        });
        assert_eq!(refused(&bad), Error::PeerBadSignature { scheme, signer: "EU-1".into() });
    }
    // A line of another head under this text.
    let elsewhere = SignedCheckpoint::parse(&statement(&voice, head(8, 1)).signed).unwrap();
    let spliced = relined(&good, |lines| lines[1] = elsewhere.note().signatures()[1].clone());
    assert_eq!(refused(&spliced), Error::PeerBadSignature { scheme: Scheme::MlDsa44, signer: "EU-1".into() });
}

#[test]
fn a_federation_is_refused_with_the_reason() {
    let members = || voices().iter().map(|voice| voice.member().clone()).collect::<Vec<Member>>();
    let refused = |members: Vec<Member>, quorum| Membership::new(origin(), members, quorum).unwrap_err();
    assert_eq!(refused(vec![], 1), Error::MisuseMemberCount { got: 0, max: 256 });
    assert_eq!(refused(vec![members()[0].clone(); 257], 1), Error::MisuseMemberCount { got: 257, max: 256 });
    assert_eq!(refused(members(), 0), Error::MisuseQuorum { got: 0, members: 4 });
    assert_eq!(refused(members(), 5), Error::MisuseQuorum { got: 5, members: 4 });
    let with = |member: &Member| members().into_iter().chain([member.clone()]).collect::<Vec<_>>();
    assert_eq!(refused(with(voice("EU-1", 9).member()), 1), Error::MisuseMemberTwice { member: id("EU-1") });
    assert_eq!(refused(with(voice("EU-9", 1).member()), 1), Error::MisuseKeyTwice { member: id("EU-9") });
    for name in ["none", "members"] {
        let reserved = Error::MisuseReservedName { member: id(name) };
        assert_eq!(refused(with(voice(name, 9).member()), 1), reserved);
    }
    let log = Origin::new("other.example/log").unwrap();
    let named = Error::MisuseKeyName { got: origin().as_str().into(), want: log.as_str().into() };
    assert_eq!(Membership::new(log, members(), 1), Err(named));

    let member = &members()[0];
    let swapped = Member::from_keys(id("US-1"), member.cosigner().clone(), member.operator().clone());
    let (got, want) = (KeyType::MlDsa44Cosignature, KeyType::Ed25519);
    assert_eq!(swapped, Err(Error::MisuseKeyRole { name: "US-1".into(), got, want }));
    let named = Member::from_keys(id("EU-7"), member.operator().clone(), member.cosigner().clone());
    assert_eq!(named, Err(Error::MisuseKeyName { got: "US-1".into(), want: "EU-7".into() }));

    let seed = || auditmesh_attest::Ed25519Signer::from_seed([1; 32]);
    let wrong = MemberAttestor::new(id("EU-1"), origin(), seed(), seed());
    assert_eq!(wrong.unwrap_err(), Error::MisuseScheme { got: Scheme::Ed25519, want: Scheme::MlDsa44 });
}

#[test]
fn a_quorum_is_certified_in_one_way() {
    let (membership, voices) = (federation(3), voices());
    let agreeing = verified(&membership, &voices);
    let certificate = membership.certify(&agreeing).unwrap();
    let names: Vec<_> = certificate.signed().note().signatures().iter().map(NoteLine::name).collect();
    assert_eq!(names[..4], [origin().as_str(); 4]);
    assert_eq!(names[4..], ["APAC-1", "EU-1", "EU-2", "US-1"]);
    let reversed: Vec<_> = agreeing.iter().rev().chain(&agreeing).cloned().collect();
    assert_eq!(
        membership.certify(&reversed).unwrap().to_bytes(),
        certificate.to_bytes(),
        "order does not matter"
    );

    let parsed = Certificate::parse(&certificate.to_bytes()).unwrap();
    assert_eq!(parsed, certificate.clone().into_inner());
    assert!(membership.verify(parsed).is_ok());
    assert_eq!((certificate.head(), certificate.origin()), (head(7, 1), &origin()));
    let statement = Checkpoint { origin: origin(), head: head(7, 1) }.digest();
    assert_eq!(membership.statement(head(7, 1)), statement);
    assert_eq!(membership.statement(head(7, 1)), federation(1).statement(head(7, 1)));
}

#[test]
fn of_two_statements_of_one_member_the_earlier_is_taken() {
    let (membership, voices) = (federation(4), voices());
    let mut agreeing = verified(&membership, &voices);
    let certificate = membership.certify(&agreeing).unwrap();
    let later = voices[1].attest(Round(1), head(7, 1), Millis(AT.0 + 5000)).unwrap();
    let later = membership.verify(later).unwrap();
    agreeing.insert(0, later.clone());
    assert_eq!(membership.certify(&agreeing).unwrap(), certificate);
    agreeing.push(later);
    assert_eq!(membership.certify(&agreeing).unwrap(), certificate);
    // One member twice is one member.
    let alone = [agreeing[0].clone(), agreeing[0].clone(), agreeing[2].clone(), agreeing[2].clone()];
    let missed = Error::PeerQuorumMissed { rule: "members".into(), got: 1, want: 4 };
    assert_eq!(membership.certify(&alone[..2]), Err(missed));
}

#[test]
fn certifying_is_refused_with_the_reason() {
    let (membership, voices) = (federation(3), voices());
    let agreeing = verified(&membership, &voices);
    let missed = |got| Error::PeerQuorumMissed { rule: "members".into(), got, want: 3 };
    assert_eq!(membership.certify(&[]), Err(missed(0)));
    assert_eq!(membership.certify(&agreeing[..2]), Err(missed(2)));
    let other = membership.verify(statement(&voices[3], head(8, 1))).unwrap();
    let mixed = [agreeing[0].clone(), agreeing[1].clone(), other];
    let differ = Error::MisuseHeadsDiffer { member: id("APAC-1"), got: head(8, 1), want: head(7, 1) };
    assert_eq!(membership.certify(&mixed), Err(differ));
    // Statements that another federation verified count for nothing here.
    let strangers = [voice("EU-1", 31), voice("EU-2", 32), voice("US-1", 33)];
    let theirs = strangers.iter().map(|voice| voice.member().clone()).collect();
    let theirs = Membership::new(origin(), theirs, 3).unwrap();
    let foreign = verified(&theirs, &strangers);
    let unknown = Error::PeerLineUnknown { member: id("EU-1"), name: origin().as_str().into() };
    assert_eq!(membership.certify(&foreign), Err(unknown));
}

fn pair() -> (Membership, [Voice; 2]) {
    let voices = [voice("EU-1", 1), voice("US-1", 2)];
    let members = voices.iter().map(|voice| voice.member().clone()).collect();
    (Membership::new(origin(), members, 2).unwrap(), voices)
}

#[test]
fn every_changed_byte_of_a_certificate_is_refused() {
    // Both of two must sign, so no line can go missing.
    let (membership, voices) = pair();
    let certificate = membership.certify(&verified(&membership, &voices)).unwrap().to_bytes();
    for at in 0..certificate.len() {
        let mut bad = certificate.clone();
        bad[at] ^= 1;
        let refused = Certificate::parse(&bad).and_then(|bad| membership.verify(bad).map(drop));
        assert!(refused.is_err(), "byte {at}");
    }
}

#[test]
fn certificates_are_refused_with_the_reason() {
    let (membership, voices) = (federation(3), voices());
    let certificate = membership.certify(&verified(&membership, &voices[..3])).unwrap();
    let lines = certificate.signed().note().signatures().to_vec();
    let with = |lines: Vec<NoteLine>| {
        Certificate::new(SignedCheckpoint::new(certificate.signed().checkpoint().clone(), lines).unwrap())
    };
    let check = |certificate: Certificate| membership.verify(certificate).map(drop);
    let missed = |got| Err(Error::PeerQuorumMissed { rule: "members".into(), got, want: 3 });
    assert_eq!(check(with(lines.clone())), Ok(()));
    let stranger = NoteLine::new("stranger", [1, 2, 3, 4], vec![1]).unwrap();
    assert_eq!(
        check(with(lines.iter().cloned().chain([stranger]).collect())),
        Ok(()),
        "unknown lines are ignored"
    );
    assert_eq!(check(with(lines[..5].to_vec())), missed(2), "a cosigner's line is missing");
    assert_eq!(check(with(lines[1..].to_vec())), missed(2), "an operator's line is missing");
    let policy = membership.policy();
    assert!(
        policy.check(with(lines[2..].to_vec()).signed()).is_ok(),
        "the policy asks for one operator line"
    );
    assert_eq!(
        check(with(lines[3..].to_vec())),
        Err(Error::PeerNoLogSignature { origin: origin().to_string() })
    );
    let twice = [&lines[..5], &lines[4..5]].concat();
    assert_eq!(check(with(twice)), missed(2), "a line twice is one signer");

    let other = Membership::new(Origin::new("other.example/log").unwrap(), vec![], 1);
    assert!(other.is_err());
    let log = Origin::new("other.example/log").unwrap();
    let checkpoint = Checkpoint { origin: log.clone(), head: head(7, 1) };
    let elsewhere = Certificate::new(SignedCheckpoint::new(checkpoint, lines).unwrap());
    assert_eq!(
        check(elsewhere),
        Err(Error::PeerOriginMismatch { got: log.to_string(), want: origin().to_string() })
    );
}

#[test]
fn evidence_convicts_or_says_why_not() {
    let (membership, voice, other) = (federation(3), voice("EU-1", 1), voice("EU-2", 4));
    let (a, b) = (statement(&voice, head(7, 1)), statement(&voice, head(7, 2)));
    let judge = |member: &str, first: &Attestation, second: &Attestation| {
        let evidence = [first.clone(), second.clone()];
        convicts(&membership, &Equivocation { member: id(member), evidence })
    };
    assert_eq!(judge("EU-1", &a, &b), Ok(()));
    assert_eq!(judge("EU-1", &a, &a), Err(Error::PeerEvidenceSameHead));
    let wider = statement(&voice, head(8, 2));
    let sizes = Error::PeerEvidenceSizes { first: a.head.size, second: wider.head.size };
    assert_eq!(judge("EU-1", &a, &wider), Err(sizes));
    let member = |got, want| Error::PeerEvidenceMember { got: id(got), want: id(want) };
    assert_eq!(judge("EU-1", &a, &statement(&other, head(7, 2))), Err(member("EU-2", "EU-1")));
    assert_eq!(judge("EU-2", &a, &b), Err(member("EU-1", "EU-2")));
    let framed = Attestation { member: id("EU-1"), ..statement(&other, head(7, 2)) };
    assert!(matches!(judge("EU-1", &a, &framed), Err(Error::PeerLineUnknown { .. })));
    for at in [0, 1] {
        let mut pair = [a.clone(), b.clone()];
        pair[at] = relined(&pair[at], |lines| {
            let mut blob = lines[1].blob().to_vec();
            blob[100] ^= 1;
            lines[1] = NoteLine::new(lines[1].name(), lines[1].key_id(), blob).unwrap();
        });
        let refused = judge("EU-1", &pair[0], &pair[1]).unwrap_err();
        assert_eq!(refused, Error::PeerBadSignature { scheme: Scheme::MlDsa44, signer: "EU-1".into() });
    }
}
