//! Holds the workspace to its architecture.
