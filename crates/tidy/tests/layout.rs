//! What lies at the top, and what every crate's folder has.

use std::{collections::BTreeSet, error::Error};

use auditmesh_tidy::{Finding, committed, text_files, tracked, verdict};

const TOP: [&str; 9] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "benches", "crates", "docs", "examples", "fuzz"];

/// The visible top level is exactly [`TOP`]; dotfiles are free.
fn top_level(paths: &[String]) -> Vec<Finding> {
    let tops: BTreeSet<_> =
        paths.iter().filter_map(|path| path.split('/').next()).filter(|top| !top.starts_with('.')).collect();
    let want = BTreeSet::from(TOP);
    let extra = tops
        .difference(&want)
        .map(|top| Finding::new(*top, 0, "does not belong at the top level; see the plan"));
    let missing =
        want.difference(&tops).map(|top| Finding::new(*top, 0, "is missing at the top level; add it"));
    extra.chain(missing).collect()
}

/// Both lock files are committed, so that everybody builds the same.
fn lock_files(paths: &[String]) -> Vec<Finding> {
    let locks = ["Cargo.lock", "fuzz/Cargo.lock"].into_iter();
    locks
        .filter(|lock| !paths.iter().any(|path| path == lock))
        .map(|lock| Finding::new(lock, 0, "must be committed"))
        .collect()
}

/// A published crate has a change log with an `## Unreleased` section; `(manifest path, its text, the change log)`.
fn change_log(manifest: &str, text: &str, log: Option<&str>) -> Option<Finding> {
    if text.lines().any(|line| line.trim() == "publish = false") {
        return None;
    }
    let path = manifest.replace("Cargo.toml", "CHANGELOG.md");
    match log {
        None => Some(Finding::new(path, 0, "a published crate has a change log; write one")),
        Some(log) if log.starts_with("# Changelog\n") && log.lines().any(|line| line.starts_with("## ")) => {
            None
        }
        Some(_) => Some(Finding::new(
            path,
            1,
            "a change log begins with `# Changelog` and has a `## ` section, first `## Unreleased`",
        )),
    }
}

/// The crates that stand in the plan of the page are those in `crates/`.
fn plan(page: &str, folders: &BTreeSet<&str>) -> Vec<Finding> {
    let section = page
        .lines()
        .skip_while(|line| line.trim() != "## The plan")
        .skip(1)
        .take_while(|line| !line.starts_with("## "));
    let named: BTreeSet<_> = section.filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let differ = named.symmetric_difference(folders);
    differ
        .map(|name| {
            Finding::new("docs/architecture.md", 0, format!("{name} must stand in 'The plan' and in crates/"))
        })
        .collect()
}

#[test]
fn the_top_level_is_the_plan() -> Result<(), Box<dyn Error>> {
    Ok(verdict(top_level(&tracked()?))?)
}

#[test]
fn the_lock_files_are_committed() -> Result<(), Box<dyn Error>> {
    Ok(verdict(lock_files(&committed()?))?)
}

#[test]
fn every_published_crate_has_a_change_log() -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let manifests =
        files.iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml"));
    let log = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let found = manifests
        .filter_map(|m| change_log(&m.path, &m.text, log(&m.path.replace("Cargo.toml", "CHANGELOG.md"))));
    Ok(verdict(found.collect())?)
}

#[test]
fn the_plan_names_every_crate() -> Result<(), Box<dyn Error>> {
    let files = text_files()?;
    let page = files
        .iter()
        .find(|file| file.path == "docs/architecture.md")
        .ok_or("docs/architecture.md is missing")?;
    let folders =
        files.iter().filter_map(|f| f.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")).collect();
    Ok(verdict(plan(&page.text, &folders))?)
}

#[test]
fn each_rule_of_the_layout_can_fail() {
    let tree = |extra: &[&str]| -> Vec<String> {
        let all = TOP.iter().chain(extra).chain(&[".ci/run", "fuzz/Cargo.lock"]);
        all.map(|path| (*path).to_owned()).collect()
    };
    assert_eq!(top_level(&tree(&[])), []);
    assert_eq!(top_level(&tree(&["scripts/x.py"]))[0].path, "scripts");
    let less: Vec<_> = tree(&[]).into_iter().filter(|path| path != "Cargo.lock").collect();
    assert_eq!(top_level(&less)[0].path, "Cargo.lock");
    assert_eq!(lock_files(&tree(&[])), []);
    assert_eq!(lock_files(&less)[0].path, "Cargo.lock");

    let manifest = "crates/x/Cargo.toml";
    assert_eq!(change_log(manifest, "", Some("# Changelog\n\n## Unreleased\n")), None);
    assert_eq!(change_log(manifest, "publish = false", None), None);
    assert!(change_log(manifest, "", None).is_some());
    assert!(change_log(manifest, "", Some("# Changelog\n")).is_some());
    assert!(change_log(manifest, "", Some("nothing\n## Unreleased\n")).is_some());

    let page = "## The plan\n| crate | x |\n|---|---|\n| `a` | y `z` |\n## Next\n| `b` | |\n";
    assert_eq!(plan(page, &BTreeSet::from(["a"])), []);
    assert_eq!(plan(page, &BTreeSet::from(["a", "b"])).len(), 1);
    assert_eq!(plan(page, &BTreeSet::new()).len(), 1);
}
