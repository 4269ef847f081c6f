use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// A file of the tree that is UTF-8 text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Relative to the root of the workspace, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Whether the tree is a git checkout; a source archive is not.
#[must_use]
pub fn is_checkout() -> bool {
    root().join(".git").exists()
}

/// Every file that git tracks or would track, sorted; in a source archive every file outside `target`.
///
/// # Errors
/// When git or the tree cannot be read.
pub fn tracked() -> io::Result<Vec<String>> {
    let mut paths = if is_checkout() {
        listed(&["--cached", "--others", "--exclude-standard"])?
    } else {
        walked(&root())?
    };
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Every file in git's index; in a source archive the same as [`tracked`].
///
/// # Errors
/// As [`tracked`].
pub fn committed() -> io::Result<Vec<String>> {
    if is_checkout() { listed(&["--cached"]) } else { tracked() }
}

/// [`tracked`], read; files that are no UTF-8 are left out.
///
/// # Errors
/// As [`tracked`].
pub fn text_files() -> io::Result<Vec<TextFile>> {
    let root = root();
    let mut files = Vec::new();
    for path in tracked()? {
        if let Ok(text) = String::from_utf8(fs::read(root.join(&path))?) {
            files.push(TextFile { path, text });
        }
    }
    Ok(files)
}

fn listed(which: &[&str]) -> io::Result<Vec<String>> {
    let root = root();
    let mut git = Command::new("git");
    git.current_dir(&root).args(["ls-files", "-z"]).args(which);
    let output = git.output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr))));
    }
    let names = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    let there = |name: &&str| !name.is_empty() && root.join(name).is_file();
    Ok(names.split('\0').filter(there).map(str::to_owned).collect())
}

fn walked(root: &Path) -> io::Result<Vec<String>> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else if let Ok(name) = path.strip_prefix(root) {
                files.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_list_find_this_file() {
        for paths in [tracked().unwrap(), walked(&root()).unwrap()] {
            assert!(paths.iter().any(|path| path == "crates/tidy/src/tree.rs"));
            assert!(!paths.iter().any(|path| path.starts_with("target/")));
        }
    }
}
