//! Keys from files.

use auditmesh::attest::{Ed25519Signer, MlDsa44Signer};

use crate::desk::Desk;

const MEMBERS: [&str; 4] = ["EU-1", "US-1", "APAC-1", "EU-2"];

fn operator(seed: u8) -> String {
    Ed25519Signer::from_seed([seed; 32]).to_pem().unwrap().to_string()
}

fn cosigner(seed: u8) -> String {
    MlDsa44Signer::from_seed([seed; 32]).to_pem().unwrap().to_string()
}

/// A desk with a folder `keys` of four members.
fn desk() -> Desk {
    let desk = Desk::new();
    for (member, seed) in MEMBERS.into_iter().zip(1..) {
        desk.write(&format!("keys/{member}.operator.pem"), operator(seed));
        desk.write(&format!("keys/{member}.cosigner.pem"), cosigner(seed));
    }
    desk
}

fn dids(report: &serde_json::Value) -> Vec<String> {
    report["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["did"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn keys_from_files_sign_and_the_log_stays_the_same() {
    let desk = desk();
    let args = "--rounds 1 --batch 5 --no-timings";
    let drawn = desk.report(args);
    let read = desk.report(&format!("{args} --keys keys --out log --prove 4"));
    assert_eq!(drawn["final"], read["final"], "keys do not change what is logged");
    for (a, b) in dids(&drawn).iter().zip(dids(&read)) {
        assert_ne!(*a, b);
    }
    let again = desk.report(&format!("{args} --keys keys --out again --prove 4"));
    assert_eq!(desk.files("log"), desk.files("again"));
    assert_eq!(dids(&read), dids(&again));
    let proof = "--policy log/policy --proof log/proof/4.tlog-proof --entry log/proof/4.entry";
    assert_eq!(desk.verify(proof).status, Some(0));
}

#[test]
fn other_keys_are_other_members() {
    let desk = desk();
    let before = desk.report("--rounds 1 --batch 2 --keys keys");
    desk.write("keys/US-1.operator.pem", operator(99));
    let after = desk.report("--rounds 1 --batch 2 --keys keys");
    let changed: Vec<bool> = dids(&before).iter().zip(dids(&after)).map(|(a, b)| *a != b).collect();
    assert_eq!(changed, [false, true, false, false]);
}

#[test]
fn the_seed_does_not_touch_keys_from_files() {
    let desk = desk();
    let [one, two] =
        [1, 2].map(|seed| desk.report(&format!("--rounds 1 --batch 2 --keys keys --seed {seed}")));
    assert_eq!(dids(&one), dids(&two));
    assert_ne!(one["final"]["root"], two["final"]["root"]);
}

#[test]
fn a_key_file_that_is_missing() {
    let desk = desk();
    std::fs::remove_file(desk.path().join("keys/APAC-1.cosigner.pem")).unwrap();
    let said = desk.refused("--rounds 1 --batch 2 --keys keys --out log");
    assert!(
        said.starts_with("round: --keys keys/APAC-1.cosigner.pem: ") && said.lines().count() == 1,
        "{said}"
    );
    let said = desk.refused("--rounds 1 --batch 2 --keys nowhere --out log");
    assert!(
        said.starts_with("round: --keys nowhere/EU-1.operator.pem: ") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn a_key_of_the_wrong_kind() {
    let cases = [
        (
            "US-1.cosigner.pem",
            operator(2),
            "a private Ed25519 key (PKCS#8)",
            "a private ML-DSA-44 key (PKCS#8)",
        ),
        (
            "US-1.operator.pem",
            cosigner(2),
            "a private ML-DSA-44 key (PKCS#8)",
            "a private Ed25519 key (PKCS#8)",
        ),
    ];
    for (file, pem, got, want) in cases {
        let desk = desk();
        desk.write(&format!("keys/{file}"), pem);
        let said = desk.refused("--rounds 1 --batch 2 --keys keys --out log");
        assert_eq!(
            said,
            format!("round: --keys keys/{file}: the key file holds {got}, here {want} is needed\n")
        );
    }
}

#[test]
fn a_key_file_that_is_damaged() {
    let pem = operator(2);
    let body = pem.lines().nth(1).unwrap();
    let cut = pem.replace(body, &body[..body.len() - 8]);
    for damaged in [String::new(), "no key\n".to_owned(), cut] {
        let desk = desk();
        desk.write("keys/US-1.operator.pem", damaged);
        let said = desk.refused("--rounds 1 --batch 2 --keys keys --out log");
        let why = "the file is not a well-formed PEM key file, here a private Ed25519 key (PKCS#8) is needed";
        assert_eq!(said, format!("round: --keys keys/US-1.operator.pem: {why}\n"));
        assert!(!said.contains(body), "the key was printed");
    }
}

#[test]
fn one_key_for_two_members() {
    let desk = desk();
    desk.write("keys/US-1.operator.pem", operator(1));
    let said = desk.refused("--rounds 1 --batch 2 --keys keys --out log");
    assert!(
        said.ends_with(
            "a key of US-1 is already in use or its id collides with another's; one key per role\n"
        ),
        "{said}"
    );
}

/// The keys that are written are those of the seed: the log is the same with them, and `prove --cose` takes them.
#[test]
fn keys_that_were_written_are_read_again() {
    let desk = Desk::new();
    for (order, count) in [("tally", 8), ("bft", 12)] {
        let (keys, args) = (format!("keys-{order}"), format!("--order {order} --seed 5"));
        let said = desk.agreed(&format!("{args} --write-keys {keys}"));
        let why = format!("{count} private keys are in {keys}, drawn from seed 5: for demonstrations only\n");
        assert_eq!((said, desk.names(&keys).len()), (why, count));
        let run = format!("{args} --rounds 2 --batch 5 --no-timings --prove 7");
        desk.agreed(&format!("{run} --out drawn-{order}"));
        desk.agreed(&format!("{run} --keys {keys} --out read-{order}"));
        assert_eq!(desk.files(&format!("drawn-{order}")), desk.files(&format!("read-{order}")));
    }
    let ran = desk.prove("drawn-tally 7 --cose keys-tally/EU-1.operator.pem --out receipt --entry-out entry");
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    let receipt = "--policy drawn-tally/policy --receipt receipt --entry entry";
    assert_eq!(desk.verify(&format!("{receipt} --checkpoint drawn-tally/checkpoint")).status, Some(0));
}

#[test]
#[cfg(unix)]
fn written_keys_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.agreed("--write-keys keys --order bft");
    for name in desk.names("keys") {
        let mode = desk.path().join("keys").join(&name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn no_key_is_written_over_and_none_beside_one_that_stands() {
    let desk = Desk::new();
    desk.write("keys/APAC-1.cosigner.pem", "mine");
    let why = "stands already; name another folder";
    let said = desk.refused("--write-keys keys");
    assert_eq!(said, format!("round: --write-keys keys/APAC-1.cosigner.pem: {why}\n"));
    for folder in ["no/such", "keys/APAC-1.cosigner.pem"] {
        let said = desk.refused(&format!("--write-keys {folder}"));
        assert!(
            said.starts_with(&format!("round: --write-keys {folder}")) && said.lines().count() == 1,
            "{said}"
        );
    }
    for other in ["--out log", "--keys keys", "--rounds 1", "--fault EU-1=silent"] {
        let said = desk.refused(&format!("--write-keys new {other}"));
        assert!(said.starts_with("error: the argument '--write-keys <DIR>' cannot be used with '"), "{said}");
    }
}
