use alloc::{sync::Arc, vec::Vec};

use super::{
    Wire,
    reader::{Reader, write_length},
    vote::{ascending, voters},
};
use crate::{Candidate, Error, Justification, Prepared, Proposal, Signed, Value, ViewChange};

impl Wire for Value {
    fn write(&self, out: &mut Vec<u8>) {
        write_length::<4>(self.bytes().len(), out);
        out.extend_from_slice(self.bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let length = input.length::<4>("value", Self::MAX_BYTES)?;
        Self::new(input.take(length)?)
    }
}

impl Wire for Arc<Justification> {
    fn write(&self, out: &mut Vec<u8>) {
        self.view.write(out);
        write_length::<2>(self.asks.len(), out);
        self.asks.iter().for_each(|ask| ask.write(out));
        self.highest.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let view = Wire::read(input)?;
        let count = voters(input)?;
        let asks: Vec<Signed> = input.list(count, 22)?;
        ascending(asks.iter().map(|ask| ask.by))?;
        Ok(Self::new(Justification { view, asks, highest: Wire::read(input)? }))
    }
}

impl Wire for Arc<Candidate> {
    fn write(&self, out: &mut Vec<u8>) {
        self.value.write(out);
        write_length::<1>(self.lineage.len(), out);
        self.lineage.iter().for_each(|justification| justification.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let value = Wire::read(input)?;
        let count = input.length::<1>("lineage", Justification::MAX_LINEAGE)?;
        Ok(Self::new(Candidate { value, lineage: input.list(count, 11)? }))
    }
}

impl Wire for Prepared {
    fn write(&self, out: &mut Vec<u8>) {
        self.certificate.write(out);
        self.candidate.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { certificate: Wire::read(input)?, candidate: Wire::read(input)? })
    }
}

impl Wire for Proposal {
    fn write(&self, out: &mut Vec<u8>) {
        self.prepare.write(out);
        self.candidate.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { prepare: Wire::read(input)?, candidate: Wire::read(input)? })
    }
}

impl Wire for ViewChange {
    fn write(&self, out: &mut Vec<u8>) {
        self.ask.write(out);
        self.prepared.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { ask: Wire::read(input)?, prepared: Wire::read(input)? })
    }
}
