//! The run: a federation, what it is fed, and what it leaves behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use auditmesh::{
    Agreed, Builder, Federation, RoundReport, Standard,
    anchor::{CONTRACT, Error as AnchorError, FileAnchor, MemoryAnchor},
    attest::{Certificate, did_key},
    bft::{RetryPlan, Threshold},
    event::{Disclosure, Sequencer},
    types::{Anchor, Index, MemberId, Millis, Origin, Zone},
};

use crate::{
    args::{Args, Fault},
    fault::{Faulty, Payloads},
    folder::Folder,
    keys, output,
    report::{End, MemberLine, Report, RoundLine},
    show::Stopwatch,
    source::{self, Source},
};

const ORIGIN: &str = "auditmesh.example/eu-us-apac";
const ZONES: [&str; 3] = ["EU", "US", "APAC"];
const DEFAULT_ROUNDS: u32 = 10;

type Parts = Standard<Faulty, Box<dyn Anchor<Error = AnchorError>>>;

/// A run in progress.
pub(crate) struct Run<'a> {
    args: &'a Args,
    federation: Federation<Parts>,
    source: Source,
    folder: Option<Folder>,
    payloads: Payloads,
    now: Millis,
    entries: Vec<Vec<u8>>,
    disclosures: BTreeMap<Index, Disclosure>,
    certificate: Option<Certificate>,
    attempts: u32,
    report: Report,
}

impl<'a> Run<'a> {
    /// Puts the federation together; nothing is read or written when the arguments contradict themselves.
    pub(crate) fn start(args: &'a Args) -> Result<Self, String> {
        let named = names(args.members.into())?;
        let faults = faults(args, &named)?;
        let checked =
            args.threshold.checked_for(args.members.into()).map_err(|why| format!("--threshold: {why}"))?;
        let source = Source::new(args, named.clone())?;
        if let (true, Some(last)) = (source.is_endless(), indices(args).last()) {
            let entries = u64::from(args.rounds.unwrap_or(DEFAULT_ROUNDS)) * u64::from(args.batch);
            if last.0 >= entries {
                return Err(format!(
                    "--prove {last}: there will be {entries} entries; ask for a lower index"
                ));
            }
        }
        let folder = args.out.as_deref().map(Folder::start).transpose()?;
        let anchor: Box<dyn Anchor<Error = AnchorError>> = match &folder {
            Some(folder) => {
                Box::new(FileAnchor::create(folder.path("anchors.log")).map_err(|why| why.to_string())?)
            }
            None => Box::new(MemoryAnchor::new()),
        };

        let mut sequencer = Sequencer::new().refusing_gaps();
        if !args.events.is_empty() {
            sequencer.set_not_after(source::not_after());
        }
        let mut builder = Builder::new(Origin::new(ORIGIN).map_err(|why| why.to_string())?)
            .threshold(args.threshold)
            .batch_size(usize::try_from(args.batch).unwrap_or(usize::MAX))
            .sequencer(sequencer)
            .contract(CONTRACT);
        let mut members = Vec::new();
        for (zone, id) in &named {
            let (operator, cosigner) = keys::of(id, args.keys.as_deref(), args.seed)?;
            let did =
                operator.public().and_then(|key| did_key::encode(&key)).map_err(|why| why.to_string())?;
            let fault = faults.get(id).map(|fault| fault.name());
            members.push(MemberLine { name: id.to_string(), zone: zone.to_string(), did, fault });
            builder = builder.member(zone.clone(), id.clone(), operator, cosigner);
        }
        let payloads = Payloads::default();
        let wrap = |member: auditmesh::LocalMember| {
            let fault = faults.get(auditmesh::Participant::id(&member)).copied();
            Faulty::new(member, fault, Rc::clone(&payloads))
        };
        let federation = builder.build_with(anchor, wrap).map_err(|why| why.to_string())?;
        let report = Report {
            format: "auditmesh report v1",
            origin: ORIGIN.to_owned(),
            threshold: args.threshold.to_string(),
            quorum: checked.quorum(),
            tolerates: Threshold::faults(args.members.into()),
            batch: args.batch,
            members,
            rounds: Vec::new(),
            end: End::default(),
        };
        Ok(Self {
            args,
            federation,
            source,
            folder,
            payloads,
            now: Millis(0),
            entries: Vec::new(),
            disclosures: BTreeMap::new(),
            certificate: None,
            attempts: 0,
            report,
        })
    }

    /// How many rounds there will be, when that is known before.
    pub(crate) fn expected_rounds(&self) -> Option<u64> {
        let default = if self.source.is_endless() { Some(DEFAULT_ROUNDS) } else { None };
        self.args.rounds.or(default).map(u64::from)
    }

    /// The agreed size.
    pub(crate) fn size(&self) -> u64 {
        self.federation.head().size.0
    }

    /// Reads the next batch, unless one is still open. Whether there is anything left to do.
    pub(crate) fn collect(&mut self) -> Result<bool, String> {
        if self.attempts > 0 {
            return Ok(self.attempts <= 1 + u32::from(RetryPlan::default().attempts()));
        }
        let done = self.report.rounds.iter().filter(|round| round.attempt == 1).count() as u64;
        if self.expected_rounds().is_some_and(|rounds| done >= rounds) {
            return Ok(false);
        }
        self.payloads.borrow_mut().clear();
        for read in 0..self.args.batch {
            let Some(found) = self.source.next()? else { return Ok(read > 0) };
            self.now = self.now.max(found.event.time);
            if self.needs_payloads() {
                self.payloads.borrow_mut().insert(found.event.id.clone(), found.event.clone());
            }
            self.federation.submit(found.event).map_err(|why| format!("{}: {why}", found.at))?;
        }
        Ok(true)
    }

    /// Does one round.
    pub(crate) fn round(
        &mut self,
        watch: &mut Stopwatch,
    ) -> Result<Option<RoundReport<Certificate>>, String> {
        self.federation.round(self.now, watch).map_err(|why| why.to_string())
    }

    /// Remembers what a round left behind.
    pub(crate) fn keep(&mut self, report: RoundReport<Certificate>, watch: &Stopwatch) {
        let laps = (!self.args.no_timings).then(|| watch.laps());
        self.report.rounds.push(RoundLine::of(&report, laps));
        let Some(Agreed { certificate, .. }) = report.agreed else {
            self.attempts = report.attempt + 1;
            return;
        };
        self.attempts = 0;
        self.certificate = Some(certificate.into_inner());
        if self.folder.is_none() {
            return;
        }
        let mut payloads = self.payloads.borrow_mut();
        for record in &report.batch.records {
            let index = self.entries.len() as u64;
            if self.args.prove.contains(&index) {
                let event = payloads.remove(&record.id);
                self.disclosures.extend(event.map(|event| (Index(index), Disclosure::of(&event))));
            }
            self.entries.push(record.entry.clone());
        }
    }

    /// Writes what was agreed, and says whether that is everything.
    pub(crate) fn publish(self) -> Result<(Report, bool), String> {
        let Self { args, federation, folder, entries, disclosures, certificate, mut report, .. } = self;
        let open =
            report.rounds.last().filter(|round| round.outcome != "agreed").map_or(0, |round| round.events);
        let head = federation.head();
        let root = certificate.as_ref().map(|_| head.root);
        report.end = End { size: head.size, root, undecided: open as u64 };
        if let Some(folder) = folder {
            let tree = federation.members().first().map(|member| member.honest().log().tree());
            if let (Some(certificate), Some(tree)) = (&certificate, tree) {
                output::log(&folder, tree, &entries, certificate, &indices(args), &disclosures)?;
            }
            if certificate.is_none() && !args.prove.is_empty() {
                eprintln!("round: nothing was agreed, so --prove has nothing to prove");
            }
            folder.write("policy", federation.membership().policy().to_string().as_bytes())?;
            let metrics = federation.observer().to_openmetrics();
            folder.write("metrics.txt", metrics.as_bytes())?;
            folder.write("report.json", output::json(&report)?.as_bytes())?;
            drop(federation);
            folder.finish()?;
        }
        Ok((report, open == 0))
    }

    fn needs_payloads(&self) -> bool {
        !self.args.prove.is_empty() || self.args.fault.iter().any(|given| given.fault == Fault::Reserialise)
    }
}

/// The entries to prove, each once.
fn indices(args: &Args) -> BTreeSet<Index> {
    args.prove.iter().copied().map(Index).collect()
}

/// `EU-1 US-1 APAC-1 EU-2 …`, each in its zone.
fn names(count: usize) -> Result<Vec<(Zone, MemberId)>, String> {
    let name = |place: usize| {
        let zone = ZONES[place % ZONES.len()];
        let id = format!("{zone}-{}", place / ZONES.len() + 1);
        Ok((
            Zone::new(zone).map_err(|why| why.to_string())?,
            MemberId::new(id).map_err(|why| why.to_string())?,
        ))
    };
    (0..count).map(name).collect()
}

/// The fault of every faulty member; a name that no member has is refused.
fn faults(args: &Args, named: &[(Zone, MemberId)]) -> Result<BTreeMap<MemberId, Fault>, String> {
    let mut faults = BTreeMap::new();
    for given in &args.fault {
        let Some((_, id)) = named.iter().find(|(_, id)| id.as_str() == given.member) else {
            let known: Vec<&str> = named.iter().map(|(_, id)| id.as_str()).collect();
            return Err(format!("--fault {}: no such member; there are {}", given.member, known.join(" ")));
        };
        if faults.insert(id.clone(), given.fault).is_some() {
            return Err(format!("--fault {}: given twice; a member has one fault", given.member));
        }
    }
    Ok(faults)
}
