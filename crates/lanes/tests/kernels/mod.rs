//! The kernels that the tests hold against `sha2`, and bytes that tell one place from another.

use std::env;

use auditmesh_lanes::{Kernel, Lanes};

/// Names the kernels that must be here, `avx512,sha-ni` for example: where one is missing, the tests fail instead of going on
/// without it.
pub(crate) const DEMANDED: &str = "AUDITMESH_KERNELS";

/// Every kernel this processor has.
pub(crate) fn here() -> Vec<Lanes> {
    let here: Vec<Lanes> = Kernel::ALL.into_iter().filter_map(Lanes::with_kernel).collect();
    for name in env::var(DEMANDED).unwrap_or_default().split(',').filter(|name| !name.is_empty()) {
        assert!(
            here.iter().any(|lanes| lanes.kernel().to_string() == name),
            "{DEMANDED} demands {name}, which is not here or no kernel"
        );
    }
    here
}

/// Byte `at` of message `n`: no period that a register, a block or a lane has.
pub(crate) fn byte(n: usize, at: usize) -> u8 {
    let mixed = (n * 0x1_0001 + at + 1).wrapping_mul(0x9e37_79b1);
    (mixed >> 16).to_le_bytes()[0]
}
