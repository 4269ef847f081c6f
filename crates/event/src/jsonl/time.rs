use auditmesh_types::Millis;
use jiff::Timestamp;

use super::TimeForm;
use crate::Event;

/// The time that `text` is, in milliseconds, further digits cut off. `None` before 1970 and after 9999.
pub(super) fn time_of(text: &str, form: TimeForm) -> Option<Millis> {
    let time = match form {
        TimeForm::Rfc3339 => {
            let time: Timestamp = text.parse().ok()?;
            // Zero milliseconds could also be a part of one before 1970.
            if time < Timestamp::UNIX_EPOCH {
                return None;
            }
            Millis(u64::try_from(time.as_millisecond()).ok()?)
        }
        TimeForm::Seconds => Millis(shifted(text, 3)?),
        TimeForm::Milliseconds => Millis(shifted(text, 0)?),
    };
    (time <= Event::MAX_TIME).then_some(time)
}

/// The JSON number `text` times ten to the power of `places`, rounded down, without a float. `None` when it is negative, no
/// number, more than a `u64` holds, or has an exponent beyond 1,000.
fn shifted(text: &str, places: i64) -> Option<u64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = match mantissa.split_once('.') {
        Some((whole, part)) if !part.is_empty() => (whole, part),
        Some(_) => return None,
        None => (mantissa, ""),
    };
    if whole.is_empty() || !(-1000..=1000).contains(&exponent) {
        return None;
    }
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    if !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let length = i64::try_from(whole.len()).ok()?;
    let keep = usize::try_from(length + i64::from(exponent) + places).unwrap_or(0);
    let digits = whole.bytes().chain(part.bytes()).chain(core::iter::repeat(b'0'));
    digits.take(keep).try_fold(0u64, |value, byte| value.checked_mul(10)?.checked_add(digit(byte)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    fn seconds(text: &str) -> Option<u64> {
        time_of(text, TimeForm::Seconds).map(|time| time.0)
    }

    #[test]
    fn seconds_are_exact() {
        assert_eq!(seconds("1588205199.82437"), Some(1_588_205_199_824));
        assert_eq!(seconds("0.0019"), Some(1));
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(seconds("253402300799.9999"), Some(253_402_300_799_999));
        assert_eq!(seconds("253402300800"), None);
        assert_eq!(seconds("1.5882051998E9"), Some(1_588_205_199_800));
        assert_eq!(seconds("1588205199800e-3"), Some(1_588_205_199_800 / 1000 * 1000 + 800));
        assert_eq!(seconds("1e-1000"), Some(0));
        for bad in ["", "-1", "-0.5", "1.", ".5", "1e", "1e99", "0e1001", "0e-1001", "1x", "1 ", "١"] {
            assert_eq!(seconds(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn rfc_3339_is_cut_and_needs_an_offset() {
        let read = |text: &str| time_of(text, TimeForm::Rfc3339).map(|time| time.0);
        assert_eq!(read("1970-01-01T00:00:01.2349Z"), Some(1234));
        assert_eq!(read("1970-01-01T02:00:00+02:00"), Some(0));
        for bad in
            ["1969-12-31T23:59:59.9999Z", "1970-01-01T00:00:00+00:01", "2020-10-22 04:29:46", "x", "", "7"]
        {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_way_of_writing_gives_the_same(ms in 0..=Event::MAX_TIME.0, more in "[0-9]{0,12}", shift in 0u32..=12) {
            let plain = format!("{}.{:03}{more}", ms / 1000, ms % 1000);
            prop_assert_eq!(seconds(&plain), Some(ms));
            let scale = 10u64.pow(shift);
            let moved = format!("{}.{:0width$}e{}", ms / scale, ms % scale, i64::from(shift) - 3, width = shift as usize);
            let moved = moved.replace(".0e", if shift == 0 { "e" } else { ".0e" });
            prop_assert_eq!(seconds(&moved), Some(ms));
        }
    }
}
