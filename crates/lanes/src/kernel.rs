use core::fmt;

/// How messages are hashed. All give the same digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kernel {
    /// One by one through `sha2`, on any processor.
    Portable,
    /// Four streams through the SHA extensions of x86-64.
    ShaNi,
    /// Sixteen messages in AVX-512 registers, what remains through the SHA extensions.
    Avx512,
}

impl Kernel {
    /// Every kernel, slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::ShaNi, Self::Avx512];

    /// The fastest kernel that this processor has.
    #[must_use]
    pub fn fastest() -> Self {
        Self::ALL.into_iter().rev().find(|kernel| kernel.is_here()).unwrap_or(Self::Portable)
    }

    /// Whether this processor has what the kernel needs.
    #[must_use]
    pub fn is_here(self) -> bool {
        match self {
            Self::Portable => true,
            Self::ShaNi => sha_ni(),
            Self::Avx512 => sha_ni() && avx512(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn sha_ni() -> bool {
    is_x86_feature_detected!("sha") && is_x86_feature_detected!("ssse3") && is_x86_feature_detected!("sse4.1")
}

#[cfg(target_arch = "x86_64")]
fn avx512() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vbmi2")
}

#[cfg(not(target_arch = "x86_64"))]
const fn sha_ni() -> bool {
    false
}

#[cfg(not(target_arch = "x86_64"))]
const fn avx512() -> bool {
    false
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Portable => "portable",
            Self::ShaNi => "sha-ni",
            Self::Avx512 => "avx512",
        })
    }
}
