//! The run: a federation, what it is fed, and what it leaves behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use auditmesh::{
    Agreed, Anchored, Builder, Federation, Participant, RoundReport, Standard,
    anchor::{CONTRACT, Error as AnchorError, MemoryAnchor},
    attest::{Certificate, did_key},
    bft::{RetryPlan, Threshold},
    event::{Disclosure, Sequencer},
    types::{Anchor, Batcher, Index, MemberId, Millis, Origin, Record, Size, Zone},
};

use crate::{
    args::{Args, Fault},
    fault::{Faulty, Payloads},
    folder::Folder,
    keys,
    order::{self, Order, OrderLine},
    report::{End, MemberLine, Report, RoundLine, json},
    resume::Resumed,
    show::Stopwatch,
    source::{self, Source},
};

const ORIGIN: &str = "auditmesh.example/eu-us-apac";
const ZONES: [&str; 3] = ["EU", "US", "APAC"];
const DEFAULT_ROUNDS: u32 = 10;

type Parts = Standard<Faulty, Box<dyn Anchor<Error = AnchorError>>, Order>;

/// A run in progress.
pub(crate) struct Run<'a> {
    args: &'a Args,
    federation: Federation<Parts>,
    source: Source,
    folder: Option<Folder>,
    payloads: Payloads,
    now: Millis,
    /// How many entries the log had before.
    before: u64,
    /// How many events were read.
    read: u64,
    /// The size that was anchored last; what was anchored and not published comes first.
    anchored: Size,
    disclosures: BTreeMap<Index, Disclosure>,
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
        let voters = order::voters(args, named.iter().map(|(_, id)| (id, faults.get(id).copied())))?;
        let mut source = Source::new(args, named.clone())?;
        let mut folder = args.out.as_deref().map(Folder::open).transpose()?;
        let before = folder.as_ref().map_or(0, |folder| folder.head().size.0);
        let entries = wanted(args).map(|wanted| wanted.max(before));
        if let (true, Some(last), Some(entries)) = (source.is_endless(), indices(args).last(), entries)
            && last.0 >= entries
        {
            return Err(format!("--prove {last}: there will be {entries} entries; ask for a lower index"));
        }
        let mut sequencer = Sequencer::new().refusing_gaps();
        if !args.events.is_empty() {
            sequencer.set_not_after(source::not_after());
        }
        let leaves = folder.as_ref().map_or(Ok(Vec::new()), Folder::leaves)?;
        let resumed = Resumed::read(&leaves, &mut source, &mut sequencer, &indices(args))?;
        let (anchor, anchored): (Box<dyn Anchor<Error = AnchorError>>, Size) = match &mut folder {
            Some(folder) => folder.anchors().map(|(anchor, size)| (Box::new(anchor) as _, size))?,
            None => (Box::new(MemoryAnchor::new()), Size(0)),
        };
        let open = usize::try_from(anchored.0.saturating_sub(before)).unwrap_or(usize::MAX);
        let batch = usize::try_from(args.batch).unwrap_or(usize::MAX).max(open);

        let origin = Origin::new(ORIGIN).map_err(|why| why.to_string())?;
        let mut builder =
            Builder::new(origin.clone()).threshold(args.threshold).batch_size(batch).contract(CONTRACT);
        let mut members = Vec::new();
        for (zone, id) in &named {
            let (operator, cosigner) = keys::of(id, args.keys.as_deref(), args.seed)?;
            let did =
                operator.public().and_then(|key| did_key::encode(&key)).map_err(|why| why.to_string())?;
            let fault = faults.get(id).map(|fault| fault.name());
            let orderer = order::did(&voters, id);
            members.push(MemberLine { name: id.to_string(), zone: zone.to_string(), did, fault, orderer });
            builder = builder.member(zone.clone(), id.clone(), operator, cosigner);
        }
        let payloads = Payloads::default();
        let wrap = |member: auditmesh::LocalMember| {
            let fault = faults.get(member.id()).copied();
            Faulty::new(resumed.restore(member, batch), fault, Rc::clone(&payloads))
        };
        let ordered = Order::new(sequencer.with_members(named), &origin, voters)?;
        let federation = builder.build_ordered(anchor, wrap, |_| ordered).map_err(|why| why.to_string())?;
        if let Some(folder) = &mut folder {
            let anchored = Threshold::faults(args.members.into()) > 0;
            folder.begin(&federation.membership().policy().to_string(), federation.head(), anchored)?;
        }
        let report = report(args, checked.quorum(), members);
        let (now, disclosures) = (resumed.newest, resumed.disclosures);
        Ok(Self {
            args,
            federation,
            source,
            folder,
            payloads,
            now,
            before,
            read: before,
            anchored,
            disclosures,
            attempts: 0,
            report,
        })
    }

    /// How many rounds there will be, when that is known before.
    pub(crate) fn expected_rounds(&self) -> Option<u64> {
        let left = wanted(self.args)?.saturating_sub(self.before);
        Some(left.div_ceil(u64::from(self.args.batch)))
    }

    /// How many entries the log had before.
    pub(crate) fn before(&self) -> u64 {
        self.before
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
        self.payloads.borrow_mut().clear();
        // A batch that was anchored and not published is done again as it was.
        let open = self.anchored.0.saturating_sub(self.read);
        let batch = if open > 0 { open } else { u64::from(self.args.batch) };
        let end = wanted(self.args).map_or(u64::MAX, |wanted| wanted.max(self.anchored.0));
        let end = end.min(self.read.saturating_add(batch));
        let begin = self.read;
        while self.read < end {
            let Some(found) = self.source.next()? else { break };
            self.read += 1;
            self.now = self.now.max(found.event.time);
            if self.needs_payloads() {
                self.payloads.borrow_mut().insert(found.event.id.clone(), found.event.clone());
            }
            self.federation.submit(found.event).map_err(|why| format!("{}: {why}", found.at))?;
        }
        Ok(self.read > begin)
    }

    /// Does one round.
    pub(crate) fn round(
        &mut self,
        watch: &mut Stopwatch,
    ) -> Result<Option<RoundReport<Certificate>>, String> {
        self.federation.round(self.now, watch).map_err(|why| why.to_string())
    }

    /// How the last batch was ordered, where the members voted on it.
    pub(crate) fn order(&self) -> Option<OrderLine> {
        self.federation.batcher().last()
    }

    /// Says that a batch found no order, if one waits.
    pub(crate) fn unordered(&self) {
        let waiting = self.federation.batcher().depth();
        if waiting > 0 {
            eprintln!("round: too few members vote to order {waiting} events; they wait");
        }
    }

    /// Publishes what a round agreed on, and remembers the rest of what it left behind.
    pub(crate) fn keep(&mut self, report: RoundReport<Certificate>, watch: &Stopwatch) -> Result<(), String> {
        let laps = (!self.args.no_timings).then(|| watch.laps());
        self.report.rounds.push(RoundLine::of(&report, self.order(), laps));
        let Some(Agreed { certificate, anchored, .. }) = &report.agreed else {
            self.attempts = report.attempt + 1;
            return Ok(());
        };
        self.attempts = 0;
        let head = self.federation.head();
        let Some(folder) = &mut self.folder else { return Ok(()) };
        if *anchored == Anchored::Failed {
            let why = report.failures.last().map_or("it failed", |failure| failure.why.as_str());
            return Err(format!(
                "the head of size {} was not anchored and is not published: {why}",
                head.size
            ));
        }
        let holder = self.federation.members().iter().find(|member| member.tree().0 == head);
        let tree = holder.ok_or_else(|| format!("no member holds the agreed head of size {}", head.size))?;
        folder.publish(tree.tree().1, &report.batch.records, certificate)?;
        self.disclose(&report.batch.records);
        Ok(())
    }

    /// Remembers the events behind the entries that are to be proved, the last ones of the log.
    fn disclose(&mut self, records: &[Record]) {
        let mut payloads = self.payloads.borrow_mut();
        let first = self.federation.head().size.0 - records.len() as u64;
        for (index, record) in (first..).zip(records) {
            if self.args.prove.contains(&index) {
                let event = payloads.remove(&record.id);
                self.disclosures.extend(event.map(|event| (Index(index), Disclosure::of(&event))));
            }
        }
    }

    /// Writes what goes with the log, and says whether everything was agreed.
    pub(crate) fn finish(self) -> Result<(Report, bool), String> {
        let Self { args, federation, folder, disclosures, mut report, .. } = self;
        let open =
            report.rounds.last().filter(|round| round.outcome != "agreed").map_or(0, |round| round.events);
        let open = open + federation.batcher().depth();
        let head = federation.head();
        let root = (head.size > Size(0)).then_some(head.root);
        report.end = End { size: head.size, root, undecided: open as u64 };
        if let Some(mut folder) = folder {
            folder.keep();
            if !report.rounds.is_empty() || !folder.has("report.json") {
                folder.write("metrics.txt", federation.observer().to_openmetrics().as_bytes())?;
                folder.write("report.json", json(&report)?.as_bytes())?;
            }
            if root.is_none() && !args.prove.is_empty() {
                eprintln!("round: nothing was agreed, so --prove has nothing to prove");
            }
            for index in indices(args) {
                folder.prove(index, disclosures.get(&index))?;
            }
        }
        Ok((report, open == 0))
    }

    fn needs_payloads(&self) -> bool {
        !self.args.prove.is_empty() || self.args.fault.iter().any(|given| given.fault == Fault::Reserialise)
    }
}

/// The report of a run that has done no round yet.
fn report(args: &Args, quorum: u64, members: Vec<MemberLine>) -> Report {
    Report {
        format: "auditmesh report v1",
        origin: ORIGIN.to_owned(),
        threshold: args.threshold.to_string(),
        quorum,
        tolerates: Threshold::faults(args.members.into()),
        batch: args.batch,
        members,
        rounds: Vec::new(),
        end: End::default(),
    }
}

/// How many entries there will be in all, when that is known before.
fn wanted(args: &Args) -> Option<u64> {
    let default = if args.events.is_empty() { Some(DEFAULT_ROUNDS) } else { None };
    args.rounds.or(default).map(|rounds| u64::from(rounds) * u64::from(args.batch))
}

/// The entries to prove, each once.
fn indices(args: &Args) -> BTreeSet<Index> {
    args.prove.iter().copied().map(Index).collect()
}

/// `EU-1 US-1 APAC-1 EU-2 …`, each in its zone.
pub(crate) fn names(count: usize) -> Result<Vec<(Zone, MemberId)>, String> {
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
