//! The published folder, read again with nothing but the specifications: sizes, roots, bundles, tiles.

use sha2::{Digest, Sha256};

use crate::desk::{Desk, rounds};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let bits =
            part.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= part.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn leaf(entry: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// RFC 9162 §2.1.1, as it is written there.
pub(crate) fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            Sha256::new()
                .chain_update([1])
                .chain_update(root(left))
                .chain_update(root(right))
                .finalize()
                .into()
        }
    }
}

/// The entries of a bundle.
fn entries(mut bundle: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    while let [high, low, rest @ ..] = bundle {
        let (entry, rest) = rest.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        entries.push(entry.to_vec());
        bundle = rest;
    }
    assert!(bundle.is_empty());
    entries
}

#[test]
fn the_checkpoint_names_the_final_root_and_size() {
    let desk = Desk::new();
    let report = desk.report("--rounds 3 --batch 7 --out log");
    let checkpoint = desk.text("log/checkpoint");
    let lines: Vec<&str> = checkpoint.lines().collect();
    assert_eq!(lines[0], "auditmesh.example/eu-us-apac");
    assert_eq!(lines[1], "21");
    assert_eq!(lines[2], base64(&hex(report["final"]["root"].as_str().unwrap())));
    assert_eq!(lines[3], "");
    let signers: Vec<&str> = lines[4..].iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    let log = "auditmesh.example/eu-us-apac";
    assert_eq!(signers, [log, log, log, log, "APAC-1", "EU-1", "EU-2", "US-1"]);
}

#[test]
fn tiles_and_bundles_hold_the_whole_tree() {
    let desk = Desk::new();
    let report = desk.report("--rounds 2 --batch 300 --out log --prove 0 255 256 599");
    let tiles: Vec<(String, usize)> = desk
        .files("log")
        .into_iter()
        .filter(|(name, _)| name.starts_with("tile/") && !name.ends_with('/'))
        .map(|(name, bytes)| (name, bytes.len()))
        .collect();
    let names: Vec<&str> = tiles.iter().map(|(name, _)| name.as_str()).collect();
    let bundles = ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"];
    assert_eq!(
        names,
        [&["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/1", "tile/1/000.p/2"][..], &bundles]
            .concat()
    );
    let sizes: Vec<usize> = tiles.iter().take(5).map(|(_, size)| *size).collect();
    assert_eq!(sizes, [256 * 32, 256 * 32, 88 * 32, 32, 2 * 32]);

    let mut all = Vec::new();
    for (bundle, width) in bundles.into_iter().zip([256, 256, 88]) {
        let entries = entries(&desk.read(&format!("log/{bundle}")));
        assert_eq!(entries.len(), width, "{bundle}");
        let hashes: Vec<u8> = entries.iter().flat_map(|entry| leaf(entry)).collect();
        assert_eq!(hashes, desk.read(&format!("log/{}", bundle.replace("entries", "0"))), "{bundle}");
        all.extend(entries);
    }
    let leaves: Vec<[u8; 32]> = all.iter().map(|entry| leaf(entry)).collect();
    assert_eq!(root(&leaves).to_vec(), hex(report["final"]["root"].as_str().unwrap()));
    assert_eq!(root(&leaves[..300]).to_vec(), hex(rounds(&report)[0]["root"].as_str().unwrap()));
    assert_eq!(root(&leaves[300..]).to_vec(), hex(rounds(&report)[1]["batch_root"].as_str().unwrap()));
    assert_eq!([root(&leaves[..256]), root(&leaves[256..512])].concat(), desk.read("log/tile/1/000.p/2"));
    for index in [0, 255, 256, 599] {
        assert_eq!(all[index], desk.read(&format!("log/proof/{index}.entry")));
    }
}

#[test]
fn a_full_tile_has_no_width_in_its_name() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 256 --out log");
    let tiles: Vec<String> = desk
        .names("log")
        .into_iter()
        .filter(|name| name.starts_with("tile/") && !name.ends_with('/'))
        .collect();
    assert_eq!(tiles, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
}

#[test]
fn every_agreed_head_is_anchored_behind_the_one_before() {
    let desk = Desk::new();
    let report = desk.report("--rounds 3 --batch 4 --out log");
    let anchors = desk.text("log/anchors.log");
    let mut lines = anchors.lines();
    assert_eq!(lines.next(), Some("auditmesh anchor v1"));
    let mut before: Option<String> = None;
    for (line, round) in lines.by_ref().zip(rounds(&report)) {
        let fields: Vec<&str> = line.split(' ').collect();
        assert_eq!(format!("file:{}", fields[0]), round["anchor"].as_str().unwrap());
        assert_eq!(
            (fields[2], fields[3]),
            ("auditmesh.example/eu-us-apac", round["size"].to_string().as_str())
        );
        assert_eq!(fields[4], round["root"].as_str().unwrap());
        assert!(before.is_none_or(|before| before == fields[1]), "{line} does not follow");
        before = fields.last().map(|digest| (*digest).to_owned());
    }
    assert_eq!(anchors.lines().count(), 4);
}

#[test]
fn the_metrics_count_what_the_report_says() {
    let desk = Desk::new();
    desk.agreed("--rounds 3 --batch 10 --fault US-1=diverge --no-timings --out log");
    let metrics = desk.text("log/metrics.txt");
    for line in [
        "auditmesh_rounds_total 3",
        "auditmesh_unmeasured_rounds_total 3",
        "auditmesh_proofs_total 30",
        "auditmesh_dissents_total 3",
        "auditmesh_alerts_total{rule=\"FED-AGREE-001\"} 0",
        "auditmesh_agree_ratio 0.75",
        "auditmesh_dissent_nodes 1",
        "auditmesh_queue_depth 0",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is missing in:\n{metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"));
}

#[test]
fn base64_is_that_of_rfc_4648() {
    let known = [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
    ];
    for (bytes, text) in known {
        assert_eq!(base64(bytes.as_bytes()), text);
    }
}
