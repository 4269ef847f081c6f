//! What two nodes must agree on is computed without floats, and nothing here without the compiler's checks.

use std::error::Error;

use auditmesh_tidy::{Finding, TextFile, code_only, text_files, verdict, words};

/// Whose results are compared between nodes.
const AGREED: [&str; 12] = [
    "types", "event", "merkle", "attest", "bft", "credit", "drift", "policy", "ledger", "anchor", "witness",
    "metrics",
];

/// The one folder where the keyword may stand.
const LANES: &str = "crates/lanes/";

fn unchecked(file: &TextFile) -> Vec<Finding> {
    if !file.path.ends_with(".rs") || file.path.starts_with(LANES) {
        return Vec::new();
    }
    let code = code_only(&file.text);
    let found = words(&code).filter(|(_, word)| *word == "unsafe");
    found
        .map(|(line, _)| {
            Finding::new(&file.path, line, format!("`unsafe` stands only in {LANES}; write it safely"))
        })
        .collect()
}

fn floats(file: &TextFile) -> Vec<Finding> {
    let folder = file.path.strip_prefix("crates/").and_then(|rest| rest.split_once("/src/"));
    if !folder.is_some_and(|(folder, rest)| AGREED.contains(&folder) && rest.ends_with(".rs")) {
        return Vec::new();
    }
    let code = code_only(&file.text);
    let is_float = |word: &str| {
        let suffixed = word.starts_with(|c: char| c.is_ascii_digit()) && !word.starts_with("0x");
        word == "f32" || word == "f64" || (suffixed && (word.ends_with("f32") || word.ends_with("f64")))
    };
    let found = words(&code).filter(|(_, word)| is_float(word));
    found
        .map(|(line, word)| {
            Finding::new(
                &file.path,
                line,
                format!("{word}: nodes must agree on this; use `Ratio` or integers"),
            )
        })
        .collect()
}

#[test]
fn no_unchecked_code_outside_lanes() -> Result<(), Box<dyn Error>> {
    Ok(verdict(text_files()?.iter().flat_map(unchecked).collect())?)
}

#[test]
fn no_floats_in_what_nodes_agree_on() -> Result<(), Box<dyn Error>> {
    Ok(verdict(text_files()?.iter().flat_map(floats).collect())?)
}

fn file(path: &str, text: &str) -> TextFile {
    TextFile { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn both_rules_can_fail() {
    let block = "fn a() {}\nfn b() { unsafe { c() } }";
    assert_eq!(unchecked(&file("crates/merkle/tests/a.rs", block))[0].line, 2);
    assert_eq!(unchecked(&file("fuzz/src/lib.rs", block)).len(), 1);
    assert_eq!(unchecked(&file("crates/lanes/src/avx2.rs", block)), []);
    assert_eq!(
        unchecked(&file("crates/merkle/src/a.rs", "// unsafe\nlet a = \"unsafe\"; unsafe_code();")),
        []
    );

    for bad in ["a as f64", "fn a() -> f32 {}", "let a = 1f64;", "f64::from(a)"] {
        assert_eq!(floats(&file("crates/credit/src/a.rs", bad)).len(), 1, "{bad}");
    }
    assert_eq!(floats(&file("crates/credit/src/a.rs", "// f64\nlet a = 0xff64; let b = \"f32\";")), []);
    assert_eq!(floats(&file("benches/src/lib.rs", "f64")), []);
    assert_eq!(floats(&file("crates/credit/tests/a.rs", "f64")), []);
}
