//! Values of every shape, sound or not, come back as they were.

use std::{collections::BTreeMap, sync::Arc};

use auditmesh_bft::{
    Candidate, Certificate, Decided, Evidence, Height, Justification, Message, Packet, Phase, Prepared,
    Proposal, Record, Says, Signature, Signed, Statement, ValidatorIndex, Value, ValueId, View, ViewChange,
};
use auditmesh_types::Digest;
use proptest::{collection::vec, option, prelude::*};

use crate::Encoded;

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..4u64, any::<u64>(), Just(u64::MAX)]
}

fn id() -> impl Strategy<Value = ValueId> {
    prop_oneof![(0..3u8).prop_map(|byte| [byte; 32]), any::<[u8; 32]>()].prop_map(|id| ValueId(Digest(id)))
}

fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![Just(Phase::Prepare), Just(Phase::Commit)]
}

fn view() -> impl Strategy<Value = View> {
    number().prop_map(View)
}

fn statement() -> impl Strategy<Value = Statement> {
    let says = prop_oneof![
        (phase(), id()).prop_map(|(phase, id)| Says::Vote(phase, id)),
        option::of((view(), id())).prop_map(|prepared| Says::ViewChange { prepared }),
    ];
    (number(), view(), says).prop_map(|(height, view, says)| Statement { height: Height(height), view, says })
}

fn signature() -> impl Strategy<Value = Signature> {
    vec(any::<u8>(), 0..70).prop_map(|bytes| Signature(Arc::from(bytes)))
}

fn signed() -> BoxedStrategy<Signed> {
    (any::<u16>(), statement(), signature())
        .prop_map(|(by, statement, signature)| Signed { by: ValidatorIndex(by), statement, signature })
        .boxed()
}

fn voters<T: std::fmt::Debug>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<(ValidatorIndex, T)>> {
    let by = any::<u16>().prop_map(ValidatorIndex);
    vec((by, of), 0..5).prop_map(|list| list.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect())
}

fn certificate() -> BoxedStrategy<Certificate> {
    (number(), view(), phase(), id(), voters(signature()))
        .prop_map(|(height, view, phase, value, signatures)| Certificate {
            height: Height(height),
            view,
            phase,
            value,
            signatures,
        })
        .boxed()
}

fn justification() -> BoxedStrategy<Arc<Justification>> {
    let asks = voters(signed())
        .prop_map(|asks| asks.into_iter().map(|(by, signed)| Signed { by, ..signed }).collect::<Vec<_>>());
    (view(), asks, option::of(certificate()))
        .prop_map(|(view, asks, highest)| Arc::new(Justification { view, asks, highest }))
        .boxed()
}

fn candidate() -> BoxedStrategy<Arc<Candidate>> {
    (vec(any::<u8>(), 0..40), vec(justification(), 0..4))
        .prop_map(|(value, lineage)| Arc::new(Candidate { value: Value::new(value).unwrap(), lineage }))
        .boxed()
}

fn message() -> BoxedStrategy<Message> {
    let prepared = (certificate(), candidate());
    let prepared = prepared.prop_map(|(certificate, candidate)| Prepared { certificate, candidate });
    prop_oneof![
        (candidate(), signed())
            .prop_map(|(candidate, prepare)| Message::Proposal(Proposal { candidate, prepare })),
        signed().prop_map(Message::Vote),
        (signed(), option::of(prepared))
            .prop_map(|(ask, prepared)| Message::ViewChange(ViewChange { ask, prepared })),
        certificate().prop_map(Message::Certificate),
    ]
    .boxed()
}

fn decided() -> impl Strategy<Value = Decided> {
    (certificate(), candidate()).prop_map(|(certificate, candidate)| Decided { certificate, candidate })
}

fn record() -> impl Strategy<Value = Record> {
    prop_oneof![
        number().prop_map(|height| Record::Height(Height(height))),
        (statement(), option::of(candidate()), option::of(certificate())).prop_map(
            |(statement, candidate, certificate)| Record::Said { statement, candidate, certificate }
        ),
    ]
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let small = (0..2u64, 0..3u64, 0..4u8, 0..2u8);
    let said = |(height, view, kind, id): (u64, u64, u8, u8)| {
        let id = ValueId(Digest([id; 32]));
        let says = match kind {
            0 => Says::Vote(Phase::Prepare, id),
            1 => Says::Vote(Phase::Commit, id),
            2 => Says::ViewChange { prepared: None },
            _ => Says::ViewChange { prepared: Some((View(0), id)) },
        };
        Statement { height: Height(height), view: View(view), says }
    };
    let one = (small.prop_map(said), signature());
    (any::<u16>(), vec(one, 2)).prop_filter_map("no offence", |(by, two)| {
        let signed = |(statement, signature): &(Statement, Signature)| Signed {
            by: ValidatorIndex(by),
            statement: *statement,
            signature: signature.clone(),
        };
        Evidence::of(&signed(&two[0]), &signed(&two[1]))
    })
}

fn comes_back<T: Encoded>(value: &T) -> Result<(), TestCaseError> {
    let bytes = value.bytes();
    let back = T::of(&bytes);
    prop_assert_eq!(back.as_ref(), Ok(value));
    prop_assert_eq!(value.bytes(), bytes);
    Ok(())
}

proptest! {
    #[test]
    fn messages_come_back(message in message()) {
        comes_back(&message)?;
        comes_back(&Packet::Message(message))?;
    }

    #[test]
    fn decisions_come_back(decided in decided()) {
        comes_back(&decided)?;
        comes_back(&Packet::Decided(decided))?;
    }

    #[test]
    fn records_come_back(record in record()) {
        comes_back(&record)?;
    }

    #[test]
    fn evidence_comes_back(evidence in evidence()) {
        comes_back(&evidence)?;
    }

    #[test]
    fn different_messages_have_different_bytes(a in message(), b in message()) {
        prop_assert_eq!(a == b, a.encode() == b.encode());
    }

    /// Noise behind a right beginning: refused, or it is the encoding of what was read.
    #[test]
    fn noise_is_refused_or_canonical(kind in 1..5u8, noise in vec(prop_oneof![0..3u8, any::<u8>()], 0..200)) {
        let bytes = [b"auditmesh/bft-message\0\x01".as_slice(), &[kind], &noise].concat();
        if let Ok(message) = Message::decode(&bytes) {
            prop_assert_eq!(message.encode(), bytes);
        }
    }
}
