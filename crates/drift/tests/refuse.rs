//! Refusals, each with its reason.
mod support;

use auditmesh_drift::{Error, TreeDetector};
use auditmesh_types::{Detector, Size, TreeHead};
use support::{TestTree, changed, leaves, member, name};

#[test]
fn no_member_and_a_member_twice() {
    let detector = TreeDetector::new();
    assert_eq!(detector.detect(Size(0), &[]), Err(Error::MisuseNoMembers));
    let (a, b, tree) = (name("A"), name("B"), TestTree::new(&leaves(3)));
    let members = [member(&b, &tree), member(&a, &tree), member(&b, &tree)];
    assert_eq!(detector.detect(Size(0), &members), Err(Error::MisuseDuplicateMember { member: b.clone() }));
}

#[test]
fn a_head_of_another_size_even_of_a_member_nobody_is_compared_with() {
    let (a, b, tree) = (name("A"), name("B"), TestTree::new(&leaves(3)));
    let head = TreeHead { size: Size(4), ..tree.head() };
    assert_eq!(
        TreeDetector::new().detect(Size(0), &[member(&a, &tree), (&b, head, &tree)]),
        Err(Error::PeerSizeContradictsHead { member: b.clone(), head: Size(4), tree: Size(3) })
    );
    assert_eq!(
        TreeDetector::new().detect(Size(0), &[(&b, head, &tree)]),
        Err(Error::PeerSizeContradictsHead { member: b, head: Size(4), tree: Size(3) })
    );
}

#[test]
fn a_head_with_another_root_at_every_size() {
    let (a, b, other) = (name("A"), name("B"), TestTree::new(&leaves(40)));
    for size in 0..40 {
        let tree = TestTree::new(&leaves(size));
        let right = tree.head();
        assert!(TreeDetector::new().detect(Size(0), &[member(&a, &tree)]).is_ok(), "{size} leaves");
        for byte in 0..32 {
            let mut head = right;
            head.root.0[byte] ^= 1;
            assert_eq!(
                TreeDetector::new().detect(Size(0), &[member(&b, &other), (&a, head, &tree)]),
                Err(Error::PeerRootContradictsHead { member: a.clone(), head, tree: right.root })
            );
        }
    }
}

#[test]
fn the_head_of_the_majority_over_other_leaves() {
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let right = leaves(12);
    let (tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
    let members = [member(&a, &tree), (&b, tree.head(), &other), member(&c, &tree)];
    let contradicts =
        Error::PeerRootContradictsHead { member: b.clone(), head: tree.head(), tree: other.head().root };
    assert_eq!(TreeDetector::new().detect(Size(0), &members), Err(contradicts));
}

#[test]
fn a_missing_node_names_the_member() {
    let right = leaves(11);
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let (tree, mut other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
    other.hidden = Some((1, 2));
    let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
    let missing =
        |member, level, index, size| Error::PeerNodeMissing { member, level, index, size: Size(size) };
    assert_eq!(TreeDetector::new().detect(Size(0), &members), Err(missing(c.clone(), 1, 2, 11)));

    let (mut tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
    tree.hidden = Some((0, 10));
    let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
    assert_eq!(TreeDetector::new().detect(Size(0), &members), Err(missing(a.clone(), 0, 10, 11)));

    tree.hidden = Some((0, 4));
    let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
    assert_eq!(TreeDetector::new().detect(Size(0), &members), Err(missing(a.clone(), 0, 4, 11)));

    let mut power = TestTree::new(&leaves(8));
    power.hidden = Some((3, 0));
    assert_eq!(TreeDetector::new().detect(Size(0), &[member(&a, &power)]), Err(missing(a, 3, 0, 8)));
}

#[test]
fn a_subtree_that_differs_while_its_children_do_not() {
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let right = leaves(9);
    let (tree, mut other) = (TestTree::new(&right), TestTree::new(&changed(&right, [0])));
    other.forge(2, 1);
    let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
    assert_eq!(
        TreeDetector::new().detect(Size(0), &members),
        Err(Error::PeerSubtreeContradicts { member: c, against: a, level: 2, index: 1 })
    );
}

#[test]
fn a_difference_before_the_leaves_compared() {
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let right = leaves(9);
    let (tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [3])));
    let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
    let differs =
        |since| Error::PeerHistoryDiffers { member: c.clone(), against: a.clone(), since: Size(since) };
    assert_eq!(TreeDetector::new().detect(Size(4), &members), Err(differs(4)));
    assert_eq!(TreeDetector::new().detect(Size(9), &members), Err(differs(9)));
    assert_eq!(TreeDetector::new().detect(Size(u64::MAX), &members), Err(differs(u64::MAX)));
    assert!(TreeDetector::new().detect(Size(3), &members).is_ok());

    // Nothing to compare, and yet of different length: the logs differ before `since` all the same.
    let short = TestTree::new(&right[..7]);
    let members = [member(&a, &tree), member(&b, &tree), member(&c, &short)];
    assert_eq!(TreeDetector::new().detect(Size(12), &members), Err(differs(12)));
}

#[test]
fn messages_say_what_and_where() {
    let error = Error::PeerHistoryDiffers { member: name("C"), against: name("A"), since: Size(4) };
    assert!(
        error
            .to_string()
            .starts_with("the logs of C and A differ before leaf 4, in what was committed already")
    );
}
