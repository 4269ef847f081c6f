use std::sync::OnceLock;

use auditmesh_attest::{
    Ed25519Signer, KeyType, LogKey, NoteLine, PolicyBuilder, ProofFile, SignedCheckpoint, Threshold,
    TrustPolicy, VerifierKey, cosign,
};
use auditmesh_event::{Disclosure, Event};
use auditmesh_merkle::Tree;
use auditmesh_types::{EventId, Index, Kind, MemberId, Millis, Origin, Signer, TreeHead, Zone};

use crate::federation::AT;

/// A log whose entries can be shown: six events and one entry that is none of ours; signed by its key at two sizes, by two of three
/// witnesses at the larger one.
pub(crate) struct ShownLog {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) events: Vec<Disclosure>,
    pub(crate) tree: Tree,
    /// All that its key ever signs.
    pub(crate) checkpoints: [SignedCheckpoint; 2],
    /// The log's key, and two of three witnesses.
    pub(crate) policy: TrustPolicy,
    /// The log's key alone.
    pub(crate) key: LogKey,
}

const EVENTS: u64 = 6;

impl ShownLog {
    pub(crate) fn proof(&self, extra: Option<&[u8]>, index: u64, signed: &SignedCheckpoint) -> ProofFile {
        let path =
            self.tree.inclusion(Index(index), signed.checkpoint().head.size).expect("within the tree").path;
        ProofFile::new(extra.map(<[u8]>::to_vec), Index(index), path, signed.clone())
            .expect("within the limits")
    }
}

pub(crate) fn shown_log() -> &'static ShownLog {
    static LOG: OnceLock<ShownLog> = OnceLock::new();
    LOG.get_or_init(make)
}

fn make() -> ShownLog {
    let events: Vec<Event> = (0..EVENTS).map(event).collect();
    let mut entries: Vec<Vec<u8>> =
        events.iter().map(|event| event.record().expect("a small event").entry).collect();
    entries.push(b"an entry of another kind".to_vec());
    let mut tree = Tree::new();
    tree.append_batch(&entries.iter().map(Vec::as_slice).collect::<Vec<_>>()).expect("short entries");
    let origin = Origin::new("shown.example/log").expect("a valid origin");
    let signer = Ed25519Signer::from_seed([93; 32]);
    let key = VerifierKey::new(origin.as_str(), KeyType::Ed25519, signer.public_key()).expect("a good key");
    let signed = |size: u64, witnesses: &[u8]| {
        let size = auditmesh_types::Size(size);
        let head = TreeHead { size, root: tree.root_at(size).expect("within the tree") };
        let checkpoint = auditmesh_attest::Checkpoint { origin: origin.clone(), head };
        let signature = signer.sign(checkpoint.to_string().as_bytes()).expect("a key in memory signs");
        let mut lines = vec![NoteLine::new(key.name(), key.key_id(), signature).expect("a good name")];
        for seed in witnesses {
            let (name, signer, _) = witness(*seed);
            lines.push(cosign(&name, &signer, &checkpoint, AT).expect("a key in memory signs"));
        }
        SignedCheckpoint::new(checkpoint, lines).expect("a few lines")
    };
    let checkpoints = [signed(5, &[]), signed(EVENTS + 1, &[94, 95])];
    let events = events.iter().map(Disclosure::of).collect();
    ShownLog { entries, events, tree, checkpoints, policy: policy(&key), key: key.into() }
}

fn policy(key: &VerifierKey) -> TrustPolicy {
    let mut builder = PolicyBuilder::new();
    let mut build = || {
        builder.log(key.clone(), None)?;
        for seed in [94, 95, 96] {
            builder.witness(&format!("w{seed}"), witness(seed).2, None)?;
        }
        builder.group("most", Threshold::AtLeast(2), &["w94", "w95", "w96"])?;
        builder.quorum("most")
    };
    build().expect("names are defined before they are used");
    builder.build().expect("it has a quorum")
}

fn witness(seed: u8) -> (MemberId, Ed25519Signer, VerifierKey) {
    let name = MemberId::new(format!("witness.example/{seed}")).expect("a valid name");
    let signer = Ed25519Signer::from_seed([seed; 32]);
    let key = VerifierKey::new(name.as_str(), KeyType::Ed25519Cosignature, signer.public_key());
    (name, signer, key.expect("a good key"))
}

fn event(number: u64) -> Event {
    Event {
        id: EventId::new(format!("e-{number}")).expect("a valid id"),
        zone: Zone::new("EU").expect("a valid zone"),
        node: MemberId::new("EU-1").expect("a valid name"),
        sequence: number,
        time: Millis(AT.0 + number),
        kind: Kind::new("iam.CreateUser").expect("a valid kind"),
        salt: [number.to_be_bytes()[7]; 32],
        payload: number.to_string().into_bytes(),
    }
}
