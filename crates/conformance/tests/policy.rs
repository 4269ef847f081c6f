//! The policy suite accepts a plain rule set and refuses faulty ones.

use auditmesh_conformance::{policy, rejects};
use auditmesh_types::{Content, ContractFacts, Facts, Field, Policy, Purpose, Reason, Verdict};
use std::cell::Cell;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    AllowsUnknownZones,
    AllowsUnknownEntry,
    AllowsPersonalInAnchor,
    AllowsBalanceInEntry,
    AllowsSettlement,
    AllowsTransfers,
    LooksAtFirstField,
    FirstReasonOnly,
    Unsorted,
    SaysNothing,
    DeniesWithoutReason,
    ForgetsTheField,
    Moody,
    DeniesAll,
    WantsAnOrder,
}

struct Rules(Flaw, Cell<u32>);

impl Rules {
    fn fields(&self, place: &str, fields: Option<&Vec<Field>>, reasons: &mut Vec<Reason>) {
        use Content::{Amount, Balance, Payload, PaymentReference, Personal};
        let Some(fields) = fields else {
            if self.0 != Flaw::AllowsUnknownEntry || place != "entry" {
                reasons.push(reason("R-1", place, "not known"));
            }
            return;
        };
        let count = if self.0 == Flaw::LooksAtFirstField { 1 } else { fields.len() };
        for field in fields.iter().take(count) {
            let spared = match self.0 {
                Flaw::AllowsPersonalInAnchor => (place, field.holds) == ("anchor", Personal),
                Flaw::AllowsBalanceInEntry => (place, field.holds) == ("entry", Balance),
                _ => false,
            };
            if matches!(field.holds, Amount | Balance | PaymentReference | Personal | Payload) && !spared {
                let about = if self.0 == Flaw::ForgetsTheField { "field" } else { &field.name };
                reasons.push(reason("R-2", &format!("{place}.{about}"), "must not stand here"));
            }
        }
    }
}

fn reason(rule: &'static str, about: &str, why: &str) -> Reason {
    Reason { rule, about: about.into(), why: why.into() }
}

impl Policy for Rules {
    fn judge(&self, facts: &Facts) -> Verdict {
        self.1.set(self.1.get() + 1);
        let mut reasons = Vec::new();
        self.fields("entry", facts.entry.as_ref(), &mut reasons);
        self.fields("anchor", facts.anchor.as_ref(), &mut reasons);
        let settles = facts.purpose == Some(Purpose::Settlement) && self.0 != Flaw::AllowsSettlement;
        if facts.purpose.is_none() || settles {
            reasons.push(reason("R-3", "purpose", "evidence alone"));
        }
        let bad = |c: ContractFacts| {
            c.stores_balances
                || c.accepts_value
                || c.transfers && self.0 != Flaw::AllowsTransfers
                || !c.hash_only
        };
        if facts.contract.is_none_or(bad) {
            reasons.push(reason("R-4", "contract", "hashes alone"));
        }
        if facts.zones.is_none() && self.0 != Flaw::AllowsUnknownZones || facts.zones == Some(0) {
            reasons.push(reason("R-5", "zones", "at least one"));
        }
        let first = facts.entry.as_ref().and_then(|fields| fields.first());
        let turned = self.0 == Flaw::WantsAnOrder && first.is_some_and(|field| field.name != "zone");
        if facts.tolerates.is_none() || turned {
            reasons.push(reason("R-6", "tolerates", "not known"));
        }
        if self.0 == Flaw::DeniesAll || self.0 == Flaw::Moody && self.1.get() == 9 {
            reasons.push(reason("R-9", "everything", "no"));
        }
        match self.0 {
            Flaw::Unsorted => {
                reasons.sort();
                reasons.reverse();
            }
            Flaw::FirstReasonOnly => reasons.truncate(1),
            _ => reasons.sort(),
        }
        match self.0 {
            Flaw::SaysNothing => reasons.iter_mut().for_each(|reason| reason.why.clear()),
            Flaw::DeniesWithoutReason if !reasons.is_empty() => return Verdict::Deny(Vec::new()),
            _ => {}
        }
        if reasons.is_empty() { Verdict::Allow } else { Verdict::Deny(reasons) }
    }
}

fn run(flaw: Flaw) {
    let field = |name: &str, holds| Field { name: name.into(), holds };
    let allowed = Facts {
        entry: Some(vec![field("zone", Content::Label), field("commitment", Content::Digest)]),
        anchor: Some(vec![
            field("origin", Content::ProofId),
            field("root", Content::Digest),
            field("at", Content::Time),
        ]),
        purpose: Some(Purpose::Evidence),
        contract: Some(ContractFacts {
            stores_balances: false,
            accepts_value: false,
            transfers: false,
            hash_only: true,
        }),
        zones: Some(3),
        tolerates: Some(1),
    };
    policy(&Rules(flaw, Cell::new(0)), &allowed);
}

#[test]
fn accepts_plain_rules() {
    run(Flaw::None);
}

#[test]
fn refuses_faulty_rules() {
    for (flaw, rule) in [
        (Flaw::WantsAnOrder, "policy/field-order"),
        (Flaw::AllowsUnknownZones, "policy/unknown-is-denied"),
        (Flaw::AllowsUnknownEntry, "policy/unknown-is-denied"),
        (Flaw::AllowsPersonalInAnchor, "policy/forbidden-in-anchor"),
        (Flaw::AllowsBalanceInEntry, "policy/forbidden-in-entry"),
        (Flaw::AllowsSettlement, "policy/settlement"),
        (Flaw::AllowsTransfers, "policy/contract"),
        (Flaw::LooksAtFirstField, "policy/forbidden-in-entry"),
        (Flaw::FirstReasonOnly, "policy/reasons-complete"),
        (Flaw::Unsorted, "policy/reasons-sorted"),
        (Flaw::SaysNothing, "policy/says-why"),
        (Flaw::DeniesWithoutReason, "policy/says-why"),
        (Flaw::ForgetsTheField, "policy/names-the-field"),
        (Flaw::Moody, "policy/same-verdict"),
        (Flaw::DeniesAll, "policy/allows"),
    ] {
        rejects(rule, || run(flaw));
    }
}
