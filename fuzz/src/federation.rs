use std::sync::OnceLock;

use auditmesh_attest::{Ed25519Signer, MemberAttestor, Membership, MlDsa44Signer};
use auditmesh_types::{Attestation, Attestor, Digest, MemberId, Millis, Origin, Round, Size, TreeHead};

pub(crate) type Voice = MemberAttestor<Ed25519Signer, MlDsa44Signer>;

/// When everything was signed.
pub(crate) const AT: Millis = Millis(1_700_000_000_123);

/// The one head that the members ever sign.
pub(crate) const HEAD: TreeHead = TreeHead { size: Size(7), root: Digest([1; 32]) };

pub(crate) fn origin() -> Origin {
    Origin::new("auditmesh.example/eu-us-apac").expect("a valid origin")
}

pub(crate) fn voice(name: &str, seed: u8) -> Voice {
    let (operator, cosigner) = (Ed25519Signer::from_seed([seed; 32]), MlDsa44Signer::from_seed([seed; 32]));
    let member = MemberId::new(name).expect("a valid name");
    MemberAttestor::new(member, origin(), operator, cosigner).expect("two keys of the right schemes")
}

/// Two of these three members make a quorum. Keys are expanded once.
pub(crate) fn federation() -> &'static Membership {
    static FEDERATION: OnceLock<Membership> = OnceLock::new();
    FEDERATION.get_or_init(|| {
        let members = voices().iter().map(|voice| voice.member().clone()).collect();
        Membership::new(origin(), members, 2).expect("three members with different keys")
    })
}

pub(crate) fn voices() -> &'static [Voice; 3] {
    static VOICES: OnceLock<[Voice; 3]> = OnceLock::new();
    VOICES.get_or_init(|| [voice("EU-1", 1), voice("US-1", 2), voice("APAC-1", 3)])
}

/// What each member says of [`HEAD`]: all that their keys ever sign.
pub(crate) fn statements() -> &'static [Attestation; 3] {
    static STATEMENTS: OnceLock<[Attestation; 3]> = OnceLock::new();
    STATEMENTS.get_or_init(|| {
        voices().each_ref().map(|voice| voice.attest(Round(1), HEAD, AT).expect("keys in memory sign"))
    })
}
