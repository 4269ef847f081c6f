//! The shape of the specifications and of the decision records.

use std::{collections::BTreeSet, error::Error};

use auditmesh_tidy::{Finding, TextFile, text_files, verdict};

const EXAMPLE_WITHIN: usize = 30;
const RECORD_LINES: usize = 60;
const HEADINGS: [&str; 4] = ["## Status", "## Context", "## Decision", "## Consequences"];

/// A specification has a title, a version, and opens with an example of its bytes.
fn specification(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.text.starts_with("# ") {
        findings.push(Finding::new(
            &file.path,
            1,
            "a specification begins with `# ` and the name of the format",
        ));
    }
    let top: Vec<_> = file.text.lines().take(EXAMPLE_WITHIN).collect();
    let block = |pair: &[&str]| match pair {
        [fence, bytes] if fence.starts_with("```") => !bytes.trim().is_empty() && !bytes.starts_with("```"),
        [before, bytes] => before.is_empty() && bytes.starts_with("    "),
        _ => false,
    };
    if !top.windows(2).any(block) {
        let what =
            format!("a byte-exact example stands in a code block within the first {EXAMPLE_WITHIN} lines");
        findings.push(Finding::new(&file.path, 0, what));
    }
    if !file.text.lines().any(has_version) {
        let what =
            "a specification says its own version, in its title or in a line that begins with `Version 1`";
        findings.push(Finding::new(&file.path, 0, what));
    }
    findings
}

/// `Version 1`, `**Version**: 2`, `# Tally, version 1`; not a version that a sentence speaks of.
fn has_version(line: &str) -> bool {
    let line = line.to_lowercase();
    let Some((before, after)) = line.split_once("version") else { return false };
    let own = line.starts_with("# ") || before.chars().all(|c| "#*_-| ".contains(c));
    own && after.trim_start_matches([':', ' ', '*', '|']).starts_with(|c: char| c.is_ascii_digit())
}

/// The number of `docs/adr/0007-title.md`.
fn record_number(path: &str) -> Option<u32> {
    let (number, title) = path.strip_prefix("docs/adr/")?.strip_suffix(".md")?.split_once('-')?;
    (number.len() == 4 && !title.is_empty()).then(|| number.parse().ok())?
}

/// A record has its number in its title, the four headings in order, text below each, and fits a page.
fn record(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |what: String| findings.push(Finding::new(&file.path, 0, what));
    match record_number(&file.path) {
        Some(number) if file.text.starts_with(&format!("# {number:04}. ")) => {}
        Some(number) => add(format!("the record begins with `# {number:04}. ` and its title")),
        None => add("a record is called `NNNN-title.md`".to_owned()),
    }
    let headings: Vec<_> = file.text.lines().filter(|line| line.starts_with("## ")).collect();
    if headings != HEADINGS {
        add(format!(
            "a record has exactly the headings {}; this one has {}",
            HEADINGS.join(", "),
            headings.join(", ")
        ));
    }
    let sections = file.text.split("\n## ").skip(1);
    if sections.into_iter().any(|section| section.lines().skip(1).all(|line| line.trim().is_empty())) {
        add("a heading has no text below it".to_owned());
    }
    let lines = file.text.lines().count();
    if lines > RECORD_LINES {
        add(format!("a record fits a page of {RECORD_LINES} lines, this one has {lines}"));
    }
    findings
}

/// Numbers run from 1 without a gap, and none is used twice.
fn numbering(numbers: &[u32]) -> Vec<Finding> {
    let unique: BTreeSet<_> = numbers.iter().copied().collect();
    let expected: BTreeSet<_> = (1..).take(numbers.len()).collect();
    let wrong = if unique == expected {
        None
    } else {
        Some(format!("records are numbered 1 to {} once each, got {numbers:?}", numbers.len()))
    };
    wrong.map(|what| Finding::new("docs/adr", 0, what)).into_iter().collect()
}

#[test]
fn every_specification_opens_with_an_example() -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let specs = files.iter().filter(|file| file.path.starts_with("docs/spec/") && file.path.ends_with(".md"));
    Ok(verdict(specs.flat_map(specification).collect())?)
}

#[test]
fn every_record_has_its_four_headings() -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let records: Vec<_> = files.iter().filter(|file| file.path.starts_with("docs/adr/")).collect();
    let numbers: Vec<_> = records.iter().filter_map(|file| record_number(&file.path)).collect();
    assert!(!records.is_empty(), "docs/adr/ is empty");
    Ok(verdict(records.into_iter().flat_map(record).chain(numbering(&numbers)).collect())?)
}

fn file(path: &str, text: impl Into<String>) -> TextFile {
    TextFile { path: path.to_owned(), text: text.into() }
}

#[test]
fn each_rule_of_a_specification_can_fail() {
    let good = "# Entry\n\nVersion 1.\n\n```\nbytes\n```\n";
    let found = |text: String| specification(&file("docs/spec/entry.md", text));
    assert_eq!(found(good.to_owned()), []);
    assert_eq!(found(good.replace("# Entry", "Entry"))[0].line, 1);
    assert_eq!(found(good.replace("```\nbytes\n```", "    bytes")), []);
    assert_eq!(found(good.replace("Entry\n\nVersion 1.", "Entry, version 1")), []);
    assert!(found(good.replace("Version 1.", ""))[0].what.contains("version"));
    assert!(found(good.replace("Version 1.", "See RFC 1, version 2."))[0].what.contains("version"));
    assert!(found(good.replace("Version 1.", "Version of today"))[0].what.contains("version"));
    assert!(found(good.replace("```\nbytes\n```", "bytes"))[0].what.contains("example"));
    assert!(found(good.replace("bytes\n", ""))[0].what.contains("example"));
    assert!(found(good.replace("\n\n```", &format!("{}```", "\n".repeat(31))))[0].what.contains("example"));
}

#[test]
fn each_rule_of_a_record_can_fail() {
    let good = "# 0007. Title\n\n## Status\nA.\n\n## Context\nB.\n\n## Decision\nC.\n\n## Consequences\nD.\n";
    let path = "docs/adr/0007-title.md";
    assert_eq!(record(&file(path, good)), []);
    for (bad, says) in [
        (good.replace("0007", "0008"), "begins with `# 0007. `"),
        (good.replace("## Context\nB.\n\n", ""), "exactly the headings"),
        (good.replace("D.", "D.\n## More\nE."), "exactly the headings"),
        (good.replace("C.\n", ""), "no text"),
        (format!("{good}{}", "x\n".repeat(60)), "fits a page"),
    ] {
        let found = record(&file(path, bad));
        assert!(found.len() == 1 && found[0].what.contains(says), "{found:?} does not say {says:?}");
    }
    assert!(record(&file("docs/adr/7-title.md", good))[0].what.contains("NNNN-title.md"));
    assert_eq!(numbering(&[1, 2, 3]), []);
    assert_eq!((numbering(&[1, 3]).len(), numbering(&[1, 1, 2]).len()), (1, 1));
}
