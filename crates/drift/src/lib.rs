//! Who differs, and in which leaves, before anything is signed.
