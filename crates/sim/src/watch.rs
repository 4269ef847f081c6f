use crate::{Action, Disk, Node, Place, Violation, Write};

/// Holds a run to its rules. It sees everything and changes nothing. All methods do nothing unless written.
pub trait Watch<N: Node> {
    /// A machine was booted from this disk.
    ///
    /// # Errors
    /// The rule that is broken.
    fn booted(&mut self, place: Place, node: &N, disk: &Disk<N::Record>) -> Result<(), Violation> {
        let _ = (place, node, disk);
        Ok(())
    }

    /// A machine is about to take something in.
    fn before(&mut self, place: Place, node: &N) {
        let _ = (place, node);
    }

    /// A machine that has stepped is about to have this done.
    ///
    /// # Errors
    /// The rule that is broken.
    fn action(&mut self, place: Place, node: &N, action: &Action<N>) -> Result<(), Violation> {
        let _ = (place, node, action);
        Ok(())
    }

    /// All actions of a step were carried out.
    ///
    /// # Errors
    /// The rule that is broken.
    fn after(&mut self, place: Place, node: &N) -> Result<(), Violation> {
        let _ = (place, node);
        Ok(())
    }

    /// A write became durable.
    ///
    /// # Errors
    /// The rule that is broken.
    fn synced(&mut self, place: Place, store: usize, write: &Write<N::Record>) -> Result<(), Violation> {
        let _ = (place, store, write);
        Ok(())
    }
}
