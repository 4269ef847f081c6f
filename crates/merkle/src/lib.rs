//! Append-only RFC 6962 Merkle tree: roots, inclusion and consistency proofs, strict verification.
