use auditmesh_types::{Content, Facts, Field, Policy, Purpose, Reason, Verdict};

/// What may stand in no entry and in no anchor.
const FORBIDDEN: [Content; 5] =
    [Content::Amount, Content::Balance, Content::PaymentReference, Content::Personal, Content::Payload];

/// The contract of [`Policy`] as the federation uses it. `allowed`: facts the policy allows, every one of them known,
/// with no forbidden content, for evidence, kept where there are hashes alone.
///
/// Rules: `policy/allows`, `policy/same-verdict`, `policy/unknown-is-denied`, `policy/forbidden-in-entry`,
/// `policy/forbidden-in-anchor`, `policy/settlement`, `policy/contract`, `policy/names-the-field`,
/// `policy/reasons-sorted`, `policy/reasons-complete`, `policy/says-why`, `policy/field-order`.
pub fn policy(policy: &impl Policy, allowed: &Facts) {
    let known = allowed.purpose.is_some() && allowed.zones.is_some() && allowed.tolerates.is_some();
    let kept = allowed.entry.is_some() && allowed.anchor.is_some() && allowed.contract.is_some();
    assert!(known && kept, "the suite needs facts of which every one is known");
    let verdict = policy.judge(allowed);
    rule!("policy/allows", verdict == Verdict::Allow, "facts said to be allowed: {verdict:?}");
    same!("policy/same-verdict", policy.judge(allowed), verdict, "the same facts again");
    unknown(policy, allowed);
    contents(policy, allowed);
    custody(policy, allowed);
    all_reasons(policy, allowed);
    let mut turned = allowed.clone();
    turned.entry.iter_mut().chain(turned.anchor.iter_mut()).for_each(|fields| fields.reverse());
    same!("policy/field-order", policy.judge(&turned), Verdict::Allow, "the same fields in reverse order");
}

/// The reasons against `facts`, checked for form; empty when the policy allows them.
fn reasons(policy: &impl Policy, facts: &Facts, what: &str) -> Vec<Reason> {
    let verdict = policy.judge(facts);
    same!("policy/same-verdict", policy.judge(facts), verdict, "{what}: the same facts again");
    let Verdict::Deny(reasons) = verdict else { return Vec::new() };
    rule!("policy/says-why", !reasons.is_empty(), "{what}: denied without a reason");
    let by_rule = reasons.windows(2).all(|pair| pair[0].rule <= pair[1].rule);
    rule!("policy/reasons-sorted", by_rule, "{what}: not by rule: {reasons:?}");
    for reason in &reasons {
        let said = !reason.rule.is_empty() && !reason.about.is_empty() && !reason.why.is_empty();
        rule!("policy/says-why", said, "{what}: a reason without words: {reason:?}");
    }
    reasons
}

fn unknown(policy: &impl Policy, allowed: &Facts) {
    let all = allowed.clone();
    let cases = [
        ("entry", Facts { entry: None, ..all.clone() }),
        ("anchor", Facts { anchor: None, ..all.clone() }),
        ("purpose", Facts { purpose: None, ..all.clone() }),
        ("contract", Facts { contract: None, ..all.clone() }),
        ("zones", Facts { zones: None, ..all.clone() }),
        ("tolerates", Facts { tolerates: None, ..all }),
        ("everything", Facts::default()),
    ];
    for (fact, facts) in cases {
        let denied = !reasons(policy, &facts, fact).is_empty();
        rule!("policy/unknown-is-denied", denied, "{fact} is not known, and that is allowed");
    }
}

/// `fields` with one more at `place`, counted from the end.
fn with(fields: Option<&Vec<Field>>, holds: Content, place: usize) -> Option<Vec<Field>> {
    let mut fields = fields.cloned().unwrap_or_default();
    let at = fields.len().saturating_sub(place);
    fields.insert(at, Field { name: "suspect".into(), holds });
    Some(fields)
}

fn contents(policy: &impl Policy, allowed: &Facts) {
    for holds in FORBIDDEN {
        for place in [0, 1, usize::MAX] {
            let what = format!("{holds:?} in an entry");
            let entry = with(allowed.entry.as_ref(), holds, place);
            let found = reasons(policy, &Facts { entry, ..allowed.clone() }, &what);
            rule!("policy/forbidden-in-entry", !found.is_empty(), "{what} is allowed");
            let named = found.iter().any(|reason| reason.about.contains("suspect"));
            rule!("policy/names-the-field", named, "{what}: no reason is about the field: {found:?}");

            let what = format!("{holds:?} in an anchor");
            let anchor = with(allowed.anchor.as_ref(), holds, place);
            let found = reasons(policy, &Facts { anchor, ..allowed.clone() }, &what);
            rule!("policy/forbidden-in-anchor", !found.is_empty(), "{what} is allowed");
            let named = found.iter().any(|reason| reason.about.contains("suspect"));
            rule!("policy/names-the-field", named, "{what}: no reason is about the field: {found:?}");
        }
    }
}

fn custody(policy: &impl Policy, allowed: &Facts) {
    let facts = Facts { purpose: Some(Purpose::Settlement), ..allowed.clone() };
    let denied = !reasons(policy, &facts, "settlement").is_empty();
    rule!("policy/settlement", denied, "an anchor that settles is allowed");
    let right = allowed.contract.expect("checked above");
    let mut cases = [
        ("stores balances", right),
        ("accepts value", right),
        ("transfers", right),
        ("not only hashes", right),
    ];
    cases[0].1.stores_balances = true;
    cases[1].1.accepts_value = true;
    cases[2].1.transfers = true;
    cases[3].1.hash_only = false;
    for (what, contract) in cases {
        let facts = Facts { contract: Some(contract), ..allowed.clone() };
        let denied = !reasons(policy, &facts, what).is_empty();
        rule!("policy/contract", denied, "a contract is allowed that {what}");
    }
}

/// What is wrong in two ways is denied for both.
fn all_reasons(policy: &impl Policy, allowed: &Facts) {
    let amount = with(allowed.entry.as_ref(), Content::Amount, 0);
    let one = Facts { entry: amount.clone(), ..allowed.clone() };
    let person = with(allowed.anchor.as_ref(), Content::Personal, 0);
    let cases = [
        ("an unknown purpose", Facts { purpose: None, ..allowed.clone() }),
        ("unknown zones", Facts { zones: None, ..allowed.clone() }),
        ("settlement", Facts { purpose: Some(Purpose::Settlement), ..allowed.clone() }),
        ("a person in the anchor", Facts { anchor: person, ..allowed.clone() }),
    ];
    for (what, other) in cases {
        let both = Facts { entry: amount.clone(), ..other.clone() };
        let what = format!("an amount in the entry and {what}");
        let found = reasons(policy, &both, &what);
        let expected = [reasons(policy, &one, &what), reasons(policy, &other, &what)].concat();
        for reason in expected {
            let kept = found.iter().any(|have| have.rule == reason.rule && have.about == reason.about);
            rule!("policy/reasons-complete", kept, "{what}: {reason:?} is missing in {found:?}");
        }
    }
}
