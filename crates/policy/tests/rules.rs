//! Each rule at its edges, and each fact taken away.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use auditmesh_policy::{Error, Rule, RuleSet, anchor_fields, entry_fields};
use auditmesh_types::{Content, ContractFacts, Facts, Field, Policy, Purpose, Reason, Verdict};
use proptest::prelude::*;

const KEEPER: ContractFacts =
    ContractFacts { stores_balances: false, accepts_value: false, transfers: false, hash_only: true };

fn allowed() -> Facts {
    Facts {
        entry: Some(entry_fields()),
        anchor: Some(anchor_fields()),
        purpose: Some(Purpose::Evidence),
        contract: Some(KEEPER),
        zones: Some(3),
        tolerates: Some(1),
    }
}

fn field(name: &str, holds: Content) -> Field {
    Field { name: name.to_owned(), holds }
}

fn with_entry(added: Field) -> Facts {
    let entry = entry_fields().into_iter().chain([added]).collect();
    Facts { entry: Some(entry), ..allowed() }
}

fn with_anchor(added: Field) -> Facts {
    let anchor = anchor_fields().into_iter().chain([added]).collect();
    Facts { anchor: Some(anchor), ..allowed() }
}

/// What was denied, as (rule, about).
fn denied(facts: &Facts) -> Vec<(&'static str, String)> {
    match RuleSet::default().judge(facts) {
        Verdict::Allow => vec![],
        Verdict::Deny(reasons) => reasons.into_iter().map(|reason| (reason.rule, reason.about)).collect(),
    }
}

fn pairs(expected: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    expected.iter().map(|(rule, about)| (*rule, (*about).to_owned())).collect()
}

#[test]
fn what_the_house_records_and_anchors_is_allowed() {
    assert_eq!(RuleSet::default().judge(&allowed()), Verdict::Allow);
}

#[test]
fn each_fact_taken_away_is_named_by_every_rule_that_needs_it() {
    let (all, fields) = (allowed(), ["DATA-MIN-001", "DATA-MIN-002", "MICA-NC-001"]);
    let entry: Vec<_> = fields.map(|rule| (rule, "entry")).to_vec();
    let anchor: Vec<_> = fields.into_iter().chain(["MICA-NC-002"]).map(|rule| (rule, "anchor")).collect();
    let cases = [
        (Facts { entry: None, ..all.clone() }, entry),
        (Facts { anchor: None, ..all.clone() }, anchor),
        (Facts { purpose: None, ..all.clone() }, vec![("MICA-NC-004", "purpose")]),
        (Facts { contract: None, ..all.clone() }, vec![("MICA-NC-003", "contract")]),
        (Facts { zones: None, ..all.clone() }, vec![("RESIL-001", "zones")]),
        (Facts { tolerates: None, ..all }, vec![("RESIL-002", "tolerates")]),
    ];
    for (facts, expected) in cases {
        assert_eq!(denied(&facts), pairs(&expected));
        let Verdict::Deny(reasons) = RuleSet::default().judge(&facts) else { panic!("allowed") };
        assert!(
            reasons.iter().all(|reason| reason.why.contains(&format!("{:?} is not known", reason.about)))
        );
    }
    assert_eq!(denied(&Facts::default()).len(), 11);
}

#[test]
fn money_is_denied_by_content() {
    for content in [Content::Amount, Content::Balance, Content::PaymentReference] {
        assert_eq!(denied(&with_entry(field("x", content))), pairs(&[("MICA-NC-001", "entry.x")]));
        let both = pairs(&[("MICA-NC-001", "anchor.x"), ("MICA-NC-002", "anchor.x")]);
        assert_eq!(denied(&with_anchor(field("x", content))), both);
    }
}

#[test]
fn money_is_denied_by_name() {
    for name in ["amount", "paid_amount", "accountBalance", "IBAN", "unit-price", "payments", "Value", "fee2"]
    {
        let about = format!("entry.{name}");
        assert_eq!(denied(&with_entry(field(name, Content::Label))), pairs(&[("MICA-NC-001", &about)]));
        let about = format!("anchor.{name}");
        assert_eq!(denied(&with_anchor(field(name, Content::Digest))), pairs(&[("MICA-NC-001", &about)]));
    }
    for name in ["evaluated", "paramount", "imbalanced", "priceless", "urban"] {
        assert_eq!(denied(&with_entry(field(name, Content::Label))), []);
    }
}

#[test]
fn hashes_proof_ids_and_times_alone_are_anchored() {
    for content in [Content::Digest, Content::ProofId, Content::Time] {
        assert_eq!(denied(&with_anchor(field("x", content))), []);
    }
    assert_eq!(denied(&with_anchor(field("x", Content::Label))), pairs(&[("MICA-NC-002", "anchor.x")]));
    assert_eq!(denied(&with_entry(field("x", Content::Label))), []);
}

#[test]
fn each_fact_of_the_contract_counts() {
    let cases = [
        (ContractFacts { stores_balances: true, ..KEEPER }, "contract.stores_balances"),
        (ContractFacts { accepts_value: true, ..KEEPER }, "contract.accepts_value"),
        (ContractFacts { transfers: true, ..KEEPER }, "contract.transfers"),
        (ContractFacts { hash_only: false, ..KEEPER }, "contract.hash_only"),
    ];
    for (contract, about) in cases {
        let facts = Facts { contract: Some(contract), ..allowed() };
        assert_eq!(denied(&facts), pairs(&[("MICA-NC-003", about)]));
    }
}

#[test]
fn a_purpose_other_than_evidence_is_denied() {
    let facts = Facts { purpose: Some(Purpose::Settlement), ..allowed() };
    let why = "the purpose is settlement; an anchor is evidence only".to_owned();
    let reason = Reason { rule: "MICA-NC-004", about: "purpose".to_owned(), why };
    assert_eq!(RuleSet::default().judge(&facts), Verdict::Deny(vec![reason]));
}

#[test]
fn payloads_are_denied_by_content_and_not_by_name() {
    assert_eq!(denied(&with_entry(field("x", Content::Payload))), pairs(&[("DATA-MIN-001", "entry.x")]));
    let both = pairs(&[("DATA-MIN-001", "anchor.x"), ("MICA-NC-002", "anchor.x")]);
    assert_eq!(denied(&with_anchor(field("x", Content::Payload))), both);
    assert_eq!(denied(&with_entry(field("payload_digest", Content::Digest))), []);
}

#[test]
fn personal_data_is_denied_by_content_and_by_name() {
    assert_eq!(denied(&with_entry(field("x", Content::Personal))), pairs(&[("DATA-MIN-002", "entry.x")]));
    for name in [
        "name",
        "fullName",
        "e-mail",
        "email",
        "client_ip",
        "sourceIPAddress",
        "homeAddress",
        "phone",
        "user",
        "SSN",
        "ipv4",
    ] {
        let about = format!("entry.{name}");
        assert_eq!(denied(&with_entry(field(name, Content::Label))), pairs(&[("DATA-MIN-002", &about)]));
        let about = format!("anchor.{name}");
        assert_eq!(denied(&with_anchor(field(name, Content::Digest))), pairs(&[("DATA-MIN-002", &about)]));
    }
    for name in ["filename", "zip", "recipe", "chips", "node"] {
        assert_eq!(denied(&with_entry(field(name, Content::Label))), []);
    }
}

#[test]
fn zones_and_tolerated_faults_have_their_edges() {
    for (zones, expected) in [(0, true), (2, true), (3, false), (4, false), (u32::MAX, false)] {
        let found = denied(&Facts { zones: Some(zones), ..allowed() });
        assert_eq!(found, if expected { pairs(&[("RESIL-001", "zones")]) } else { vec![] });
    }
    for (tolerates, expected) in [(0, true), (1, false), (u32::MAX, false)] {
        let found = denied(&Facts { tolerates: Some(tolerates), ..allowed() });
        assert_eq!(found, if expected { pairs(&[("RESIL-002", "tolerates")]) } else { vec![] });
    }
}

#[test]
fn an_empty_set_denies() {
    let Verdict::Deny(reasons) = RuleSet::empty().judge(&allowed()) else { panic!("allowed") };
    assert_eq!((reasons.len(), reasons[0].rule, reasons[0].about.as_str()), (1, "RULE-SET", "rules"));
}

#[derive(Debug)]
struct Always(&'static str);

impl Rule for Always {
    fn id(&self) -> &'static str {
        self.0
    }
    fn title(&self) -> &'static str {
        "always says no"
    }
    fn judge(&self, _: &Facts) -> Vec<Reason> {
        vec![Reason { rule: self.0, about: "all".into(), why: "always".into() }]
    }
}

#[test]
fn sets_are_put_together_by_id() {
    let ids = |set: &RuleSet| set.rules().map(Rule::id).collect::<Vec<_>>();
    let all = [
        "DATA-MIN-001",
        "DATA-MIN-002",
        "MICA-NC-001",
        "MICA-NC-002",
        "MICA-NC-003",
        "MICA-NC-004",
        "RESIL-001",
        "RESIL-002",
    ];
    assert_eq!(ids(&RuleSet::default()), all);
    let mut grown = RuleSet::empty();
    for id in all.into_iter().rev().chain(all) {
        grown = grown.with(id).unwrap();
    }
    assert_eq!(ids(&grown), all);

    let set = RuleSet::house().without("RESIL-001").unwrap().without("RESIL-001").unwrap();
    assert_eq!(set.judge(&Facts { zones: Some(1), ..allowed() }), Verdict::Allow);
    let set = set.with_rule(Always("ACME-1")).unwrap();
    assert_eq!(ids(&set)[0], "ACME-1");
    assert!(matches!(set.judge(&allowed()), Verdict::Deny(reasons) if reasons[0].rule == "ACME-1"));
    assert_eq!(set.without("ACME-1").unwrap().judge(&allowed()), Verdict::Allow);
}

#[test]
fn unknown_and_repeated_ids_are_refused() {
    let unknown = |result: Result<RuleSet, Error>| match result {
        Err(Error::MisuseUnknownRule { id, known }) => (id, known.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(unknown(RuleSet::house().with("MICA-NC-005")), ("MICA-NC-005".to_owned(), 8));
    assert_eq!(unknown(RuleSet::empty().without("mica-nc-001")), ("mica-nc-001".to_owned(), 8));
    let repeated =
        |id| move |result: Result<RuleSet, Error>| result.err() == Some(Error::MisuseRuleRepeated { id });
    assert!(repeated("RESIL-001")(RuleSet::empty().with_rule(Always("RESIL-001"))));
    let acme = RuleSet::empty().with_rule(Always("ACME-1")).unwrap();
    assert!(repeated("ACME-1")(acme.with_rule(Always("ACME-1"))));
}

fn harmless() -> impl Strategy<Value = Vec<Field>> {
    let contents = prop::sample::select(vec![Content::Digest, Content::ProofId, Content::Time]);
    prop::collection::vec(("h_[0-9]{1,3}", contents), 0..6)
        .prop_map(|fields| fields.into_iter().map(|(name, holds)| Field { name, holds }).collect())
}

fn forbidden() -> impl Strategy<Value = Field> {
    let contents =
        [Content::Amount, Content::Balance, Content::PaymentReference, Content::Personal, Content::Payload];
    let words = [
        "amount", "balance", "iban", "price", "value", "payment", "name", "email", "ip", "address", "phone",
        "user", "ssn",
    ];
    let by_content = ("[a-z_]{0,9}", prop::sample::select(contents.to_vec()));
    let by_name = (
        "(|[a-z]{1,5}[_.-])",
        prop::sample::select(words.to_vec()),
        "(|_[a-z]{1,5}|[A-Z][a-z]{1,4}|[0-9]|s)",
    );
    prop_oneof![
        by_content.prop_map(|(name, holds)| Field { name, holds }),
        by_name.prop_map(|(before, word, after)| field(&format!("{before}{word}{after}"), Content::Digest)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_forbidden_field_in_any_allowed_facts_is_denied(
        entry in harmless(), anchor in harmless(), bad in forbidden(), in_entry: bool, at: prop::sample::Index,
        zones in 3..9u32, tolerates in 1..9u32,
    ) {
        let (entry, anchor) = (Some(entry), Some(anchor));
        let mut facts = Facts { entry, anchor, zones: Some(zones), tolerates: Some(tolerates), ..allowed() };
        prop_assert_eq!(RuleSet::default().judge(&facts), Verdict::Allow);
        let (place, fields) = match in_entry {
            true => ("entry", facts.entry.as_mut().unwrap()),
            false => ("anchor", facts.anchor.as_mut().unwrap()),
        };
        let about = format!("{place}.{}", bad.name);
        fields.insert(at.index(fields.len() + 1), bad);
        let found = denied(&facts);
        prop_assert!(!found.is_empty());
        prop_assert!(found.iter().all(|(_, what)| *what == about), "{:?}", found);
        prop_assert!(found.is_sorted());
    }
}
