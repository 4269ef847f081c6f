//! Four members in one process agree on the order of strings: `cargo run --release --example embed_bft`.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program speaks to a person and reads the clock"
)]

use std::{convert::Infallible, error::Error, sync::Arc, thread, time::Instant};

use auditmesh::{
    attest::{Ed25519, Ed25519Signer},
    bft::{
        Applied, Decided, Driver, Height, Ledger, Member, MemoryRecords, Notice, Settings, ValidatorSet, mesh,
    },
    types::{MemberId, Millis, Origin, Scheme, Signer},
};

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
        let height = self.2.last().map_or(Height(0), Decided::height);
        Applied { height, set: Arc::clone(&self.1), next_set: Arc::clone(&self.1) }
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.2.iter().find(|decided| decided.height() == height).cloned()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let names = ["APAC-1", "EU-1", "EU-2", "US-1"].map(str::parse);
    let names: Vec<MemberId> = names.into_iter().collect::<Result<_, _>>()?;
    let signers: Vec<_> = (1..=4).map(|seed| Ed25519Signer::from_seed([seed; 32])).collect();
    let keys = names.iter().cloned().zip(signers.iter().map(Signer::public_key));
    let set = ValidatorSet::equal(Scheme::Ed25519, keys)?;
    let (federation, since) = (Origin::new("example/strings")?, Instant::now());
    let clock = || Millis(u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX));
    thread::scope(|scope| {
        for ((name, signer), (transport, inbox)) in names.iter().zip(signers).zip(mesh(&names)) {
            let settings = Settings::new(federation.clone(), name.clone());
            let ledger = Strings(name.clone(), Arc::clone(&set), Vec::new());
            let (verifier, store) = (Ed25519, MemoryRecords::default());
            let member = Member { ledger, signer, verifier, store, transport };
            scope.spawn(move || {
                let mut driver = Driver::<(_, _, _, _, _)>::start(clock(), settings, member)?;
                driver.run(
                    &inbox,
                    clock,
                    |notice| matches!(notice, Some(Notice::Decided(last)) if last.height() == Height(5)),
                )
            });
        }
    });
    Ok(())
}
