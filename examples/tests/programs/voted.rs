//! `round --order bft`: the members vote on the order of every batch, and the report holds the certificates.

use std::collections::BTreeMap;

use auditmesh::{
    attest::{Ed25519, did_key},
    bft::{Height, Phase, Says, Statement, ValidatorSet, ValueId, View},
    types::{Digest, MemberId, Origin, Scheme, Verifier},
};
use serde_json::Value;

use crate::desk::{Desk, rounds};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The voters' keys by name, as the report gives them.
fn keys(report: &Value) -> BTreeMap<MemberId, Vec<u8>> {
    let members = report["members"].as_array().unwrap();
    let key = |member: &Value| did_key::decode(text(&member["orderer"])).unwrap().as_bytes().to_vec();
    members.iter().map(|member| (MemberId::new(text(&member["name"])).unwrap(), key(member))).collect()
}

/// The members whose COMMITs stand under the order of a round, each checked from the report alone.
fn committed(report: &Value, order: &Value) -> Vec<String> {
    let keys = keys(report);
    let set = ValidatorSet::equal(Scheme::Ed25519, keys.clone()).unwrap();
    assert_eq!(set.hash().to_string(), text(&order["set"]));
    let value = ValueId(text(&order["value"]).parse::<Digest>().unwrap());
    let (height, view) = (order["height"].as_u64().unwrap(), order["view"].as_u64().unwrap());
    let says = Says::Vote(Phase::Commit, value);
    let statement = Statement { height: Height(height), view: View(view), says };
    let signed = statement.signed_bytes(&Origin::new(text(&order["federation"])).unwrap(), set.hash());
    let check = |commit: &Value| {
        let (member, signature) = (text(&commit["member"]), bytes(text(&commit["signature"])));
        Ed25519.verify(&keys[&MemberId::new(member).unwrap()], &signed, &signature).unwrap();
        assert!(Ed25519.verify(&keys[&MemberId::new(member).unwrap()], &signed[1..], &signature).is_err());
        member.to_owned()
    };
    order["committed"].as_array().unwrap().iter().map(check).collect()
}

#[test]
fn every_round_carries_a_certificate_that_verifies() {
    let desk = Desk::new();
    let report = desk.report("--order bft --rounds 3 --batch 20");
    for (height, round) in (1..).zip(rounds(&report)) {
        let order = &round["order"];
        assert_eq!((order["height"].as_u64(), order["view"].as_u64()), (Some(height), Some(0)));
        assert!(committed(&report, order).len() >= 3);
        assert_eq!(order["accused"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn a_run_that_goes_on_signs_under_another_name() {
    let desk = Desk::new();
    let first = desk.report("--order bft --rounds 1 --batch 20 --out dir");
    let second = desk.report("--order bft --rounds 2 --batch 20 --out dir");
    let name = |report: &Value| {
        let order = &rounds(report)[0]["order"];
        assert_eq!(order["height"], 1);
        assert!(text(&order["federation"]).starts_with(&format!("{}/", text(&report["origin"]))));
        order["federation"].clone()
    };
    assert_ne!(name(&first), name(&second), "height 1 of both would be an equivocation");
}

#[test]
fn the_log_is_the_one_of_the_tally() {
    let desk = Desk::new();
    let faults = "--rounds 2 --batch 50 --fault US-1=diverge";
    let voted = desk.report(&format!("--order bft --out voted --no-timings --prove 7 {faults}"));
    let given = desk.report(&format!("--out given --no-timings --prove 7 {faults}"));
    assert_eq!(voted["final"], given["final"]);
    assert!(rounds(&given).iter().all(|round| round.get("order").is_none()));
    let (mut voted, mut given) = (desk.files("voted"), desk.files("given"));
    assert_ne!(voted.remove("report.json"), given.remove("report.json"));
    assert_eq!(voted, given, "only the report tells the two apart");
}

#[test]
fn a_silent_member_is_passed_over_as_proposer() {
    let desk = Desk::new();
    let report = desk.report("--order bft --rounds 4 --batch 5 --fault EU-1=silent");
    let orders: Vec<&Value> = rounds(&report).iter().map(|round| &round["order"]).collect();
    assert!(orders.iter().all(|order| text(&order["proposer"]) != "EU-1"));
    assert_eq!(orders.iter().map(|order| order["view"].as_u64().unwrap()).sum::<u64>(), 1);
    for order in orders {
        assert_eq!(committed(&report, order), ["APAC-1", "EU-2", "US-1"]);
    }
}

#[test]
fn without_a_quorum_nothing_is_ordered() {
    let desk = Desk::new();
    let ran =
        desk.round("--order bft --rounds 2 --batch 10 --fault EU-1=silent --fault US-1=silent --out dir");
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.err, "round: too few members vote to order 10 events; they wait\n");
    assert_eq!(desk.json("dir/report.json")["final"]["undecided"], 10);
    assert!(!desk.names("dir").contains(&"checkpoint".to_owned()));
}

#[test]
fn a_batch_too_large_for_a_value_is_refused() {
    let said = Desk::new().refused("--order bft --batch 100000");
    assert!(said.starts_with("round: --batch 100000: at most "), "{said}");
}

/// The engine without the rest: four members in one process, five decisions each, the same ones.
#[test]
fn four_members_agree_on_strings() {
    let output = Desk::new().command("embed_bft", "").output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    let out = String::from_utf8(output.stdout).unwrap();
    let said = |member: &str| -> Vec<String> {
        let lines = out.lines().filter_map(|line| line.strip_prefix(&format!("{member:6} decided ")));
        lines.take(5).map(str::to_owned).collect()
    };
    let first = said("APAC-1");
    assert!(first.len() == 5 && (1..).zip(&first).all(|(height, it)| it.starts_with(&format!("{height}: "))));
    for member in ["EU-1", "EU-2", "US-1"] {
        assert_eq!(said(member), first, "{member}");
    }
}
