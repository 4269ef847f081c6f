//! The arrows between the packages of this tree are those that `docs/architecture.md` draws.

use std::{collections::BTreeSet, error::Error, fs};

use auditmesh_tidy::{Finding, root, verdict};
use cargo_metadata::{DependencyKind, MetadataCommand};

const PAGE: &str = "docs/architecture.md";
const DOMAINS: [&str; 14] = [
    "event", "merkle", "attest", "bft", "credit", "drift", "policy", "ledger", "anchor", "witness", "roster",
    "sync", "peer", "metrics",
];

type Arrow = (String, String);

/// Arrows between packages, by the name of their folder.
#[derive(Debug, Default, PartialEq, Eq)]
struct Drawing {
    normal: BTreeSet<Arrow>,
    dev: BTreeSet<Arrow>,
    packages: BTreeSet<String>,
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the first table below `heading`: the quoted names of its first and second column.
fn table(page: &str, heading: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let below = page.lines().skip_while(|line| line.trim() != heading).skip(1);
    let rows = below.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.skip(2).map(|row| row.trim_matches('|').split('|').collect::<Vec<_>>());
    cells
        .map(|row| {
            (row.first().map_or(Vec::new(), |c| quoted(c)), row.get(1).map_or(Vec::new(), |c| quoted(c)))
        })
        .collect()
}

fn drawn(page: &str) -> Drawing {
    let arrows = |heading| {
        let rows = table(page, heading).into_iter();
        rows.flat_map(|(from, to)| {
            from.into_iter().flat_map(move |f| to.clone().into_iter().map(move |t| (f.clone(), t)))
        })
        .collect()
    };
    let packages = table(page, "Normal dependencies:").into_iter().flat_map(|(from, _)| from).collect();
    Drawing { normal: arrows("Normal dependencies:"), dev: arrows("Development dependencies:"), packages }
}

fn built() -> Result<Drawing, Box<dyn Error>> {
    let manifest = root().join("Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .other_options(["--locked".to_owned()])
        .exec()?;
    let short = |name: &str| name.strip_prefix("auditmesh-").unwrap_or(name).to_owned();
    let mut drawing = Drawing::default();
    for package in &metadata.packages {
        let from = short(&package.name);
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let arrow = (from.clone(), short(&dependency.name));
            let arrows = if dependency.kind == DependencyKind::Development {
                &mut drawing.dev
            } else {
                &mut drawing.normal
            };
            arrows.insert(arrow);
        }
        drawing.packages.insert(from);
    }
    Ok(drawing)
}

/// Every difference between the page and the manifests. Only development arrows to `conformance` may be drawn ahead.
fn differences(page: &Drawing, tree: &Drawing) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |what: String| findings.push(Finding::new(PAGE, 0, what));
    for (kind, page, tree) in [("normal", &page.normal, &tree.normal), ("development", &page.dev, &tree.dev)]
    {
        for (from, to) in tree.difference(page) {
            add(format!(
                "{kind} dependency {from} -> {to} is not drawn; remove it from the manifest, or draw it and say why"
            ));
        }
        for (from, to) in
            page.difference(tree).filter(|(_, to)| !(kind == "development" && to == "conformance"))
        {
            add(format!(
                "{kind} dependency {from} -> {to} is drawn but no manifest has it; remove it from the table"
            ));
        }
    }
    for name in tree.packages.symmetric_difference(&page.packages) {
        add(format!(
            "package {name} must stand in the workspace and in the first column of 'Normal dependencies'"
        ));
    }
    findings
}

/// What no drawing may allow.
fn forbidden(tree: &Drawing) -> Vec<Finding> {
    let domain = |name: &str| DOMAINS.contains(&name);
    let adapter = |name: &str| name.split_once('-').is_some();
    let mut findings = Vec::new();
    for (from, to) in tree.normal.union(&tree.dev) {
        let why = match (from.as_str(), to.as_str()) {
            (a, b) if domain(a) && domain(b) => {
                "a domain crate never names another domain crate; share it in `types`"
            }
            ("types", _) => "`types` depends on nothing of ours",
            (_, "examples" | "benches" | "tidy" | "xtask") => {
                "nothing depends on examples, benches, tidy or xtask"
            }
            ("conformance" | "sim", b) if b != "types" => "`conformance` and `sim` depend on `types` alone",
            (a, "auditmesh") if domain(a) || adapter(a) => {
                "only examples, benches and fuzz stand above the facade"
            }
            (a, b) if adapter(a) && adapter(b) => "an adapter never names another adapter",
            _ => continue,
        };
        findings.push(Finding::new(format!("crates/{from}/Cargo.toml"), 0, format!("{from} -> {to}: {why}")));
    }
    for name in tree.packages.iter().filter(|name| adapter(name)) {
        let domains = tree.normal.iter().filter(|(from, to)| from == name && domain(to)).count();
        if domains > 1 {
            let what = format!("an adapter names at most one domain crate, {name} names {domains}");
            findings.push(Finding::new(format!("crates/{name}/Cargo.toml"), 0, what));
        }
    }
    findings
}

#[test]
fn the_manifests_have_exactly_the_arrows_of_the_page() -> Result<(), Box<dyn Error>> {
    let page = drawn(&fs::read_to_string(root().join(PAGE))?);
    assert!(page.normal.len() > 5 && page.dev.len() > 5, "the tables of {PAGE} were not found: {page:?}");
    Ok(verdict(differences(&page, &built()?))?)
}

#[test]
fn no_domain_crate_names_another() -> Result<(), Box<dyn Error>> {
    Ok(verdict(forbidden(&built()?))?)
}

fn drawing(normal: &[(&str, &str)], dev: &[(&str, &str)]) -> Drawing {
    let arrows =
        |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let packages = normal.iter().map(|(a, _)| (*a).to_owned()).collect();
    Drawing { normal: arrows(normal), dev: arrows(dev), packages }
}

#[test]
fn a_table_with_several_names_in_a_cell_is_read() {
    let page = "x\n\nNormal dependencies:\n\n| from | to |\n|---|---|\n| `a` | `b` `c` |\n| `d` | |\n\n\
                Development dependencies:\n\n| from | to |\n|---|---|\n| `a` `d` | `e` |\n\n| `not` | `read` |\n";
    let mut want = drawing(&[("a", "b"), ("a", "c")], &[("a", "e"), ("d", "e")]);
    want.packages.insert("d".to_owned());
    assert_eq!(drawn(page), want);
}

#[test]
fn an_arrow_too_many_or_too_few_is_found() {
    let page = drawing(&[("event", "types")], &[("event", "conformance")]);
    assert_eq!(differences(&page, &page), []);
    assert_eq!(
        differences(&page, &drawing(&[("event", "types")], &[])),
        [],
        "conformance may be drawn ahead"
    );
    let says = |tree: &Drawing, what: &str| {
        let found = differences(&page, tree);
        assert!(found.len() == 1 && found[0].what.contains(what), "{found:?} does not say {what:?}");
    };
    says(
        &drawing(&[("event", "types"), ("event", "merkle")], &[]),
        "normal dependency event -> merkle is not drawn",
    );
    says(
        &drawing(&[("event", "types")], &[("event", "merkle")]),
        "development dependency event -> merkle is not drawn",
    );
    let mut fewer = drawing(&[], &[]);
    fewer.packages.insert("event".to_owned());
    says(&fewer, "event -> types is drawn but no manifest has it");
    let mut more = drawing(&[("event", "types")], &[]);
    more.packages.insert("new".to_owned());
    says(&more, "package new");
}

#[test]
fn forbidden_arrows_are_found_even_when_drawn() {
    assert_eq!(
        forbidden(&drawing(&[("event", "types"), ("auditmesh", "bft"), ("store-sqlite", "merkle")], &[])),
        []
    );
    for (from, to) in [
        ("drift", "merkle"),
        ("types", "event"),
        ("auditmesh", "examples"),
        ("conformance", "merkle"),
        ("merkle", "auditmesh"),
        ("attest-dilithium", "store-sqlite"),
    ] {
        assert_eq!(forbidden(&drawing(&[(from, to)], &[])).len(), 1, "{from} -> {to}");
        assert_eq!(forbidden(&drawing(&[], &[(from, to)])).len(), 1, "dev {from} -> {to}");
    }
    let two = drawing(&[("attest-x", "attest"), ("attest-x", "merkle")], &[]);
    assert!(forbidden(&two)[0].what.contains("at most one domain crate"));
}
