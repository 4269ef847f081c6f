//! Round-3 Dilithium2 signatures through pqcrypto-dilithium, for federations that already hold them.
