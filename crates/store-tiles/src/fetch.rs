use crate::{FileName, TileStore};

/// Gives the files of a log to a [`TileReader`](crate::TileReader).
///
/// Every function from a path, such as `tile/0/000`, to its bytes is one.
pub trait Fetch {
    /// Why a file does not come.
    type Error;

    /// The bytes of a file; `None` when it is known that there is none.
    ///
    /// # Errors
    /// When it does not come.
    fn fetch(&self, name: FileName) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl<F, E> Fetch for F
where
    F: Fn(&str) -> Result<Vec<u8>, E>,
{
    type Error = E;

    fn fetch(&self, name: FileName) -> Result<Option<Vec<u8>>, E> {
        self(&name.to_string()).map(Some)
    }
}

/// Fetches from a store: [`TileReader::of_store`](crate::TileReader::of_store).
#[derive(Debug)]
pub struct OfStore<'a, S>(pub(crate) &'a S);

impl<S: TileStore> Fetch for OfStore<'_, S> {
    type Error = S::Error;

    fn fetch(&self, name: FileName) -> Result<Option<Vec<u8>>, S::Error> {
        self.0.read(name)
    }
}
