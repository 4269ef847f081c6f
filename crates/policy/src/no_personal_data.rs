use alloc::{borrow::ToOwned, format, vec::Vec};

use auditmesh_types::{Content, Facts, Reason};

use crate::{Rule, sheet::Sheet, words::listed_word};

/// Words that stand for a person, or for what identifies one, in a field's name.
const WORDS: [&str; 36] = [
    "addr",
    "address",
    "birth",
    "birthdate",
    "birthday",
    "citizen",
    "customer",
    "dob",
    "email",
    "employee",
    "firstname",
    "fullname",
    "gender",
    "hostname",
    "ip",
    "ipv",
    "lastname",
    "login",
    "mail",
    "mobile",
    "name",
    "nationality",
    "passport",
    "patient",
    "person",
    "personal",
    "phone",
    "religion",
    "ssn",
    "subject",
    "surname",
    "telephone",
    "user",
    "userid",
    "username",
    "visitor",
];

/// `DATA-MIN-002`: no personal data in an entry or an anchor.
///
/// A field breaks it by what it holds, or by a word in its name, such as `name`, `email`, `ip`, `address`, `phone`,
/// `user` or `ssn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoPersonalData;

impl Rule for NoPersonalData {
    fn id(&self) -> &'static str {
        "DATA-MIN-002"
    }

    fn title(&self) -> &'static str {
        "no personal data in an entry or an anchor"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        sheet.both(facts, |field| match (field.holds, listed_word(&field.name, &WORDS)) {
            (Content::Personal, _) => {
                Some("the field holds personal data; it belongs in a payload that can be erased".to_owned())
            }
            (_, Some(word)) => Some(format!(
                "the word {word:?} in its name speaks of a person; personal data belongs in a payload that can be erased"
            )),
            _ => None,
        });
        sheet.reasons()
    }
}
