//! Where events come from: files of JSON Lines, or the generator. Lines are dealt to the members in turn.

use std::{
    collections::{BTreeMap, VecDeque},
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
    time::SystemTime,
};

use auditmesh::{
    event::{
        Event,
        jsonl::{Format, Lines, Mapping, Place},
    },
    types::{MemberId, Millis, Zone},
};

use crate::{args::Args, generate::Generator, keys};

/// How far ahead of this machine's clock an event may be.
const CLOCK_TOLERANCE_MS: u64 = 5 * 60 * 1000;

/// A stream of events.
pub(crate) struct Source {
    input: Input,
    mapping: Mapping,
    seed: u64,
    members: Vec<(Zone, MemberId)>,
    sequences: BTreeMap<MemberId, u64>,
    dealt: usize,
    before: Millis,
}

enum Input {
    Generated(Generator),
    Files { waiting: VecDeque<PathBuf>, open: Option<(PathBuf, Lines<BufReader<File>>, u64)> },
}

/// An event, and where it was read.
pub(crate) struct Found {
    /// The event.
    pub(crate) event: Event,
    /// `file:line`, or `generated event n`.
    pub(crate) at: String,
}

impl Source {
    /// Reads `files`, or generates when there are none.
    pub(crate) fn new(args: &Args, members: Vec<(Zone, MemberId)>) -> Result<Self, String> {
        for file in &args.events {
            let known = file.metadata().map_err(|why| format!("--events {}: {why}", file.display()))?;
            if known.is_file() && known.len() == 0 {
                return Err(format!(
                    "--events {}: the file is empty; give at least one JSON line",
                    file.display()
                ));
            }
        }
        let input = match args.events.as_slice() {
            [] => Input::Generated(Generator::new(args.seed)),
            files => Input::Files { waiting: files.iter().cloned().collect(), open: None },
        };
        let mapping = args.mapping.as_deref().map_or_else(|| Ok(Mapping::built_in()), mapping)?;
        let sequences = members.iter().map(|(_, member)| (member.clone(), 0)).collect();
        Ok(Self { input, mapping, seed: args.seed, members, sequences, dealt: 0, before: Millis(0) })
    }

    /// Whether it never ends.
    pub(crate) fn is_endless(&self) -> bool {
        matches!(self.input, Input::Generated(_))
    }

    /// The next event; `None` at the end of the last file.
    pub(crate) fn next(&mut self) -> Result<Option<Found>, String> {
        let Some((at, bytes)) = self.line()? else { return Ok(None) };
        let event = self.event(&bytes).map_err(|why| format!("{at}: {why}"))?;
        Ok(Some(Found { event, at }))
    }

    fn line(&mut self) -> Result<Option<(String, Vec<u8>)>, String> {
        let (waiting, open) = match &mut self.input {
            Input::Generated(generator) => {
                let at = format!("generated event {}", self.dealt + 1);
                return Ok(Some((at, generator.line().into_bytes())));
            }
            Input::Files { waiting, open } => (waiting, open),
        };
        loop {
            if let Some((path, lines, read)) = open {
                match lines.next() {
                    Some(Ok(line)) if line.bytes.iter().all(u8::is_ascii_whitespace) => {}
                    Some(Ok(line)) => {
                        *read += 1;
                        return Ok(Some((format!("{}:{}", path.display(), line.number), line.bytes)));
                    }
                    Some(Err(why)) => return Err(format!("{}: {why}", path.display())),
                    None if *read == 0 => return Err(format!("{}: holds no JSON line", path.display())),
                    None => *open = None,
                }
            } else {
                let Some(path) = waiting.pop_front() else { return Ok(None) };
                let file = File::open(&path).map_err(|why| format!("--events {}: {why}", path.display()))?;
                *open = Some((path, Lines::new(BufReader::with_capacity(1 << 16, file)), 0));
            }
        }
    }

    fn event(&mut self, bytes: &[u8]) -> Result<Event, auditmesh::event::Error> {
        let line = self.mapping.read(bytes)?;
        let (zone, node) = self.members[self.dealt % self.members.len()].clone();
        self.dealt += 1;
        let last = self.sequences.get(line.node.as_ref().unwrap_or(&node)).copied().unwrap_or(0);
        let place = line.place(Place { zone, node, sequence: last + 1 });
        self.sequences.insert(place.node.clone(), place.sequence.max(last));
        let salt = keys::salt(self.seed, &place);
        let event = line.event(place, self.before, salt)?;
        self.before = event.time;
        Ok(event)
    }
}

/// The built-in formats, and those of a JSON file.
fn mapping(path: &Path) -> Result<Mapping, String> {
    let fail = |why: String| format!("--mapping {}: {why}", path.display());
    let text = fs::read(path).map_err(|why| fail(why.to_string()))?;
    let formats: Vec<Format> = serde_json::from_slice(&text).map_err(|why| fail(why.to_string()))?;
    let mut mapping = Mapping::built_in();
    for format in &formats {
        mapping.add(format).map_err(|why| fail(why.to_string()))?;
    }
    Ok(mapping)
}

/// The latest time that an event may carry: this machine's clock, and some minutes.
#[allow(
    clippy::disallowed_methods,
    reason = "a program may read the clock; it only decides what is refused at the door"
)]
pub(crate) fn not_after() -> Option<Millis> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(now.as_millis()).ok().map(|now| Millis(now + CLOCK_TOLERANCE_MS))
}
