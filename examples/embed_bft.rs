//! Four members in one process agree on the order of strings: `cargo run --release --example embed_bft`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program speaks and reads the clock")]

use std::{convert::Infallible, error::Error, sync::Arc, thread, time::Instant};

use auditmesh::attest::{Ed25519, Ed25519Signer};
use auditmesh::bft::{Applied, Decided, Driver, Height, Ledger, Member, MemoryRecords, Notice, Settings};
use auditmesh::bft::{ValidatorSet, mesh};
use auditmesh::types::{MemberId, Millis, Origin, Scheme, Signer};

/// The application: who speaks, who decides, and what all have agreed on.
struct Strings(MemberId, Arc<ValidatorSet>, Vec<Decided>);

impl Ledger for Strings {
    type Error = Infallible;

    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(Some(format!("{height}: {} speaks", self.0).into_bytes()))
    }

    fn judge(&self, _: Height, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Infallible> {
        println!("{:6} decided {}", self.0, String::from_utf8_lossy(decided.value().bytes()));
        self.2.push(decided.clone());
        Ok(Arc::clone(&self.1))
    }

    fn applied(&self) -> Applied {
        Applied::fixed(self.2.last().map_or(Height(0), Decided::height), &self.1)
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.2.iter().find(|decided| decided.height() == height).cloned()
    }
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let names = ["APAC-1", "EU-1", "EU-2", "US-1"].map(str::parse);
    let names: Vec<MemberId> = names.into_iter().collect::<Result<_, _>>()?;
    let signers: Vec<_> = (1..=4).map(|seed| Ed25519Signer::from_seed([seed; 32])).collect();
    let keys = names.iter().cloned().zip(signers.iter().map(Signer::public_key));
    let set = ValidatorSet::equal(Scheme::Ed25519, keys)?;
    let (federation, since) = (Origin::new("example/strings")?, Instant::now());
    let clock = || Millis(u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX));
    let end = |said: Option<&Notice>| matches!(said, Some(Notice::Decided(it)) if it.height() == Height(5));
    thread::scope(|scope| {
        let mut members = Vec::new();
        for ((name, signer), (transport, inbox)) in names.iter().zip(signers).zip(mesh(&names)) {
            let setup = Settings::new(federation.clone(), name.clone());
            let ledger = Strings(name.clone(), Arc::clone(&set), Vec::new());
            let me = Member { ledger, signer, verifier: Ed25519, store: MemoryRecords::default(), transport };
            let run = move || Driver::<(_, _, _, _, _)>::start(clock(), setup, me)?.run(&inbox, clock, end);
            members.push(scope.spawn(run));
        }
        members.into_iter().try_for_each(|member| member.join().map_err(|_| "a member panicked")?)
    })
}
