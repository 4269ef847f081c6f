//! Names and words that do not belong in the tree. This file is the only one that may contain them.

use std::error::Error;

use auditmesh_tidy::{Finding, TextFile, code_only, text_files, verdict, words};

const THIS_FILE: &str = "crates/tidy/tests/words.rs";

/// Generated text, other people's text, and recorded inputs.
fn is_prose_or_source(path: &str) -> bool {
    path != THIS_FILE
        && path != "LICENSE"
        && !path.ends_with("Cargo.lock")
        && !path.starts_with("fuzz/corpus/")
}

fn is_rust_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests")
}

/// Whether a name says that nobody knew what it is: `utils`, `tree_helper`, `NodeManager`, or just `common`.
fn is_vague(name: &str) -> bool {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    let vague = ["util", "utils", "helper", "helpers", "manager", "managers"];
    matches!(name, "common" | "prelude" | "Common")
        || snake.split(['_', '-']).any(|part| vague.contains(&part))
}

/// Names that a trait of another crate demands.
const DEMANDED: [&str; 2] = ["get_by_address", "get_by_index"];

/// Files, folders, modules, functions and types with a vague name, and functions called `get_`.
fn names(file: &TextFile) -> Vec<Finding> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let stem = file.path.trim_end_matches(".rs");
    for part in stem.split('/').filter(|part| is_vague(part)) {
        findings.push(Finding::new(
            &file.path,
            0,
            format!("{part:?} names nothing; call it after what is in it"),
        ));
    }
    let code = code_only(&file.text);
    let list: Vec<_> = words(&code).collect();
    for pair in list.windows(2) {
        let [(_, keyword), (line, name)] = pair else { continue };
        if !["mod", "fn", "struct", "enum", "trait", "type"].contains(keyword) {
            continue;
        }
        if is_vague(name) {
            findings.push(Finding::new(
                &file.path,
                *line,
                format!("`{keyword} {name}` names nothing; call it after what it does"),
            ));
        }
        if *keyword == "fn" && name.starts_with("get_") && !DEMANDED.contains(name) {
            findings.push(Finding::new(&file.path, *line, format!("`fn {name}`: leave out `get_`")));
        }
    }
    findings
}

/// Signs of unfinished work.
fn unfinished(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, number) in file.text.lines().zip(1..) {
        let whole = |want: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == want);
        let lower = line.to_lowercase();
        let found = ["TODO", "FIXME", "XXX"].into_iter().find(|word| whole(word));
        let found =
            found.or_else(|| ["todo!", "unimplemented!"].into_iter().find(|word| lower.contains(word)));
        let found = found.or_else(|| bounded(&lower, "for now").then_some("for now"));
        findings.extend(
            found.map(|word| {
                Finding::new(&file.path, number, format!("{word:?}: finish it, or leave it out"))
            }),
        );
    }
    findings
}

/// Whether `phrase` stands in `line` as words of its own.
fn bounded(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(line[..at].chars().next_back()) && !letter(line[at + phrase.len()..].chars().next())
    })
}

/// Absolute paths of somebody's machine. A path inside recorded events is fine in a test.
fn machine_paths(file: &TextFile) -> Vec<Finding> {
    let source = file.path.ends_with(".rs") || file.path == ".ci/run";
    let mut banned = vec!["/work/"];
    if !is_rust_test(&file.path) {
        banned.extend(["/root/", "/home/"]);
        banned.extend(source.then_some("/tmp/"));
    }
    let starts = |line: &str, at: usize| {
        line[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'`(=<[|:,".contains(c))
    };
    let mut findings = Vec::new();
    for (line, number) in file.text.lines().zip(1..) {
        for path in &banned {
            if line.match_indices(path).any(|(at, _)| starts(line, at)) {
                findings.push(Finding::new(
                    &file.path,
                    number,
                    format!("{path} is a path of one machine; take it as an argument"),
                ));
            }
        }
    }
    findings
}

/// Words about how the work is organised, which no reader of the tree can follow. Each is a phrase that has no meaning
/// in the protocols here; `session` and `agent` alone do, so they are free.
fn workplace(file: &TextFile) -> Vec<Finding> {
    let banned = [
        "issue #",
        "../shared",
        "house.md",
        "formats.md",
        "coding session",
        "coding agent",
        "ai agent",
        "as an agent",
    ];
    let mut findings = Vec::new();
    for (line, number) in file.text.lines().zip(1..) {
        let lower = line.to_lowercase();
        let found = banned.into_iter().filter(|phrase| {
            lower
                .match_indices(phrase)
                .any(|(at, _)| !lower[..at].chars().next_back().is_some_and(char::is_alphanumeric))
        });
        let what = |phrase| format!("{phrase:?} speaks of how the work was done; say the reason itself");
        findings.extend(found.map(|phrase| Finding::new(&file.path, number, what(phrase))));
    }
    findings
}

fn over_the_tree(rule: fn(&TextFile) -> Vec<Finding>) -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    Ok(verdict(files.iter().filter(|file| is_prose_or_source(&file.path)).flat_map(rule).collect())?)
}

#[test]
fn names_say_what_they_name() -> Result<(), Box<dyn Error>> {
    over_the_tree(names)
}

#[test]
fn nothing_is_left_unfinished() -> Result<(), Box<dyn Error>> {
    over_the_tree(unfinished)
}

#[test]
fn no_path_of_a_machine_is_written_down() -> Result<(), Box<dyn Error>> {
    over_the_tree(machine_paths)
}

#[test]
fn the_tree_does_not_speak_of_the_workplace() -> Result<(), Box<dyn Error>> {
    over_the_tree(workplace)
}

fn file(path: &str, text: &str) -> TextFile {
    TextFile { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn vague_names_are_found() {
    for bad in [
        "mod utils;",
        "fn helper() {}",
        "struct NodeManager;",
        "fn sort_util() {}",
        "mod common {}",
        "fn get_root() {}",
    ] {
        assert_eq!(names(&file("crates/x/src/a.rs", bad)).len(), 1, "{bad}");
    }
    for good in [
        "fn common_prefix() {}",
        "use proptest::prelude::*;",
        "// fn get_x",
        "\"fn get_x\"",
        "fn target() {}",
        "fn utility() {}",
    ] {
        assert_eq!(names(&file("crates/x/src/a.rs", good)), [], "{good}");
    }
    for bad in [
        "crates/x/src/utils.rs",
        "crates/x/tests/common/mod.rs",
        "crates/x/src/tree_helpers.rs",
        "crates/x/src/prelude.rs",
    ] {
        assert_eq!(names(&file(bad, "")).len(), 1, "{bad}");
    }
}

#[test]
fn unfinished_work_is_found() {
    for bad in [
        "// TODO: x",
        "/* FIXME */",
        "todo!()",
        "unimplemented!(\"x\")",
        "This is enough for now.",
        "For now, x",
    ] {
        assert_eq!(unfinished(&file("a.md", bad)).len(), 1, "{bad}");
    }
    for good in ["todo = \"warn\"", "unimplemented = \"warn\"", "for nowhere", "before now"] {
        assert_eq!(unfinished(&file("a.md", good)), [], "{good}");
    }
}

#[test]
fn machine_paths_are_found() {
    for bad in ["see /work/x", "`/root/.cargo`", "\"/home/me/x\""] {
        assert_eq!(machine_paths(&file("docs/a.md", bad)).len(), 1, "{bad}");
    }
    assert_eq!(machine_paths(&file("crates/x/src/a.rs", "\"/tmp/x\"")).len(), 1);
    assert_eq!(machine_paths(&file("crates/x/tests/a.rs", "\"/tmp/x /home/u/y\"")), []);
    assert_eq!(machine_paths(&file("crates/x/tests/a.rs", "\"/work/x\"")).len(), 1);
    assert_eq!(
        machine_paths(&file("docs/a.md", "https://example.org/home/x and docs/work/y and --out /tmp/z")),
        []
    );
}

#[test]
fn words_of_the_workplace_are_found() {
    for bad in
        ["closes Issue #12", "as HOUSE.md says", "in ../shared/data", "the coding agent", "An AI agent wrote"]
    {
        assert_eq!(workplace(&file("docs/a.md", bad)).len(), 1, "{bad}");
    }
    for good in
        ["dilithium, issue 113", "a TLS session", "an agent of the node", "lighthouse.md", "tissue #1"]
    {
        assert_eq!(workplace(&file("docs/a.md", good)), [], "{good}");
    }
}
