//! What `prove` makes of a published folder, and what it refuses.

use std::fs;

use crate::{
    desk::Desk,
    foreign::foreign,
    verified::{self, proved},
};

/// Changes every byte of `file`, one at a time, and runs `verify`: it refuses, or says exactly what it said before. Gives the
/// bytes of the second sort.
pub(crate) fn every_byte(desk: &Desk, args: &str, file: &str) -> Vec<usize> {
    let (right, bytes) = (desk.verify(args), desk.read(file));
    assert_eq!(right.status, Some(0), "{}{}", right.out, right.err);
    let mut free = Vec::new();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        desk.write(file, &changed);
        let ran = desk.verify(args);
        match ran.status {
            Some(0) => {
                assert_eq!(ran, right, "byte {at} changes what is verified");
                free.push(at);
            }
            _ => assert!(ran.status == Some(1) && ran.out.starts_with("NOT PROVED: "), "byte {at}: {ran:?}"),
        }
    }
    desk.write(file, bytes);
    assert_eq!(desk.verify(args), right);
    free
}

/// A log of 600 entries.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.agreed("--rounds 2 --batch 300 --no-timings --out log --prove 0 255 256 599");
    desk
}

/// Runs `prove`, which must refuse before it prints anything or leaves anything behind.
fn refused(desk: &Desk, args: &str) -> String {
    let before = desk.files("");
    let ran = desk.prove(args);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "prove {args}: {}", ran.err);
    assert_eq!(desk.files(""), before, "prove {args} left something behind");
    let said = ran.err.strip_prefix("prove: ").and_then(|said| said.strip_suffix('\n'));
    let said = said.unwrap_or_else(|| panic!("{:?}", ran.err));
    assert!(!said.contains('\n'), "{said}");
    said.to_owned()
}

/// With nothing but checkpoint and tiles, `prove` makes the proof that `round` makes.
#[test]
fn the_tiles_alone_are_enough() {
    let desk = desk();
    for name in [".lock", "anchors.log", "metrics.txt", "report.json"] {
        fs::remove_file(desk.path().join("log").join(name)).unwrap();
    }
    for index in [0, 255, 256, 599] {
        let file = format!("log/proof/{index}.tlog-proof");
        let ran = desk.prove(&format!("log {index}"));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
        assert_eq!(ran.out.as_bytes(), desk.read(&file), "standard output");
        desk.prove(&format!("log {index} --out {index}.proof --entry-out {index}.entry"));
        assert_eq!(desk.read(&format!("{index}.proof")), desk.read(&file));
        assert_eq!(desk.read(&format!("{index}.entry")), desk.read(&format!("log/proof/{index}.entry")));
    }
    desk.write("log/proof/7.tlog-proof", desk.prove("log 7").out);
    desk.prove("log 7 --out again --entry-out log/proof/7.entry");
    assert_eq!(desk.verify(&verified::args(7)).status, Some(0));
    assert_eq!(proved(&desk, 599)[3], "place     entry 599 is in it, by a path of 6 hashes");
}

#[test]
fn an_index_beyond_the_log() {
    let desk = desk();
    let why = "was asked for in a tree of 600 leaves: ask for a lower index";
    for index in ["600", "18446744073709551615"] {
        assert_eq!(refused(&desk, &format!("log {index} --out p")), format!("log: leaf {index} {why}"));
    }
}

#[test]
fn a_tile_or_bundle_that_is_missing_cut_off_or_changed() {
    let desk = desk();
    let cases = [("tile/0/000", 3), ("tile/0/002.p/88", 3), ("tile/1/000.p/2", 3), ("tile/entries/000", 3)];
    for (name, index) in cases {
        let (path, bytes) = (format!("log/{name}"), desk.read(&format!("log/{name}")));
        let args = format!("log {index} --out p --entry-out e");
        fs::remove_file(desk.path().join(&path)).unwrap();
        let why = "is missing, and no full file stands in its place; fetch it elsewhere or restore it";
        assert_eq!(refused(&desk, &args), format!("log: {name} {why}"));
        for cut in [0, 1, bytes.len() - 1] {
            desk.write(&path, &bytes[..cut]);
            let said = refused(&desk, &args);
            assert!(said.starts_with(&format!("log: {name} ")), "{said}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        desk.write(&path, longer);
        let said = refused(&desk, &args);
        assert!(said.contains(name), "{said}");
        for at in [0, 5, 31, bytes.len() / 2] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            desk.write(&path, changed);
            let said = refused(&desk, &args);
            assert!(
                said.contains(name) || said.starts_with("log: the partial tiles of 600 leaves"),
                "{said}"
            );
        }
        desk.write(&path, bytes);
    }
    assert_eq!(desk.prove("log 3").status, Some(0));
}

#[test]
fn a_folder_that_is_no_log() {
    let desk = desk();
    fs::create_dir(desk.path().join("empty")).unwrap();
    for folder in ["nowhere", "empty"] {
        let said = refused(&desk, &format!("{folder} 0 --out p"));
        let why = "holds no published log: there is no file `checkpoint` in it";
        assert_eq!(said, format!("{folder}: {why}"));
    }
    for checkpoint in [&b""[..], b"auditmesh.example/eu-us-apac\n", &[0xff; 300]] {
        desk.write("empty/checkpoint", checkpoint);
        let said = refused(&desk, "empty 0 --out p");
        assert!(said.starts_with("empty/checkpoint: "), "{said}");
    }
    desk.write("empty/checkpoint", vec![b'x'; 5 << 20]);
    let said = refused(&desk, "empty 0 --out p");
    let why = "has more than 4194304 bytes, the most such a file may have";
    assert_eq!(said, format!("empty/checkpoint: {why}"));
}

/// The checkpoint of one log over the tiles of another, and a proof under another policy.
#[test]
fn a_folder_of_another_log() {
    let desk = desk();
    desk.agreed("--rounds 2 --batch 300 --seed 2 --out other");
    desk.prove("other 7 --out p --entry-out e");
    assert_eq!(desk.verify("--policy other/policy --proof p --entry e").status, Some(0));
    let ran = desk.verify("--policy log/policy --proof p --entry e");
    let why = "no log key named \"auditmesh.example/eu-us-apac\" that the policy lists has signed";
    assert_eq!(ran.out, format!("NOT PROVED: the checkpoint is not vouched for: {why}\n"));
    desk.write("log/checkpoint", desk.read("other/checkpoint"));
    let said = refused(&desk, "log 7 --out q");
    assert!(said.starts_with("log: the partial tiles of 600 leaves lead to root "), "{said}");
}

#[test]
fn files_that_cannot_be_written_or_are_there() {
    let desk = desk();
    desk.write("mine", "mine");
    for args in ["--out mine", "--entry-out mine", "--entry-out e --out mine", "--out none/p --entry-out e"] {
        let said = refused(&desk, &format!("log 7 {args}"));
        let option = if args.starts_with("--entry-out mine") { "--entry-out" } else { "--out" };
        match args.contains("none") {
            true => assert!(said.starts_with("none/p: "), "{said}"),
            false => assert_eq!(said, format!("mine: stands already; name another file with {option}")),
        }
    }
    let said = refused(&desk, "log 7 --out p --entry-out p");
    assert_eq!(said, "p: stands already; name another file with --out");
}

#[test]
fn arguments_that_contradict_themselves() {
    let desk = desk();
    for args in ["", "log", "log x", "log -1", "log 1 --consistency 2", "log --consistency 2 --entry-out e"] {
        let ran = desk.prove(args);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{args}");
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
        let usage = "prove [OPTIONS] <DIR> <INDEX>\n       prove [OPTIONS] <DIR> --consistency <OLD_SIZE>\n";
        assert_eq!(ran.err.contains(usage), args != "log x", "{}", ran.err);
    }
}

/// A log whose checkpoint promises more than a folder can hold is refused at once.
#[test]
fn a_checkpoint_of_a_tree_that_cannot_be() {
    let desk = Desk::new();
    foreign(&desk, "there", 6);
    let checkpoint = desk.text("there/checkpoint");
    for size in ["7", "256", "281474976710657", "18446744073709551615"] {
        desk.write("there/checkpoint", checkpoint.replacen("\n6\n", &format!("\n{size}\n"), 1));
        let said = refused(&desk, "there 3 --out p");
        assert!(said.starts_with("there: "), "{said}");
    }
}
