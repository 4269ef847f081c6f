use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::step::{root, run};

/// The most bytes of found inputs that a target keeps: the corpus is replayed in CI and lies in the repository.
const BUDGET: usize = 4_000;

/// The most found inputs that a target keeps.
const MOST: usize = 16;

/// Longer inputs are not kept.
const LONGEST: &str = "-max_len=2048";

/// Chooses, from what long runs found, a few small inputs that reach code which no seed reaches, and puts them into
/// `fuzz/corpus/` as `reach-…`, in place of those that were there.
///
/// # Errors
/// When libFuzzer fails or a file cannot be read or written.
pub(crate) fn keep(program: &Path, targets: &[&str]) -> Result<(), String> {
    for target in targets {
        let (bytes, files) = keep_of(program, target)?;
        println!("{target}: {files} inputs, {bytes} bytes");
    }
    Ok(())
}

fn keep_of(program: &Path, target: &str) -> Result<(usize, usize), String> {
    let (seeds, found) =
        (root().join("fuzz/corpus").join(target), root().join("target/fuzz/corpus").join(target));
    let merged = root().join("target/fuzz/merged").join(target);
    let said = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    if merged.exists() {
        fs::remove_dir_all(&merged).map_err(|error| said(&merged, error))?;
    }
    for folder in [&merged, &found] {
        fs::create_dir_all(folder).map_err(|error| said(folder, error))?;
    }
    // What is merged into comes first: inputs that reach nothing new beyond the seeds are left out.
    let (old, made): (Vec<PathBuf>, Vec<PathBuf>) =
        files(&seeds)?.into_iter().partition(|path| is_kept(path));
    for seed in &made {
        let copy = merged.join(seed.file_name().unwrap_or_default());
        fs::copy(seed, copy).map_err(|error| said(seed, error))?;
    }
    let mut merge = Command::new(program);
    merge.current_dir(root()).env("AUDITMESH_FUZZ_TARGET", target).args(["-merge=1", LONGEST]);
    merge.args([&merged, &found, &seeds]).stdout(Stdio::null()).stderr(Stdio::null());
    run(merge)?;
    let mut new = Vec::new();
    for path in files(&merged)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !made.iter().any(|seed| seed.ends_with(&name)) {
            let bytes = fs::read(&path).map_err(|error| said(&path, error))?;
            // libFuzzer names what it writes by the digest.
            new.push((name.chars().take(12).collect::<String>(), bytes));
        }
    }
    let new = chosen(new);
    for path in old {
        fs::remove_file(&path).map_err(|error| said(&path, error))?;
    }
    for (name, bytes) in &new {
        let path = seeds.join(format!("reach-{name}"));
        fs::write(&path, bytes).map_err(|error| said(&path, error))?;
    }
    Ok((new.iter().map(|(_, bytes)| bytes.len()).sum(), new.len()))
}

/// Inputs of all sizes, the smallest of each, within the budget.
fn chosen(mut inputs: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    inputs.sort_unstable_by(|(a, left), (b, right)| (left.len(), a).cmp(&(right.len(), b)));
    let step = inputs.len().div_ceil(MOST).max(1);
    let mut total = 0;
    let within = |(_, bytes): &(String, Vec<u8>)| {
        total += bytes.len();
        total <= BUDGET
    };
    inputs.into_iter().step_by(step).take_while(within).collect()
}

fn is_kept(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("reach-"))
}

/// The files of a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let said = |error: io::Error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(said)? {
        paths.push(entry.map_err(said)?.path());
    }
    paths.sort_unstable();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_of_all_sizes_are_chosen_within_the_budget() {
        let input = |name: &str, bytes: usize| (name.to_owned(), vec![7; bytes]);
        let names = |inputs| chosen(inputs).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(
            names(vec![input("c", BUDGET - 9), input("b", 5), input("a", 5), input("d", 4)]),
            ["d", "a", "b"]
        );
        let many = (0..3 * MOST).map(|bytes| input(&bytes.to_string(), bytes)).collect();
        assert_eq!(names(many)[..3], ["0", "3", "6"]);
        assert_eq!(names(Vec::new()), [""; 0]);
    }

    #[test]
    fn kept_inputs_are_told_from_seeds() {
        assert!(is_kept(Path::new("a/reach-0f")) && !is_kept(Path::new("reach-a/found-1")));
    }
}
