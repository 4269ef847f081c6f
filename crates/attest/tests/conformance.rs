//! The suites of the roles that signers, attestors and the membership play.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_attest::{Ed25519, Ed25519Signer, Member, MemberAttestor, Membership, MlDsa44, MlDsa44Signer};
use auditmesh_types::{MemberId, Origin, Signer};

fn keys(member: &MemberId) -> (Ed25519Signer, MlDsa44Signer) {
    let seed = |role: u8| core::array::from_fn(|i| *member.as_str().as_bytes().get(i).unwrap_or(&role));
    (Ed25519Signer::from_seed(seed(1)), MlDsa44Signer::from_seed(seed(2)))
}

fn origin() -> Origin {
    Origin::new("conformance.example/log").unwrap()
}

fn attestor(member: &MemberId) -> MemberAttestor<Ed25519Signer, MlDsa44Signer> {
    let (operator, cosigner) = keys(member);
    MemberAttestor::new(member.clone(), origin(), operator, cosigner).unwrap()
}

fn membership(members: &[MemberId], quorum: usize) -> Membership {
    let enrol = |member: &MemberId| {
        let (operator, cosigner) = keys(member);
        Member::new(member.clone(), &origin(), operator.public_key(), cosigner.public_key()).unwrap()
    };
    Membership::new(origin(), members.iter().map(enrol).collect(), quorum).unwrap()
}

fn members() -> Vec<MemberId> {
    ["APAC-1", "EU-1", "EU-2", "US-1"].map(|name| MemberId::new(name).unwrap()).to_vec()
}

#[test]
fn ed25519_keeps_the_contract_of_a_signer() {
    auditmesh_conformance::signer(
        &Ed25519Signer::from_seed([1; 32]),
        &Ed25519Signer::from_seed([2; 32]),
        &Ed25519,
    );
}

#[test]
fn ml_dsa_44_keeps_the_contract_of_a_signer() {
    auditmesh_conformance::signer(
        &MlDsa44Signer::from_seed([1; 32]),
        &MlDsa44Signer::from_seed([2; 32]),
        &MlDsa44,
    );
}

#[test]
fn members_keep_the_contract_of_an_attestor() {
    let members = members();
    auditmesh_conformance::attestor(&members, attestor, &membership(&members, 3));
}

#[test]
fn the_membership_keeps_the_contract_of_an_authority() {
    let members = members();
    auditmesh_conformance::authority(&members, attestor, &membership(&members, 3));
}

#[test]
fn the_membership_keeps_the_contract_of_a_certifier() {
    let members = members();
    let membership = membership(&members, 3);
    auditmesh_conformance::certifier(&members, 3, attestor, &membership, &membership, &membership);
}
