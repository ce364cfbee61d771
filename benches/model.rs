//! Times five models at full scale (4.13 million responses, 6,700 groups in 6 waves, 1,250
//! clusters) at 1 and 2 threads: `cargo bench --bench model`.
#![expect(clippy::print_stdout, reason = "a bench talks to the terminal")]

use std::time::Instant;

use offprint::model::{At, Block, Bootstrap, Column, Covariance, Factor, Family, Fit, Options, Patterns, Sample, fit};
use offprint::num::logistic;

const LEVELS: [usize; 6] = [9, 4, 6, 5, 8, 3];
const GROUPS: u32 = 6_700;

/// Splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn patterns() -> Patterns {
    let factors = LEVELS.iter().enumerate().map(|(f, n)| Factor {
        name: format!("covariate {f}"),
        levels: (0..*n).map(|l| format!("level {l}")).collect(),
        reference: n / 2,
        absorbed: false,
    });
    let count: usize = LEVELS.iter().product();
    let levels = (0..count).flat_map(|mut p| {
        LEVELS.map(|n| {
            let level = (p % n) as u16;
            p /= n;
            level
        })
    });
    Patterns { factors: factors.collect(), levels: levels.collect() }
}

fn sample(patterns: &Patterns, outcome: u64, share: f64) -> Sample<'_> {
    let mut random = Random(outcome + 1);
    let mut out = Sample {
        blocks: Vec::new(),
        columns: vec![Column { name: "exposure".into(), ..Column::default() }],
        patterns,
        numerics: Vec::new(),
        pattern: Vec::new(),
        success: Vec::new(),
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "group".into(),
    };
    out.columns.extend((1..6).map(|w| Column { name: "wave".into(), level: w.to_string(), values: Vec::new() }));
    for group in 0..GROUPS {
        let effect = 1.2 + 1.6 * (random.next() - 0.5);
        for wave in 0..6 {
            let exposure = if wave < 3 { 0.0 } else { 2.0 * random.next() * f64::from(wave - 2) };
            let rows = (share * (60.0 + 85.6 * random.next())) as usize;
            let start = out.pattern.len();
            for _ in 0..rows {
                let (mut pattern, mut base, mut eta) = (0, 1, effect - 0.1 * f64::from(wave) + 0.015 * exposure);
                for n in LEVELS {
                    let level = (random.next() * random.next() * n as f64) as usize;
                    pattern += base * level;
                    base *= n;
                    eta += 0.1 * level as f64 - 0.15;
                }
                out.pattern.push(pattern as u32);
                out.success.push(u8::from(random.next() < logistic(eta)));
            }
            out.blocks.push(Block { rows: start..out.pattern.len(), group, cluster: group * 1_250 / GROUPS });
            out.columns[0].values.push(exposure);
            for w in 1..6 {
                out.columns[w].values.push(f64::from(u8::from(w == wave as usize)));
            }
        }
    }
    out
}

/// Processor seconds this process has used (Linux; elsewhere not a number).
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<f64> = text.split_whitespace().skip(13).take(2).filter_map(|t| t.parse().ok()).collect();
    if ticks.len() == 2 { (ticks[0] + ticks[1]) / 100.0 } else { f64::NAN }
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

fn main() {
    let patterns = patterns();
    let shares = [1.0, 1.0, 0.45, 0.45, 0.45];
    let samples: Vec<Sample> = (0..).zip(shares).map(|(outcome, share)| sample(&patterns, outcome, share)).collect();
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
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("peak memory, all five samples held: {}", status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("?"));
}
