use alloc::{boxed::Box, string::String};

use auditmesh_types::{Digest, MemberId, NameError, Scheme, Size, TreeHead};

use crate::{KeyKind, KeyType, NameFault};

/// Why a note, a key, a policy, a statement or a certificate is refused.
///
/// `Misuse…` blames the caller's own settings, `Peer…` what came from outside, `Local…` this machine. Nothing here
/// repeats key material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "every field is named in its variant's sentence")]
pub enum Error {
    /// `what` has `got` bytes, lines or parts, more than `max`.
    #[error("the {what} has size {got}, at most {max} are allowed")]
    PeerTooLarge { what: &'static str, got: usize, max: usize },
    /// `what` has `got` bytes and must have `want`.
    #[error("the {what} has {got} bytes, it must have exactly {want}")]
    PeerLength { what: &'static str, got: usize, want: usize },
    /// `what` has no bytes.
    #[error("the {what} is empty")]
    PeerEmpty { what: &'static str },
    /// `what` is not UTF-8 from byte `at`.
    #[error("the {what} is not UTF-8 at byte {at}")]
    PeerNotUtf8 { what: &'static str, at: usize },
    /// `what` has the control character `found` at byte `at`.
    #[error("the {what} has control character {found:#04x} at byte {at}, only a line feed is allowed")]
    PeerControlCharacter { what: &'static str, at: usize, found: u8 },
    /// `what` is not canonical Base 64 with padding.
    #[error("the {what} is not canonical base64 with padding")]
    PeerBase64 { what: &'static str },
    /// `what` is not a decimal number below 2^64 without sign and leading zeroes.
    #[error("the {what} is not a decimal number below 2^64 without sign or leading zeroes")]
    PeerNumber { what: &'static str },

    /// No blank line followed by signature lines, or text or lines do not end in a line feed.
    #[error("the note is not text, a blank line and at least one signature line, each ending in a line feed")]
    PeerNoteForm,
    /// Signature line `line`, from 1, is not an em dash, a name and a base64 blob of at least five bytes.
    #[error("signature line {line} is not '\u{2014} <name> <base64 of key id and signature>'")]
    PeerSignatureLine { line: usize },
    /// `name` is empty or has a Unicode space, a control character or `+`.
    #[error("the key name {name:?} is empty or has a space, a control character or '+'")]
    PeerKeyName { name: String },

    /// A checkpoint of `got` lines: too few.
    #[error("the checkpoint has {got} lines, it must have three: origin, size, root hash")]
    PeerCheckpointLines { got: usize },
    /// A checkpoint with `got` lines after the root hash. An ML-DSA cosignature would not cover them.
    #[error("the checkpoint has {got} extension lines, none is allowed since cosignatures do not cover them")]
    PeerExtensionLines { got: usize },
    /// A checkpoint of size 0 with root `got`, which a tree without leaves does not have.
    #[error("a checkpoint of size 0 came with root {got}, it can only have the SHA-256 of nothing")]
    PeerEmptyRoot { got: Digest },
    /// The first line is not an origin.
    #[error("the checkpoint's origin is refused: {source}")]
    PeerOrigin { source: NameError },

    /// Not `name+hex+base64`.
    #[error("a verifier key is written 'name+8 lower-case hex digits+base64 of type and key'")]
    PeerVerifierKeyForm,
    /// Key type `got` is none of 0x01, 0x04, 0x06.
    #[error("key type {got:#04x} is unknown, known are 0x01, 0x04 and 0x06")]
    PeerKeyType { got: u8 },
    /// The id `got` written beside the key of `name` is not the one its bytes have, `want`.
    #[error("the key of {name} carries id {got:02x?} but its bytes have id {want:02x?}")]
    PeerKeyId { name: String, got: [u8; 4], want: [u8; 4] },
    /// The bytes are no public key of `scheme`, or not its canonical encoding.
    #[error("the bytes are not a canonical {scheme} public key")]
    PeerMalformedKey { scheme: Scheme },
    /// A key of `scheme` for which anyone can sign.
    #[error("the {scheme} public key is weak: anyone can sign for it; enrol another")]
    PeerWeakKey { scheme: Scheme },
    /// The signature does not verify under the rule of `scheme`.
    #[error("the {scheme} signature does not verify")]
    PeerSignatureRefused { scheme: Scheme },
    /// A line of `signer`, whose key is known, does not verify: the whole note is invalid.
    #[error("the {scheme} line of {signer} does not verify, so the note is refused")]
    PeerBadSignature { scheme: Scheme, signer: String },
    /// A cosignature of `got` bytes: too few.
    #[error("the cosignature has {got} bytes, it must have eight of time and a signature behind them")]
    PeerCosignatureForm { got: usize },
    /// The cosignature's time `got`, in seconds, exceeds 2^63 - 1.
    #[error("the cosignature's time {got} exceeds 2^63 - 1")]
    PeerCosignatureTime { got: u64 },
    /// No line of the key of `name` in the note.
    #[error("no signature line of {name} in the note")]
    PeerNotSignedBy { name: String },

    /// The key file holds `got` where `want` is needed.
    #[error("the key file holds {got}, here {want} is needed")]
    MisuseKeyKind { got: KeyKind, want: KeyKind },
    /// The file, which should hold `want`, is no PEM key file or its inside is malformed.
    #[error("the file is not a well-formed PEM key file, here {want} is needed")]
    MisuseKeyFile { want: KeyKind },
    /// Not a `did:key` of an Ed25519 key.
    #[error("a did:key is written 'did:key:z' and the base58btc of 0xed 0x01 and a 32-byte Ed25519 key")]
    PeerDidKey,
    /// A signer or key of scheme `got` where `want` is needed.
    #[error("a key of scheme {got} where {want} is needed")]
    MisuseScheme { got: Scheme, want: Scheme },
    /// The signer did not sign, or gave something that is no signature of its scheme.
    #[error("the local {scheme} key did not give a signature; check the signer")]
    LocalSigning { scheme: Scheme },

    /// The key of `name` has type `got` where `want` is needed.
    #[error("the key of {name} has type {got}, here {want} is needed")]
    MisuseKeyRole { name: String, got: KeyType, want: KeyType },
    /// A key named `got` where it must be named `want`.
    #[error("the key is named {got}, it must be named {want}")]
    MisuseKeyName { got: String, want: String },
    /// `got` members; at least one and at most `max` are allowed.
    #[error("the federation has {got} members, from 1 to {max} are allowed")]
    MisuseMemberCount { got: usize, max: usize },
    /// A quorum of `got` among `members`.
    #[error("a quorum of {got} is not from 1 to the number of members, {members}")]
    MisuseQuorum { got: usize, members: usize },
    /// `member` is `none` or `members`, which policies use.
    #[error("no member may be called {member}: policies use that name")]
    MisuseReservedName { member: MemberId },
    /// `member` is listed twice.
    #[error("{member} is listed twice")]
    MisuseMemberTwice { member: MemberId },
    /// `member` uses a key that is already in use, or one whose short id collides with it.
    #[error("a key of {member} is already in use or its id collides with another's; one key per role")]
    MisuseKeyTwice { member: MemberId },
    /// The statement of `member` is for `got`, an earlier one for `want`: they cannot be certified together.
    #[error("the statement of {member} is for {got}, the first one for {want}; certify one head at a time")]
    MisuseHeadsDiffer { member: MemberId, got: TreeHead, want: TreeHead },

    /// `member` is not of this federation.
    #[error("{member} is not a member of this federation")]
    PeerUnknownMember { member: MemberId },
    /// A checkpoint of the log `got` where `want` is expected.
    #[error("the checkpoint is of the log {got:?}, not of {want:?}")]
    PeerOriginMismatch { got: String, want: String },
    /// `member` claims head `want` and signed `got`.
    #[error("{member} claims head {want} and signed {got}")]
    PeerHeadMismatch { member: MemberId, got: TreeHead, want: TreeHead },
    /// `member` claims second `want` and signed `got`.
    #[error("{member} claims to have signed at second {want}, the cosignature says {got}")]
    PeerTimeMismatch { member: MemberId, got: u64, want: u64 },
    /// The statement of `member` lacks its line of `scheme`.
    #[error("the statement of {member} lacks its {scheme} line")]
    PeerLineMissing { scheme: Scheme, member: MemberId },
    /// The statement of `member` has its line of `scheme` twice.
    #[error("the statement of {member} has its {scheme} line twice")]
    PeerLineRepeated { scheme: Scheme, member: MemberId },
    /// The statement of `member` carries a line of `name`, which is none of its two keys.
    #[error("the statement of {member} carries a line of {name} that is none of its two keys")]
    PeerLineUnknown { member: MemberId, name: String },

    /// No listed log key named as the checkpoint's `origin` signed.
    #[error("no log key named {origin:?} that the policy lists has signed")]
    PeerNoLogSignature { origin: String },
    /// `rule` has `got` of the `want` it needs.
    #[error("the quorum {rule} has {got} of the {want} signers it needs")]
    PeerQuorumMissed { rule: String, got: usize, want: usize },
    /// Policy line `line`, from 1, is refused because of `source`.
    #[error("policy line {line} is refused: {source}")]
    PeerPolicyLine { line: usize, source: Box<Error> },
    /// A policy line that should read `want`.
    #[error("the line should read '{want}'")]
    PeerPolicySyntax { want: &'static str },
    /// The policy has a byte `found` at `at` that is not allowed there, or lacks its last line feed.
    #[error(
        "the policy has byte {found:#04x} at {at}; lines end in a line feed, other control characters are refused"
    )]
    PeerPolicyByte { at: usize, found: u8 },
    /// `name` cannot stand there.
    #[error("the name {name:?} {fault}")]
    PeerPolicyName { name: String, fault: NameFault },
    /// The key of `name` is already listed in that role, or its short id collides with another key's.
    #[error("the key of {name} is already listed or its id collides with another key's")]
    PeerPolicyKeyTwice { name: String },
    /// A key of type `got` for a witness.
    #[error("a witness key has type 0x04 or 0x06, not {got}")]
    PeerWitnessKeyType { got: KeyType },
    /// A threshold of `got` in a group of `members`.
    #[error("a threshold of {got} is not from 1 to the number of group members, {members}")]
    PeerThreshold { got: usize, members: usize },
    /// A policy with `got` quorum lines.
    #[error("a policy has exactly one quorum line, this one has {got}")]
    PeerQuorumLines { got: usize },
    /// A policy that is not a federation's, because `want` does not hold.
    #[error("the policy is not a federation's: {want}")]
    PeerNotFederation { want: &'static str },

    /// Line `line` of a proof file, from 1, should read `want`.
    #[error("line {line} of the proof file should read '{want}'")]
    PeerProofLine { line: usize, want: &'static str },
    /// Entry `index` cannot be in a tree of `size`.
    #[error("index {index} is not below the checkpoint's size {size}")]
    PeerIndexBeyondSize { index: u64, size: Size },

    /// Evidence against `want` with a statement of `got`.
    #[error("the evidence against {want} holds a statement of {got}")]
    PeerEvidenceMember { got: MemberId, want: MemberId },
    /// Evidence of sizes `first` and `second`: by themselves they may both be true.
    #[error("the two statements are of sizes {first} and {second}; only equal sizes convict by themselves")]
    PeerEvidenceSizes { first: Size, second: Size },
    /// Evidence that says the same thing twice.
    #[error("the two statements name the same head, so they do not contradict each other")]
    PeerEvidenceSameHead,
}
