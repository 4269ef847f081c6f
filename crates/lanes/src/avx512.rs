//! Sixteen messages in the 512-bit registers of AVX-512, lane i of every register belonging to message i; and two such groups
//! side by side.

use core::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_add_epi32, _mm512_loadu_si512, _mm512_mask_mov_epi32,
    _mm512_or_si512, _mm512_ror_epi32, _mm512_set_epi8, _mm512_set1_epi32, _mm512_setzero_si512,
    _mm512_shldi_epi32, _mm512_shuffle_epi8, _mm512_shuffle_i32x4, _mm512_slli_epi32, _mm512_srli_epi32,
    _mm512_storeu_si512, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64,
    _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};

use auditmesh_types::Digest;

use crate::{
    Kernel,
    constants::{INITIAL, ROUNDS},
    message::Message,
    portable,
};

/// How many messages one call hashes.
pub(crate) const LANES: usize = 16;

/// Fewer messages than this are cheaper in streams than in sixteen half-empty lanes.
pub(crate) const WORTH_SIXTEEN: usize = LANES / 2 + 1;

type State = [__m512i; 8];
type Block = [__m512i; LANES];

/// The truth tables of SHA-256's three functions, as the instruction wants them.
const PARITY: i32 = 0x96;
const CHOOSE: i32 = 0xca;
const MAJORITY: i32 = 0xe8;

/// `G` times sixteen nodes.
pub(crate) fn nodes<const G: usize>(pairs: &[[[Digest; 2]; LANES]; G], out: &mut [[Digest; LANES]; G]) {
    if Kernel::Avx512.is_here() {
        // SAFETY: the processor has the features that the function is compiled for, as was just seen.
        return unsafe { nodes_here(pairs, out) };
    }
    for (pair, slot) in pairs.as_flattened().iter().zip(out.as_flattened_mut()) {
        *slot = portable::node(pair);
    }
}

/// `G` times sixteen leaves. `next` are the entries that come after them, for the cache.
pub(crate) fn leaves<const G: usize>(
    entries: &[[&[u8]; LANES]; G],
    next: &[&[u8]],
    out: &mut [[Digest; LANES]; G],
) {
    if Kernel::Avx512.is_here() {
        // SAFETY: the processor has the features that the function is compiled for, as was just seen.
        return unsafe { leaves_here(entries, next, out) };
    }
    for (entry, slot) in entries.as_flattened().iter().zip(out.as_flattened_mut()) {
        *slot = portable::leaf(entry);
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word.cast_signed())
}

/// Writes a statement sixteen times, `at` from 0 to 15: the places in a block are known to the compiler, so that the words of a
/// block can live in registers.
macro_rules! sixteen {
    ($at:ident, $work:expr) => {
        sixteen!($at, $work; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    ($at:ident, $work:expr; $($place:literal)*) => {
        $( { const HERE: usize = $place; let $at = HERE; $work; } )*
    };
}

/// One compression of each group's block. A group waits for its own last instruction all the time, so two of them side by side
/// take little longer than one.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn compress<const G: usize>(states: &mut [State; G], blocks: &[Block; G]) {
    let (twos, one) = states.as_chunks_mut::<2>();
    let (two_blocks, one_block) = blocks.as_chunks::<2>();
    for ([state_a, state_b], [block_a, block_b]) in twos.iter_mut().zip(two_blocks) {
        let (mut a, mut b, mut wa, mut wb) = (*state_a, *state_b, *block_a, *block_b);
        for from in [0, 16, 32, 48] {
            sixteen!(at, {
                let constant = splat(ROUNDS[from + at]);
                a = round(a, _mm512_add_epi32(constant, wa[at]));
                b = round(b, _mm512_add_epi32(constant, wb[at]));
            });
            if from < 48 {
                sixteen!(at, {
                    wa[at] = expanded(&wa, at);
                    wb[at] = expanded(&wb, at);
                });
            }
        }
        add(state_a, a);
        add(state_b, b);
    }
    for (state, block) in one.iter_mut().zip(one_block) {
        let (mut a, mut w) = (*state, *block);
        for from in [0, 16, 32, 48] {
            sixteen!(at, a = round(a, _mm512_add_epi32(splat(ROUNDS[from + at]), w[at])));
            if from < 48 {
                sixteen!(at, w[at] = expanded(&w, at));
            }
        }
        add(state, a);
    }
}

/// Adds the state before and the state after.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn add(before: &mut State, after: State) {
    for (word, after) in before.iter_mut().zip(after) {
        *word = _mm512_add_epi32(*word, after);
    }
}

/// The word that takes the place of word `at`, sixteen rounds on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn expanded(w: &Block, at: usize) -> __m512i {
    let (early, late) = (w[(at + 1) & 15], w[(at + 14) & 15]);
    let sum0 =
        parity(_mm512_ror_epi32::<7>(early), _mm512_ror_epi32::<18>(early), _mm512_srli_epi32::<3>(early));
    let sum1 =
        parity(_mm512_ror_epi32::<17>(late), _mm512_ror_epi32::<19>(late), _mm512_srli_epi32::<10>(late));
    _mm512_add_epi32(_mm512_add_epi32(w[at], w[(at + 9) & 15]), _mm512_add_epi32(sum0, sum1))
}

/// One round; `input` is the round's constant and its word of the message.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn round([a, b, c, d, e, f, g, h]: State, input: __m512i) -> State {
    let sum1 = parity(_mm512_ror_epi32::<6>(e), _mm512_ror_epi32::<11>(e), _mm512_ror_epi32::<25>(e));
    let choose = _mm512_ternarylogic_epi32::<CHOOSE>(e, f, g);
    let t1 = _mm512_add_epi32(_mm512_add_epi32(_mm512_add_epi32(h, input), choose), sum1);
    let sum0 = parity(_mm512_ror_epi32::<2>(a), _mm512_ror_epi32::<13>(a), _mm512_ror_epi32::<22>(a));
    let majority = _mm512_ternarylogic_epi32::<MAJORITY>(a, b, c);
    let t2 = _mm512_add_epi32(sum0, majority);
    [_mm512_add_epi32(t1, t2), a, b, c, _mm512_add_epi32(d, t1), e, f, g]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn parity(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<PARITY>(a, b, c)
}

/// Rows of sixteen words to columns.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn transpose(r: Block) -> Block {
    let mut t = [_mm512_setzero_si512(); LANES];
    for i in 0..8 {
        t[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
        t[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
    }
    let mut u = [_mm512_setzero_si512(); LANES];
    for i in 0..4 {
        let (a, b, c, d) = (t[4 * i], t[4 * i + 1], t[4 * i + 2], t[4 * i + 3]);
        u[4 * i] = _mm512_unpacklo_epi64(a, c);
        u[4 * i + 1] = _mm512_unpackhi_epi64(a, c);
        u[4 * i + 2] = _mm512_unpacklo_epi64(b, d);
        u[4 * i + 3] = _mm512_unpackhi_epi64(b, d);
    }
    let mut out = [_mm512_setzero_si512(); LANES];
    for i in 0..4 {
        let (a, b, c, d) = (u[i], u[4 + i], u[8 + i], u[12 + i]);
        let (ab0, ab1) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xdd>(a, b));
        let (cd0, cd1) = (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xdd>(c, d));
        out[i] = _mm512_shuffle_i32x4::<0x88>(ab0, cd0);
        out[4 + i] = _mm512_shuffle_i32x4::<0x88>(ab1, cd1);
        out[8 + i] = _mm512_shuffle_i32x4::<0xdd>(ab0, cd0);
        out[12 + i] = _mm512_shuffle_i32x4::<0xdd>(ab1, cd1);
    }
    out
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn swap_bytes(x: __m512i) -> __m512i {
    let order = _mm512_set_epi8(
        12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1,
        2, 3, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7,
        0, 1, 2, 3,
    );
    _mm512_shuffle_epi8(x, order)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are read from an array of 64 bytes; the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn load_pair(pair: &[Digest; 2]) -> __m512i {
    // SAFETY: `Digest` is a transparent array of 32 bytes, so two of them in an array are 64 bytes in a row.
    unsafe { _mm512_loadu_si512(pair.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn initial() -> State {
    INITIAL.map(|word| splat(word))
}

/// Turns the lanes' states into digests.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn store(state: State, out: &mut [Digest; LANES]) {
    let mut rows = [_mm512_setzero_si512(); LANES];
    for (row, words) in rows.iter_mut().zip(state) {
        *row = swap_bytes(words);
    }
    for (column, slot) in transpose(rows).into_iter().zip(out) {
        let mut bytes = [0u8; 64];
        // SAFETY: 64 bytes are written into an array of 64 bytes; the store needs no alignment.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), column) };
        slot.0.copy_from_slice(&bytes[..32]);
    }
}

/// Rows of sixteen bytes-as-they-are to columns of words.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn words(rows: Block) -> Block {
    let mut columns = transpose(rows);
    for column in &mut columns {
        *column = swap_bytes(*column);
    }
    columns
}

/// The two blocks of sixteen nodes. The message is one byte longer than a block: 0x01 moves every word by a byte, and the
/// last byte of the right child opens a second block that holds nothing else but padding.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn node_blocks(pairs: &[[Digest; 2]; LANES]) -> [Block; 2] {
    let mut rows = [_mm512_setzero_si512(); LANES];
    for (row, pair) in rows.iter_mut().zip(pairs) {
        *row = load_pair(pair);
    }
    let children = words(rows);
    let mut first = [_mm512_setzero_si512(); LANES];
    first[0] = _mm512_shldi_epi32::<24>(splat(1), children[0]);
    for at in 1..LANES {
        first[at] = _mm512_shldi_epi32::<24>(children[at - 1], children[at]);
    }
    let mut second = [_mm512_setzero_si512(); LANES];
    second[0] = _mm512_or_si512(_mm512_slli_epi32::<24>(children[15]), splat(0x0080_0000));
    second[15] = splat(65 * 8);
    [first, second]
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn nodes_here<const G: usize>(pairs: &[[[Digest; 2]; LANES]; G], out: &mut [[Digest; LANES]; G]) {
    let blocks: [[Block; 2]; G] = core::array::from_fn(|group| node_blocks(&pairs[group]));
    let mut states = [initial(); G];
    let half = |half: usize| core::array::from_fn(|group: usize| blocks[group][half]);
    compress(&mut states, &half(0));
    compress(&mut states, &half(1));
    for (state, out) in states.into_iter().zip(out) {
        store(state, out);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn leaves_here<const G: usize>(
    entries: &[[&[u8]; LANES]; G],
    next: &[&[u8]],
    out: &mut [[Digest; LANES]; G],
) {
    let mut messages = [[Message::NONE; LANES]; G];
    let mut most = 0;
    for (messages, entries) in messages.iter_mut().zip(entries) {
        for (message, entry) in messages.iter_mut().zip(entries) {
            *message = Message::of(entry);
            most = most.max(message.blocks());
        }
    }
    let mut states = [initial(); G];
    for at in 0..most {
        let mut blocks = [[_mm512_setzero_si512(); LANES]; G];
        let mut running = [0u16; G];
        for group in 0..G {
            for (lane, (message, entry)) in messages[group].iter().zip(&entries[group]).enumerate() {
                blocks[group][lane] = load(message.block(entry, at));
                running[group] |= u16::from(at < message.blocks()) << lane;
            }
            blocks[group] = words(blocks[group]);
        }
        for line in next.iter().filter_map(|entry| entry.get(at * 64)) {
            _mm_prefetch::<_MM_HINT_T0>(core::ptr::from_ref(line).cast());
        }
        let before = states;
        compress(&mut states, &blocks);
        for group in 0..G {
            for (word, before) in states[group].iter_mut().zip(before[group]) {
                *word = _mm512_mask_mov_epi32(before, running[group], *word);
            }
        }
    }
    for (state, out) in states.into_iter().zip(out) {
        store(state, out);
    }
}
