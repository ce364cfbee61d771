//! The stored data as a sample, and small helpers.
#![allow(missing_docs, dead_code, unreachable_pub, reason = "test support")]

use offprint::model::{Block, Column, Factor, Fit, Patterns, Sample};

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
    panel(include_str!("../oracles/data.csv"))
}

/// Rows of a table with the columns of `oracles/data.csv`, further ones ignored.
pub fn panel(text: &str) -> Vec<Row> {
    text.lines()
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
        absorbed: false,
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
        offset: None,
        weight: with.weight.then(|| rows.iter().map(|r| r.weight).collect()),
        group_name: "practice".into(),
    }
}

/// Count and offset of each row of the stored data.
pub fn counts() -> Vec<[f64; 2]> {
    let cells = |line: &str| -> Vec<f64> { line.split(',').map(|cell| cell.parse().expect("a number")).collect() };
    include_str!("../oracles/counts.csv").lines().skip(1).map(|line| [cells(line)[0], cells(line)[1]]).collect()
}

/// A number of `oracles/families.csv`.
pub fn reference(model: &str, term: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{term},{quantity},");
    let line = include_str!("../oracles/families.csv").lines().find(|line| line.starts_with(&wanted));
    let value = &line.unwrap_or_else(|| panic!("no stored {wanted}"))[wanted.len()..];
    if value.is_empty() { f64::NAN } else { value.parse().expect("a number") }
}

/// Name of a term as the stored numbers write it.
pub fn name(fit: &Fit, at: usize) -> String {
    format!("{}{}", fit.terms[at].name, fit.terms[at].level)
}

/// Fails unless `got` is within a relative `tolerance` of `want`.
pub fn close(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got / want - 1.0).abs() < tolerance, "{what}: got {got}, want {want}, relative {:e}", got / want - 1.0);
}

/// A textbook table: outcome first, then regressors, one block and cluster a row.
pub fn textbook<'a>(text: &str, patterns: &'a Patterns, numeric: bool) -> Sample<'a> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let cells = |line: &str| -> Vec<f64> { line.split(',').map(|cell| cell.parse().expect("a number")).collect() };
    let table: Vec<Vec<f64>> = lines.map(cells).collect();
    let column = |at: usize| Column {
        name: names[at].into(),
        level: String::new(),
        values: table.iter().map(|row| row[at]).collect(),
    };
    let success = table.iter().map(|row| if numeric { 0 } else { row[0] as u8 }).collect();
    Sample {
        blocks: (0..table.len()).map(|at| Block { rows: at..at + 1, group: 0, cluster: at as u32 }).collect(),
        columns: (1..names.len()).map(column).collect(),
        patterns,
        numerics: Vec::new(),
        pattern: vec![0; table.len()],
        success,
        outcome: numeric.then(|| table.iter().map(|row| row[0]).collect()),
        count: None,
        weight: None,
        offset: None,
        group_name: "row".into(),
    }
}

/// A sample of numbers: one block and cluster a row, outcome 0 until given.
pub fn columns<'a>(names: &[String], values: Vec<Vec<f64>>, patterns: &'a Patterns) -> Sample<'a> {
    let rows = values[0].len();
    let column = |(name, values): (&String, Vec<f64>)| Column { name: name.clone(), level: String::new(), values };
    Sample {
        blocks: (0..rows).map(|at| Block { rows: at..at + 1, group: 0, cluster: at as u32 }).collect(),
        columns: names.iter().zip(values).map(column).collect(),
        patterns,
        numerics: Vec::new(),
        pattern: vec![0; rows],
        success: vec![0; rows],
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "row".into(),
    }
}
