//! A full round in one process: order, record, compare, sign, check, count, certify, settle, score, anchor.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark; criterion's macros document nothing")]

use auditmesh::types::Millis;
use auditmesh_benches::{event, federation};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

fn round(c: &mut Criterion) {
    for members in [4u8, 10] {
        let mut group = c.benchmark_group(format!("round/members={members},batch=1000"));
        group.throughput(Throughput::Elements(1_000)).sample_size(10);
        let ready = || {
            let mut federation = federation(members, 1_000).unwrap();
            (1..=1_000).for_each(|n| federation.submit(event(n).unwrap()).unwrap());
            federation
        };
        group.bench_function("auditmesh", |b| {
            let work = |mut federation: auditmesh::Federation<_>| {
                let report = federation.round(Millis(1_767_225_700_000), &mut ()).unwrap().unwrap();
                assert!(report.decision.agreed().is_some());
                federation
            };
            b.iter_batched(ready, work, BatchSize::LargeInput);
        });
        group.finish();
    }
}

criterion_group!(benches, round);
criterion_main!(benches);
