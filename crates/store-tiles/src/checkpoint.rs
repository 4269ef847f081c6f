use auditmesh_types::Size;

/// The most bytes a checkpoint may have, signatures included.
pub const MAX_CHECKPOINT_BYTES: usize = 1 << 20;

/// The size in a checkpoint's second line, if it is a decimal number without leading zeroes.
pub(crate) fn size_of(checkpoint: &[u8]) -> Option<Size> {
    let (_, rest) = split_line(checkpoint)?;
    let (line, _) = split_line(rest)?;
    number(line).map(Size)
}

/// A decimal number in its one form.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    let decimal = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let text = core::str::from_utf8(digits).ok().filter(|_| decimal)?;
    text.parse().ok().filter(|_| text == "0" || !text.starts_with('0'))
}

fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_second_line_and_no_other() {
        assert_eq!(size_of(b"example.org/log\n70000\nroot\n"), Some(Size(70_000)));
        assert_eq!(size_of(b"7\n0\n9\n"), Some(Size(0)));
        for bad in ["", "a", "a\n1", "a\n\n1\n", "a\n01\n", "a\n+1\n", "a\n1 \n", "a\n18446744073709551616\n"]
        {
            assert_eq!(size_of(bad.as_bytes()), None, "{bad:?}");
        }
    }
}
