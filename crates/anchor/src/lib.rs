//! Commit a root elsewhere and check it back; an append-only anchor file as the embedded default.
