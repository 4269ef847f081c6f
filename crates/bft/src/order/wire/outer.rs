use alloc::vec::Vec;

use super::{Wire, reader::Reader};
use crate::{Decided, Error, Evidence, Message, Packet, Record, Signed};

impl Wire for Message {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Proposal(proposal) => {
                out.push(1);
                proposal.write(out);
            }
            Self::Vote(vote) => {
                out.push(2);
                vote.write(out);
            }
            Self::ViewChange(change) => {
                out.push(3);
                change.write(out);
            }
            Self::Certificate(certificate) => {
                out.push(4);
                certificate.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        match input.tag()? {
            (1, _) => Wire::read(input).map(Self::Proposal),
            (2, _) => Wire::read(input).map(Self::Vote),
            (3, _) => Wire::read(input).map(Self::ViewChange),
            (4, _) => Wire::read(input).map(Self::Certificate),
            (got, at) => Err(Error::PeerTag { what: "message", at, got }),
        }
    }
}

impl Wire for Decided {
    fn write(&self, out: &mut Vec<u8>) {
        self.certificate.write(out);
        self.candidate.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self { certificate: Wire::read(input)?, candidate: Wire::read(input)? })
    }
}

impl Wire for Record {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Height(height) => {
                out.push(1);
                height.write(out);
            }
            Self::Said { statement, candidate, certificate } => {
                out.push(2);
                statement.write(out);
                candidate.write(out);
                certificate.write(out);
            }
            Self::Silent(height) => {
                out.push(3);
                height.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        match input.tag()? {
            (1, _) => Wire::read(input).map(Self::Height),
            (3, _) => Wire::read(input).map(Self::Silent),
            (2, _) => {
                let (statement, candidate) = Wire::read(input)?;
                Ok(Self::Said { statement, candidate, certificate: Wire::read(input)? })
            }
            (got, at) => Err(Error::PeerTag { what: "record", at, got }),
        }
    }
}

impl Wire for Evidence {
    fn write(&self, out: &mut Vec<u8>) {
        self.statements().into_iter().for_each(|signed| signed.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        let (first, second): (Signed, Signed) = Wire::read(input)?;
        if first.statement > second.statement {
            return Err(Error::PeerEvidenceOrder { by: first.by });
        }
        Self::of(&first, &second).ok_or(Error::PeerNoOffence { first: first.by, second: second.by })
    }
}

impl Wire for Packet {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Message(message) => {
                out.push(1);
                message.write(out);
            }
            Self::Request(height) => {
                out.push(2);
                height.write(out);
            }
            Self::Decided(decided) => {
                out.push(3);
                decided.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        match input.tag()? {
            (1, _) => Wire::read(input).map(Self::Message),
            (2, _) => Wire::read(input).map(Self::Request),
            (3, _) => Wire::read(input).map(Self::Decided),
            (got, at) => Err(Error::PeerTag { what: "packet", at, got }),
        }
    }
}
