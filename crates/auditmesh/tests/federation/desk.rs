use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use auditmesh::{
    anchor::{Error, MemoryAnchor},
    types::{Anchor, Commitment, Origin, Receipt, TreeHead},
};

/// An anchor that the test keeps a hand on: it counts what it is asked to commit, and fails when told to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    pub(crate) kept: Rc<RefCell<MemoryAnchor>>,
    pub(crate) commits: Rc<Cell<usize>>,
    pub(crate) full: Rc<Cell<bool>>,
}

impl Anchor for Desk {
    type Error = Error;

    fn commit(&mut self, commitment: &Commitment) -> Result<Receipt, Error> {
        self.commits.set(self.commits.get() + 1);
        if self.full.get() {
            return Err(Error::LocalFull { max: 0 });
        }
        self.kept.borrow_mut().commit(commitment)
    }

    fn find(&self, origin: &Origin, head: TreeHead) -> Result<Option<Receipt>, Error> {
        self.kept.borrow().find(origin, head)
    }

    fn check(&self, receipt: &Receipt, commitment: &Commitment) -> Result<(), Error> {
        self.kept.borrow().check(receipt, commitment)
    }
}
