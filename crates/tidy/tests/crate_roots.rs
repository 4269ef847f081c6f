//! The root of every library crate: five sections in one order, a short example that runs, and no code.

use std::error::Error;

use auditmesh_tidy::{Finding, TextFile, code_only, text_files, verdict};

const SECTIONS: [&str; 5] = ["# Example", "# Model", "# Security", "# Status", "# Sources"];
const EXAMPLE_LINES: usize = 15;
const EXEMPT: [&str; 2] = ["tidy", "xtask"];

fn is_library_root(path: &str) -> bool {
    let folder = path.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/src/lib.rs"));
    folder.is_some_and(|folder| !EXEMPT.contains(&folder))
}

/// The `//!` lines, without the marker, each with its number and whether it stands in a code block.
fn crate_docs(text: &str) -> Vec<(usize, &str, bool)> {
    let lines = text
        .lines()
        .zip(1..)
        .filter_map(|(line, number)| Some((number, line.trim_start().strip_prefix("//!")?)));
    let mut inside = false;
    lines
        .map(|(number, line)| {
            let line = line.strip_prefix(' ').unwrap_or(line);
            let fence = line.starts_with("```");
            let within = inside;
            inside ^= fence;
            (number, line, within || fence)
        })
        .collect()
}

fn sections(file: &TextFile) -> Vec<Finding> {
    let docs = crate_docs(&file.text);
    let headings: Vec<_> = docs.iter().filter(|(_, line, code)| !code && line.starts_with("# ")).collect();
    let known: Vec<_> = headings.iter().filter(|(_, line, _)| SECTIONS.contains(line)).collect();
    let got: Vec<_> = known.iter().map(|(_, line, _)| *line).collect();
    if got == SECTIONS {
        return Vec::new();
    }
    let what = format!(
        "a crate root has the sections {} in this order, this one has {}",
        SECTIONS.join(", "),
        got.join(", ")
    );
    vec![Finding::new(&file.path, 0, what)]
}

/// The section `# Example` holds one block that runs, of at most [`EXAMPLE_LINES`] lines that a reader sees.
fn example(file: &TextFile) -> Vec<Finding> {
    let docs = crate_docs(&file.text);
    let begin = docs.iter().position(|(_, line, code)| !code && *line == "# Example");
    let Some(begin) = begin else {
        return vec![Finding::new(&file.path, 0, "there is no `# Example`; write one that runs")];
    };
    let section = docs.iter().skip(begin + 1).take_while(|(_, line, code)| *code || !line.starts_with("# "));
    let mut block = section.skip_while(|(_, _, code)| !code);
    let Some((at, fence, _)) = block.next() else {
        return vec![Finding::new(&file.path, 0, "`# Example` has no code block; write one that runs")];
    };
    let mut findings = Vec::new();
    if !matches!(*fence, "```" | "```rust") {
        findings.push(Finding::new(
            &file.path,
            *at,
            format!("the example must run as a doctest, but opens with {fence}"),
        ));
    }
    let hidden = |line: &str| line == "#" || line.starts_with("# ");
    let seen = block
        .take_while(|(_, line, _)| !line.starts_with("```"))
        .filter(|(_, line, _)| !hidden(line))
        .count();
    if seen == 0 || seen > EXAMPLE_LINES {
        let what = format!("the example has {seen} lines, from 1 to {EXAMPLE_LINES} are allowed; shorten it");
        findings.push(Finding::new(&file.path, *at, what));
    }
    findings
}

/// Only `mod`, `use`, `extern crate`, attributes and tests.
fn items(file: &TextFile) -> Vec<Finding> {
    let code = code_only(&file.text);
    let (mut findings, mut rest) = (Vec::new(), code.as_str());
    let mut for_tests = false;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return findings;
        }
        let line = 1 + code[..code.len() - rest.len()].matches('\n').count();
        if rest.starts_with('#') {
            let length = balanced(rest, '[', ']');
            for_tests |= rest[..length].replace(' ', "").contains("cfg(test)");
            rest = &rest[length..];
            continue;
        }
        let semicolon = rest.find(';').map_or(rest.len(), |at| at + 1);
        let is_use = words_of(rest).first() == Some(&"use");
        let opens = rest.find('{').filter(|brace| *brace < semicolon && !is_use);
        let length = opens.map_or(semicolon, |_| balanced(rest, '{', '}'));
        let allowed = match words_of(&rest[..length]).as_slice() {
            ["mod", _, ..] => opens.is_none() || for_tests,
            ["use", ..] | ["extern", "crate", ..] => true,
            _ => false,
        };
        if !allowed {
            let first = rest.lines().next().unwrap_or_default();
            findings.push(Finding::new(
                &file.path,
                line,
                format!("a crate root is docs, `mod` and `use`; move `{first}` to a file"),
            ));
        }
        for_tests = false;
        rest = &rest[length..];
    }
}

/// The first words of an item, without its visibility.
fn words_of(item: &str) -> Vec<&str> {
    let item = item
        .strip_prefix("pub")
        .filter(|rest| rest.starts_with([' ', '(', '\n']))
        .unwrap_or(item)
        .trim_start();
    let item = if item.starts_with('(') { &item[balanced(item, '(', ')')..] } else { item };
    item.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).take(3).collect()
}

/// How many bytes it takes until the first `open` is closed again.
fn balanced(text: &str, open: char, close: char) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        depth = if c == open { depth + 1 } else { depth };
        if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + c.len_utf8();
            }
        }
    }
    text.len()
}

fn over_the_roots(rule: fn(&TextFile) -> Vec<Finding>) -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let roots: Vec<_> = files.iter().filter(|file| is_library_root(&file.path)).collect();
    assert!(roots.len() > 10, "only {} crate roots were found", roots.len());
    Ok(verdict(roots.into_iter().flat_map(rule).collect())?)
}

#[test]
fn every_crate_root_has_the_sections() -> Result<(), Box<dyn Error>> {
    over_the_roots(sections)
}

#[test]
fn every_crate_root_has_a_short_example() -> Result<(), Box<dyn Error>> {
    over_the_roots(example)
}

#[test]
fn every_crate_root_is_docs_modules_and_uses() -> Result<(), Box<dyn Error>> {
    over_the_roots(items)
}

const GOOD: &str = "//! X.\n//!\n//! # Example\n//!\n//! ```\n//! let a = 1;\n//! # Ok::<(), ()>(())\n//! ```\n//! # Model\n\
                    //! # Security\n//! # Status\n//! # Sources\n#![no_std]\n\nextern crate alloc;\nmod a;\npub mod b;\n\
                    pub(crate) use a::{B, C};\n#[cfg(test)]\nmod tests { fn a() {} }\n";

fn file(text: impl Into<String>) -> TextFile {
    TextFile { path: "crates/x/src/lib.rs".to_owned(), text: text.into() }
}

#[test]
fn a_missing_or_misplaced_section_is_found() {
    assert_eq!(sections(&file(GOOD)), []);
    assert_eq!(sections(&file(GOOD.replace("//! # Status\n", ""))).len(), 1);
    assert_eq!(sections(&file(GOOD.replace("//! # Sources\n", "//! # Sources\n//! # Model\n"))).len(), 1);
    let swapped =
        GOOD.replace("# Model", "# M").replace("# Security", "# Model").replace("# M\n", "# Security\n");
    assert_eq!(sections(&file(swapped)).len(), 1);
    assert_eq!(
        sections(&file(GOOD.replace("//! # Model\n", "//! ```text\n//! # Model\n//! ```\n"))).len(),
        1
    );
}

#[test]
fn an_example_that_is_long_or_does_not_run_is_found() {
    assert_eq!(example(&file(GOOD)), []);
    let long = |lines: usize| file(GOOD.replace("//! let a = 1;\n", &"//! let a = 1;\n".repeat(lines)));
    assert_eq!(example(&long(15)), []);
    assert!(example(&long(16))[0].what.contains("16 lines"));
    assert!(example(&file(GOOD.replacen("```", "```ignore", 1)))[0].what.contains("must run"));
    assert!(example(&file(GOOD.replace("//! let a = 1;\n", "")))[0].what.contains("0 lines"));
    assert!(example(&file(GOOD.replace("# Example", "# Sample")))[0].what.contains("no `# Example`"));
    assert!(
        example(&file("//! # Example\n//! # Model\n//! ```\n//! a\n//! ```\n"))[0]
            .what
            .contains("no code block")
    );
}

#[test]
fn code_in_a_crate_root_is_found() {
    assert_eq!(items(&file(GOOD)), []);
    for bad in [
        "pub fn a() {}",
        "struct A;",
        "const A: u8 = 1;",
        "mod a { fn b() {} }",
        "impl A {}",
        "macro_rules! a { () => {} }",
    ] {
        let found = items(&file(format!("{GOOD}{bad}\nuse c::d;\n")));
        assert!(found.len() == 1 && found[0].line == GOOD.lines().count() + 1, "{bad}: {found:?}");
    }
}

#[test]
fn library_roots_are_told_from_other_files() {
    assert!(is_library_root("crates/merkle/src/lib.rs") && is_library_root("crates/conformance/src/lib.rs"));
    assert!(!is_library_root("crates/tidy/src/lib.rs") && !is_library_root("benches/src/lib.rs"));
    assert!(!is_library_root("crates/merkle/src/tree.rs"));
}
