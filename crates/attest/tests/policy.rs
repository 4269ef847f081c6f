//! Policies: syntax with reasons, the verdict on checkpoints, and the quorum against a recursive reference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use std::collections::BTreeSet;

use auditmesh_attest::{
    Checkpoint, Ed25519Signer, Error, KeyType, LogAuthority, Membership, NameFault, NoteLine, PolicyBuilder,
    Quorum, SignedCheckpoint, Threshold, TrustPolicy, VerifierKey, cosign,
};
use auditmesh_types::{Authority, Certifier, Millis, Origin, Scheme, Signer};
use federation::*;
use proptest::prelude::*;

fn signer(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed([seed; 32])
}

fn log_key(name: &str, seed: u8) -> VerifierKey {
    VerifierKey::new(name, KeyType::Ed25519, signer(seed).public_key()).unwrap()
}

fn witness_key(name: &str, seed: u8) -> VerifierKey {
    VerifierKey::new(name, KeyType::Ed25519Cosignature, signer(seed).public_key()).unwrap()
}

/// A checkpoint of `log.example/a`, the log's line, and a cosignature of each witness.
fn signed(log: u8, witnesses: &[u8]) -> SignedCheckpoint {
    let checkpoint = Checkpoint { origin: Origin::new("log.example/a").unwrap(), head: head(7, 1) };
    let key = log_key("log.example/a", log);
    let signature = signer(log).sign(checkpoint.to_string().as_bytes()).unwrap();
    let mut lines = vec![NoteLine::new(key.name(), key.key_id(), signature).unwrap()];
    for seed in witnesses {
        let name = id(&format!("w{seed}.example"));
        lines.push(cosign(&name, &signer(*seed), &checkpoint, Millis(u64::from(*seed) * 1000)).unwrap());
    }
    SignedCheckpoint::new(checkpoint, lines).unwrap()
}

/// The example of the specification: two of three X and any of two Y; seeds 11 to 13 and 21 to 22.
fn two_level() -> TrustPolicy {
    let mut text = format!("# comment\nlog {}\n\n", log_key("log.example/a", 1));
    for (name, seed) in [("X1", 11), ("X2", 12), ("X3", 13), ("Y1", 21), ("Y2", 22)] {
        text += &format!("witness {name} {}\n", witness_key(&format!("w{seed}.example"), seed));
    }
    text += "group X-witnesses 2 X1 X2 X3\n\t group  Y-witnesses\tany Y1 Y2 \ngroup X-and-Y all X-witnesses Y-witnesses\n \t# last\nquorum X-and-Y\n";
    text.parse().unwrap()
}

#[test]
fn two_levels_of_groups_are_counted() {
    let policy = two_level();
    let missed = |got| Err(Error::PeerQuorumMissed { rule: "X-and-Y".into(), got, want: 2 });
    let verdict = |witnesses: &[u8]| policy.attested(signed(1, witnesses).as_log()).map(drop);
    assert_eq!(verdict(&[11, 13, 22]), Ok(()));
    assert_eq!(verdict(&[11, 12, 13, 21, 22]), Ok(()));
    assert_eq!(verdict(&[11, 12, 13]), missed(1));
    assert_eq!(verdict(&[11, 21, 22]), missed(1));
    assert_eq!(verdict(&[11, 11, 21]), missed(1));
    assert_eq!(verdict(&[]), missed(0));
    let attested = policy.attested(signed(1, &[11, 13, 22, 99]).as_log()).unwrap();
    let names: Vec<_> = attested.witnesses.iter().map(|w| (w.name.as_str(), w.at_seconds)).collect();
    assert_eq!(names, [("X1", 11), ("X3", 13), ("Y2", 22)]);
    assert_eq!(attested.logs, [log_key("log.example/a", 1).label()]);
    assert_eq!(attested.rule.to_string(), "group X-and-Y 2 of 2");
    assert!(policy.verify(signed(1, &[11, 13, 22])).is_ok());
}

#[test]
fn a_log_key_must_sign_and_be_named_as_the_origin() {
    let origin = String::from("log.example/a");
    let policy = two_level();
    let nobody = Error::PeerNoLogSignature { origin };
    assert_eq!(policy.attested(signed(2, &[11, 13, 22]).as_log()), Err(nobody.clone()), "an unknown log key");
    let text = format!("log {}\nquorum none\n", log_key("log.example/b", 1));
    let other: TrustPolicy = text.parse().unwrap();
    let checkpoint = signed(1, &[]).checkpoint().clone();
    let key = log_key("log.example/b", 1);
    let signature = signer(1).sign(checkpoint.to_string().as_bytes()).unwrap();
    let line = NoteLine::new(key.name(), key.key_id(), signature).unwrap();
    let signed = SignedCheckpoint::new(checkpoint, vec![line]).unwrap();
    assert_eq!(other.attested(signed.as_log()), Err(nobody), "a log signs for another's origin");
}

#[test]
fn a_failing_line_of_a_known_key_refuses_the_whole_note() {
    let policy = two_level();
    let good = signed(1, &[11, 12, 13, 21]);
    for at in 0..5 {
        let mut lines = good.note().signatures().to_vec();
        let mut blob = lines[at].blob().to_vec();
        *blob.last_mut().unwrap() ^= 1;
        let bad = NoteLine::new(lines[at].name(), lines[at].key_id(), blob).unwrap();
        let label = format!("{}+", bad.name());
        lines.push(bad);
        let note = SignedCheckpoint::new(good.checkpoint().clone(), lines).unwrap();
        let refused = policy.attested(note.as_log()).unwrap_err();
        assert!(
            matches!(&refused, Error::PeerBadSignature { scheme: Scheme::Ed25519, signer } if signer.starts_with(&label)),
            "{refused}"
        );
    }
    let mut lines = good.note().signatures().to_vec();
    lines.push(NoteLine::new("w11.example", [9; 4], vec![1]).unwrap());
    let note = SignedCheckpoint::new(good.checkpoint().clone(), lines).unwrap();
    assert!(policy.attested(note.as_log()).is_ok(), "an unknown id is ignored");
}

#[test]
fn every_changed_byte_of_a_cosigned_checkpoint_is_refused_or_an_unknown_line() {
    let policy = two_level();
    let bytes = signed(1, &[11, 12, 21]).to_bytes();
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        let verdict = SignedCheckpoint::parse(&bad).and_then(|note| policy.attested(note.as_log()));
        assert!(verdict.is_err(), "byte {at}");
    }
}

#[test]
fn quorums_of_one_witness_and_of_none() {
    let (log, witness) = (log_key("log.example/a", 1), witness_key("w11.example", 11));
    let one: TrustPolicy =
        format!("log {log}\nwitness W {witness} https://w.example/\nquorum W\n").parse().unwrap();
    assert_eq!(one.witnesses()[0].url.as_deref(), Some("https://w.example/"));
    let missed = Error::PeerQuorumMissed { rule: "W".into(), got: 0, want: 1 };
    assert_eq!(one.attested(signed(1, &[12]).as_log()), Err(missed));
    assert_eq!(one.attested(signed(1, &[11]).as_log()).unwrap().rule.to_string(), "quorum W");
    let none: TrustPolicy = format!("log {log} https://log.example/\nquorum none\n").parse().unwrap();
    assert_eq!(none.attested(signed(1, &[]).as_log()).unwrap().rule.to_string(), "quorum none");
    assert_eq!((none.quorum(), one.quorum()), (&Quorum::None, &Quorum::Name("W".into())));
}

/// The reason why line `line` of `text` is refused.
fn refused(text: &str, line: usize) -> Error {
    match text.parse::<TrustPolicy>().unwrap_err() {
        Error::PeerPolicyLine { line: got, source } if got == line => *source,
        other => panic!("{other}"),
    }
}

#[test]
fn lines_are_refused_with_the_reason() {
    let (log, a, b) = (log_key("l", 1), witness_key("a", 2), witness_key("b", 3));
    let syntax = |want| Error::PeerPolicySyntax { want };
    assert_eq!(refused("log\n", 1), syntax("log <vkey> [url]"));
    assert_eq!(refused(&format!("log {log} u v\n"), 1), syntax("log <vkey> [url]"));
    assert_eq!(refused(&format!("\nwitness {a}\n"), 2), syntax("witness <name> <vkey> [url]"));
    assert_eq!(refused("group g\n", 1), syntax("group <name> <k|any|all> <members>"));
    assert_eq!(refused("quorum\n", 1), syntax("quorum <name|none>"));
    assert_eq!(refused("quorum a b\n", 1), syntax("quorum <name|none>"));
    assert_eq!(refused("Log x\n", 1), syntax("log, witness, group or quorum"));
    assert_eq!(refused("log x\n", 1), Error::PeerVerifierKeyForm);
    let witness = Error::PeerWitnessKeyType { got: KeyType::Ed25519 };
    assert_eq!(refused(&format!("witness a {log}\n"), 1), witness);

    let name = |name: &str, fault| Error::PeerPolicyName { name: name.into(), fault };
    let two = format!("witness a {a}\nwitness b {b}\n");
    assert_eq!(refused(&format!("{two}witness a {}\n", witness_key("c", 4)), 3), name("a", NameFault::Taken));
    assert_eq!(refused(&format!("witness none {a}\n"), 1), name("none", NameFault::Reserved));
    assert_eq!(refused(&format!("{two}group g 1 none\n"), 3), name("none", NameFault::Reserved));
    assert_eq!(refused(&format!("{two}group g 1 a c\n"), 3), name("c", NameFault::Undefined));
    assert_eq!(refused(&format!("{two}group g 1 g\n"), 3), name("g", NameFault::Undefined));
    assert_eq!(refused(&format!("{two}group a 1 b\n"), 3), name("a", NameFault::Taken));
    assert_eq!(refused(&format!("{two}group g 1 a a\n"), 3), name("a", NameFault::Grouped));
    assert_eq!(refused(&format!("{two}group g 1 a\ngroup h 1 a b\n"), 4), name("a", NameFault::Grouped));
    assert_eq!(refused("quorum g\n", 1), name("g", NameFault::Undefined));
    assert_eq!(refused("quorum none\nquorum none\n", 2), Error::PeerQuorumLines { got: 2 });
    for k in [0, 3] {
        let threshold = Error::PeerThreshold { got: k, members: 2 };
        assert_eq!(refused(&format!("{two}group g {k} a b\n"), 3), threshold);
    }
    assert_eq!(refused(&format!("{two}group g any\n"), 3), Error::PeerThreshold { got: 1, members: 0 });
    assert_eq!(refused(&format!("{two}group g all\n"), 3), Error::PeerThreshold { got: 0, members: 0 });
    assert_eq!(refused(&format!("{two}group g 01 a b\n"), 3), Error::PeerNumber { what: "group threshold" });
    let huge = Error::PeerTooLarge { what: "group threshold", got: usize::MAX, max: 320 };
    assert_eq!(refused(&format!("{two}group g {} a b\n", u64::MAX), 3), huge);
}

#[test]
fn duplicate_keys_are_refused_under_any_name() {
    let twice = |key: &VerifierKey| Error::PeerPolicyKeyTwice { name: key.label() };
    let (one, other) = (log_key("l", 1), log_key("m", 1));
    assert_eq!(refused(&format!("log {one}\nlog {other}\n"), 2), twice(&other));
    let (one, other) = (witness_key("a", 2), witness_key("b", 2));
    assert_eq!(refused(&format!("witness a {one}\nwitness b {other}\n"), 2), twice(&other));
}

#[test]
fn bytes_and_limits() {
    let policy = |bytes: &[u8]| TrustPolicy::parse(bytes).unwrap_err();
    assert_eq!(policy(b""), Error::PeerQuorumLines { got: 0 });
    assert_eq!(policy(b"# only a comment\n"), Error::PeerQuorumLines { got: 0 });
    assert_eq!(policy(b"quorum none"), Error::PeerPolicyByte { at: 10, found: b'e' });
    for (bytes, found) in
        [(&b"quorum none\r\n"[..], b'\r'), (b"quorum none\0\n", 0), (b"quorum none\x7f\n", 0x7f)]
    {
        assert_eq!(policy(bytes), Error::PeerPolicyByte { at: 11, found });
    }
    let comment = TrustPolicy::parse(b" # \xff\n\t#\xc3\nquorum none\n");
    assert!(comment.is_ok(), "comments are octets: {comment:?}");
    assert_eq!(policy(b"# \xff\nquorum \xff\n"), Error::PeerNotUtf8 { what: "policy", at: 11 });
    let long = format!("#{}\nquorum none\n", "a".repeat(TrustPolicy::MAX_BYTES));
    assert!(matches!(policy(long.as_bytes()), Error::PeerTooLarge { what: "policy", .. }));
    let logs = |count: u32| -> String {
        (0..count)
            .map(|n| {
                let mut seed = [0; 32];
                seed[..4].copy_from_slice(&n.to_be_bytes());
                let key =
                    VerifierKey::new("l", KeyType::Ed25519, Ed25519Signer::from_seed(seed).public_key());
                format!("log {}\n", key.unwrap())
            })
            .chain(["quorum none\n".into()])
            .collect()
    };
    assert_eq!(logs(256).parse::<TrustPolicy>().unwrap().logs().len(), 256);
    let many = Error::PeerTooLarge { what: "policy's list of logs", got: 257, max: 256 };
    assert_eq!(refused(&logs(257), 257), many);
}

#[test]
fn a_federations_policy_reads_back() {
    let membership = federation(3);
    let text = membership.policy().to_string();
    let policy: TrustPolicy = text.parse().unwrap();
    assert_eq!(&policy, membership.policy());
    assert_eq!(Membership::from_policy(&policy), Ok(membership));
    let heads: Vec<_> = text.lines().map(|line| line.split('+').next().unwrap()).collect();
    let log = "log auditmesh.example/eu-us-apac";
    let witnesses = ["witness APAC-1 APAC-1", "witness EU-1 EU-1", "witness EU-2 EU-2", "witness US-1 US-1"];
    assert_eq!(heads[..4], [log; 4]);
    assert_eq!(heads[4..8], witnesses);
    assert_eq!(heads[8..], ["group members 3 APAC-1 EU-1 EU-2 US-1", "quorum members"]);
}

#[test]
fn other_policies_are_no_federation() {
    let text = federation(3).policy().to_string();
    let shape = |text: String| Membership::from_policy(&text.parse().unwrap()).unwrap_err();
    let want = |want| Error::PeerNotFederation { want };
    let line = |at: usize| text.lines().nth(at).unwrap();
    let fewer = text.replacen(&format!("{}\n", line(0)), "", 1);
    assert_eq!(shape(fewer), want("one log line for each witness line"));
    let renamed = text.replace("group members", "group others").replace("quorum members", "quorum others");
    assert_eq!(shape(renamed), want("the group and the quorum are called members"));
    let order = text.replace("3 APAC-1 EU-1", "3 EU-1 APAC-1");
    assert_eq!(shape(order), want("the group lists every witness in the order of their lines"));
    let none = text.replace("group members 3 APAC-1 EU-1 EU-2 US-1\nquorum members", "quorum none");
    assert_eq!(shape(none), want("one group"));
    // Log lines in another order pair keys with the wrong members: their statements are refused.
    let swapped = [line(1), line(0)]
        .into_iter()
        .chain(text.lines().skip(2))
        .fold(String::new(), |all, next| all + next + "\n");
    let swapped = Membership::from_policy(&swapped.parse().unwrap()).unwrap();
    let refused = swapped.verify(statement(&voice("EU-1", 1), head(7, 1))).unwrap_err();
    assert!(matches!(refused, Error::PeerLineUnknown { .. }));
}

/// The keys of a policy are bound: a certificate that verified does not verify under any policy with a changed key.
#[test]
fn every_changed_byte_of_a_policys_keys_is_refused() {
    let membership = federation(4);
    let agreeing: Vec<_> =
        voices().iter().map(|voice| membership.verify(statement(voice, head(7, 1))).unwrap()).collect();
    let certificate = membership.certify(&agreeing).unwrap();
    let text = membership.policy().to_string();
    let keys = text.find("group").unwrap();
    for at in 0..keys {
        let mut bad = text.clone().into_bytes();
        bad[at] ^= 1;
        let Ok(policy) = TrustPolicy::parse(&bad) else { continue };
        panic!("byte {at} gave a policy: {:?}", policy.check(certificate.signed()).map(drop));
    }
    assert!(membership.policy().check(certificate.signed()).is_ok());
}

/// Groups over eight witnesses; each group takes names that are still free.
fn any_groups() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((1usize..5, 1usize..5), 1..6)
}

fn met(policy: &TrustPolicy, name: &str, signed: &BTreeSet<String>) -> bool {
    match policy.groups().iter().find(|group| group.name == name) {
        None => signed.contains(name),
        Some(group) => {
            let count = group.members.iter().filter(|member| met(policy, member, signed)).count();
            count >= group.threshold.of(group.members.len())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_quorum_is_what_the_recursion_says(shape in any_groups(), who in any::<u8>()) {
        let mut builder = PolicyBuilder::new();
        builder.log(log_key("log.example/a", 1), None).unwrap();
        let mut free: Vec<String> = Vec::new();
        for seed in 10..18u8 {
            let name = format!("w{seed}");
            builder.witness(&name, witness_key(&format!("w{seed}.example"), seed), None).unwrap();
            free.push(name);
        }
        let mut last = String::from("w10");
        for (at, (take, k)) in shape.into_iter().enumerate() {
            let members: Vec<String> = free.drain(..take.min(free.len())).collect();
            let names: Vec<&str> = members.iter().map(String::as_str).collect();
            if names.is_empty() { break }
            last = format!("g{at}");
            builder.group(&last, Threshold::AtLeast(k.min(names.len())), &names).unwrap();
            free.insert(0, last.clone());
        }
        builder.quorum(&last).unwrap();
        let policy = builder.build().unwrap();
        prop_assert_eq!(policy.to_string().parse::<TrustPolicy>(), Ok(policy.clone()));
        let seeds: Vec<u8> = (0..8).filter(|bit| who >> bit & 1 == 1).map(|bit| bit + 10).collect();
        let names = seeds.iter().map(|seed| format!("w{seed}")).collect();
        let verdict = policy.attested(signed(1, &seeds).as_log()).is_ok();
        prop_assert_eq!(verdict, met(&policy, &last, &names));
    }
}
