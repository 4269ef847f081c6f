mod attest;
mod batch;
mod convict;
mod dilithium;
mod engine;
mod event;
mod keys;
mod ledgers;
mod many;
mod merkle;
mod order;
mod other_log;
mod proven;
mod store;
mod stored;
mod values;

use std::path::{Path, PathBuf};

pub(crate) use merkle::small_tree;

/// A valid input: its target, its name there, its bytes.
pub type Seed = (&'static str, &'static str, Vec<u8>);

/// The folder of all seeds.
#[must_use]
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Every seed, the same each time: written by the library's encoders from fixed values and keys.
#[must_use]
pub fn seeds() -> Vec<Seed> {
    [
        values::seeds(),
        event::seeds(),
        merkle::seeds(),
        many::seeds(),
        store::seeds(),
        stored::seeds(),
        attest::seeds(),
        keys::seeds(),
        ledgers::seeds(),
        order::seeds(),
        other_log::seeds(),
        batch::seeds(),
        convict::seeds(),
        dilithium::seeds(),
        engine::seeds(),
        proven::seeds(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TARGETS, target};
    use std::{collections::BTreeSet, fs};

    #[test]
    fn every_seed_is_accepted_by_its_target() {
        for (name, seed, bytes) in seeds() {
            let (_, run) = target(name).unwrap_or_else(|| panic!("no target {name}"));
            assert!(run(&bytes), "{name}/{seed} is no valid input");
        }
    }

    #[test]
    fn every_target_has_a_seed_and_no_name_stands_twice() {
        let seeds = seeds();
        let names: BTreeSet<_> = seeds.iter().map(|(target, name, _)| (target, name)).collect();
        assert_eq!(names.len(), seeds.len());
        let have: BTreeSet<_> = seeds.iter().map(|(target, ..)| *target).collect();
        assert_eq!(have, TARGETS.iter().map(|(name, _)| *name).collect());
    }

    #[test]
    fn the_corpus_holds_these_seeds_and_stays_small() {
        let mut known = BTreeSet::new();
        for (target, name, bytes) in seeds() {
            let path = corpus().join(target).join(name);
            let held = fs::read(&path).unwrap_or_default();
            assert!(held == bytes, "{} differs; run `cargo run --bin seeds` in fuzz/", path.display());
            known.insert(path);
        }
        let mut bytes = 0;
        for folder in fs::read_dir(corpus()).unwrap() {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                let file = file.unwrap();
                bytes += file.metadata().unwrap().len();
                let name = file.file_name().to_string_lossy().into_owned();
                let found = name.starts_with("found-") || name.starts_with("reach-");
                assert!(found || known.contains(&file.path()), "{} is no seed", file.path().display());
            }
        }
        assert!(bytes < 300_000, "the corpus has {bytes} bytes");
    }
}
