//! A log that was only added to: `prove --consistency`, and `verify` with an older checkpoint.

use crate::{desk::Desk, foreign::foreign, proves::every_byte, verified_not::reason};

/// A log of 50 entries that once had 20 and, in the folder `old`, its checkpoints of then.
fn desk() -> Desk {
    let desk = Desk::new();
    for rounds in [1, 2, 5] {
        desk.agreed(&format!("--rounds {rounds} --batch 10 --no-timings --out log"));
        desk.write(&format!("old/{}", rounds * 10), desk.read("log/checkpoint"));
    }
    desk
}

const ARGS: &str = "--policy log/policy --consistency proof";

#[test]
fn a_log_that_grew_continues_its_older_checkpoints() {
    let desk = desk();
    for (old, hashes) in [(10, 6), (20, 5), (50, 0)] {
        let ran = desk.prove(&format!("log --consistency {old}"));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
        desk.write("proof", ran.out);
        let ran = desk.verify(&format!("{ARGS} --old old/{old}"));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        let lines: Vec<&str> = ran.out.lines().collect();
        assert_eq!(lines[..2], ["PROVED", "log       auditmesh.example/eu-us-apac"]);
        assert!(lines[2].starts_with("tree      size 50, root "), "{}", lines[2]);
        assert!(lines[3].starts_with(&format!("begins    with the {old} entries of root ")), "{}", lines[3]);
        assert!(lines[3].ends_with(&format!(", by {hashes} hashes")), "{}", lines[3]);
        assert_eq!(lines[5], "rule      group members 3 of 4: 4 signed");
    }
}

/// The file is what `tlog-witness` posts: the older size, hashes in base64, an empty line, the checkpoint.
#[test]
fn the_file_is_the_body_of_add_checkpoint() {
    let desk = desk();
    let out = desk.prove("log --consistency 20").out;
    let (head, checkpoint) = out.split_once("\n\n").unwrap();
    assert_eq!(checkpoint, desk.text("log/checkpoint"));
    let lines: Vec<&str> = head.lines().collect();
    assert_eq!((lines[0], lines.len()), ("old 20", 6));
    assert!(lines[1..].iter().all(|line| line.len() == 44 && line.ends_with('=')), "{head}");
    assert!(desk.prove("log --consistency 0").out.starts_with("old 0\n\nauditmesh.example/"));
}

#[test]
fn another_history_is_not_proved() {
    let desk = desk();
    desk.write("proof", desk.prove("log --consistency 20").out);
    let said = "the older checkpoint is of size 10, the consistency proof begins with 20";
    assert_eq!(reason(&desk.verify(&format!("{ARGS} --old old/10"))), said);

    // The same members agree on another log of 20 entries: they broke their word, and it shows.
    desk.write("in.jsonl", "{\"n\":1}\n".repeat(20));
    desk.agreed("--events in.jsonl --batch 20 --no-timings --out fork");
    let ran = desk.verify(&format!("{ARGS} --old fork/checkpoint"));
    assert!(reason(&ran).starts_with("the log does not continue the older checkpoint: "), "{}", ran.out);

    foreign(&desk, "there", 20);
    let foreign = desk.text("foreign.policy").replace("quorum none\n", "");
    desk.write("both", desk.text("log/policy").replace("quorum members", "quorum none") + &foreign);
    let ran = desk.verify(&format!("{} --old there/checkpoint", ARGS.replace("log/policy", "both")));
    let why = "the older checkpoint is of the log \"rekor.example.org/2026\", the newer one of \
               \"auditmesh.example/eu-us-apac\"; compare checkpoints of one log";
    assert_eq!(reason(&ran), why);
}

#[test]
fn a_size_beyond_the_log() {
    let desk = desk();
    let ran = desk.prove("log --consistency 51 --out p");
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.starts_with("prove: log: ") && ran.err.lines().count() == 1, "{}", ran.err);
    assert!(!desk.path().join("p").exists());
}

#[test]
fn every_byte_of_the_proof_and_of_the_older_checkpoint_counts() {
    let desk = Desk::new();
    foreign(&desk, "old", 5);
    foreign(&desk, "there", 11);
    desk.prove("there --consistency 5 --out proof");
    let args = "--policy foreign.policy --consistency proof --old old/checkpoint";
    for file in ["proof", "old/checkpoint"] {
        let text = desk.text(file);
        let unknown = text.match_indices('\u{2014}').nth(1).unwrap().0;
        let free = every_byte(&desk, args, file);
        assert!(free.iter().all(|at| *at > unknown), "{file}: {free:?}, {unknown}");
    }
}

#[test]
fn a_proof_that_is_none() {
    let desk = desk();
    let proof = desk.prove("log --consistency 20").out;
    let hash = format!("{}\n", proof.lines().nth(1).unwrap());
    let old = "line 1 of the consistency proof should read \"old <size>, in decimal without leading zeroes\"";
    let form = "of the consistency proof should read \"<base64 of 32 bytes>, then an empty line\"";
    let cases = [
        (String::new(), format!("proof: line 1 {form}")),
        (proof.replacen("old 20", "old 020", 1), format!("proof: {old}")),
        (proof.replacen("old 20", "old", 1), format!("proof: {old}")),
        (proof.replacen("old 20", "old 99999999999999999999", 1), format!("proof: {old}")),
        (proof.replacen("old 20\n", "old 20\n\u{fffd}\n", 1), format!("proof: line 2 {form}")),
        (proof.replacen(&hash, &hash[1..], 1), format!("proof: line 2 {form}")),
        (
            proof.replacen("old 20", "old 51", 1),
            "proof: the consistency proof is from size 51 to 50, and a log does not shrink".to_owned(),
        ),
        (
            proof.replacen("old 20\n", &format!("old 20\n{}", hash.repeat(60)), 1),
            "proof: the consistency proof has 64 hashes or more, at most 63 are allowed".to_owned(),
        ),
    ];
    for (text, why) in cases {
        desk.write("proof", &text);
        assert_eq!(reason(&desk.verify(&format!("{ARGS} --old old/20"))), why);
    }
    for (text, start) in [
        (proof.replacen(&hash, "", 1), "the log does not continue the older checkpoint: "),
        (proof.replacen(&hash, &hash.repeat(2), 1), "the log does not continue the older checkpoint: "),
        (proof.split_once("\n\n").unwrap().0.to_owned() + "\n\n", "proof: "),
    ] {
        desk.write("proof", text);
        let ran = desk.verify(&format!("{ARGS} --old old/20"));
        assert!(reason(&ran).starts_with(start), "{}", ran.out);
    }
}
