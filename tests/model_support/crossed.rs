//! The data of `oracles/crossed.py`, by the same generator, and its results.
#![allow(missing_docs, dead_code, unreachable_pub, reason = "test support")]

pub const PEOPLE: u64 = 4_000;
pub const FIRMS: u64 = 3_000;
const EACH: usize = 12;

/// One row.
pub struct Row {
    pub person: u64,
    pub firm: u64,
    pub cluster: u64,
    pub x: f64,
    pub z: f64,
    pub success: bool,
    pub count: f64,
    pub number: f64,
}

/// All rows, by person.
pub fn rows() -> Vec<Row> {
    let mut state = 11_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut out = Vec::new();
    for person in 0..PEOPLE {
        for _ in 0..EACH {
            let firm = (3 * person + (random() * 60.0) as u64) % FIRMS;
            let (x, z) = (random(), random());
            let eta = 0.5 * x - 0.7 * z + (person * 37 % 101) as f64 / 101.0 + (firm * 53 % 97) as f64 / 97.0 - 1.0;
            let p = (0.5 + 0.15 * eta).clamp(0.05, 0.95);
            let success = random() < p;
            let count = (6.0 * p * random()).trunc();
            out.push(Row { person, firm, cluster: person % 200, x, z, success, count, number: eta + random() });
        }
    }
    out
}

/// A number of `oracles/crossed.csv`.
pub fn stored(model: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{quantity},");
    let found = include_str!("../oracles/crossed.csv").lines().find_map(|line| line.strip_prefix(&wanted));
    found.unwrap_or_else(|| panic!("no {wanted}")).parse().expect("a number")
}
