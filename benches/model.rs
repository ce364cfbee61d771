//! Times the estimator: `cargo bench --bench model` (five models at full scale, 4.13 million responses,
//! 6,700 groups in 6 waves, 1,250 clusters, at 1 and 2 threads, and each covariance and family once), and by
//! name `-- growth` (time and memory by rows and by groups), `-- floor` (against the least a pass can cost,
//! and weighted against unweighted) `-- memory` (peak of the five models, all raw data in memory) and `-- absorbed` (a second absorbed effect).
#![expect(clippy::print_stdout, reason = "a bench talks to the terminal")]

mod support;

use std::time::Instant;

use offprint::model::{At, Bootstrap, Covariance, Factor, Family, Fit, Options, Patterns, Sample, fit};
use offprint::num::exp_nonpositive;
use support::{STUDY, Size, patterns, peak, processor, sample};

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let words: Vec<&str> = asked.iter().map(String::as_str).collect();
    match words[..] {
        [] => models(),
        ["growth"] => growth(),
        ["floor"] => floor(),
        ["memory"] => memory(),
        ["absorbed"] => absorbed(),
        // One line of the growth table, in a process of its own: peaks do not come down again.
        ["one", groups, rows, together] => {
            one(groups.parse().unwrap_or(0), rows.parse().unwrap_or(0.0), together.parse().unwrap_or(1))
        }
        _ => println!("parts: growth, floor, memory, absorbed"),
    }
}

/// Five outcomes, two asked of everyone.
fn five(patterns: &Patterns) -> Vec<Sample<'_>> {
    let shares = [1.0, 1.0, 0.45, 0.45, 0.45];
    let size = |share| Size { rows: STUDY.rows * share, ..STUDY };
    (0..).zip(shares).map(|(outcome, share)| sample(patterns, outcome, size(share))).collect()
}

fn main_options() -> Options {
    Options { effect_of: Some(0), ..Options::default() }
}

/// Rows and groups one at a time, the other as in the study; groups once with blocks that shrink as groups grow many,
/// once with the same blocks under fewer effects.
fn growth() {
    println!("rows, blocks, groups, distinct cells, terms, passes, seconds, processor seconds, raw MB, peak MB");
    let Ok(me) = std::env::current_exe() else { return };
    let shrinking = [(6_700, 6.0, 1), (6_700, 60.0, 1), (6_700, 581.0, 1), (670, 600.0, 1), (67_000, 6.0, 1)];
    let same = [(67_000, 6.0, 10), (67_000, 6.0, 100)];
    for (groups, rows, together) in shrinking.into_iter().chain(same) {
        let words = ["one".to_string(), groups.to_string(), rows.to_string(), together.to_string()];
        let child = std::process::Command::new(&me).args(words).output();
        match child {
            Ok(output) => print!("{}", String::from_utf8_lossy(&output.stdout)),
            Err(error) => println!("{error}"),
        }
    }
}

fn one(groups: u32, rows: f64, together: u32) {
    let patterns = patterns();
    let mut sample = sample(&patterns, 0, Size { groups, rows, weighted: false });
    sample.blocks.iter_mut().for_each(|block| block.group /= together);
    let (raw, start, used) = (peak(), Instant::now(), processor());
    let fitted = fit(&sample, &main_options());
    let (seconds, used, peak) = (start.elapsed().as_secs_f64(), processor() - used, peak());
    match fitted {
        Ok(fit) => println!(
            "{}, {}, {}, {}, {}, {}, {seconds:.2}, {used:.2}, {raw:.0}, {peak:.0}",
            fit.responses,
            sample.blocks.len(),
            groups / together,
            cells(&sample),
            fit.terms.len(),
            fit.trace.len(),
        ),
        Err(error) => println!("{error}"),
    }
}

/// Distinct patterns within blocks: what a pass goes through.
fn cells(sample: &Sample) -> usize {
    let of = |block: &offprint::model::Block| {
        let mut patterns = sample.pattern[block.rows.clone()].to_vec();
        patterns.sort_unstable();
        patterns.dedup();
        patterns.len()
    };
    sample.blocks.iter().map(of).sum()
}

/// One thread: a whole fit against one exponential and one division per row and pass.
fn floor() {
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return };
    let patterns = patterns();
    let mut plain = f64::NAN;
    for weighted in [false, true] {
        let sample = sample(&patterns, 0, Size { weighted, ..STUDY });
        let used = processor();
        let Ok(fit) = pool.install(|| fit(&sample, &main_options())) else { return };
        let own = processor() - used;
        let eta: Vec<f64> = (0..sample.pattern.len()).map(|at| -((at % 1_000) as f64) * 0.004).collect();
        let (mut mean, used) = (vec![0.0; eta.len()], processor());
        for _ in &fit.trace {
            mean.iter_mut().zip(&eta).for_each(|(mean, eta)| *mean = 1.0 / (1.0 + exp_nonpositive(*eta)));
            std::hint::black_box(&mut mean);
        }
        let least = processor() - used;
        let kind = if weighted { "weighted" } else { "unweighted" };
        let passes = fit.trace.len();
        println!("{kind}: {own:.2} s for {passes} passes, floor {least:.2} s, ratio {:.1}", own / least);
        if weighted {
            println!("weighted over unweighted: {:.2}", own / plain);
        }
        plain = own;
    }
}

/// A second effect that crosses the groups, constant within blocks, of more and more levels.
fn absorbed() {
    let table = patterns();
    let plain = sample(&table, 0, STUDY);
    println!("levels, patterns, seconds, processor seconds, peak MB so far, exposure, error");
    for levels in [42, 250, 1_000, 5_000, 20_000] {
        let level = |block: usize| (block * 7 + block / 6 * 5) % levels;
        let mut keys: Vec<u64> = Vec::with_capacity(plain.pattern.len());
        for (at, block) in plain.blocks.iter().enumerate() {
            keys.extend(
                plain.pattern[block.rows.clone()].iter().map(|p| u64::from(*p) * levels as u64 + level(at) as u64),
            );
        }
        let mut distinct = keys.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut wide = Patterns { factors: table.factors.clone(), levels: Vec::new() };
        let names = (0..levels).map(|level| level.to_string()).collect();
        wide.factors.push(Factor { name: "second".into(), levels: names, reference: 0, absorbed: true });
        for key in &distinct {
            let (pattern, level) = ((key / levels as u64) as usize, (key % levels as u64) as u16);
            wide.levels.extend(&table.levels[pattern * 6..pattern * 6 + 6]);
            wide.levels.push(level);
        }
        let mut crossed = Sample { patterns: &wide, ..plain.clone() };
        crossed.pattern = keys.iter().map(|key| distinct.partition_point(|other| other < key) as u32).collect();
        let (start, used) = (Instant::now(), processor());
        match fit(&crossed, &main_options()) {
            Ok(fit) => println!(
                "{levels}, {}, {:.2}, {:.2}, {:.0}, {:.5}, {:.5}",
                wide.len(),
                start.elapsed().as_secs_f64(),
                processor() - used,
                peak(),
                fit.coefficient[0],
                fit.std_error[0]
            ),
            Err(error) => println!("{error}"),
        }
    }
}

/// All raw data held, the five models one after another.
fn memory() {
    let patterns = patterns();
    let samples = five(&patterns);
    let raw = peak();
    for sample in &samples {
        if let Err(error) = fit(sample, &main_options()) {
            println!("{error}");
        }
    }
    let rows: usize = samples.iter().map(|sample| sample.pattern.len()).sum();
    println!("{rows} rows of five outcomes: raw {raw:.0} MB, peak {:.0} MB", peak());
}

/// One model with each covariance, family and extra.
fn extras(sample: &Sample) {
    let base = Options { effect_of: Some(0), ..Options::default() };
    let second: Vec<u32> = (0..).take(sample.blocks.len()).map(|at| at % 42).collect();
    let cases = [
        ("cluster", base.clone()),
        ("iid", Options { covariance: Covariance::Iid, ..base.clone() }),
        ("hc1", Options { covariance: Covariance::Hc1, ..base.clone() }),
        ("two-way", Options { covariance: Covariance::TwoWay, second_cluster: second, ..base.clone() }),
        ("cr3", Options { covariance: Covariance::Cr3, ..base.clone() }),
        ("contrast", Options { contrasts: vec![(At::Value(0.0), At::Observed)], ..base.clone() }),
        ("bootstrap 999", Options { bootstrap: Some(Bootstrap { draws: 999, seed: 1 }), ..base.clone() }),
        ("linear", Options { family: Family::Linear, ..base.clone() }),
        ("poisson", Options { family: Family::Poisson, ..base.clone() }),
        ("probit", Options { family: Family::Probit, ..base }),
    ];
    for (name, options) in cases {
        let used = processor();
        match fit(sample, &options) {
            Ok(fit) => println!("{name}: processor {:.2} s, exposure se {:.6}", processor() - used, fit.std_error[0]),
            Err(error) => println!("{name}: {error}"),
        }
    }
}

fn models() {
    let patterns = patterns();
    let samples = five(&patterns);
    let options = Options { effect_of: Some(0), ..Options::default() };
    let mut first: Vec<Fit> = Vec::new();
    for threads in [1, 2, 2, 1] {
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
        let (start, used) = (Instant::now(), processor());
        let mut each = Vec::new();
        let mut fits = Vec::new();
        for sample in &samples {
            let start = Instant::now();
            match pool.install(|| fit(sample, &options)) {
                Ok(fit) => fits.push(fit),
                Err(error) => println!("{error}"),
            }
            each.push(format!("{:.3}", start.elapsed().as_secs_f64()));
        }
        let (wall, used) = (start.elapsed().as_secs_f64(), processor() - used);
        println!("{threads} threads: {wall:.3} s ({}), processor {used:.2} s", each.join(", "));
        if first.is_empty() {
            for fit in &fits {
                println!(
                    "  n {} terms {} passes {} exposure {:.5} se {:.5} ame se {:.2e} gradient {:.1e}",
                    fit.responses,
                    fit.terms.len(),
                    fit.trace.len(),
                    fit.coefficient[0],
                    fit.std_error[0],
                    fit.average_marginal_effect.map_or(f64::NAN, |e| e.std_error),
                    fit.gradient_norm,
                );
                let gradients: Vec<String> = fit.trace.iter().map(|s| format!("{:.1e}", s.gradient)).collect();
                println!("  decrements {}", gradients.join(" "));
            }
            first = fits;
        } else {
            println!("  same bits: {}", first == fits);
        }
    }
    extras(&samples[0]);
}
