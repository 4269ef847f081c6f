use core::{convert::Infallible, fmt};

use auditmesh_bft::{
    Decided, Error, Evidence, Message, Packet, Record, RecordLog, SetAuthority, Validator, ValidatorSet,
};
use auditmesh_types::{Authority, MemberId, Origin, Scheme, Verifier};

/// Believes every signature, so that everything else is looked at.
pub(super) struct Any;

impl Verifier for Any {
    type Error = Infallible;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }
}

pub(super) fn origin() -> Origin {
    Origin::new("auditmesh.example/eu-us-apac").expect("a name")
}

/// What is read is written again as it came.
fn exact<T: fmt::Debug + PartialEq>(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, Error>,
    encode: impl Fn(&T) -> Vec<u8>,
) -> Option<T> {
    let value = decode(bytes).ok()?;
    assert_eq!(encode(&value), bytes, "two encodings of one value");
    Some(value)
}

/// An authority over four validators judges `value` without a panic, whoever signed what.
fn judged<T>(value: &T)
where
    for<'a> SetAuthority<'a, Any>: Authority<T, Error = Error>,
{
    let validator =
        |n: u8| Validator { name: MemberId::new(format!("M-{n}")).expect("a name"), key: vec![n], weight: 1 };
    let set = ValidatorSet::new(Scheme::Ed25519, (0..4).map(validator).collect()).expect("a set");
    let origin = origin();
    let authority = SetAuthority::new(&origin, &set, &Any).expect("one scheme");
    if let Err(error) = authority.check(value) {
        assert!(!error.to_string().is_empty());
    }
}

/// `bft::Message`: one encoding for each.
pub(super) fn bft_message(bytes: &[u8]) -> bool {
    let message = exact(bytes, Message::decode, Message::encode);
    message.inspect(judged).is_some()
}

/// `bft::Decided`: one encoding for each, and no fork with itself.
pub(super) fn bft_decided(bytes: &[u8]) -> bool {
    let Some(decided) = exact(bytes, Decided::decode, Decided::encode) else { return false };
    judged(&decided);
    assert_eq!(Evidence::of_fork(&decided, &decided), []);
    true
}

/// `bft::Evidence`: one encoding for each, and whoever it accuses said both.
pub(super) fn bft_evidence(bytes: &[u8]) -> bool {
    let Some(evidence) = exact(bytes, Evidence::decode, Evidence::encode) else { return false };
    judged(&evidence);
    let [first, second] = evidence.statements();
    assert!(first.by == evidence.culprit() && second.by == evidence.culprit());
    assert_eq!(Evidence::of(second, first), Some(evidence.clone()));
    true
}

/// `bft::Packet`: one encoding for each.
pub(super) fn bft_packet(bytes: &[u8]) -> bool {
    exact(bytes, Packet::decode, Packet::encode).is_some()
}

/// `bft::Record`: one encoding for each.
pub(super) fn bft_record(bytes: &[u8]) -> bool {
    exact(bytes, Record::decode, Record::encode).is_some()
}

/// `bft::RecordLog`: the good bytes are those that writing the records gives, and reading on from them finds nothing else.
pub(super) fn bft_record_log(bytes: &[u8]) -> bool {
    let (origin, name) = (origin(), MemberId::new("EU-1").expect("a name"));
    let Ok(found) = RecordLog::recover(&origin, &name, bytes) else { return false };
    let Some(log) = found.log else {
        assert!(found.records.is_empty() && found.good_bytes == 0);
        return false;
    };
    let at = b"auditmesh/bft-records\0".len() + 3 + origin.as_str().len() + name.as_str().len();
    let salt: [u8; 16] = bytes[at..at + 16].try_into().expect("16 bytes");
    let (mut again, mut written) = RecordLog::create(&origin, &name, salt);
    found.records.iter().for_each(|record| written.extend(again.append(record)));
    assert_eq!(written, bytes[..found.good_bytes]);
    assert_eq!(again, log);
    assert_eq!(found.torn.is_some(), found.good_bytes < bytes.len());
    true
}
