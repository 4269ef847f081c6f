//! Scores from observed outcomes: proof credit, governance weight, trust, ranking, allocations.
