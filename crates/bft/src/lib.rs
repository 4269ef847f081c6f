//! Who agrees: a pure count of attestations with exact thresholds.
