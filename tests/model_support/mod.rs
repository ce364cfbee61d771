//! The stored data as a sample, and small helpers.
#![allow(missing_docs, dead_code, unreachable_pub, reason = "test support")]

use offprint::model::{Block, Column, Factor, Patterns, Sample};

/// One row of `oracles/data.csv`.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub practice: u32,
    pub wave: u32,
    pub cluster: u32,
    pub exposure: f64,
    pub age: u8,
    pub gender: u8,
    pub z: f64,
    pub weight: f64,
    pub y: u8,
}

/// The stored data, sorted by practice and wave.
pub fn rows() -> Vec<Row> {
    include_str!("../oracles/data.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let v: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            Row {
                practice: v[0] as u32,
                wave: v[1] as u32,
                cluster: v[2] as u32,
                exposure: v[3],
                age: v[4] as u8,
                gender: v[5] as u8,
                z: v[6],
                weight: v[7],
                y: v[8] as u8,
            }
        })
        .collect()
}

/// Patterns age (4, reference 1) x gender (3, reference 0): pattern = age * 3 + gender.
pub fn patterns() -> Patterns {
    let factor = |name: &str, n: usize, reference| Factor {
        name: name.into(),
        levels: (0..n).map(|l| l.to_string()).collect(),
        reference,
    };
    Patterns {
        factors: vec![factor("age", 4, 1), factor("gender", 3, 0)],
        levels: (0..4).flat_map(|a| (0..3).flat_map(move |g| [a, g])).collect(),
    }
}

/// What to put into a sample.
#[derive(Clone, Copy, Default)]
pub struct Use {
    pub weight: bool,
    pub z: bool,
}

/// The sample with exposure and wave indicators as block columns.
pub fn sample<'a>(rows: &[Row], patterns: &'a Patterns, with: Use) -> Sample<'a> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut columns = vec![Column { name: "exposure".into(), ..Column::default() }];
    columns.extend((1..6).map(|w| Column { name: "wave".into(), level: w.to_string(), values: Vec::new() }));
    let mut at = 0;
    for same in rows.chunk_by(|a, b| (a.practice, a.wave) == (b.practice, b.wave)) {
        blocks.push(Block { rows: at..at + same.len(), group: same[0].practice * 3, cluster: same[0].cluster * 10 });
        columns[0].values.push(same[0].exposure);
        for (w, column) in columns.iter_mut().skip(1).enumerate() {
            column.values.push(f64::from(u8::from(same[0].wave == w as u32 + 1)));
        }
        at += same.len();
    }
    let z = Column { name: "z".into(), level: String::new(), values: rows.iter().map(|r| r.z).collect() };
    Sample {
        blocks,
        columns,
        patterns,
        numerics: if with.z { vec![z] } else { Vec::new() },
        pattern: rows.iter().map(|r| u32::from(r.age) * 3 + u32::from(r.gender)).collect(),
        success: rows.iter().map(|r| r.y).collect(),
        outcome: None,
        count: None,
        weight: with.weight.then(|| rows.iter().map(|r| r.weight).collect()),
        group_name: "practice".into(),
    }
}
