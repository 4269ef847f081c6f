//! A few messages at once through the SHA extensions of x86-64: one stream hides the latency of the others.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_loadu_si128, _mm_set_epi32, _mm_set_epi64x,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32,
    _mm_storeu_si128,
};

use auditmesh_types::Digest;

use crate::{
    Kernel,
    constants::{INITIAL, ROUNDS},
    message::Message,
    portable,
};

/// One node. The children are read where they are: copied first, what was just written in halves would be read whole, and arrive late.
pub(crate) fn node(left: &Digest, right: &Digest) -> Digest {
    if Kernel::ShaNi.is_here() {
        // SAFETY: the processor has the features that the function is compiled for, as was just seen.
        return unsafe { node_here(left, right) };
    }
    portable::node(&[*left, *right])
}

/// `N` nodes.
pub(crate) fn nodes<const N: usize>(pairs: &[[Digest; 2]; N], out: &mut [Digest; N]) {
    if Kernel::ShaNi.is_here() {
        // SAFETY: the processor has the features that the function is compiled for, as was just seen.
        return unsafe { nodes_here(pairs, out) };
    }
    for (pair, slot) in pairs.iter().zip(out) {
        *slot = portable::node(pair);
    }
}

/// `N` leaves.
pub(crate) fn leaves<const N: usize>(entries: &[&[u8]; N], out: &mut [Digest; N]) {
    if Kernel::ShaNi.is_here() {
        // SAFETY: the processor has the features that the function is compiled for, as was just seen.
        return unsafe { leaves_here(entries, out) };
    }
    for (entry, slot) in entries.iter().zip(out) {
        *slot = portable::leaf(entry);
    }
}

/// The state as the instructions want it: (ABEF, CDGH).
type State = (__m128i, __m128i);

/// Sixteen words of a message.
type Block = [__m128i; 4];

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn initial() -> State {
    let w = |i: usize| INITIAL[i].cast_signed();
    (_mm_set_epi32(w(0), w(1), w(4), w(5)), _mm_set_epi32(w(2), w(3), w(6), w(7)))
}

/// Sixteen bytes as they are.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn load(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes are read from an array of 16 bytes; the load needs no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// Turns the bytes of every word round: SHA-256 reads words high byte first.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn turned(bytes: __m128i) -> __m128i {
    _mm_shuffle_epi8(bytes, _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203))
}

/// A block as words.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn words(block: &[u8; 64]) -> Block {
    let (quarters, _) = block.as_chunks::<16>();
    core::array::from_fn(|at| turned(load(&quarters[at])))
}

/// One compression of each of `N` blocks, instruction by instruction side by side.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn compress<const N: usize>(states: &mut [State; N], mut w: [Block; N]) {
    let before = *states;
    macro_rules! four {
        ($at:expr, $q:expr) => {{
            let k = _mm_set_epi32(
                ROUNDS[$at + 3].cast_signed(),
                ROUNDS[$at + 2].cast_signed(),
                ROUNDS[$at + 1].cast_signed(),
                ROUNDS[$at].cast_signed(),
            );
            let mut wk = [k; N];
            for lane in 0..N {
                wk[lane] = _mm_add_epi32(w[lane][$q], k);
            }
            for lane in 0..N {
                let (abef, cdgh) = states[lane];
                states[lane] = (abef, _mm_sha256rnds2_epu32(cdgh, abef, wk[lane]));
            }
            for lane in 0..N {
                let (abef, cdgh) = states[lane];
                states[lane] = (_mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0e>(wk[lane])), cdgh);
            }
        }};
    }
    macro_rules! expand {
        ($q:expr) => {
            for lane in 0..N {
                let [w0, w1, w2, w3] =
                    [w[lane][$q], w[lane][($q + 1) & 3], w[lane][($q + 2) & 3], w[lane][($q + 3) & 3]];
                let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8::<4>(w3, w2));
                w[lane][$q] = _mm_sha256msg2_epu32(sum, w3);
            }
        };
    }
    four!(0, 0);
    four!(4, 1);
    four!(8, 2);
    four!(12, 3);
    expand!(0);
    four!(16, 0);
    expand!(1);
    four!(20, 1);
    expand!(2);
    four!(24, 2);
    expand!(3);
    four!(28, 3);
    expand!(0);
    four!(32, 0);
    expand!(1);
    four!(36, 1);
    expand!(2);
    four!(40, 2);
    expand!(3);
    four!(44, 3);
    expand!(0);
    four!(48, 0);
    expand!(1);
    four!(52, 1);
    expand!(2);
    four!(56, 2);
    expand!(3);
    four!(60, 3);
    for lane in 0..N {
        states[lane] =
            (_mm_add_epi32(states[lane].0, before[lane].0), _mm_add_epi32(states[lane].1, before[lane].1));
    }
}

#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn digest((abef, cdgh): State) -> Digest {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let feba = _mm_shuffle_epi32::<0x1b>(abef);
    let dchg = _mm_shuffle_epi32::<0xb1>(cdgh);
    let dcba = _mm_blend_epi16::<0xf0>(feba, dchg);
    let hgfe = _mm_alignr_epi8::<8>(dchg, feba);
    let mut out = [0; 32];
    let (halves, _) = out.as_chunks_mut::<16>();
    for (half, words) in halves.iter_mut().zip([dcba, hgfe]) {
        let bytes = _mm_shuffle_epi8(words, order);
        // SAFETY: 16 bytes are written into an array of 16 bytes; the store needs no alignment.
        unsafe { _mm_storeu_si128(half.as_mut_ptr().cast(), bytes) };
    }
    Digest(out)
}

/// The two blocks of a node: 0x01 and the children, which moves everything by a byte. The bytes are moved in registers: written
/// to memory one byte off and read back at once, they would arrive late.
#[inline]
#[target_feature(enable = "sha,ssse3,sse4.1")]
fn node_blocks(left: &Digest, right: &Digest) -> [Block; 2] {
    let halves = |digest: &Digest| {
        let (halves, _) = digest.0.as_chunks::<16>();
        (load(&halves[0]), load(&halves[1]))
    };
    let ((l0, l1), (r0, r1)) = (halves(left), halves(right));
    let prefix = _mm_set_epi64x(1 << 56, 0);
    let padding = _mm_set_epi64x(0, 0x80);
    let none = _mm_set_epi64x(0, 0);
    let first = [
        turned(_mm_alignr_epi8::<15>(l0, prefix)),
        turned(_mm_alignr_epi8::<15>(l1, l0)),
        turned(_mm_alignr_epi8::<15>(r0, l1)),
        turned(_mm_alignr_epi8::<15>(r1, r0)),
    ];
    [first, [turned(_mm_alignr_epi8::<15>(padding, r1)), none, none, _mm_set_epi32(65 * 8, 0, 0, 0)]]
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn node_here(left: &Digest, right: &Digest) -> Digest {
    let [first, second] = node_blocks(left, right);
    let mut state = [initial()];
    compress(&mut state, [first]);
    compress(&mut state, [second]);
    digest(state[0])
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn nodes_here<const N: usize>(pairs: &[[Digest; 2]; N], out: &mut [Digest; N]) {
    let blocks: [[Block; 2]; N] = core::array::from_fn(|lane| node_blocks(&pairs[lane][0], &pairs[lane][1]));
    let mut states = [initial(); N];
    compress(&mut states, core::array::from_fn(|lane| blocks[lane][0]));
    compress(&mut states, core::array::from_fn(|lane| blocks[lane][1]));
    for (slot, state) in out.iter_mut().zip(states) {
        *slot = digest(state);
    }
}

#[target_feature(enable = "sha,ssse3,sse4.1")]
fn leaves_here<const N: usize>(entries: &[&[u8]; N], out: &mut [Digest; N]) {
    let messages: [Message; N] = core::array::from_fn(|lane| Message::of(entries[lane]));
    let together = messages.iter().map(Message::blocks).min().unwrap_or(0);
    let mut states = [initial(); N];
    for at in 0..together {
        compress(&mut states, core::array::from_fn(|lane| words(messages[lane].block(entries[lane], at))));
    }
    for (lane, (slot, state)) in out.iter_mut().zip(states).enumerate() {
        let mut state = [state];
        for at in together..messages[lane].blocks() {
            compress(&mut state, [words(messages[lane].block(entries[lane], at))]);
        }
        *slot = digest(state[0]);
    }
}
