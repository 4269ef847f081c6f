//! Seeds of the ordering engine's bytes: those that are frozen, and a torn file of records.

use super::Seed;

macro_rules! frozen {
    ($($target:literal, $name:literal, $file:literal;)*) => {
        [$(($target, $name, include_str!(concat!("../../../crates/conformance/vectors/", $file, "_v1.hex")))),*]
    };
}

pub(super) fn seeds() -> Vec<Seed> {
    let frozen = frozen![
        "bft_decided", "again", "bft_decided";
        "bft_evidence", "amnesia", "bft_evidence";
        "bft_message", "certificate", "bft_certificate_message";
        "bft_message", "proposal", "bft_proposal";
        "bft_message", "view_change", "bft_view_change_message";
        "bft_message", "vote", "bft_vote";
        "bft_packet", "decided", "bft_packet_decided";
        "bft_packet", "request", "bft_packet_request";
        "bft_record", "commit", "bft_record";
        "bft_record_log", "two", "bft_record_log";
    ];
    let mut seeds: Vec<Seed> =
        frozen.iter().map(|(target, name, text)| (*target, *name, decode(text))).collect();
    let torn = seeds.last().map_or_else(Vec::new, |(_, _, whole)| whole[..whole.len() - 9].to_vec());
    seeds.push(("bft_record_log", "torn", torn));
    seeds
}

/// Bytes of a file whose first line is `hex`.
fn decode(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.trim_start_matches("hex").bytes().filter(|byte| *byte != b'\n').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(|pair| byte(pair).expect("two hexadecimal digits")).collect()
}
