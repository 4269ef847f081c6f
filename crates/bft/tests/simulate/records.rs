//! A member's file of records: bytes, written and read back as a production store does it.

use auditmesh_bft::{Record, RecordLog, Recovered};
use auditmesh_sim::{Action, Random};

use crate::{
    federation::{Federation, name},
    member::{Kept, Member, RECORDS},
};

/// The file of one run of a member.
#[derive(Debug)]
pub(crate) struct Records {
    log: RecordLog,
}

impl Records {
    /// Reads the file back, cuts off what is torn, and begins it where there is none.
    ///
    /// # Errors
    /// Why the member must not start.
    pub(crate) fn open(
        federation: &Federation,
        n: usize,
        file: &[Kept],
        random: &mut Random,
        out: &mut Vec<Action<Member>>,
    ) -> Result<(Self, Recovered), String> {
        let bytes = file.iter().map(Kept::bytes).collect::<Vec<_>>().concat();
        let recovered = RecordLog::recover(&federation.origin, &name(n), &bytes);
        let recovered = recovered.map_err(|why| why.to_string())?;
        let Some(log) = recovered.log.clone() else {
            let (records, first) = Self::begin(federation, n, random);
            out.push(Action::Replace { store: RECORDS, records: vec![first] });
            return Ok((records, recovered));
        };
        if recovered.torn.is_some() && !federation.mutation.leaves_torn() {
            out.push(Action::Cut { store: RECORDS, records: whole(file, recovered.good_bytes)? });
        }
        Ok((Self { log }, recovered))
    }

    fn begin(federation: &Federation, n: usize, random: &mut Random) -> (Self, Kept) {
        let mut salt = [0; 16];
        salt.chunks_mut(8).for_each(|half| half.copy_from_slice(&random.bits().to_be_bytes()));
        let (log, header) = RecordLog::create(&federation.origin, &name(n), salt);
        (Self { log }, Kept::Header(header))
    }

    /// The next record as it is to be appended.
    pub(crate) fn append(&mut self, record: Record) -> Kept {
        Kept::Frame(self.log.append(&record), record)
    }

    /// A new file that holds `records`; what is appended from here on stands behind them.
    pub(crate) fn replace(
        &mut self,
        federation: &Federation,
        n: usize,
        records: Vec<Record>,
        random: &mut Random,
    ) -> Vec<Kept> {
        let (mut file, header) = Self::begin(federation, n, random);
        let frames: Vec<Kept> = records.into_iter().map(|record| file.append(record)).collect();
        *self = file;
        [header].into_iter().chain(frames).collect()
    }
}

/// How many of the parts of a file make its first `good` bytes.
fn whole(file: &[Kept], good: usize) -> Result<usize, String> {
    let ends = file.iter().scan(0, |end, part| {
        *end += part.bytes().len();
        Some(*end)
    });
    let at = ends.clone().position(|end| end == good);
    at.map(|at| at + 1).ok_or_else(|| {
        format!("{good} bytes are to be kept, and records end at {:?}", ends.collect::<Vec<_>>())
    })
}
