use alloc::{string::String, vec::Vec};

/// The first word of `name` that is one of `listed`, or one of them with an `s` or `es` behind it.
pub(crate) fn listed_word(name: &str, listed: &[&'static str]) -> Option<&'static str> {
    let words = words(name);
    words.iter().find_map(|word| listed.iter().copied().find(|entry| is_form_of(word, entry)))
}

fn is_form_of(word: &str, entry: &str) -> bool {
    word.strip_prefix(entry).is_some_and(|ending| matches!(ending, "" | "s" | "es"))
}

/// The words of a field's name in lower case: cut at whatever is neither letter nor digit, between letters and
/// digits, before a capital that follows a small letter (`paidAmount`), and before the last capital of several
/// that a small letter follows (`IBANCode`).
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let cut = before.is_some_and(|before| begins_word(*before, *letter, letters.get(at + 1)));
        if (cut || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(core::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn begins_word(before: char, letter: char, after: Option<&char>) -> bool {
    if before.is_numeric() != letter.is_numeric() {
        return true;
    }
    letter.is_uppercase() && (before.is_lowercase() || after.is_some_and(|after| after.is_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        let cases: [(&str, &[&str]); 9] = [
            ("paid_amount", &["paid", "amount"]),
            ("paid-amount.eur", &["paid", "amount", "eur"]),
            ("paidAmount", &["paid", "amount"]),
            ("PaidAmount", &["paid", "amount"]),
            ("PAID_AMOUNT", &["paid", "amount"]),
            ("userIBANCode", &["user", "iban", "code"]),
            ("ip4Address2", &["ip", "4", "address", "2"]),
            ("__x__", &["x"]),
            ("", &[]),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn whole_words_are_found_with_their_plural() {
        assert_eq!(listed_word("total_prices", &["price"]), Some("price"));
        assert_eq!(listed_word("homeAddresses", &["address"]), Some("address"));
        assert_eq!(listed_word("filename", &["name"]), None);
        assert_eq!(listed_word("tips", &["ip"]), None);
        assert_eq!(listed_word("iparser", &["ip"]), None);
    }
}
