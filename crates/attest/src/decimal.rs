//! Decimal numbers without sign and without leading zeroes.

use crate::Error;

pub(crate) fn parse(what: &'static str, text: &str) -> Result<u64, Error> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return Err(Error::PeerNumber { what });
    }
    text.parse().map_err(|_| Error::PeerNumber { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_one_spelling_per_number() {
        assert_eq!(parse("x", "0"), Ok(0));
        assert_eq!(parse("x", "18446744073709551615"), Ok(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "18446744073709551616", "\u{0661}"]
        {
            assert_eq!(parse("x", bad), Err(Error::PeerNumber { what: "x" }), "{bad:?}");
        }
    }
}
