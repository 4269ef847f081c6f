//! Decisions of the ordering engine, under the names of `cargo xtask figures bft`, in time of the processor.
//!
//! `--features peers` adds the peer that takes long to build.
#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::time::Duration;

use auditmesh_benches::{Work, ordering};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bft(c: &mut Criterion) {
    ordering(&mut |work: Work<'_>| {
        let mut group = c.benchmark_group(work.name);
        group.throughput(Throughput::Elements(work.per)).sample_size(10);
        group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        for mut contender in work.contenders {
            group.bench_function(contender.name(), |b| {
                b.iter_custom(|runs| (0..runs).map(|_| contender.time()).sum());
            });
        }
        group.finish();
    });
}

criterion_group!(benches, bft);
criterion_main!(benches);
