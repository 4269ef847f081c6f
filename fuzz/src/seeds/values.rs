//! Seeds of `types` and `bft`: texts that are their own encoding.

use super::Seed;

const TEXTS: &[(&str, &str, &str)] = &[
    ("digest", "bytes", "0123456789abcdefghijklmnopqrstuv"),
    ("digest", "text", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("name", "kind", "iam.CreateUser"),
    ("name", "member", "EU-1"),
    ("name", "origin", "auditmesh.example/eu-us-apac"),
    ("name", "zone", "Zürich"),
    ("ratio", "decimal", "0.67"),
    ("ratio", "fraction", "2/3"),
    ("ratio", "largest", "18446744073709551615/18446744073709551614"),
    ("ratio", "whole", "1"),
    ("threshold", "at_least", ">= 2 / 3"),
    ("threshold", "decimal", "0.67"),
    ("threshold", "faults", "N-f"),
    ("threshold", "more_than", ">18446744073709551614/18446744073709551615"),
];

pub(super) fn seeds() -> Vec<Seed> {
    TEXTS.iter().map(|(target, name, text)| (*target, *name, text.as_bytes().to_vec())).collect()
}
