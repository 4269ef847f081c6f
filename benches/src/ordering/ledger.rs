use std::{cell::Cell, collections::VecDeque, fmt, rc::Rc, sync::Arc};

use auditmesh::bft::{Applied, Decided, Height, Ledger, ValidatorSet};

/// An application that proposes blobs of one length, up to a height that all members share, and keeps the last decisions.
#[derive(Debug)]
pub struct Blobs {
    bytes: usize,
    set: Arc<ValidatorSet>,
    last: VecDeque<Decided>,
    until: Rc<Cell<Height>>,
}

/// A blob of another length.
#[derive(Debug, Clone, Copy)]
pub struct OtherLength;

impl fmt::Display for OtherLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the blob has another length")
    }
}

impl std::error::Error for OtherLength {}

impl Blobs {
    /// How many decisions are kept for members that missed them.
    const KEPT: usize = 64;

    pub(crate) const fn new(bytes: usize, set: Arc<ValidatorSet>, until: Rc<Cell<Height>>) -> Self {
        Self { bytes, set, last: VecDeque::new(), until }
    }
}

impl Ledger for Blobs {
    type Error = OtherLength;

    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, OtherLength> {
        let mut blob = height.0.to_be_bytes().to_vec();
        blob.resize(self.bytes, 7);
        Ok((height <= self.until.get()).then_some(blob))
    }

    fn judge(&self, _: Height, value: &[u8]) -> Result<(), OtherLength> {
        if value.len() == self.bytes { Ok(()) } else { Err(OtherLength) }
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, OtherLength> {
        if self.last.len() == Self::KEPT {
            self.last.pop_front();
        }
        self.last.push_back(decided.clone());
        Ok(Arc::clone(&self.set))
    }

    fn applied(&self) -> Applied {
        let height = self.last.back().map_or(Height(0), Decided::height);
        Applied { height, set: Arc::clone(&self.set), next_set: Arc::clone(&self.set) }
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.last.iter().find(|kept| kept.height() == height).cloned()
    }
}
