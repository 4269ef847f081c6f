use alloc::{sync::Arc, vec::Vec};

use auditmesh_types::Digest;

use super::{
    Wire,
    reader::{Reader, write_length},
};
use crate::{
    Certificate, Error, Height, Phase, Says, Signature, Signed, Statement, ValidatorIndex, ValidatorSet,
    ValueId, View,
};

impl Wire for Height {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_be_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        input.u64().map(Self)
    }
}

impl Wire for View {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_be_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        input.u64().map(Self)
    }
}

impl Wire for ValueId {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        input.array().map(|bytes| Self(Digest(bytes)))
    }
}

impl Wire for ValidatorIndex {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_be_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        input.u16().map(Self)
    }
}

impl Wire for Signature {
    fn write(&self, out: &mut Vec<u8>) {
        write_length::<2>(self.0.len(), out);
        out.extend_from_slice(&self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let length = input.length::<2>("signature", Self::MAX_BYTES)?;
        input.take(length).map(|bytes| Self(Arc::from(bytes)))
    }
}

/// View and value of what a request names as prepared; who voted, and the signature.
impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        Ok((A::read(input)?, B::read(input)?))
    }
}

const PREPARE: u8 = 1;
const COMMIT: u8 = 2;
const VIEW_CHANGE: u8 = 3;

const fn phase_tag(phase: Phase) -> u8 {
    match phase {
        Phase::Prepare => PREPARE,
        Phase::Commit => COMMIT,
    }
}

impl Wire for Statement {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(match self.says {
            Says::Vote(phase, _) => phase_tag(phase),
            Says::ViewChange { .. } => VIEW_CHANGE,
        });
        (self.height, self.view).write(out);
        match self.says {
            Says::Vote(_, value) => value.write(out),
            Says::ViewChange { prepared } => prepared.write(out),
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let (tag, at) = input.tag()?;
        let phase = match tag {
            PREPARE => Some(Phase::Prepare),
            COMMIT => Some(Phase::Commit),
            VIEW_CHANGE => None,
            got => return Err(Error::PeerTag { what: "statement", at, got }),
        };
        let (height, view) = Wire::read(input)?;
        let says = match phase {
            Some(phase) => Says::Vote(phase, Wire::read(input)?),
            None => Says::ViewChange { prepared: Wire::read(input)? },
        };
        Ok(Self { height, view, says })
    }
}

impl Wire for Signed {
    fn write(&self, out: &mut Vec<u8>) {
        self.by.write(out);
        self.statement.write(out);
        self.signature.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { by: Wire::read(input)?, statement: Wire::read(input)?, signature: Wire::read(input)? })
    }
}

impl Wire for Certificate {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(phase_tag(self.phase));
        (self.height, self.view).write(out);
        self.value.write(out);
        write_length::<2>(self.signatures.len(), out);
        self.signatures.iter().for_each(|vote| vote.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let (tag, at) = input.tag()?;
        let phase = match tag {
            PREPARE => Phase::Prepare,
            COMMIT => Phase::Commit,
            got => return Err(Error::PeerTag { what: "phase", at, got }),
        };
        let (height, view) = Wire::read(input)?;
        let value = Wire::read(input)?;
        let count = voters(input)?;
        let signatures: Vec<(ValidatorIndex, Signature)> = input.list(count, 4)?;
        ascending(signatures.iter().map(|(by, _)| *by))?;
        Ok(Self { height, view, phase, value, signatures })
    }
}

/// How many voters follow.
pub(super) fn voters(input: &mut Reader<'_>) -> Result<usize, Error> {
    input.length::<2>("list of voters", ValidatorSet::MAX_VALIDATORS)
}

/// That voters stand in strictly ascending order, so that there is one encoding of them.
pub(super) fn ascending(voters: impl Iterator<Item = ValidatorIndex>) -> Result<(), Error> {
    let mut last = None;
    for voter in voters {
        if last.is_some_and(|last| last >= voter) {
            return Err(Error::PeerVoterOrder { voter });
        }
        last = Some(voter);
    }
    Ok(())
}
