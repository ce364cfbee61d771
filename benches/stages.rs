//! Times each stage of the shipped study at a tenth of its full size: simulate, link and recode,
//! describe and fit, draw, render. `cargo bench --bench stages`.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use offprint::config::{Form, Loaded, load};
use offprint::pipeline::{self, Progress, Results};
use offprint::report::Templates;
use std::path::Path;

const QUIET: Progress<'static> = &|_, _, _| {};
const ROWS: u64 = 413_268;

fn study() -> Loaded {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut loaded = load("config.yaml", &text).unwrap();
    if let Form::Survey(config) = &mut loaded.form {
        let simulation = config.simulation.as_mut().unwrap();
        simulation.full.responders = ROWS;
        simulation.full.practices = 670;
        simulation.full.clusters = 125;
    }
    loaded
}

fn templates() -> Templates {
    let read = |path: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        (path.to_string(), std::fs::read_to_string(file).unwrap())
    };
    Templates { report: read("templates/report.md.j2"), page: read("templates/page.html.j2") }
}

fn stages(criterion: &mut Criterion) {
    let loaded = study();
    let config = loaded.form.survey().unwrap();
    let root = Path::new(".");
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10);
    group.bench_function("simulate", |b| b.iter(|| pipeline::data(config, root, QUIET).unwrap()));
    group.bench_function("link and recode", |b| {
        let data = || pipeline::data(config, root, QUIET).unwrap();
        b.iter_batched(data, |data| pipeline::panel(config, data, QUIET).unwrap(), BatchSize::PerIteration);
    });
    let (panel, provision) = pipeline::panel(config, pipeline::data(config, root, QUIET).unwrap(), QUIET).unwrap();
    group.bench_function("describe and fit", |b| {
        b.iter(|| pipeline::findings(config, &panel, &provision, QUIET).unwrap());
    });
    let findings = pipeline::findings(config, &panel, &provision, QUIET).unwrap();
    group.bench_function("tables and figures", |b| b.iter(|| pipeline::exhibited(config, &findings).unwrap()));
    let (tables, figures) = pipeline::exhibited(config, &findings).unwrap();
    let findings = pipeline::Found::Survey(Box::new(findings));
    let results = Results { findings, tables, figures, records: Vec::new() };
    let templates = templates();
    group.bench_function("render", |b| b.iter(|| pipeline::bundle(&loaded, &results, &templates).unwrap()));
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
