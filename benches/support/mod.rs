//! A made-up survey of any size, and what the process has used: for the benches.

use offprint::model::{Block, Column, Factor, Patterns, Sample};
use offprint::num::logistic;

const LEVELS: [usize; 6] = [9, 4, 6, 5, 8, 3];

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

/// The combinations of six covariates.
pub fn patterns() -> Patterns {
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

/// How large a sample is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Groups, each seen in six waves.
    pub groups: u32,
    /// Rows of a block: this many at least and as many again and a half at most.
    pub rows: f64,
    /// Whether each row has a weight.
    pub weighted: bool,
}

/// The published study: 6,700 groups, 4.13 million responses.
pub const STUDY: Size = Size { groups: 6_700, rows: 60.0, weighted: false };

/// One outcome's sample. Equal sizes and outcomes give equal samples.
pub fn sample(patterns: &Patterns, outcome: u64, size: Size) -> Sample<'_> {
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
    for group in 0..size.groups {
        let effect = 1.2 + 1.6 * (random.next() - 0.5);
        for wave in 0..6 {
            let exposure = if wave < 3 { 0.0 } else { 2.0 * random.next() * f64::from(wave - 2) };
            let rows = (size.rows * (1.0 + 85.6 / 60.0 * random.next())) as usize;
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
            out.blocks.push(Block {
                rows: start..out.pattern.len(),
                group,
                cluster: (u64::from(group) * 1_250 / u64::from(size.groups)) as u32,
            });
            out.columns[0].values.push(exposure);
            for w in 1..6 {
                out.columns[w].values.push(f64::from(u8::from(w == wave as usize)));
            }
        }
    }
    if size.weighted {
        // Calibration weights: many values, a long tail.
        let weight = |_| 0.2 + (random.next() * 1e4) as u32 as f64 * 1e-4 / (0.05 + random.next());
        out.weight = Some((0..out.pattern.len()).map(weight).collect());
    }
    out
}

/// Processor seconds this process has used (Linux; elsewhere not a number).
pub fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<f64> = text.split_whitespace().skip(13).take(2).filter_map(|t| t.parse().ok()).collect();
    if ticks.len() == 2 { (ticks[0] + ticks[1]) / 100.0 } else { f64::NAN }
}

/// The largest memory this process has used, in MB (Linux; elsewhere not a number).
pub fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok()).map_or(f64::NAN, |kb| kb / 1024.0)
}
