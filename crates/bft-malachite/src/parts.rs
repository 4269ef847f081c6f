use std::error;

use auditmesh_bft::{Ledger, RecordStore, Transport};
use auditmesh_types::{Signer, Verifier};

use crate::{Entry, Error, Packet};

/// The parts that a [`Malachite`](crate::Malachite) joins, as one list of types.
pub trait Parts {
    /// The application.
    type Ledger: Ledger;
    /// This member's key.
    type Signer: Signer;
    /// Checks signatures of the sets' scheme.
    type Verifier: Verifier;
    /// Where entries are kept.
    type Store: RecordStore<Entry>;
    /// The way to the others.
    type Transport: Transport<Packet>;
    /// What stops a member.
    type Error: From<Error>
        + From<<Self::Ledger as Ledger>::Error>
        + From<<Self::Store as RecordStore<Entry>>::Error>;
}

/// The five parts in this order, for those who need no error of their own.
impl<L, S, V, R, T> Parts for (L, S, V, R, T)
where
    L: Ledger<Error: Send + Sync>,
    S: Signer,
    V: Verifier,
    R: RecordStore<Entry, Error: Send + Sync>,
    T: Transport<Packet>,
{
    type Ledger = L;
    type Signer = S;
    type Verifier = V;
    type Store = R;
    type Transport = T;
    type Error = Box<dyn error::Error + Send + Sync>;
}

/// The parts of one member.
#[allow(missing_debug_implementations, reason = "the parts need not be printable, and one is a key")]
pub struct Member<P: Parts> {
    /// The application.
    pub ledger: P::Ledger,
    /// This member's key.
    pub signer: P::Signer,
    /// Checks signatures.
    pub verifier: P::Verifier,
    /// Keeps the entries.
    pub store: P::Store,
    /// The way to the others.
    pub transport: P::Transport,
}
