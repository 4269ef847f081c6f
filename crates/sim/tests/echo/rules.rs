use auditmesh_sim::{Action, Disk, Place, Violation, Watch};

use crate::echo::Echo;

/// No number is wrong; everything seen is kept.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) seen: Vec<(usize, u64)>,
    pub(crate) boots: usize,
}

impl Watch<Echo> for Rules {
    fn booted(&mut self, _: Place, _: &Echo, _: &Disk<u64>) -> Result<(), Violation> {
        self.boots += 1;
        Ok(())
    }

    fn action(&mut self, place: Place, _: &Echo, action: &Action<Echo>) -> Result<(), Violation> {
        match action {
            Action::Note(number) => {
                self.seen.push((place.seat, *number));
                if *number >= 5_000 {
                    let what = format!("seat {} notes {number}", place.seat);
                    return Err(Violation::new("no number is wrong", what));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
