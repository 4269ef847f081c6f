//! The suite of the role that the round metrics play.

use auditmesh_conformance::Edge;
use auditmesh_metrics::RoundMetrics;
use auditmesh_types::Ratio;

#[test]
fn the_round_metrics_keep_the_contract_of_an_observer() {
    let edges = [
        Edge::agree_below("FED-AGREE-001", Ratio::share(67, 100)),
        Edge::took_above("FED-LAT-002", 100_000),
        Edge::dissent_above("FED-DISS-003", 1),
    ];
    auditmesh_conformance::observer(RoundMetrics::new, &edges);
}
