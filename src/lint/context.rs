//! What a number of the text may come from: the rows of the report's tables by outcome, and the numbers
//! that config and templates state themselves. Must not know what any of them means.

use super::numbers::{Printed, printed};
use super::{Files, Rows, Told};
use std::collections::{BTreeMap, BTreeSet};

/// Sections of the config whose numbers the report may not take over without a table: the truth of
/// simulated data, what others printed, and what only the linter reads.
const UNSTATED: [&str; 3] = ["simulate", "published", "lint"];

/// Levels, powers and normal quantiles that text names without a table.
const CONVENTIONS: [f64; 9] = [0.01, 0.05, 0.10, 0.80, 0.90, 0.95, 1.96, 3.92, 95.0];

/// Rows of numbers.
#[derive(Debug, Default)]
pub(super) struct Pool {
    rows: Vec<Vec<f64>>,
    /// All of them, ascending.
    sorted: Vec<f64>,
}

impl Pool {
    fn add(&mut self, row: Vec<f64>) {
        self.sorted.extend(&row);
        self.rows.push(row);
    }

    fn sort(&mut self) {
        self.sorted.sort_by(f64::total_cmp);
        self.sorted.dedup();
    }

    /// Whether some number is printed like this.
    pub(super) fn tells(&self, number: &Printed) -> bool {
        let near = |value: f64, half: f64| {
            let slack = half * 1.1 + 1e-9 * value.abs();
            let from = self.sorted.partition_point(|x| *x < value - slack);
            self.sorted[from..].iter().take_while(|x| **x <= value + slack).any(|x| number.tells(*x))
        };
        let (value, half) = (number.value, number.half);
        (number.below && self.sorted.iter().any(|x| number.tells(*x)))
            || near(value, half)
            || near(value / 100.0, half / 100.0)
            || (!number.signed && (near(-value, half) || near(-value / 100.0, half / 100.0)))
    }

    /// Whether a percentage is that of a count in some whole number here.
    pub(super) fn tells_share(&self, number: &Printed, part: f64) -> bool {
        let wholes = self.sorted.iter().filter(|x| **x >= part && x.fract() == 0.0);
        wholes.into_iter().any(|whole| number.prints(part / whole))
    }

    /// Whether one row has all of these numbers.
    pub(super) fn tells_together(&self, numbers: &[Printed]) -> bool {
        self.rows.iter().any(|row| numbers.iter().all(|number| row.iter().any(|x| number.tells(*x))))
    }
}

/// An outcome with the rows that speak of it.
pub(super) struct Named {
    /// Label and short label.
    pub(super) names: [String; 2],
    /// Its rows.
    pub(super) pool: Pool,
}

/// All that numbers of the text may come from.
pub(super) struct Context<'a> {
    /// Rows by outcome.
    pub(super) outcomes: Vec<Named>,
    /// Rows that speak of no outcome.
    pub(super) rest: Pool,
    /// All rows.
    pub(super) all: Pool,
    /// Texts of the tables that have digits in them: labels, codes, months.
    pub(super) labels: Vec<String>,
    /// What the study says is to be left alone.
    pub(super) allow: &'a [String],
    /// Counts of the text that are right as its percentages have it.
    pub(super) anchored: BTreeSet<u64>,
    /// Numbers that config and templates state, without their signs, as bits.
    stated: BTreeSet<u64>,
}

impl<'a> Context<'a> {
    /// Sorts a report's numbers.
    pub(super) fn new(files: &Files, tables: &BTreeMap<&str, Rows>, told: &'a Told) -> Self {
        let named = |names: &[String; 3]| Named { names: [names[1].clone(), names[2].clone()], pool: Pool::default() };
        let mut context = Self {
            outcomes: told.outcomes.iter().map(named).collect(),
            rest: Pool::default(),
            all: Pool::default(),
            labels: Vec::new(),
            allow: &told.allow,
            anchored: BTreeSet::new(),
            stated: stated(files),
        };
        let mut labels = BTreeSet::new();
        for rows in tables.values() {
            context.take(rows, told, &mut labels);
        }
        let sizes: Vec<f64> = context.stated.iter().map(|bits| f64::from_bits(*bits)).filter(|x| *x >= 1e5).collect();
        context.take(&people_over_specifications(tables, &sizes), told, &mut labels);
        for path in ["manifest.json", "changes.json"] {
            let text = files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
            let mut numbers: Vec<f64> = printed(text).iter().map(|number| number.value).collect();
            numbers.extend(totals(text));
            context.rest.add(numbers.clone());
            context.all.add(numbers);
        }
        context.outcomes.iter_mut().for_each(|named| named.pool.sort());
        context.rest.sort();
        context.all.sort();
        let text = files.get("report.md").map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let there = codes(&text);
        context.labels = labels.into_iter().filter(|label| codes(label).is_subset(&there)).collect();
        // The longest first, so that none hides the rest of another.
        context.labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
        context
    }

    fn take(&mut self, rows: &Rows, told: &Told, labels: &mut BTreeSet<String>) {
        let mut counts = vec![0_u32; told.outcomes.len()];
        for row in rows.iter().skip(1) {
            let numbers: Vec<f64> = row.iter().filter_map(|cell| cell.parse().ok()).collect();
            let digits = |cell: &&String| cell.contains(|c: char| c.is_ascii_digit()) && cell.parse::<f64>().is_err();
            labels.extend(row.iter().filter(digits).filter(|cell| cell.len() > 3 && cell.len() < 80).cloned());
            let speaks = |names: &[String; 3]| row.iter().any(|cell| names.contains(cell));
            let of: Vec<usize> = (0..counts.len()).filter(|at| speaks(&told.outcomes[*at])).collect();
            for at in &of {
                counts[*at] += 1;
                self.outcomes[*at].pool.add(numbers.clone());
            }
            if of.is_empty() {
                self.rest.add(numbers.clone());
            }
            self.all.add(numbers);
        }
        // How many rows there are is a number that text may give: specifications, fits, censuses.
        for (at, count) in counts.into_iter().enumerate() {
            self.outcomes[at].pool.add(vec![f64::from(count), f64::from(count) - 1.0]);
        }
        self.rest.add(vec![rows.len().saturating_sub(1) as f64]);
    }

    /// Whether config or templates state a number themselves.
    pub(super) fn states(&self, number: &Printed) -> bool {
        let in_millions = || number.half > 1e4 && self.stated.iter().any(|x| number.tells(f64::from_bits(*x)));
        self.stated.contains(&number.value.abs().to_bits()) || in_millions()
    }
}

/// The words with digits of a text.
fn codes(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.contains(|c: char| c.is_ascii_digit())).collect()
}

/// What the rows of a comparison come to, which text tells as a whole: all, and those that differ.
fn totals(text: &str) -> [f64; 2] {
    let tree: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let all = tree.get("outcomes").and_then(serde_json::Value::as_array).map_or(&[][..], Vec::as_slice);
    ["rows", "differing"].map(|key| all.iter().filter_map(|one| one.get(key)?.as_f64()).sum())
}

fn stated(files: &Files) -> BTreeSet<u64> {
    let text = |path: &str| files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let mut found = BTreeSet::new();
    let mut add = |value: f64| found.extend([value.abs().to_bits()]);
    CONVENTIONS.into_iter().for_each(&mut add);
    let templates = files.keys().filter(|path| path.starts_with("templates/")).filter_map(|path| text(path));
    // A result that is typed into a template must be in the tables all the same; years and units need not.
    let plain = |value: f64| value.fract() == 0.0 && (value < 2100.0 || value % 1000.0 == 0.0);
    templates.flat_map(printed).map(|number| number.value.abs()).filter(|x| plain(*x)).for_each(&mut add);
    let paper = text("config.yaml").unwrap_or_default().split("\npublished:").nth(1).unwrap_or_default();
    let paper = paper.lines().skip(1).take_while(|line| line.starts_with([' ', '-', '#']));
    // How many a paper analysed is said beside this report's own number.
    paper.filter_map(|line| line.strip_prefix("  n: ")?.parse::<f64>().ok()).for_each(&mut add);
    let mut inside = false;
    for line in text("config.yaml").unwrap_or_default().lines() {
        if !line.starts_with([' ', '-', '#']) {
            inside = UNSTATED.contains(&line.split(':').next().unwrap_or_default());
        }
        if !inside {
            printed(line).iter().for_each(|number| add(number.value));
        }
    }
    found
}

/// People at the ends of what all specifications give, which text states and no table holds.
fn people_over_specifications(tables: &BTreeMap<&str, Rows>, stated: &[f64]) -> Rows {
    let column = |path: &str, names: &[&str]| -> Rows {
        let Some((header, rows)) = tables.get(path).and_then(|rows| rows.split_first()) else { return Rows::new() };
        let at: Vec<Option<usize>> = names.iter().map(|name| super::place(header, name)).collect();
        let cell = |row: &Vec<String>, at: &Option<usize>| at.and_then(|at| row.get(at)).cloned().unwrap_or_default();
        rows.iter().map(|row| at.iter().map(|at| cell(row, at)).collect()).collect()
    };
    let mut found = vec![Vec::new()];
    let sizes = column("tables/population.csv", &["outcome", "size"]);
    for range in column("tables/grid.csv", &["outcome", "effect_least", "effect_median", "effect_greatest"]) {
        let own = sizes.iter().filter(|size| size[0] == range[0]).filter_map(|size| size[1].parse::<f64>().ok());
        // Where the table's are hidden, the config states them.
        for size in own.chain(stated.iter().copied()) {
            let people =
                range[1..].iter().filter_map(|effect| effect.parse::<f64>().ok()).map(|x| (x * size).to_string());
            found.push([range[0].clone()].into_iter().chain(people).collect());
        }
    }
    found
}
