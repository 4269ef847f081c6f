//! Holds the workspace to its architecture.
//!
//! The rules are the files in `tests/`, one subject each: a pure function over text that lists [`Finding`]s, tests that show the
//! function can fail, and one test that runs it over the tree. This library only reads the tree for them.

mod code;
mod finding;
mod tree;

pub use code::{code_only, words};
pub use finding::{Finding, Findings, verdict};
pub use tree::{TextFile, committed, is_checkout, root, text_files, tracked};
