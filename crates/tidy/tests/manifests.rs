//! What every manifest of the workspace says.

use std::error::Error;

use auditmesh_tidy::{Finding, text_files, verdict};
use toml::{Table, Value};

const INHERITED: [&str; 3] = ["edition", "license", "rust-version"];
const UNPUBLISHED: [&str; 5] = ["tidy", "xtask", "conformance", "examples", "benches"];

/// `crates/merkle/Cargo.toml` is `merkle`; a path that is no member's manifest is nothing.
fn member(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/Cargo.toml")?;
    let name = folder.strip_prefix("crates/").unwrap_or(folder);
    (!name.contains('/') && name != "fuzz").then_some(name)
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

fn tables_within<'a>(place: &str, table: &'a Table) -> Vec<(String, &'a Table)> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    kinds.iter().filter_map(|kind| Some((format!("{place}{kind}"), table.get(*kind)?.as_table()?))).collect()
}

/// Every table of dependencies, also those of a target, with its name.
fn dependency_tables(manifest: &Table) -> Vec<(String, &Table)> {
    let mut tables = tables_within("", manifest);
    for (name, target) in manifest.get("target").and_then(Value::as_table).into_iter().flatten() {
        tables.extend(
            target
                .as_table()
                .map(|table| tables_within(&format!("target.{name}."), table))
                .into_iter()
                .flatten(),
        );
    }
    tables
}

fn problems(path: &str, folder: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |what: String| findings.push(Finding::new(path, 0, what));
    let manifest = match text.parse::<Table>() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Finding::new(path, 0, format!("no TOML: {error}"))],
    };
    let package = manifest.get("package").and_then(Value::as_table).cloned().unwrap_or_default();
    for key in INHERITED.iter().filter(|key| !inherits(package.get(**key))) {
        add(format!("{key} comes from the workspace; write `{key}.workspace = true`"));
    }
    // The one crate that may be unsafe has lints of its own: the workspace's forbid cannot be lifted by a crate.
    if !inherits(manifest.get("lints")) && folder != "lanes" {
        add("the lints come from the workspace; write `[lints]` and `workspace = true`".to_owned());
    }
    if package.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
        add("the package has no description; write one sentence".to_owned());
    }
    let want = if folder == "auditmesh" { folder.to_owned() } else { format!("auditmesh-{folder}") };
    if package.get("name").and_then(Value::as_str) != Some(&want) {
        add(format!("the package in this folder is named {want:?}"));
    }
    let published = package.get("publish").and_then(Value::as_bool) != Some(false);
    if published && UNPUBLISHED.contains(&folder) {
        add("this package is never published; write `publish = false`".to_owned());
    }
    for (place, table) in dependency_tables(&manifest) {
        for (name, _) in table.iter().filter(|(_, value)| !inherits(Some(value))) {
            add(format!(
                "[{place}] {name}: versions stand in the root manifest; write `{name}.workspace = true`"
            ));
        }
    }
    findings
}

#[test]
fn every_manifest_keeps_the_rules() -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let members: Vec<_> = files.iter().filter_map(|file| Some((file, member(&file.path)?))).collect();
    assert!(members.len() > 10, "only {} manifests were found", members.len());
    Ok(verdict(members.iter().flat_map(|(file, folder)| problems(&file.path, folder, &file.text)).collect())?)
}

const GOOD: &str = r#"
[package]
name = "auditmesh-x"
description = "X."
edition.workspace = true
rust-version.workspace = true
license.workspace = true
[dependencies]
a.workspace = true
b = { workspace = true, optional = true }
[lints]
workspace = true
"#;

#[test]
fn each_rule_of_a_manifest_can_fail() {
    assert_eq!(problems("p", "x", GOOD), []);
    for (good, bad, says) in [
        ("edition.workspace = true", "edition = \"2024\"", "`edition.workspace = true`"),
        ("rust-version.workspace = true", "", "`rust-version.workspace = true`"),
        ("license.workspace = true", "license = \"MIT\"", "`license.workspace = true`"),
        ("[lints]\nworkspace = true", "", "`[lints]`"),
        ("description = \"X.\"", "description = \"\"", "no description"),
        ("auditmesh-x", "x", "named \"auditmesh-x\""),
        ("a.workspace = true", "a = \"1\"", "[dependencies] a: versions"),
        ("[dependencies]", "[dev-dependencies]\nc.version = \"1\"\n[dependencies]", "[dev-dependencies] c"),
        (
            "[lints]",
            "[target.'cfg(unix)'.build-dependencies]\nd = \"1\"\n[lints]",
            "[target.cfg(unix).build-dependencies] d",
        ),
        ("[package]", "[package", "no TOML"),
    ] {
        let found = problems("p", "x", &GOOD.replace(good, bad));
        assert!(found.len() == 1 && found[0].what.contains(says), "{bad:?}: {found:?} does not say {says:?}");
    }
    let tidy = GOOD.replace("auditmesh-x", "auditmesh-tidy");
    assert!(problems("p", "tidy", &tidy)[0].what.contains("`publish = false`"));
    assert_eq!(problems("p", "tidy", &tidy.replace("[package]", "[package]\npublish = false")), []);
    assert_eq!(problems("p", "auditmesh", &GOOD.replace("auditmesh-x", "auditmesh")), []);
}

#[test]
fn members_are_told_from_other_manifests() {
    assert_eq!(member("crates/merkle/Cargo.toml"), Some("merkle"));
    assert_eq!(member("benches/Cargo.toml"), Some("benches"));
    assert_eq!(
        (member("Cargo.toml"), member("fuzz/Cargo.toml"), member("crates/a/b/Cargo.toml")),
        (None, None, None)
    );
}
