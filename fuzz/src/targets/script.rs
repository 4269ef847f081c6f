//! Reads an input as what may be said to an ordering engine: few heights, views, validators and values, so that they meet.

use std::sync::Arc;

use auditmesh_bft::{
    Candidate, Certificate, Decided, Height, Justification, Message, Phase, Prepared, Proposal, Record, Says,
    Signature, Signed, Statement, ValidatorIndex, Value, View, ViewChange,
};

const VIEWS: [u64; 16] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 30, u64::MAX - 9, u64::MAX - 5, u64::MAX - 4, u64::MAX - 1, u64::MAX];

const VALUES: [&[u8]; 4] = [b"a", b"b", b"", b"c"];

/// What is left of an input. Every byte means something; an input that ends within something ends before it.
pub(super) struct Script<'a> {
    rest: &'a [u8],
    /// Where the engine is: some bytes mean this height, or a view from this one on.
    pub(super) here: (Height, View),
}

impl<'a> Script<'a> {
    pub(super) const fn new(rest: &'a [u8]) -> Self {
        Self { rest, here: (Height(1), View(0)) }
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub(super) fn height(&mut self) -> Option<Height> {
        let height = u64::from(self.byte()? % 8);
        Some(if height < 5 { Height(height) } else { self.here.0 })
    }

    pub(super) fn view(&mut self) -> Option<View> {
        let view = self.byte()?;
        let near = self.here.1.0.saturating_add(u64::from(view % 8));
        Some(View(if view < 0x80 { VIEWS[usize::from(view % 16)] } else { near }))
    }

    pub(super) fn value(&mut self) -> Option<Value> {
        Some(value(self.byte()?))
    }

    fn phase(bit: u8) -> Phase {
        if bit & 1 == 0 { Phase::Prepare } else { Phase::Commit }
    }

    /// A vote, or by its highest bits a request that names nothing or a value.
    fn says(&mut self) -> Option<Says> {
        let says = self.byte()?;
        let id = value(says >> 1).id();
        Some(match says >> 6 {
            2 => Says::ViewChange { prepared: None },
            3 => Says::ViewChange { prepared: Some((self.view()?, id)) },
            _ => Says::Vote(Self::phase(says), id),
        })
    }

    fn signed(&mut self) -> Option<Signed> {
        let (by, height, view) = (self.byte()?, self.height()?, self.view()?);
        Some(signed(by, Statement { height, view, says: self.says()? }))
    }

    fn certificate(
        &mut self,
        height: Height,
        view: View,
        phase: Phase,
        value: &Value,
    ) -> Option<Certificate> {
        let (mask, value) = (self.byte()?, value.id());
        let signatures = indices(mask).map(|by| (ValidatorIndex(by.into()), signature(by))).collect();
        Some(Certificate { height, view, phase, value, signatures })
    }

    /// A value for `view`, with the justifications by which it came there, or others.
    pub(super) fn candidate(&mut self, height: Height, view: View) -> Option<Arc<Candidate>> {
        let (value, count) = (self.value()?, self.byte()? % 8);
        let mut due = view;
        let mut lineage = Vec::new();
        for _ in 0..if count == 7 { 17 } else { count } {
            let justification = self.justification(height, due, &value)?;
            due = justification.highest.as_ref().map_or(View(0), |certificate| certificate.view);
            lineage.push(Arc::new(justification));
        }
        Some(Arc::new(Candidate { value, lineage }))
    }

    /// Its first byte says by its bits what is odd: the view, the value, the phase, that all name something, the order, that nothing is
    /// shown.
    fn justification(&mut self, height: Height, due: View, value: &Value) -> Option<Justification> {
        let (odd, mask, named) = (self.byte()?, self.byte()?, self.byte()?);
        let view = if odd & 1 == 0 { due } else { self.view()? };
        let mut prepared = None;
        let mut highest = None;
        if named > 0 {
            let at = if named < 0x80 { VIEWS[usize::from(named % 16)] } else { view.0.saturating_sub(1) };
            let (value, phase) = (if odd & 2 == 0 { value } else { &self.value()? }, Self::phase(odd >> 2));
            let certificate = self.certificate(height, View(at), phase, value)?;
            prepared = Some((View(at), value.id()));
            highest = (odd & 32 == 0).then_some(certificate);
        }
        let lowest = indices(mask).next();
        let ask = |by: u8| {
            let prepared = prepared.filter(|_| odd & 8 != 0 || Some(by) == lowest);
            signed(by, Statement { height, view, says: Says::ViewChange { prepared } })
        };
        let mut asks: Vec<Signed> = indices(mask).map(ask).collect();
        if odd & 16 != 0 {
            asks.reverse();
        }
        Some(Justification { view, asks, highest })
    }

    pub(super) fn message(&mut self) -> Option<Message> {
        Some(match self.byte()? % 5 {
            0 => Message::Vote(self.signed()?),
            1 => {
                let prepare = self.signed()?;
                let candidate = self.candidate(prepare.statement.height, prepare.statement.view)?;
                Message::Proposal(Proposal { candidate, prepare })
            }
            2 => Message::ViewChange(self.view_change()?),
            3 => {
                let (height, view, says) = (self.height()?, self.view()?, self.byte()?);
                Message::Certificate(self.certificate(height, view, Self::phase(says), &value(says >> 1))?)
            }
            // By whom it should be, of four, and naming its value.
            _ => {
                let (height, view) = (self.height()?, self.view()?);
                let candidate = self.candidate(height, view)?;
                let turn = u128::from(height.0) + u128::from(view.0);
                let by = u8::try_from(turn % 4).unwrap_or(0);
                let says = Says::Vote(Phase::Prepare, candidate.value.id());
                let prepare = signed(by, Statement { height, view, says });
                Message::Proposal(Proposal { candidate, prepare })
            }
        })
    }

    fn view_change(&mut self) -> Option<ViewChange> {
        let (by, height, view, how) = (self.byte()?, self.height()?, self.view()?, self.byte()?);
        let ask = |prepared| signed(by, Statement { height, view, says: Says::ViewChange { prepared } });
        if how % 4 == 0 {
            return Some(ViewChange { ask: ask(None), prepared: None });
        }
        let at = self.view()?;
        let candidate = self.candidate(height, at)?;
        let certificate = self.certificate(height, at, Self::phase(how >> 2), &candidate.value)?;
        let prepared = Prepared { certificate, candidate };
        let named = Some(prepared.named());
        Some(match how % 4 {
            1 | 2 => ViewChange { ask: ask(named), prepared: Some(prepared) },
            _ if how & 0x80 == 0 => ViewChange { ask: ask(named), prepared: None },
            _ => ViewChange { ask: ask(None), prepared: Some(prepared) },
        })
    }

    pub(super) fn decided(&mut self) -> Option<Decided> {
        let (height, view, how) = (self.height()?, self.view()?, self.byte()?);
        let candidate = self.candidate(height, view)?;
        let other = value(how >> 1);
        let value = if how & 0x80 == 0 { &candidate.value } else { &other };
        let certificate = self.certificate(height, view, Self::phase(!how), value)?;
        Some(Decided { certificate, candidate })
    }

    pub(super) fn record(&mut self) -> Option<Record> {
        let what = self.byte()?;
        Some(match what % 4 {
            0 => Record::Height(self.height()?),
            1 => Record::Silent(self.height()?),
            _ => {
                let (height, view) = (self.height()?, self.view()?);
                let statement = Statement { height, view, says: self.says()? };
                let candidate = if what & 4 == 0 { None } else { Some(self.candidate(height, view)?) };
                let certificate = match &candidate {
                    _ if what & 8 == 0 => None,
                    Some(candidate) => {
                        Some(self.certificate(height, view, Phase::Prepare, &candidate.value)?)
                    }
                    None => {
                        let value = self.value()?;
                        Some(self.certificate(height, view, Phase::Prepare, &value)?)
                    }
                };
                Record::Said { statement, candidate, certificate }
            }
        })
    }
}

fn value(choice: u8) -> Value {
    Value::new(VALUES[usize::from(choice % 4)]).expect("a short value")
}

fn indices(mask: u8) -> impl Iterator<Item = u8> {
    (0..7).filter(move |by| mask >> by & 1 == 1)
}

/// By one of four validators, or of three that are not there; the rest of the byte makes another signature.
fn signed(by: u8, statement: Statement) -> Signed {
    Signed { by: ValidatorIndex(u16::from(by % 7)), statement, signature: signature(by) }
}

pub(super) fn signature(byte: u8) -> Signature {
    Signature(Arc::from([byte]))
}
