//! Misuse is refused, with its reason.
mod support;

use auditmesh_drift::{Error, TreeDetector};
use auditmesh_types::{Detector, Size};
use support::{TestTree, leaves, member, name};

#[test]
fn no_member() {
    assert_eq!(TreeDetector::new().detect(Size(0), &[]), Err(Error::MisuseNoMembers));
    assert_eq!(Error::MisuseNoMembers.to_string(), "no member's tree was given; give at least one");
}

#[test]
fn a_member_twice_even_with_a_tree_that_contradicts_its_head() {
    let (a, b, tree) = (name("A"), name("B"), TestTree::new(&leaves(3)));
    let twice = Error::MisuseDuplicateMember { member: b.clone() };
    let members = [member(&b, &tree), member(&a, &tree), member(&b, &tree)];
    assert_eq!(TreeDetector::new().detect(Size(0), &members), Err(twice.clone()));
    let other = TestTree::new(&leaves(4));
    let members = [member(&b, &tree), (&b, other.head(), &tree)];
    assert_eq!(TreeDetector::new().detect(Size(0), &members), Err(twice.clone()));
    assert_eq!(twice.to_string(), "the member B was given twice; give one tree for each member");
}
