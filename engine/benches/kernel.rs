//! What the kernel costs, as ratios to bounds measured in the same run: `cargo bench -p engine`.
//!
//! Machines are noisy, so nothing is asserted here and only ratios mean anything across machines. Each figure is the
//! best of several repetitions.

use std::hint::black_box;
use std::time::{Duration, Instant};

use engine::clock::Clock;
use engine::digest::Digest;
use engine::recorder::{Kind, Labels, Recorder, Schema, VariableSpec};
use engine::rng::{Stream, Streams, hash, unit};
use engine::{checkpoint, codec, math};

const REPETITIONS: usize = 5;

fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    (0..REPETITIONS)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn report(what: &str, time: Duration, bytes: usize, bound: Duration) {
    let seconds = time.as_secs_f64();
    println!(
        "{what:<44} {:>9.3} ms {:>7.2} GB/s {:>7.2} x copy",
        seconds * 1e3,
        bytes as f64 / seconds / 1e9,
        seconds / bound.as_secs_f64()
    );
}

fn main() {
    let words = 10_000_000;
    let bytes = words * 8;
    let source: Vec<i64> = (0..words as u64).map(|i| hash(i, 1, 2) as i64).collect();
    let mut target = source.clone();
    println!("{words} words of 8 bytes, {} threads", rayon::current_num_threads());
    let copy = best(|| target.copy_from_slice(&source));
    report("copy, one thread (the bound)", copy, bytes, copy);
    draws(words, bytes, copy);
    digests(&source, bytes, copy);
    sums(&source, bytes, copy);
    codecs(&source, bytes, copy);
    recordings();
}

fn draws(words: usize, bytes: usize, copy: Duration) {
    let streams = Streams::new(1);
    let stream = Stream::new(1, "bench");
    let mut out = vec![0_u64; words];
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let single = best(|| one.install(|| streams.fill(stream, 3, 2, &mut out)));
    report("draws, chunked, one thread", single, bytes, copy);
    let all = best(|| streams.fill(stream, 3, 2, &mut out));
    report("draws, chunked, all threads", all, bytes, copy);
    println!("{:<44} {:>9.2} ns", "  one word, chunked, one thread", single.as_secs_f64() * 1e9 / words as f64);
    let n = 100_000_u32;
    let agents = best(|| (0..n).map(|agent| streams.draws::<2>(stream, 3, u64::from(agent))[1]).fold(0, |a, b| a ^ b));
    println!("{:<44} {:>9.2} ns", "  two words of one agent alone", agents.as_secs_f64() * 1e9 / f64::from(n));
    let mixed = best(|| (0..n).map(|agent| hash(u64::from(agent), 1, 2)).fold(0, |a, b| a ^ b));
    println!("{:<44} {:>9.2} ns", "  one hash", mixed.as_secs_f64() * 1e9 / f64::from(n));
}

fn digests(source: &[i64], bytes: usize, copy: Duration) {
    let slice = best(|| Digest::new().slice(source).finish());
    report("digest of a slice", slice, bytes, copy);
    let column = best(|| Digest::new().column(source, |&value| value).finish());
    report("digest of a column, mapped", column, bytes, copy);
}

fn sums(source: &[i64], bytes: usize, copy: Duration) {
    let values: Vec<f64> = source.iter().map(|&value| value as f64).collect();
    report("ordered sum of f64", best(|| math::ordered_sum(&values)), bytes, copy);
    report("exact sum of i64", best(|| math::exact_sum(source)), bytes, copy);
}

fn codecs(source: &[i64], bytes: usize, copy: Duration) {
    let owned = source.to_vec();
    let encode = best(|| codec::encode_into(&owned, &mut std::io::BufWriter::new(std::io::sink())).expect("encoded"));
    report("encode into a sink", encode, bytes, copy);
    let encoded = codec::encode_to_vec(&owned).expect("encoded");
    let decode = best(|| codec::decode_from_slice::<Vec<i64>>(&encoded).expect("decoded"));
    report("decode from memory", decode, bytes, copy);
    let path = std::env::temp_dir().join(format!("engine-bench-{}.ckpt", std::process::id()));
    let write = best(|| checkpoint::write(&path, 1, &owned).expect("written"));
    report("write a checkpoint (hash, fsync)", write, bytes, copy);
    let read = best(|| checkpoint::read::<Vec<i64>>(&path, 1).expect("read"));
    report("read a checkpoint (two passes)", read, bytes, copy);
    for path in [engine::files::previous_path(&path), path] {
        std::fs::remove_file(path).expect("removed");
    }
}

/// 300 variables over 240 ticks, most by region, some by region and industry, one by region, partner and industry.
fn recordings() {
    let mut schema = Schema::new(Clock::new(2025, 1, 12).expect("a clock"));
    let labels = |letter: char, n: usize| Labels::texts((0..n).map(|i| format!("{letter}{i:02}")));
    let region = schema.dimension("region", "region", labels('R', 15)).expect("new");
    let partner = schema.dimension("partner", "partner region", labels('R', 15)).expect("new");
    let industry = schema.dimension("industry", "industry", labels('I', 21)).expect("new");
    let variables: Vec<_> = (0..300)
        .map(|i| {
            let dimensions: &[_] = match i {
                0 => &[region, partner, industry],
                1..50 => &[region, industry],
                _ => &[region],
            };
            let spec = VariableSpec::new(format!("variable_{i}"), Kind::F64, dimensions)
                .units("cents per month")
                .long_name("a variable with a name of the usual length")
                .definition("a definition of the usual length, with the source that it is taken from");
            schema.series(spec).expect("new")
        })
        .collect();
    let sizes: Vec<usize> = variables.iter().map(|&variable| schema.row_len(variable)).collect();
    let mut recorder = Recorder::new(schema).attribute("seed", 1_u64);
    for tick in 0..240 {
        for (place, (&variable, &size)) in variables.iter().zip(&sizes).enumerate() {
            let row: Vec<f64> =
                (0..size as u64).map(|i| 1e6 * (1.0 + 0.1 * unit(hash(u64::from(tick), place as u64, i)))).collect();
            recorder.push_row(variable, &row);
        }
        recorder.end_tick(tick);
    }
    let values = sizes.iter().sum::<usize>() * 240;
    let encode = best(|| recorder.content().encode().expect("encoded"));
    let path = std::env::temp_dir().join(format!("engine-bench-{}.nc", std::process::id()));
    let mut bytes = 0;
    let write = best(|| bytes = recorder.write(&path).expect("written"));
    std::fs::remove_file(&path).expect("removed");
    println!(
        "recording of 300 variables x 240 ticks, {:.1} MB of values: encode {:.0} ms, write {:.0} ms, file {:.1} MB",
        values as f64 * 8.0 / 1e6,
        encode.as_secs_f64() * 1e3,
        write.as_secs_f64() * 1e3,
        bytes as f64 / 1e6
    );
}
