//! The tree: roots, appends, proofs, beside `rs_merkle` on the same leaves.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark; criterion's macros document nothing")]

use std::hint::black_box;

use auditmesh::{
    merkle::{Tree, verify_inclusion},
    types::{Digest, Hasher, Index},
};
use auditmesh_benches::{digests, entries};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

#[derive(Clone)]
struct Rfc6962;

impl rs_merkle::Hasher for Rfc6962 {
    type Hash = [u8; 32];

    fn hash(data: &[u8]) -> [u8; 32] {
        auditmesh::merkle::Sha256.leaf(data).0
    }

    fn concat_and_hash(left: &[u8; 32], right: Option<&[u8; 32]>) -> [u8; 32] {
        right.map_or(*left, |right| auditmesh::merkle::Sha256.node(&Digest(*left), &Digest(*right)).0)
    }
}

fn root(c: &mut Criterion) {
    for count in [1_000, 100_000] {
        let mut group = c.benchmark_group(format!("root/digests={count}"));
        group.throughput(Throughput::Elements(count)).sample_size(10);
        let leaves = digests(count);
        let raw: Vec<[u8; 32]> = leaves.iter().map(|leaf| leaf.0).collect();
        group.bench_function("auditmesh", |b| {
            b.iter(|| {
                let mut tree = Tree::new();
                tree.append_leaf_hashes(&leaves).unwrap();
                black_box(tree.root())
            });
        });
        group.bench_function("rs_merkle", |b| {
            b.iter(|| black_box(rs_merkle::MerkleTree::<Rfc6962>::from_leaves(&raw).root()));
        });
        group.finish();
    }
}

fn append(c: &mut Criterion) {
    let (mut tree, batch) = (Tree::new(), entries(1_000, 200));
    tree.append_leaf_hashes(&digests(100_000)).unwrap();
    let batch: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
    let mut group = c.benchmark_group("append/n=100000,batch=1000,bytes=200");
    group.throughput(Throughput::Elements(1_000)).sample_size(10);
    group.bench_function("auditmesh", |b| {
        let append = |mut tree: Tree| {
            tree.append_batch(&batch).unwrap();
            tree.root()
        };
        b.iter_batched(|| tree.clone(), append, BatchSize::LargeInput);
    });
    group.finish();
}

fn prove(c: &mut Criterion) {
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&digests(100_000)).unwrap();
    let (size, root, index) = (tree.size(), tree.root(), Index(77_777));
    let (leaf, hasher) = (tree.leaf(index).unwrap(), auditmesh::merkle::Sha256);
    let proof = tree.inclusion(index, size).unwrap();
    let mut buffer = [Digest::default(); 64];
    let mut group = c.benchmark_group("proof/n=100000");
    group.bench_function("make", |b| {
        b.iter(|| tree.write_inclusion(black_box(index), size, &mut buffer).unwrap());
    });
    group.bench_function("verify", |b| {
        b.iter(|| verify_inclusion(&hasher, black_box(&leaf), index, size, &proof.path, &root).unwrap());
    });
    group.finish();
}

criterion_group!(benches, root, append, prove);
criterion_main!(benches);
