use auditmesh_types::{Digest, EventId, Kind, MemberId, Origin, Ratio, Zone};

use super::exact;

/// `types::Digest`, as text and as bytes.
pub(super) fn digest(bytes: &[u8]) -> bool {
    let text = exact::<Digest>(bytes).is_some();
    let raw = Digest::from_slice(bytes);
    if let Ok(digest) = raw {
        assert_eq!(digest.as_bytes(), bytes);
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }
    text || raw.is_ok()
}

/// `types::{MemberId, Zone, Origin, EventId, Kind}`: the longer limit takes all that the shorter takes.
pub(super) fn name(bytes: &[u8]) -> bool {
    let shortest = exact::<Zone>(bytes).is_some();
    let shorter = [exact::<EventId>(bytes).is_some(), exact::<Kind>(bytes).is_some()];
    let longest = [exact::<MemberId>(bytes).is_some(), exact::<Origin>(bytes).is_some()];
    assert!(shorter[0] == shorter[1] && longest[0] == longest[1]);
    assert!(shortest <= shorter[0] && shorter[0] <= longest[0]);
    if let Some(name) = exact::<Origin>(bytes) {
        assert!(!name.as_str().is_empty() && name.as_str().len() <= Origin::MAX_BYTES);
        assert!(!name.as_str().contains(['\n', '\r', ' ', '\t', '+', '\0']), "cannot stand in a signed note");
    }
    longest[0]
}

/// `types::Ratio`: a fraction keeps its value when it is written and read again.
pub(super) fn ratio(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let Ok(ratio) = text.parse::<Ratio>() else { return false };
    assert_ne!(ratio.den(), 0);
    assert_eq!(ratio.to_string().parse(), Ok(ratio));
    assert_eq!(ratio < Ratio::ONE, ratio.num() < ratio.den());
    let parts = u128::from(ratio.num()) * 1_000_000 / u128::from(ratio.den());
    assert_eq!(ratio.ppm(), u64::try_from(parts).unwrap_or(u64::MAX));
    true
}
