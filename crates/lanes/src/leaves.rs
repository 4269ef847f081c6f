//! Leaves of any length, those of equal length side by side.

use auditmesh_types::Digest;

use crate::{Kernel, avx512, message::Message, sha_ni};

/// How many entries are looked at together, to see whether their lengths differ.
const WINDOW: usize = 1024;

/// Hashes `entries`, of any lengths, into `out`, which has a place for each.
pub(crate) fn by_length(kernel: Kernel, entries: &[&[u8]], out: &mut [Digest]) {
    for (entries, out) in entries.chunks(WINDOW).zip(out.chunks_mut(WINDOW)) {
        let blocks = |entry: &&[u8]| Message::blocks_of(entry.len());
        let first = entries.first().map_or(0, blocks);
        if kernel == Kernel::Avx512 && entries.iter().all(|entry| blocks(entry) == first) {
            equal(entries, out);
        } else {
            mixed(kernel, entries, out);
        }
    }
}

/// Entries that end together, or nearly so.
fn equal(entries: &[&[u8]], out: &mut [Digest]) {
    let (groups, rest) = entries.as_chunks::<{ avx512::LANES }>();
    let (slots, rest_out) = out.as_chunks_mut();
    let (twos, one) = groups.as_chunks::<2>();
    let (two_slots, one_slot) = slots.as_chunks_mut();
    for (at, (entries, slots)) in twos.iter().zip(two_slots).enumerate() {
        let next = twos.get(at + 1).map_or(rest, |next| next.as_flattened());
        avx512::leaves(entries, next, slots);
    }
    for (entries, slots) in one.iter().zip(one_slot) {
        avx512::leaves(&[*entries], rest, core::array::from_mut(slots));
    }
    few(rest, rest_out);
}

/// Fewer entries than there are lanes.
fn few(entries: &[&[u8]], out: &mut [Digest]) {
    if entries.len() >= avx512::WORTH_SIXTEEN {
        let (mut padded, mut digests) = ([[&[][..]; avx512::LANES]], [[Digest::default(); avx512::LANES]]);
        padded[0][..entries.len()].copy_from_slice(entries);
        avx512::leaves(&padded, &[], &mut digests);
        out.copy_from_slice(&digests[0][..entries.len()]);
    } else {
        streams(entries, out);
    }
}

/// Four at a time, then one by one.
fn streams(entries: &[&[u8]], out: &mut [Digest]) {
    let (fours, rest) = entries.as_chunks();
    let (slots, rest_out) = out.as_chunks_mut();
    for (entries, slots) in fours.iter().zip(slots) {
        sha_ni::leaves::<4>(entries, slots);
    }
    for (entry, slot) in rest.iter().zip(rest_out) {
        sha_ni::leaves(&[entry], core::array::from_mut(slot));
    }
}

/// Entries of any length: for the lanes sorted by how many times 64 bytes they have, so that neighbours end nearly together.
fn mixed(kernel: Kernel, entries: &[&[u8]], out: &mut [Digest]) {
    if kernel != Kernel::Avx512 {
        return streams(entries, out);
    }
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_unstable_by_key(|at| (entries[*at].len() / 64, *at));
    let mut digests = [Digest::default(); 2 * avx512::LANES];
    for places in order.chunks(2 * avx512::LANES) {
        let mut gathered = [&[][..]; 2 * avx512::LANES];
        for (slot, place) in gathered.iter_mut().zip(places) {
            *slot = entries[*place];
        }
        equal(&gathered[..places.len()], &mut digests[..places.len()]);
        for (place, digest) in places.iter().zip(digests) {
            out[*place] = digest;
        }
    }
}
