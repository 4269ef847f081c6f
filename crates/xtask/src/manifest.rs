use std::{fs, io, path::Path};

/// The names of the `[[bench]]` tables of a manifest.
pub(crate) fn benches(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[[bench]]";
        } else if let Some(value) = line.strip_prefix("name").filter(|_| inside) {
            names.extend(value.split('"').nth(1).map(str::to_owned));
        }
    }
    names
}

/// The packages below `crates` whose library says `#![no_std]`, sorted.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn without_std(crates: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for folder in fs::read_dir(crates)? {
        let folder = folder?;
        let text = fs::read_to_string(folder.path().join("src").join("lib.rs")).unwrap_or_default();
        if text.lines().any(|line| line.trim() == "#![no_std]") {
            names.push(format!("auditmesh-{}", folder.file_name().to_string_lossy()));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_are_found() {
        let manifest = "[package]\nname = \"x\"\n[[bench]]\nname = \"root\"\nharness = false\n\n[[bench]]\nname=\"bft\"\n[lib]\nname = \"y\"\n";
        assert_eq!(benches(manifest), ["root", "bft"]);
        assert_eq!(benches("[package]\nname = \"x\"\n"), [""; 0]);
    }

    #[test]
    fn libraries_without_std_are_found() {
        let found = without_std(&crate::step::root().join("crates")).unwrap();
        assert!(found.contains(&"auditmesh-types".to_owned()), "{found:?}");
        assert!(!found.contains(&"auditmesh-xtask".to_owned()), "{found:?}");
    }
}
