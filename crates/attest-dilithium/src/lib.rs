//! Pre-standard Dilithium2 signatures through `pqcrypto-dilithium`, for federations that already hold them.
//!
//! # Example
//!
//! ```
//! use auditmesh_attest_dilithium::{Dilithium2, Dilithium2Signer};
//! use auditmesh_types::{Signer, Verifier};
//!
//! let signer = Dilithium2Signer::generate();
//! let signature = signer.sign(b"root")?;
//! Dilithium2.verify(signer.public_key(), b"root", &signature)?;
//! assert!(Dilithium2.verify(signer.public_key(), b"toor", &signature).is_err());
//! # Ok::<(), auditmesh_attest_dilithium::Error>(())
//! ```
//!
//! # Model
//!
//! [`Dilithium2Signer`] makes signatures, [`Dilithium2`] checks them, both under
//! [`Scheme::Dilithium2`](auditmesh_types::Scheme::Dilithium2). The scheme is never inferred from a length: keys and
//! signatures of ML-DSA-44 have the same lengths and do not verify here, nor these there.
//!
//! # Security
//!
//! The library is unmaintained (RUSTSEC-2024-0380) and the scheme is not the standard. Its feature `avx2` is off in this
//! workspace, since that code gives other verdicts than the portable code on malformed signatures; a program that turns
//! the feature on elsewhere in its build turns it on here. Secret keys are not wiped. New federations use ML-DSA-44. See
//! the README.
//!
//! # Status
//!
//! Wire format: the library's, frozen. API: alpha.
//!
//! # Sources
//!
//! CRYSTALS-Dilithium as PQClean carries it from pq-crystals commit `918af1a6`: parameters, 64-byte key hash and zero
//! `rnd` of the FIPS 204 draft of August 2023. It is neither the round-3 submission (whose secret keys have 2,528 bytes)
//! nor FIPS 204.
#![no_std]

extern crate alloc;

mod dilithium2;
mod dilithium2_signer;
mod error;

pub use dilithium2::Dilithium2;
pub use dilithium2_signer::Dilithium2Signer;
pub use error::Error;
