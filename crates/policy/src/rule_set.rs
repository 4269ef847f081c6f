use alloc::{borrow::ToOwned, string::ToString, sync::Arc, vec, vec::Vec};

use auditmesh_types::{Facts, Policy, Reason, Verdict};

use crate::{
    Error, EvidenceOnly, FaultTolerance, HashesOnly, NoMoney, NoPayload, NoPersonalData, NoTransfers, Rule,
    ThreeZones,
};

/// Rules that must all hold. Kept in the order of their ids, each id once.
#[derive(Debug, Clone)]
pub struct RuleSet {
    rules: Vec<Arc<dyn Rule>>,
}

/// All rules of the house.
impl Default for RuleSet {
    fn default() -> Self {
        Self::house()
    }
}

impl RuleSet {
    /// All rules of the house.
    #[must_use]
    pub fn house() -> Self {
        Self { rules: house() }
    }

    /// No rule. As it stands it denies everything.
    #[must_use]
    pub const fn empty() -> Self {
        Self { rules: Vec::new() }
    }

    /// The set with the house's rule `id` in it; a rule that is in it already stays.
    ///
    /// # Errors
    /// [`Error::MisuseUnknownRule`].
    pub fn with(mut self, id: &str) -> Result<Self, Error> {
        if self.rules.iter().any(|rule| rule.id() == id) {
            return Ok(self);
        }
        let rule = house().into_iter().find(|rule| rule.id() == id).ok_or_else(|| self.unknown(id))?;
        self.insert(rule);
        Ok(self)
    }

    /// The set without rule `id`; a house's rule that is not in it stays away.
    ///
    /// # Errors
    /// [`Error::MisuseUnknownRule`] when neither the house nor the set has it.
    pub fn without(mut self, id: &str) -> Result<Self, Error> {
        if !self.known().contains(&id) {
            return Err(self.unknown(id));
        }
        self.rules.retain(|rule| rule.id() != id);
        Ok(self)
    }

    /// The set with a rule of your own.
    ///
    /// # Errors
    /// [`Error::MisuseRuleRepeated`] when the house or the set has a rule with its id.
    pub fn with_rule(mut self, rule: impl Rule + 'static) -> Result<Self, Error> {
        let id = rule.id();
        if self.known().contains(&id) {
            return Err(Error::MisuseRuleRepeated { id });
        }
        self.insert(Arc::new(rule));
        Ok(self)
    }

    /// The rules, by id.
    pub fn rules(&self) -> impl Iterator<Item = &dyn Rule> {
        self.rules.iter().map(AsRef::as_ref)
    }

    fn insert(&mut self, rule: Arc<dyn Rule>) {
        self.rules.push(rule);
        self.rules.sort_by_key(|rule| rule.id());
    }

    fn known(&self) -> Vec<&'static str> {
        let mut known: Vec<_> = house().iter().chain(&self.rules).map(|rule| rule.id()).collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    fn unknown(&self, id: &str) -> Error {
        Error::MisuseUnknownRule { id: id.to_owned(), known: self.known() }
    }
}

impl Policy for RuleSet {
    /// Allows when every rule holds; denies with all reasons, by rule and then by what they are about.
    ///
    /// # Cost
    /// Linear in the number of fields, for each rule.
    fn judge(&self, facts: &Facts) -> Verdict {
        if self.rules.is_empty() {
            let why = "the set has no rule, and what no rule allows is denied".to_string();
            return Verdict::Deny(vec![Reason { rule: "RULE-SET", about: "rules".to_owned(), why }]);
        }
        let mut reasons: Vec<_> = self.rules.iter().flat_map(|rule| rule.judge(facts)).collect();
        if reasons.is_empty() {
            return Verdict::Allow;
        }
        reasons.sort();
        Verdict::Deny(reasons)
    }
}

/// One of each, by id.
fn house() -> Vec<Arc<dyn Rule>> {
    vec![
        Arc::new(NoPayload) as Arc<dyn Rule>,
        Arc::new(NoPersonalData),
        Arc::new(NoMoney),
        Arc::new(HashesOnly),
        Arc::new(NoTransfers),
        Arc::new(EvidenceOnly),
        Arc::new(ThreeZones),
        Arc::new(FaultTolerance),
    ]
}
