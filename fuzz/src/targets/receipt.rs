use std::{cell::RefCell, convert::Infallible, sync::OnceLock};

use auditmesh_attest::{Ed25519, Ed25519Signer};
use auditmesh_attest_cose::{Error, MAX_BYTES, Proof, Receipt, consistency_receipt, inclusion_receipt};
use auditmesh_merkle::{ConsistencyProof, InclusionProof, MAX_PATH, Sha256, empty_root};
use auditmesh_types::{Digest, Hasher, Index, Scheme, Signer, Size, TreeHead, Verifier};

use super::merkle::{climbed, rebuilt};
use crate::seeds::small_tree;

/// `attest_cose::Receipt`: limits and preferred serialisation; a signature is asked for over the root that the steps of RFC 9162
/// lead to and over nothing else; what is issued for the same proof reads as the same proof.
pub(super) fn receipt(bytes: &[u8]) -> bool {
    let Ok(receipt) = Receipt::decode(bytes) else { return false };
    assert!(bytes.len() <= MAX_BYTES);
    assert_eq!(item(bytes), Some([].as_slice()), "no preferred serialisation, or a label twice");
    assert_eq!(bytes[..2], [0xd2, 0x84]);
    let protected = &bytes[2..bytes.len() - item(&bytes[2..]).expect("it is an item").len()];
    let length = if receipt.scheme() == Scheme::Ed25519 { 64 } else { 2420 };
    let echo = Echo { scheme: receipt.scheme(), signature: &bytes[bytes.len() - length..] };
    match receipt.proof() {
        Proof::Inclusion(proof) => inclusion(&receipt, proof, protected, &echo),
        Proof::Consistency(proof) => consistency(&receipt, proof, protected, &echo),
        other => panic!("a kind of proof without a property: {other:?}"),
    }
    genuine(&receipt);
    true
}

fn inclusion(receipt: &Receipt, proof: &InclusionProof, protected: &[u8], echo: &Echo<'_>) {
    assert!(proof.path.len() <= MAX_PATH);
    let (asked, leaf) = (Asked::new(receipt.scheme()), Sha256.leaf(b"entry"));
    let verdict = receipt.verify_inclusion(&asked, &[], &leaf);
    match climbed(leaf, proof.index.0, proof.size.0, &proof.path) {
        Some(root) => {
            assert_eq!(verdict, Ok(root));
            asked.only(protected, &root);
            let again = inclusion_receipt(echo, proof, &root).expect("an index below the size");
            assert_eq!(
                Receipt::decode(&again).map(|again| again.proof().clone()).as_ref(),
                Ok(receipt.proof())
            );
        }
        None => {
            assert!(matches!(verdict, Err(Error::PeerProof { .. })), "{verdict:?}");
            assert!(asked.messages.borrow().is_empty());
        }
    }
}

fn consistency(receipt: &Receipt, proof: &ConsistencyProof, protected: &[u8], echo: &Echo<'_>) {
    assert!(proof.path.len() <= MAX_PATH);
    let (old, any) = (TreeHead { size: proof.old, root: Sha256.leaf(b"old") }, Sha256.leaf(b"new"));
    let roots = match (proof.old, proof.new) {
        (old, new) if old > new => None,
        (_, Size(0)) => proof.path.is_empty().then(|| (empty_root(), empty_root())),
        (Size(0), _) => proof.path.is_empty().then(|| (empty_root(), any)),
        (same, new) if same == new => proof.path.is_empty().then_some((any, any)),
        (_, new) => rebuilt(&old, new.0, &proof.path),
    };
    let asked = Asked::new(receipt.scheme());
    let verify = |(old, new): (Digest, Digest)| receipt.verify_consistency(&asked, &[], &old, &new);
    let Some((old, new)) = roots else {
        let verdict = verify((any, any));
        assert!(matches!(verdict, Err(Error::PeerProof { .. })), "{verdict:?}");
        return assert!(asked.messages.borrow().is_empty());
    };
    assert_eq!(verify((old, new)), Ok(()));
    asked.only(protected, &new);
    let mut other = old;
    other.0[0] ^= 1;
    assert!(matches!(verify((other, new)), Err(Error::PeerProof { .. })), "another old root is accepted");
    let again = consistency_receipt(echo, proof, &new).expect("sizes that do not descend");
    assert_eq!(Receipt::decode(&again).map(|again| again.proof().clone()).as_ref(), Ok(receipt.proof()));
}

/// The key of the seeds has signed the root of [`small_tree`] and no other.
fn genuine(receipt: &Receipt) {
    static SIGNED: OnceLock<(Ed25519Signer, Digest, Digest)> = OnceLock::new();
    let (signer, root, leaf) = SIGNED.get_or_init(|| {
        let leaf = small_tree().leaf(Index(6)).expect("within the tree");
        (Ed25519Signer::from_seed([1; 32]), small_tree().root(), leaf)
    });
    if receipt.scheme() != Scheme::Ed25519 {
        return;
    }
    let mut other = *root;
    other.0[31] ^= 0x80;
    let key = signer.public_key();
    assert!(receipt.verify_signature(&Ed25519, key, &other).is_err(), "nobody signed that root");
    if let Ok(got) = receipt.verify_inclusion(&Ed25519, key, leaf) {
        assert_eq!(got, *root, "nobody signed that root");
    }
}

/// One item in preferred serialisation whose maps have no label twice; what follows it.
fn item(bytes: &[u8]) -> Option<&[u8]> {
    let (first, rest) = bytes.split_first()?;
    let (major, short) = (first >> 5, first & 0x1f);
    let (value, mut rest) = match short {
        0..24 => (u64::from(short), rest),
        24..28 => {
            let (head, rest) = rest.split_at_checked(1 << (short - 24))?;
            let value = head.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
            let least = [24, 1 << 8, 1 << 16, 1 << 32][usize::from(short) - 24];
            if major < 7 && value < least {
                return None;
            }
            (value, rest)
        }
        _ => return None,
    };
    match major {
        2 | 3 => rest = rest.get(usize::try_from(value).ok()?..)?,
        4 => {
            for _ in 0..value {
                rest = item(rest)?;
            }
        }
        5 => {
            let mut labels = Vec::new();
            for _ in 0..value {
                let behind = item(rest)?;
                labels.push(&rest[..rest.len() - behind.len()]);
                rest = item(behind)?;
            }
            let all = labels.len();
            labels.sort_unstable();
            labels.dedup();
            if labels.len() < all {
                return None;
            }
        }
        6 => rest = item(rest)?,
        _ => {}
    }
    Some(rest)
}

/// Accepts every signature and keeps what it was to be over.
struct Asked {
    scheme: Scheme,
    messages: RefCell<Vec<Vec<u8>>>,
}

impl Asked {
    const fn new(scheme: Scheme) -> Self {
        Self { scheme, messages: RefCell::new(Vec::new()) }
    }

    /// One message: the `Sig_structure` of RFC 9052 §4.4 over the root.
    fn only(&self, protected: &[u8], root: &Digest) {
        let want = [b"\x84\x6aSignature1", protected, b"\x40\x58\x20", root.as_ref()].concat();
        assert_eq!(*self.messages.borrow(), [want]);
    }
}

impl Verifier for Asked {
    type Error = Infallible;

    fn scheme(&self) -> Scheme {
        self.scheme
    }

    fn check_key(&self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn verify(&self, _: &[u8], message: &[u8], _: &[u8]) -> Result<(), Infallible> {
        self.messages.borrow_mut().push(message.to_vec());
        Ok(())
    }
}

/// Gives the same signature to everything.
struct Echo<'a> {
    scheme: Scheme,
    signature: &'a [u8],
}

impl Signer for Echo<'_> {
    type Error = Infallible;

    fn scheme(&self) -> Scheme {
        self.scheme
    }

    fn public_key(&self) -> &[u8] {
        &[]
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Infallible> {
        Ok(self.signature.to_vec())
    }
}
