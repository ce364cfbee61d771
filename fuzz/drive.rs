//! What each fuzz target does with its bytes. The targets of this folder and the replay of the corpus
//! in `tests/faults/corpus.rs` share it. Nothing here looks at results: whatever the bytes, each call
//! ends in a value or an error, soon, and writes nothing outside the folder that it was given.

use offprint::config::{self, Config, Dataset, Form};
use offprint::model::{self, Block, Column, Covariance, Factor, Family, Options, Patterns, Profile, Sample};
use offprint::pipeline::{self, Results};
use offprint::report::Templates;
use offprint::{compare, ingest, panel, simulate, store};
use std::path::Path;
use std::sync::OnceLock;

const CLASS_SIZE: &str = include_str!("../studies/class-size.yaml");
const SURVEY: &str = include_str!("../config.yaml");
const REPORT: &str = include_str!("../templates/dataset.md.j2");
const PAGE: &str = include_str!("../templates/page.html.j2");

/// What a target does with bytes and a folder of its own.
pub(crate) type Target = fn(&[u8], &Path);

/// The targets by name.
pub(crate) const TARGETS: [(&str, Target); 6] = [
    ("config", config),
    ("csv", csv),
    ("columnar", columnar),
    ("model", model),
    ("manifest", manifest),
    ("cache", cache),
];

fn quiet(_: &str, _: u64, _: u64) {}

/// The text of a config of either form.
pub(crate) fn config(bytes: &[u8], _: &Path) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(loaded) = config::load("config.yaml", text)
    {
        // What was accepted once is accepted as it is filed.
        let again = config::load("config.yaml", &loaded.canonical);
        assert!(again.is_ok(), "its own canonical form is refused: {:?}", again.err());
    }
}

/// A table whose columns are used in every way that a config can ask for.
const TABLE: &str = r#"offprint: 1
study: { id: t, version: "1", title: T, authors: [A], seed: 1 }
row: [row, rows]
sources:
  t: { file: t.csv }
  u: { file: t.csv, where: { g: [a, b] } }
rows: t
variables:
  k: { kind: key }
  g: { levels: { A: [a], B: [b, c] }, reference: A, if_missing: level }
  y: {}
  x: { scale: 10 }
  flag: { values: { "yes": 1, "no": 0 }, column: g }
  s: { sum: x, of: u, match: { k: k }, absent: 0 }
  n: { count: rows, of: u, match: { k: k } }
  r: { ratio: [x, y], times: 100 }
  l: { log: x }
outcomes: { y: { number: y } }
models: { main: { family: linear, exposure: x, terms: [g, s] } }
"#;

fn dataset(text: &str) -> Dataset {
    match config::load("t.yaml", text).expect("a right config").form {
        Form::Dataset(dataset) => *dataset,
        Form::Survey(_) => unreachable!("a table"),
    }
}

fn table() -> &'static Dataset {
    static MADE: OnceLock<Dataset> = OnceLock::new();
    MADE.get_or_init(|| dataset(TABLE))
}

/// The survey study, its sources files, in three forms.
fn surveys() -> &'static [Config; 3] {
    static MADE: OnceLock<[Config; 3]> = OnceLock::new();
    MADE.get_or_init(|| {
        [simulate::Form::Person, simulate::Form::Cells, simulate::Form::Practice].map(|form| {
            let (text, _) = simulate::config_for(SURVEY, form).expect("the shipped config");
            match config::load("s.yaml", &text).expect("the shipped config").form {
                Form::Survey(config) => *config,
                Form::Dataset(_) => unreachable!("a survey"),
            }
        })
    })
}

fn put(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, bytes).expect("room for a small file");
}

/// A table as each reader of text files takes it; the first byte says which.
pub(crate) fn csv(bytes: &[u8], folder: &Path) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let config = &surveys()[usize::from(*kind) % 3];
    let inputs = &config.inputs;
    match kind % 7 {
        0..=2 => {
            put(folder, &inputs.survey.files[4].path, bytes);
            drop(ingest::read_survey(config, folder, &quiet));
        }
        3 => {
            put(folder, &inputs.practices.files[1].path, bytes);
            drop(ingest::read_practices(config, folder, &quiet));
        }
        4 => {
            put(folder, &inputs.workforce.files[0].replace('*', "one"), bytes);
            drop(ingest::read_workforce(config, folder, &quiet));
        }
        5 => {
            let path = &inputs.deprivation.as_ref().expect("the shipped config has it").path;
            put(folder, path, bytes);
            drop(ingest::read_deprivation(config, folder, &quiet));
        }
        _ => {
            put(folder, "t.csv", bytes);
            if let Ok((tables, _)) = ingest::read_tables(table(), folder, &quiet) {
                drop(panel::frame(table(), &tables));
            }
        }
    }
}

/// Parquet and SPSS files; the first byte says which.
pub(crate) fn columnar(bytes: &[u8], folder: &Path) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let ending = ["parquet", "sav", "zsav"][usize::from(*kind) % 3];
    let mut config = surveys()[0].clone();
    let file = &mut config.inputs.survey.files[0];
    // The columns of the files in tests/fixtures.
    (file.path, file.practice) = (format!("t.{ending}"), "practice_code".into());
    config.inputs.survey.files.truncate(1);
    for outcome in &mut config.outcomes {
        outcome.items.iter_mut().for_each(|item| *item = Some("Q28".into()));
    }
    put(folder, &format!("t.{ending}"), bytes);
    drop(ingest::read_survey(&config, folder, &quiet));
}

/// Numbers from bytes, zeros when they run out.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n.max(1)
    }

    /// Mostly small whole numbers, now and then anything that eight bytes can be.
    fn number(&mut self) -> f64 {
        match self.byte() {
            255 => f64::from_le_bytes(std::array::from_fn(|_| self.byte())),
            254 => [f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NAN, -0.0, 1e300, 1e-300][self.below(7)],
            small => (f64::from(small) - 100.0) / 8.0,
        }
    }
}

/// A sample of up to 60 rows and a model of it: what the cells are made from.
pub(crate) fn model(bytes: &[u8], _: &Path) {
    let mut from = Bytes(bytes);
    let rows = from.below(60) + 1;
    let factors: Vec<Factor> = (0..from.below(3))
        .map(|at| {
            let n = from.below(4) + 1;
            let levels = (0..n).map(|level| level.to_string()).collect();
            Factor { name: format!("f{at}"), levels, reference: from.below(n + 1), absorbed: from.byte() > 230 }
        })
        .collect();
    let patterns = if factors.is_empty() { 1 } else { from.below(6) + 1 };
    let levels = (0..patterns).flat_map(|_| factors.iter().map(|f| f.levels.len()).collect::<Vec<_>>());
    let levels: Vec<u16> = levels.map(|n| from.below(n + usize::from(from.0.len() % 31 == 0)) as u16).collect();
    let patterns = Patterns { levels: if factors.is_empty() { Vec::new() } else { levels }, factors };
    let (mut blocks, mut at, mut group) = (Vec::new(), 0, 0);
    while at < rows {
        let end = (at + 1 + from.below(6)).min(rows);
        group += from.below(2) as u32;
        blocks.push(Block { rows: at..end, group, cluster: from.below(8) as u32 });
        at = end;
    }
    let mut column = |name: String, n: usize| Column { name, level: String::new(), values: many(&mut from, n) };
    let columns = (0..3).map(|at| column(format!("x{at}"), blocks.len())).collect();
    let numerics = if rows % 3 == 0 { vec![column("z".into(), rows)] } else { Vec::new() };
    let flags = from.byte();
    let optional = |from: &mut Bytes<'_>, bit: u8| (flags & bit != 0).then(|| many(from, rows));
    let sample = Sample {
        blocks,
        columns,
        numerics,
        pattern: (0..rows).map(|_| from.below(patterns.len()) as u32).collect(),
        patterns: &patterns,
        success: (0..rows).map(|_| from.byte() % if flags & 64 == 0 { 2 } else { 3 }).collect(),
        outcome: optional(&mut from, 1),
        weight: optional(&mut from, 2),
        offset: optional(&mut from, 4),
        count: (flags & 8 != 0).then(|| (0..rows).map(|_| u32::from(from.byte() % 5)).collect()),
        group_name: "group".into(),
    };
    let families = [Family::Logit, Family::Probit, Family::Linear, Family::Poisson];
    let profiles = [Profile::Stata, Profile::Fixest013, Profile::None];
    let options = Options {
        absorb: flags & 16 != 0,
        family: families[from.below(4)],
        vcov: profiles[from.below(3)],
        covariance: if flags & 32 == 0 { Covariance::Cluster } else { Covariance::Hc1 },
        ..Options::default()
    };
    drop(model::fit(&sample, &options));
}

fn many(from: &mut Bytes<'_>, n: usize) -> Vec<f64> {
    (0..n).map(|_| from.number()).collect()
}

/// The manifest of a folder under review.
pub(crate) fn manifest(bytes: &[u8], folder: &Path) {
    let version = folder.join("output/1-00000000");
    std::fs::create_dir_all(version.join("templates")).expect("a folder");
    for (path, text) in [("config.yaml", CLASS_SIZE), ("templates/dataset.md.j2", REPORT), ("report.md", "x")] {
        put(&version, path, text.as_bytes());
    }
    put(&version, "manifest.json", bytes);
    drop(store::Manifest::read(&version));
    drop(store::list(&folder.join("output")));
    if let Ok(read) = compare::Folder::read(&version) {
        let inside = read.manifest.inputs.iter().all(|input| !offprint::files::leads_out(folder, &input.path));
        if inside && let Ok(hashes) = compare::check_hashes(&read, folder) {
            let found = compare::verify(&read, hashes, Vec::new(), compare::Rerun::NotAsked, &store::program());
            drop(compare::verify_text(&found));
        }
        drop(compare::diff(&read, &read).map(|found| compare::diff_text(&found)));
    }
}

/// The content of a cache entry, past its checksum, which whoever damages it on purpose can set right.
pub(crate) fn cache(bytes: &[u8], _: &Path) {
    if let Ok(results) = serde_json::from_slice::<Results>(bytes) {
        static LOADED: OnceLock<config::Loaded> = OnceLock::new();
        let loaded = LOADED.get_or_init(|| config::load("c.yaml", CLASS_SIZE).expect("the shipped config"));
        let part = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let report = part("templates/dataset.md.j2", REPORT);
        let templates = Templates { report, page: part("templates/page.html.j2", PAGE) };
        drop(pipeline::bundle(loaded, &results, &templates));
    }
}
