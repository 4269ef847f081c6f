use auditmesh_types::{Digest, Hasher};

use crate::tree;

/// What a place of `out` holds before a call, so that a write beyond the limit is seen.
const UNTOUCHED: Digest = Digest([0xa5; 32]);

/// The contract of [`Hasher`].
///
/// Rules: `hasher/leaf-vector`, `hasher/node-vector`, `hasher/leaf`, `hasher/node`, `hasher/leaves`,
/// `hasher/leaves-short-out`, `hasher/leaves-long-out`, `hasher/nodes`, `hasher/nodes-short-out`,
/// `hasher/nodes-odd-child`, `hasher/nodes-long-out`, `hasher/share`.
///
/// # Cost
/// About 10,000 compressions: entries of 0 to 300 bytes, counts of 0 to 70.
///
/// # Source
/// RFC 6962 §2.1.
pub fn hasher(hasher: &impl Hasher) {
    vectors(hasher);
    let data: Vec<u8> = (0..=300u32).map(|n| n.wrapping_mul(151).to_le_bytes()[0]).collect();
    let entries: Vec<&[u8]> = (0..=300).filter_map(|length| data.get(..length)).collect();
    let hashes: Vec<Digest> = entries.iter().map(|entry| tree::leaf(entry)).collect();
    for (entry, want) in entries.iter().zip(&hashes) {
        same!("hasher/leaf", hasher.leaf(entry), *want, "an entry of {} bytes", entry.len());
    }
    leaves(hasher, &entries, &hashes);
    nodes(hasher, &hashes);
    share(hasher, &hashes);
}

fn vectors(hasher: &impl Hasher) {
    let digest = |text: &str| text.parse::<Digest>().expect("a digest");
    let empty = digest("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    let pair = digest("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    let three = digest("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    same!("hasher/leaf-vector", hasher.leaf(b""), empty, "the leaf of the empty entry");
    let got = hasher.node(&empty, &hasher.leaf(&[0]));
    same!("hasher/node-vector", got, pair, "the node of the leaves of '' and 00");
    let got = hasher.node(&pair, &hasher.leaf(&[0x10]));
    same!("hasher/node-vector", got, three, "the root of '', 00, 10");
}

/// Many at once: every count, windows at changing starts so that lengths mix, then all lengths in one call.
fn leaves(hasher: &impl Hasher, entries: &[&[u8]], hashes: &[Digest]) {
    for count in 0..=70 {
        let start = count * 3;
        let (part, want) = (&entries[start..start + count], &hashes[start..start + count]);
        let mut out = vec![UNTOUCHED; count];
        hasher.leaves(part, &mut out);
        same!("hasher/leaves", out, want, "{count} entries of {start} bytes and more");

        let short = count / 2;
        let mut out = vec![UNTOUCHED; short];
        hasher.leaves(part, &mut out);
        same!("hasher/leaves-short-out", out, want[..short], "{count} entries into {short} places");

        let mut out = vec![UNTOUCHED; count + 2];
        hasher.leaves(part, &mut out);
        same!("hasher/leaves", out[..count], *want, "{count} entries into {} places", count + 2);
        same!("hasher/leaves-long-out", out[count..], [UNTOUCHED; 2], "places beyond {count} entries");
    }
    let equal = vec![entries[90]; 67];
    let mut out = vec![UNTOUCHED; 67];
    hasher.leaves(&equal, &mut out);
    same!("hasher/leaves", out, vec![hashes[90]; 67], "67 entries of one length");
    let mut out = vec![UNTOUCHED; entries.len()];
    hasher.leaves(entries, &mut out);
    same!("hasher/leaves", out, hashes, "301 entries of 0 to 300 bytes");
}

fn nodes(hasher: &impl Hasher, hashes: &[Digest]) {
    let pairs: Vec<Digest> = hashes.chunks_exact(2).map(|pair| tree::node(&pair[0], &pair[1])).collect();
    let (left, right) = (hashes[0], hashes[1]);
    same!("hasher/node", hasher.node(&left, &right), pairs[0], "two children");
    same!("hasher/node", hasher.node(&right, &left), tree::node(&right, &left), "the same, swapped");
    for count in 0..=70 {
        let (children, want) = (&hashes[..2 * count], &pairs[..count]);
        let mut out = vec![UNTOUCHED; count];
        hasher.nodes(children, &mut out);
        same!("hasher/nodes", out, want, "{} children", 2 * count);

        let short = count / 2;
        let mut out = vec![UNTOUCHED; short];
        hasher.nodes(children, &mut out);
        same!("hasher/nodes-short-out", out, want[..short], "{} children into {short} places", 2 * count);

        let mut out = vec![UNTOUCHED; count + 2];
        hasher.nodes(&hashes[..2 * count + 1], &mut out);
        same!("hasher/nodes-odd-child", out[..count], *want, "{} children", 2 * count + 1);
        same!(
            "hasher/nodes-odd-child",
            out[count],
            UNTOUCHED,
            "the place of a last odd child of {count} pairs"
        );
        same!("hasher/nodes-long-out", out[count + 1], UNTOUCHED, "a place beyond {count} pairs");
    }
}

/// Every job is done, and with a hasher that gives the same digests in every way.
fn share(hasher: &impl Hasher, hashes: &[Digest]) {
    for count in [0, 1, 2, 3, 17, 150] {
        let (pairs, mut out) = (hashes.chunks_exact(2).take(count), vec![[UNTOUCHED; 4]; count]);
        let digests = |pair: &[Digest]| {
            let (leaf, node) = (tree::leaf(pair[0].as_ref()), tree::node(&pair[0], &pair[1]));
            [leaf, leaf, node, node]
        };
        let want: Vec<[Digest; 4]> = pairs.clone().map(digests).collect();
        let scratch = || [UNTOUCHED];
        hasher.share(pairs.zip(&mut out), scratch, |hasher, scratch, (pair, slots)| {
            slots[0] = hasher.leaf(pair[0].as_ref());
            hasher.leaves(&[pair[0].as_ref()], scratch);
            slots[1] = scratch[0];
            slots[2] = hasher.node(&pair[0], &pair[1]);
            hasher.nodes(pair, scratch);
            slots[3] = scratch[0];
        });
        same!("hasher/share", out, want, "{count} jobs: leaf, leaves, node and nodes");
    }
}
