//! Fuzz targets: one function for each decoder and verifier, each taking whatever bytes it is given.
//!
//! A target panics when a promise is broken: the code panics itself, accepts two encodings of one value, writes what it
//! does not read, passes a limit, or gives another verdict than a slow reference. Refusing is always right; a target
//! says whether it accepted. `src/bin/smoke.rs` runs the targets on stable Rust, `src/bin/libfuzzer.rs` under libFuzzer.
//!
//! Seeds lie in `corpus/<target>/`. Those that [`seeds`] makes are written by the library's own encoders from fixed keys,
//! and made again by `src/bin/seeds.rs`; an input that once broke a promise lies beside them as `found-<what>`,
//! one that libFuzzer found and that reaches code which no seed reaches as `reach-<digest>`.

mod federation;
mod mutator;
mod other_log;
mod seeds;
mod shown_log;
mod targets;

pub use mutator::{MAX_LEN, Mutator};
pub use seeds::{Seed, corpus, seeds};
pub use targets::{TARGETS, Target, target};
