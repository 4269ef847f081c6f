//! One reusable test suite per role trait, and the frozen bytes of every wire format.
