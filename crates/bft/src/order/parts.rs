use alloc::boxed::Box;
use core::error;

use auditmesh_types::{MemberId, Signer, Verifier};

use super::{Ledger, Packet, RecordStore};
use crate::Error;

/// Sends to other members. Losing, repeating and reordering is expected; nothing is answered. `T` is what travels.
pub trait Transport<T = Packet> {
    /// Sends `packet` to the member `to`, or gives up.
    fn send(&mut self, to: &MemberId, packet: &T);
}

/// The parts that a [`Driver`](crate::Driver) joins, as one list of types.
pub trait Parts {
    /// The application.
    type Ledger: Ledger;
    /// This member's key.
    type Signer: Signer;
    /// Checks signatures of the sets' scheme.
    type Verifier: Verifier;
    /// Where records are kept.
    type Store: RecordStore;
    /// The way to the others.
    type Transport: Transport;
    /// What stops a member: a failure of the ledger or the store, or records that do not belong to it.
    type Error: From<Error>
        + From<<Self::Ledger as Ledger>::Error>
        + From<<Self::Store as RecordStore>::Error>;
}

/// The five parts in this order, for those who need no error of their own.
impl<L, S, V, R, T> Parts for (L, S, V, R, T)
where
    L: Ledger<Error: Send + Sync>,
    S: Signer,
    V: Verifier,
    R: RecordStore<Error: Send + Sync>,
    T: Transport,
{
    type Ledger = L;
    type Signer = S;
    type Verifier = V;
    type Store = R;
    type Transport = T;
    type Error = Box<dyn error::Error + Send + Sync>;
}

/// The parts of one member.
///
/// The signer is trusted to sign what it is given with the key it names. That key is compared with the set's; what comes back is not
/// verified, which would cost each member two signatures a decision. A signer that signs wrongly makes its member one of the faulty: others
/// refuse what it says, and a certificate in which it counted its own vote. Agreement does not suffer, since the member keeps to what
/// it recorded. Where a key is held by a device or service that may err, give a signer that verifies before it returns, and fails
/// otherwise: then there is a [`Notice::NotSigned`](crate::Notice::NotSigned).
#[allow(missing_debug_implementations, reason = "the parts need not be printable, and one is a key")]
pub struct Member<P: Parts> {
    /// The application.
    pub ledger: P::Ledger,
    /// This member's key. Its signatures are not verified here.
    pub signer: P::Signer,
    /// Checks signatures.
    pub verifier: P::Verifier,
    /// Keeps the records.
    pub store: P::Store,
    /// The way to the others.
    pub transport: P::Transport,
}
