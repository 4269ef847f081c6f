use auditmesh_bft::{Height, Spread, View};

use crate::table::{Table, set};

#[test]
fn all_decide_the_same_in_three_hops() {
    for count in [1, 2, 3, 4, 5, 7, 10, 31] {
        let mut table = Table::new(count, Spread::AllToAll, 3);
        table.run();
        for decided in &table.decided {
            let heights: Vec<Height> = decided.iter().map(auditmesh_bft::Decided::height).collect();
            assert_eq!(heights, [Height(1), Height(2), Height(3)], "{count} members");
            for (one, other) in decided.iter().zip(&table.decided[0]) {
                assert_eq!(one.value(), other.value());
                assert_eq!(one.certificate.view, View(0));
                one.certificate.check(&set(count)).unwrap();
            }
        }
    }
}

#[test]
fn messages_a_decision() {
    let per_decision = |count, spread| {
        let mut table = Table::new(count, spread, 10);
        table.run();
        assert!(table.decided.iter().all(|decided| decided.len() == 10));
        table.sent / 10
    };
    let all = [4, 7, 10].map(|count| per_decision(count, Spread::AllToAll));
    assert_eq!(all, [24, 84, 180]);
    let collector = [4, 7, 10].map(|count| per_decision(count, Spread::Collector));
    assert_eq!(collector, [15, 30, 45]);
}

#[test]
fn signatures_checked_a_decision() {
    let per_decision = |count| {
        let mut table = Table::new(count, Spread::AllToAll, 10);
        table.run();
        table.checked.div_ceil(10)
    };
    assert_eq!([4, 7, 10].map(per_decision), [16, 56, 120]);
}
