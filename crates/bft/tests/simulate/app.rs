//! A toy application: each value names the decision before it, and one bit says whether it is fit.

use auditmesh_bft::{Decided, Height, Value, ValueId};

/// A value for `height` after `before`, made unlike others by `who` and `nonce`.
pub(crate) fn value(height: Height, before: Option<ValueId>, fit: bool, who: usize, nonce: u64) -> Value {
    let mut bytes = vec![u8::from(fit)];
    bytes.extend(height.0.to_be_bytes());
    bytes.extend(link(before));
    bytes.extend(u64::try_from(who).unwrap().to_be_bytes());
    bytes.extend(nonce.to_be_bytes());
    Value::new(bytes).unwrap()
}

fn link(before: Option<ValueId>) -> [u8; 8] {
    before.map_or([0; 8], |id| id.0.0[..8].try_into().unwrap())
}

/// Whether `value` may be decided at `height`, after `before`.
pub(crate) fn is_fit(value: &Value, height: Height, before: Option<ValueId>) -> bool {
    let bytes = value.bytes();
    bytes.len() == 33
        && bytes[0] == 1
        && bytes[1..9] == height.0.to_be_bytes()
        && bytes[9..17] == link(before)
}

/// What an application holds durably.
#[derive(Debug, Clone, Default)]
pub(crate) struct App {
    decided: Vec<Decided>,
}

impl App {
    pub(crate) fn add(&mut self, decided: Decided) {
        self.decided.push(decided);
    }

    /// The last height it holds.
    pub(crate) fn height(&self) -> Height {
        Height(u64::try_from(self.decided.len()).unwrap())
    }

    pub(crate) fn at(&self, height: Height) -> Option<&Decided> {
        self.decided.get(usize::try_from(height.0.checked_sub(1)?).ok()?)
    }

    /// The value's name at the last height.
    pub(crate) fn last(&self) -> Option<ValueId> {
        self.decided.last().map(|decided| decided.value().id())
    }
}
