//! Files stay short. What is longer stands in `ratchet.toml` with its exact size, and can only shrink.

use std::{collections::BTreeMap, error::Error, fs};

use auditmesh_tidy::{Finding, root, text_files, verdict};
use toml::{Table, Value};

const RATCHET: &str = "crates/tidy/ratchet.toml";
const SOURCE_LINES: usize = 400;
const TEST_LINES: usize = 600;

/// How many lines a file may have; nothing for what is no Rust.
fn limit(path: &str) -> Option<usize> {
    let tests = path.split('/').any(|part| part == "tests");
    path.ends_with(".rs").then_some(if tests { TEST_LINES } else { SOURCE_LINES })
}

fn exceptions(text: &str) -> Result<BTreeMap<String, usize>, Box<dyn Error>> {
    let table = text.parse::<Table>()?;
    let lines = table.get("lines").and_then(Value::as_table).ok_or("ratchet.toml has no [lines]")?;
    let number = |(path, value): (&String, &Value)| {
        let lines = value.as_integer().and_then(|lines| usize::try_from(lines).ok());
        Ok((path.clone(), lines.ok_or_else(|| format!("{path}: {value} is no number of lines"))?))
    };
    lines.iter().map(number).collect()
}

fn sizes(files: &[(&str, usize)], exceptions: &BTreeMap<String, usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, lines) in files {
        let Some(limit) = limit(path) else { continue };
        let what = match exceptions.get(*path) {
            None if *lines > limit => {
                format!("{lines} lines, at most {limit}; split it, one principal type a file")
            }
            Some(_) if *lines <= limit => {
                format!("{lines} lines are within {limit}; remove it from {RATCHET}")
            }
            Some(allowed) if lines < allowed => {
                format!("shrank from {allowed} to {lines} lines; write {lines} in {RATCHET}")
            }
            Some(allowed) if lines > allowed => {
                format!("grew from {allowed} to {lines} lines; it may only shrink, split it")
            }
            _ => continue,
        };
        findings.push(Finding::new(*path, 0, what));
    }
    let gone = exceptions.keys().filter(|path| !files.iter().any(|(file, _)| file == path));
    findings.extend(gone.map(|path| Finding::new(RATCHET, 0, format!("{path} is no file; remove its line"))));
    findings
}

#[test]
fn no_file_is_too_long() -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let counted: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.text.lines().count())).collect();
    Ok(verdict(sizes(&counted, &exceptions(&fs::read_to_string(root().join(RATCHET))?)?))?)
}

#[test]
fn the_ratchet_only_turns_one_way() {
    let listed = exceptions("[lines]\n\"src/a.rs\" = 500\n").unwrap();
    assert_eq!(
        sizes(&[("src/a.rs", 500), ("src/b.rs", 400), ("tests/c.rs", 600), ("d.md", 9000)], &listed),
        []
    );
    for (lines, says) in [(501, "grew from 500 to 501"), (450, "write 450"), (400, "remove it")] {
        let found = sizes(&[("src/a.rs", lines)], &listed);
        assert!(found.len() == 1 && found[0].what.contains(says), "{lines}: {found:?}");
    }
    let new = sizes(&[("src/a.rs", 500), ("src/b.rs", 401), ("x/tests/c.rs", 601)], &listed);
    assert!(new.len() == 2 && new.iter().all(|finding| finding.what.contains("split it")), "{new:?}");
    assert!(sizes(&[], &listed)[0].what.contains("is no file"));
    assert!(exceptions("[lines]\n\"a\" = -1").is_err() && exceptions("").is_err());
}
