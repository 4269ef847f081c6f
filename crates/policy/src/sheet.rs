use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use auditmesh_types::{Content, Facts, Field, Reason};

/// The reasons one rule has found so far.
pub(crate) struct Sheet {
    rule: &'static str,
    reasons: Vec<Reason>,
}

impl Sheet {
    /// An empty sheet of `rule`.
    pub(crate) fn new(rule: &'static str) -> Self {
        Self { rule, reasons: Vec::new() }
    }

    /// Notes a reason.
    pub(crate) fn note(&mut self, about: &str, why: String) {
        self.reasons.push(Reason { rule: self.rule, about: about.to_owned(), why });
    }

    /// The fact, if it is known; a reason if it is not.
    pub(crate) fn known<'f, T>(&mut self, about: &str, fact: Option<&'f T>) -> Option<&'f T> {
        if fact.is_none() {
            self.note(about, format!("the fact {about:?} is not known, and what is not known is denied"));
        }
        fact
    }

    /// Holds every field of the entry and of the anchor against `complaint`.
    pub(crate) fn both(&mut self, facts: &Facts, complaint: impl Fn(&Field) -> Option<String>) {
        self.fields("entry", facts.entry.as_ref(), &complaint);
        self.fields("anchor", facts.anchor.as_ref(), &complaint);
    }

    /// Holds every field against `complaint`, which gives a reason to refuse it.
    pub(crate) fn fields(
        &mut self,
        place: &str,
        fields: Option<&Vec<Field>>,
        complaint: impl Fn(&Field) -> Option<String>,
    ) {
        for field in self.known(place, fields).into_iter().flatten() {
            if let Some(why) = complaint(field) {
                self.note(&format!("{place}.{}", field.name), why);
            }
        }
    }

    /// All reasons noted.
    pub(crate) fn reasons(self) -> Vec<Reason> {
        self.reasons
    }
}

/// What a field holds, in words.
pub(crate) fn holding(content: Content) -> &'static str {
    match content {
        Content::Digest => "a hash",
        Content::ProofId => "a proof id",
        Content::Time => "a time",
        Content::Label => "a label",
        Content::Amount => "an amount",
        Content::Balance => "a balance",
        Content::PaymentReference => "a payment reference",
        Content::Personal => "personal data",
        Content::Payload => "a payload",
        _ => "something this version has no rule for",
    }
}
