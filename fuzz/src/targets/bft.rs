use auditmesh_bft::Threshold;

/// `bft::Threshold`: it keeps its value when it is written and read again, and a quorum is the least count that meets it.
pub(super) fn threshold(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let Ok(threshold) = text.parse::<Threshold>() else { return false };
    assert!(text.len() <= Threshold::MAX_BYTES);
    let written = threshold.to_string();
    assert!(written.len() <= Threshold::MAX_BYTES);
    assert_eq!(written.parse(), Ok(threshold));
    for members in [0, 1, 2, 3, 4, 7, 50, 100, 103, 1_000, u64::MAX - 1] {
        let quorum = threshold.quorum(members);
        assert!(quorum <= members.saturating_add(1));
        assert!(quorum > members || threshold.met_by(quorum, members));
        assert!(quorum == 0 || quorum > members || !threshold.met_by(quorum - 1, members));
        assert!(quorum <= members || !threshold.met_by(members, members));
        if threshold.checked_for(members).is_ok() {
            let faults = Threshold::faults(members);
            assert!(2 * quorum > members + faults, "two quorums may share none but the faulty");
            assert!(quorum + faults <= members, "the faulty can prevent a quorum");
        }
    }
    true
}
