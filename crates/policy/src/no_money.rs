use alloc::{format, vec::Vec};

use auditmesh_types::{Content, Facts, Reason};

use crate::{
    Rule,
    sheet::{Sheet, holding},
    words::listed_word,
};

/// Words that stand for money in a field's name.
const WORDS: [&str; 24] = [
    "amount", "balance", "bic", "cash", "charge", "cost", "currency", "eur", "euro", "fee", "fiat", "fund",
    "iban", "invoice", "money", "paid", "pay", "payment", "payout", "price", "salary", "swift", "usd",
    "value",
];

/// `MICA-NC-001`: no amount, balance or payment reference in an entry or an anchor.
///
/// A field breaks it by what it holds, or by a word in its name, such as `amount`, `balance`, `iban`, `price`,
/// `value` or `payment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoMoney;

impl Rule for NoMoney {
    fn id(&self) -> &'static str {
        "MICA-NC-001"
    }

    fn title(&self) -> &'static str {
        "no amounts, balances or payment references"
    }

    fn judge(&self, facts: &Facts) -> Vec<Reason> {
        let mut sheet = Sheet::new(self.id());
        sheet.both(facts, |field| match (field.holds, listed_word(&field.name, &WORDS)) {
            (Content::Amount | Content::Balance | Content::PaymentReference, _) => {
                Some(format!("the field holds {}; nothing about money may be recorded", holding(field.holds)))
            }
            (_, Some(word)) => Some(format!(
                "the word {word:?} in its name speaks of money; nothing about money may be recorded"
            )),
            _ => None,
        });
        sheet.reasons()
    }
}
