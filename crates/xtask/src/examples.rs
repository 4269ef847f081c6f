use std::{fs, path::Path};

use crate::step::{cargo, root, run};

const MEMBER: &str = "US-1";
const FAULTS: [&str; 5] = ["diverge", "silent", "bad-signature", "equivocate", "reserialise"];
const PROVED: &str = "7";

/// Runs the example programs as their readers would: a full round, its proof checked offline, and a round with each fault.
///
/// # Errors
/// When a program does not exit with 0.
pub(crate) fn smoke() -> Result<(), String> {
    let folder = root().join("target").join("xtask");
    let plain = fresh(&folder.join("round"))?;
    round(&plain, &["--prove", PROVED])?;
    verify(&plain)?;
    for fault in FAULTS {
        let out = fresh(&folder.join(format!("round-{fault}")))?;
        round(&out, &["--rounds", "2", "--prove", PROVED, "--fault", &format!("{MEMBER}={fault}")])?;
        verify(&out)?;
    }
    Ok(())
}

/// A path where nothing is, in a folder that exists.
fn fresh(path: &Path) -> Result<String, String> {
    let said = |error| format!("{}: {error}", path.display());
    if path.exists() {
        fs::remove_dir_all(path).map_err(said)?;
    }
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(said)?;
    path.to_str().map(str::to_owned).ok_or_else(|| format!("{} is no UTF-8", path.display()))
}

fn round(out: &str, words: &[&str]) -> Result<(), String> {
    let mut command =
        cargo(["run", "--locked", "--release", "--quiet", "--example", "round", "--", "--out", out]);
    command.args(words);
    run(command)
}

fn verify(out: &str) -> Result<(), String> {
    let mut command = cargo(["run", "--locked", "--release", "--quiet", "--example", "verify", "--"]);
    command.args(["--policy", &format!("{out}/policy")]);
    command.args(["--proof", &format!("{out}/proof/{PROVED}.tlog-proof")]);
    command.args(["--entry", &format!("{out}/proof/{PROVED}.entry")]);
    run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_path_is_free_and_has_a_parent() {
        let path = std::env::temp_dir().join(format!("auditmesh-xtask-{}", std::process::id())).join("a");
        fs::create_dir_all(path.join("old")).unwrap();
        assert_eq!(fresh(&path).as_deref(), Ok(path.to_str().unwrap()));
        assert!(!path.exists() && path.parent().unwrap().is_dir());
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
