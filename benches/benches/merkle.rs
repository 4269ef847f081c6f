//! The tree: roots, appends, proofs, beside the peers on the same work and under the names of `cargo xtask figures merkle`.
//!
//! `--features peers` adds the peers that take long to build.
#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::time::Duration;

use auditmesh_benches::{Work, log};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn merkle(c: &mut Criterion) {
    log(&mut |work: Work<'_>| {
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

criterion_group!(benches, merkle);
criterion_main!(benches);
