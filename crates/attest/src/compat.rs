//! Older forms, kept by name so that what was signed with them can still be read. Nothing here is a default.

use alloc::vec::Vec;

use auditmesh_types::{Digest, MemberId};

/// The message of the older node attestation: the 32 bytes of the Merkle root, then the node's id in UTF-8.
///
/// It binds neither the log's origin nor its size nor the round, so a signature over it can be replayed as a statement
/// about any log with that root. Use it to check old signatures; new ones are [member
/// lines](crate::MemberAttestor).
#[must_use]
pub fn node_attestation_message(root: &Digest, node_id: &MemberId) -> Vec<u8> {
    let mut message = root.as_bytes().to_vec();
    message.extend_from_slice(node_id.as_str().as_bytes());
    message
}
