use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
    rc::Rc,
    sync::Arc,
};

use auditmesh_bft::{Applied, Decided, Height, Ledger, ValidatorSet};

/// What a member's application has written down; it outlives the member.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) name: usize,
    pub(crate) set: Arc<ValidatorSet>,
    pub(crate) decided: Vec<Decided>,
    /// Everything that any member proposed, by height.
    pub(crate) proposed: Rc<RefCell<BTreeMap<Height, BTreeSet<Vec<u8>>>>>,
    /// What this member proposed, or was asked about and took.
    pub(crate) fit: BTreeSet<(Height, Vec<u8>)>,
    pub(crate) refused: BTreeSet<Height>,
    pub(crate) until: Rc<RefCell<Height>>,
    pub(crate) proposes_what_others_refuse: bool,
}

/// One member's application.
#[derive(Debug, Clone)]
pub(crate) struct Notebook(pub(crate) Rc<RefCell<Book>>);

/// Not fit to be decided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is unfit")
    }
}

impl std::error::Error for Unfit {}

impl Ledger for Notebook {
    type Error = Unfit;

    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, Unfit> {
        let mut book = self.0.borrow_mut();
        if height > *book.until.borrow() {
            return Ok(None);
        }
        let word = if book.proposes_what_others_refuse { "unfit" } else { "value" };
        // Another one each time it is asked, as a program's may be that was started again.
        let turn = book.proposed.borrow().get(&height).map_or(0, BTreeSet::len);
        let value = format!("{word} {turn} of {height} by {}", book.name).into_bytes();
        book.proposed.borrow_mut().entry(height).or_default().insert(value.clone());
        book.fit.insert((height, value.clone()));
        Ok(Some(value))
    }

    fn judge(&self, height: Height, value: &[u8]) -> Result<(), Unfit> {
        let mut book = self.0.borrow_mut();
        if value.starts_with(b"unfit") {
            book.refused.insert(height);
            return Err(Unfit);
        }
        book.fit.insert((height, value.to_vec()));
        Ok(())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Unfit> {
        let mut book = self.0.borrow_mut();
        let next = book.decided.last().map_or(Height(1), |last| last.height().next());
        assert_eq!(decided.height(), next, "member {} applies out of order", book.name);
        book.decided.push(decided.clone());
        Ok(Arc::clone(&book.set))
    }

    fn applied(&self) -> Applied {
        let book = self.0.borrow();
        let height = book.decided.last().map_or(Height(0), Decided::height);
        Applied { height, set: Arc::clone(&book.set), next_set: Arc::clone(&book.set) }
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.0.borrow().decided.iter().find(|decided| decided.height() == height).cloned()
    }
}
