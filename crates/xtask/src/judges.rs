use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::step::{cargo, command, is_installed, output, root, run};

/// Where Debian puts `golang.org/x/mod`.
const GOPATH: &str = "/usr/share/gocode";
/// What the judges of other languages need from the machine.
const APT: &str = "apt-get install golang-go golang-golang-x-mod-dev nodejs npm python3-venv";

/// Which of the two folders that are published a judge is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The example `round`: a federation's checkpoint with all its lines, tiles and a proof file.
    Round,
    /// The example `two_steps`: one log at two sizes, and COSE receipts.
    Steps,
}

impl Shown {
    const fn folder(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Steps => "steps",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judge {
    Go(&'static str),
    Npm,
    Python(&'static str),
}

/// One thing to judge, and the places where one changed bit must be refused: a file, and a byte of it or its last.
type Trial = (Judge, Shown, &'static [(&'static str, usize)]);

const TRIALS: [Trial; 8] = [
    (Judge::Go("note"), Shown::Round, &[("checkpoint", 0), ("checkpoint", 40), ("checkpoint", 150)]),
    (Judge::Go("record"), Shown::Round, &[("proof/7.tlog-proof", 50), ("proof/7.entry", 30)]),
    (
        Judge::Go("tiles"),
        Shown::Round,
        &[("tile/0/000", 100), ("tile/0/001", 8000), ("tile/entries/001", 500)],
    ),
    (Judge::Go("tree"), Shown::Steps, &[("consistency", 3), ("consistency", 700), ("checkpoint.0", 60)]),
    (Judge::Npm, Shown::Round, &[("proof/7.tlog-proof", 50), ("proof/7.entry", 30)]),
    (
        Judge::Python("scitt-inclusion"),
        Shown::Steps,
        &[("inclusion.cose", 200), ("inclusion.cose", LAST), ("entry", 0)],
    ),
    (
        Judge::Python("scitt-consistency"),
        Shown::Steps,
        &[("consistency.cose", 200), ("consistency.cose", LAST)],
    ),
    (Judge::Python("pycose"), Shown::Steps, &[("inclusion.cose", LAST), ("consistency.cose", LAST)]),
];
const LAST: usize = usize::MAX;

/// Publishes two folders and shows them, and changed copies of them, to the judges of other languages.
///
/// # Errors
/// When a judge is not installed, refuses what we published, or accepts a changed copy.
pub(crate) fn run_all() -> Result<(), String> {
    let home = fresh()?;
    install(&home)?;
    publish(&home)?;
    let mut said = String::new();
    for (judge, shown, places) in TRIALS {
        let folder = home.join(shown.folder());
        let (accepted, line) = verdict(judge, &home, &folder)?;
        if !accepted {
            return Err(format!("{judge:?} refuses what was published: {line}"));
        }
        for (file, at) in places {
            let changed = home.join("changed");
            copy(&folder, &changed)?;
            flip(&changed.join(file), *at)?;
            let (accepted, line) = verdict(judge, &home, &changed)?;
            if accepted {
                return Err(format!("{judge:?} accepts {file} with byte {at} changed: {line}"));
            }
            println!("  {judge:?}, {file} changed: {line}");
            remove(&changed)?;
        }
        said.push_str(&format!("- {line}; {} changed copies refused\n", places.len()));
    }
    println!("\n{said}\n{}", versions(&home)?);
    Ok(())
}

/// An empty `target/judges`.
fn fresh() -> Result<PathBuf, String> {
    if !is_go_installed() || !Path::new(GOPATH).join("src/golang.org/x/mod/sumdb/note").is_dir() {
        return Err(format!("the judges need Go and golang.org/x/mod: {APT}"));
    }
    for program in ["npm", "python3"] {
        if !is_installed(program, &[]) {
            return Err(format!("the judges need {program}: {APT}"));
        }
    }
    let home = root().join("target/judges");
    remove(&home)?;
    fs::create_dir_all(&home).map_err(|error| said(&home, &error))?;
    Ok(home)
}

fn is_go_installed() -> bool {
    command("go", ["version"]).output().is_ok_and(|output| output.status.success())
}

fn install(home: &Path) -> Result<(), String> {
    let mut go = command("go", ["build", "-o"]);
    go.arg(home.join("go-judge")).arg("crates/judges/go/judge.go");
    go.env("GO111MODULE", "off")
        .env("GOPATH", GOPATH)
        .env("GOFLAGS", "")
        .env("GOCACHE", home.join("gocache"));
    run(go)?;

    copy(&root().join("crates/judges/js"), &home.join("js"))?;
    let mut npm = command("npm", ["ci", "--no-audit", "--no-fund"]);
    npm.current_dir(home.join("js"));
    run(npm)?;

    let mut venv = command("python3", ["-m", "venv"]);
    venv.arg(home.join("venv"));
    run(venv)?;
    let mut pip = Command::new(home.join("venv/bin/pip"));
    pip.current_dir(root()).args(["install", "--quiet", "--requirement"]);
    pip.arg("crates/judges/python/requirements.txt");
    run(pip)
}

fn publish(home: &Path) -> Result<(), String> {
    let mut round = cargo(["run", "--locked", "--release", "--quiet", "--package", "auditmesh-examples"]);
    round.args(["--example", "round", "--", "--prove", "7", "--out"]);
    round.arg(home.join(Shown::Round.folder())).stdout(Stdio::null());
    run(round)?;
    let mut steps = cargo(["run", "--locked", "--quiet", "--package", "auditmesh-judges"]);
    steps.args(["--example", "two_steps", "--"]).arg(home.join(Shown::Steps.folder()));
    run(steps)
}

/// Whether `judge` accepts `folder`, and the line it prints.
fn verdict(judge: Judge, home: &Path, folder: &Path) -> Result<(bool, String), String> {
    let mut command = match judge {
        Judge::Go(what) => {
            let mut go = Command::new(home.join("go-judge"));
            go.arg(what).arg(folder).arg(key(home, folder)?);
            go
        }
        Judge::Npm => {
            let mut node = Command::new("node");
            node.arg(home.join("js/judge.mjs")).arg(folder).arg(key(home, folder)?);
            node
        }
        Judge::Python(what) => {
            let mut python = Command::new(home.join("venv/bin/python"));
            python.arg(root().join("crates/judges/python/judge.py")).arg(what).arg(folder);
            python
        }
    };
    let output = command.output().map_err(|error| format!("{judge:?} did not start: {error}"))?;
    let line = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match output.status.code() {
        Some(0) => Ok((true, line)),
        Some(1) if line.starts_with("refused: ") => Ok((false, line)),
        _ => Err(format!("{judge:?} did not judge: {line} {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// The key that a judge trusts: the first log key of the policy, or that of the log in two steps. Never of a changed copy.
fn key(home: &Path, folder: &Path) -> Result<String, String> {
    let read = |path: PathBuf| fs::read_to_string(&path).map_err(|error| said(&path, &error));
    if folder.join("policy").is_file() {
        let policy = read(home.join(Shown::Round.folder()).join("policy"))?;
        let key = policy.lines().find_map(|line| line.strip_prefix("log ")?.split(' ').next());
        return key.map(str::to_owned).ok_or_else(|| "the policy has no log line".to_owned());
    }
    read(home.join(Shown::Steps.folder()).join("vkey")).map(|key| key.trim().to_owned())
}

fn versions(home: &Path) -> Result<String, String> {
    let go = output(command("go", ["version"]))?;
    let module = output(command("dpkg-query", ["-W", "golang-golang-x-mod-dev"]))?;
    let node = output(command("node", ["--version"]))?;
    let mut npm = command("npm", ["ls", "--parseable", "--long", "@sigstore/verify"]);
    npm.current_dir(home.join("js"));
    let npm = output(npm)?;
    let npm = npm.rsplit(':').next().unwrap_or_default();
    let mut python = Command::new(home.join("venv/bin/python"));
    python.arg("--version");
    let versions = [go, module, node, npm.to_owned(), output(python)?];
    Ok(versions.iter().map(|version| version.trim().replace('\t', " ")).collect::<Vec<_>>().join("; "))
}

/// Changes one bit of a file.
fn flip(path: &Path, at: usize) -> Result<(), String> {
    let mut bytes = fs::read(path).map_err(|error| said(path, &error))?;
    let at = at.min(bytes.len().saturating_sub(1));
    let byte = bytes.get_mut(at).ok_or_else(|| format!("{} is empty", path.display()))?;
    *byte ^= 1;
    fs::write(path, bytes).map_err(|error| said(path, &error))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| said(to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| said(from, &error))? {
        let entry = entry.map_err(|error| said(from, &error))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(|error| said(&path, &error))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(said(folder, &error)),
        _ => Ok(()),
    }
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_changed_in_one_bit_and_the_original_is_not() {
        let home = std::env::temp_dir().join(format!("auditmesh-judges-{}", std::process::id()));
        let (from, to) = (home.join("a"), home.join("b"));
        fs::create_dir_all(from.join("x")).unwrap();
        fs::write(from.join("x/y"), [1, 2, 3]).unwrap();
        copy(&from, &to).unwrap();
        flip(&to.join("x/y"), 1).unwrap();
        flip(&to.join("x/y"), LAST).unwrap();
        assert_eq!(fs::read(to.join("x/y")).unwrap(), [1, 3, 2]);
        assert_eq!(fs::read(from.join("x/y")).unwrap(), [1, 2, 3]);
        fs::write(to.join("x/y"), []).unwrap();
        assert!(flip(&to.join("x/y"), 0).unwrap_err().ends_with("is empty"));
        remove(&home).unwrap();
        remove(&home).unwrap();
        assert!(!home.exists());
    }

    #[test]
    fn every_judge_is_shown_a_changed_copy() {
        for (judge, _, places) in TRIALS {
            assert!(!places.is_empty(), "{judge:?}");
        }
    }
}
