//! A folder of its own, and the programs run in it.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// Where a user sits.
pub(crate) struct Desk(TempDir);

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Runs a program to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            status: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// `…/target/<profile>/deps/x` → `…/target/<profile>/examples/<name>`.
fn program(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program = profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build -p auditmesh-examples --examples` first",
        program.display()
    );
    program
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A program with its arguments, which are separated by spaces, before it is started.
    pub(crate) fn command(&self, name: &str, args: &str) -> Command {
        let mut command = Command::new(program(name));
        command.args(args.split_whitespace()).current_dir(self.path()).stdin(Stdio::null());
        command.env_remove("RUST_LOG").env_remove("RUST_BACKTRACE");
        command
    }

    fn run(&self, name: &str, args: &str) -> Ran {
        Ran::of(&mut self.command(name, args))
    }

    pub(crate) fn round(&self, args: &str) -> Ran {
        self.run("round", args)
    }

    pub(crate) fn prove(&self, args: &str) -> Ran {
        self.run("prove", args)
    }

    pub(crate) fn verify(&self, args: &str) -> Ran {
        self.run("verify", args)
    }

    /// Runs `round`, which must agree on everything, and gives its standard output.
    pub(crate) fn agreed(&self, args: &str) -> String {
        let ran = self.round(args);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "round {args}");
        ran.out
    }

    /// Runs `round --json`, which must agree on everything.
    pub(crate) fn report(&self, args: &str) -> Value {
        serde_json::from_str(&self.agreed(&format!("{args} --json"))).unwrap()
    }

    /// Runs `round`, which must refuse before it prints anything or leaves anything behind, and gives what it said.
    pub(crate) fn refused(&self, args: &str) -> String {
        let before = self.files("");
        let ran = self.round(args);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "round {args}: {}", ran.err);
        assert_eq!(self.files(""), before, "round {args} left something behind");
        ran.err
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    /// Everything below `folder` by its relative name: files with their bytes, folders with a slash behind the name,
    /// links with where they point.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let root = self.path().join(folder);
        let mut waiting = vec![root.clone()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let (path, kind) = entry.map(|entry| (entry.path(), entry.file_type().unwrap())).unwrap();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                if kind.is_symlink() {
                    let target = fs::read_link(&path).unwrap();
                    found.insert(name, target.to_str().unwrap().into());
                } else if kind.is_dir() {
                    found.insert(format!("{name}/"), Vec::new());
                    waiting.push(path);
                } else {
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        found
    }

    /// The names of [`Desk::files`], in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        self.files(folder).into_keys().collect()
    }
}

/// The element of a JSON array, by name, of which `key` is `name`.
pub(crate) fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|element| element[key] == name);
    found.unwrap_or_else(|| panic!("no {key} {name} in {list}"))
}

/// The rounds of a report.
pub(crate) fn rounds(report: &Value) -> &[Value] {
    report["rounds"].as_array().unwrap()
}
