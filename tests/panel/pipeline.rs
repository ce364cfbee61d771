//! The order of rows, threads and aggregation leave no trace in what is found.

use crate::support::{Study, on_file, row};
use offprint::config::{Absorb, Analyses, Config, CovariateKind, Vcov, load};
use offprint::disclosure::{Findings, Stage};
use offprint::ingest::{Data, Survey};
use offprint::simulate::{Size, survey, tables};
use offprint::{panel, pipeline};
use std::collections::BTreeMap;

/// The shipped study at small size with all its models and two more.
pub(crate) fn study(responders: u64) -> (Config, Data) {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut config = load("config.yaml", &text).unwrap().form.survey().unwrap().clone();
    config.simulation.as_mut().unwrap().small.responders = responders;
    config.analyses = Analyses::default();
    let mut by_cluster = config.models[0].clone();
    (by_cluster.id, by_cluster.absorb, by_cluster.vcov) = ("by_cluster".into(), Absorb::Cluster, Vcov::Fixest);
    by_cluster.covariates.truncate(2);
    config.models.push(by_cluster);
    let mut data = tables(&config, Size::Small, Data::default()).unwrap();
    data.survey = survey(&config, Size::Small, &data).unwrap();
    (config, data)
}

fn found(config: &Config, data: Data) -> Findings {
    let (panel, provision) = panel::build(config, data).unwrap();
    pipeline::findings(config, &panel, &provision, &|_, _, _| {}).unwrap()
}

/// The rows of a survey in another order.
fn reordered(survey: &Survey, order: &[usize]) -> Survey {
    let mut out = survey.clone();
    out.practice = order.iter().map(|row| survey.practice[*row]).collect();
    out.wave = order.iter().map(|row| survey.wave[*row]).collect();
    for (to, from) in out.items.iter_mut().zip(&survey.items) {
        to.codes = order.iter().map(|row| from.codes[*row]).collect();
    }
    out.weight = survey.weight.as_ref().map(|weight| order.iter().map(|row| weight[*row]).collect());
    out.count = survey.count.as_ref().map(|count| order.iter().map(|row| count[*row]).collect());
    out
}

/// Equal to the last bit, texts included.
fn same(a: &Findings, b: &Findings) {
    assert!(a == b);
    assert_eq!(serde_json::to_string(a).unwrap(), serde_json::to_string(b).unwrap());
}

#[test]
fn order_of_rows_and_threads_do_not_matter() {
    let (config, data) = study(12_000);
    let rows = data.survey.practice.len();
    let straight = found(&config, data.clone());
    assert_eq!(straight.models.len(), config.models.len() * config.outcomes.len());
    assert!(straight.models.iter().all(|model| model.exposure.shown().is_some()));
    // A full cycle with a step prime to the number of rows, and the rows backwards.
    let step = (rows * 5 / 8..).find(|step| (2..*step).all(|d| step % d > 0 || rows % d > 0)).unwrap();
    for order in [(0..rows).map(|at| at * step % rows).collect::<Vec<_>>(), (0..rows).rev().collect()] {
        let mut seen = order.clone();
        seen.sort_unstable();
        assert!(seen.iter().copied().eq(0..rows));
        let survey = reordered(&data.survey, &order);
        same(&straight, &found(&config, Data { survey, ..data.clone() }));
    }
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        same(&straight, &pool.install(|| found(&config, data.clone())));
    }
}

/// Practice, wave, codes, bits of the weight.
type Alike = (u32, u8, Vec<i8>, u64);

/// Rows that are alike in everything, counted. Weights are part of what is alike.
fn cells(survey: &Survey) -> Survey {
    let mut cells: BTreeMap<Alike, (usize, u32)> = BTreeMap::new();
    for row in 0..survey.practice.len() {
        let codes = survey.items.iter().map(|item| item.codes[row]).collect();
        let weight = survey.weight.as_ref().map_or(0, |weight| weight[row].to_bits());
        cells.entry((survey.practice[row], survey.wave[row], codes, weight)).or_insert((row, 0)).1 += 1;
    }
    let first: Vec<usize> = cells.values().map(|(row, _)| *row).collect();
    Survey { count: Some(cells.values().map(|(_, count)| *count).collect()), ..reordered(survey, &first) }
}

#[test]
fn cells_and_rows_give_the_same_bits() {
    let (mut config, mut data) = study(40_000);
    // Two outcomes, age in two levels, gender, few weights: many rows are alike.
    config.outcomes.retain(|outcome| ["isolation", "experience"].contains(&outcome.id.as_str()));
    data.survey.items.retain(|item| ["Q91_3", "Q28", "Q48_Merged", "Q112"].contains(&item.name.as_str()));
    for item in data.survey.items.iter_mut().filter(|item| item.name == "Q48_Merged") {
        item.codes.iter_mut().for_each(|code| *code = if *code > 0 { 2 + *code % 2 } else { *code });
    }
    for weight in data.survey.weight.iter_mut().flatten() {
        *weight = (*weight * 3.0).ceil() / 3.0;
    }
    config.models.iter_mut().for_each(|model| model.covariates.retain(|covariate| ![2, 3, 4, 5].contains(covariate)));
    if let CovariateKind::Item { levels, reference, .. } = &mut config.covariates[0].kind {
        *levels = vec![("two".into(), vec![2]), ("three".into(), vec![3])];
        *reference = 0;
    }
    let counted = cells(&data.survey);
    assert!(counted.practice.len() * 10 < data.survey.practice.len() * 9, "only {} cells", counted.practice.len());
    same(&found(&config, data.clone()), &found(&config, Data { survey: counted, ..data.clone() }));
    // The same without weights.
    config.models.retain(|model| !model.weighted);
    data.survey.weight = None;
    let counted = cells(&data.survey);
    assert!(counted.practice.len() * 10 < data.survey.practice.len() * 9, "only {} cells", counted.practice.len());
    same(&found(&config, data.clone()), &found(&config, Data { survey: counted, ..data }));
}

/// Flow lines without the gate's hiding.
#[test]
fn the_flow_adds_up_to_what_is_analysed() {
    let (mut config, data) = study(12_000);
    config.disclosure.threshold = 0;
    let findings = found(&config, data);
    for outcome in 0..config.outcomes.len() {
        for wave in (0..config.waves.len()).map(Some).chain([None]) {
            let lines = findings.flow.iter().filter(|row| row.outcome == outcome && row.wave == wave);
            let (mut received, mut left, mut analysed) = (0, 0, 0);
            for line in lines {
                let n = *line.rows.shown().unwrap();
                match line.stage {
                    Stage::Received => received += n,
                    Stage::Left => left += n,
                    Stage::Analysed => analysed += n,
                }
            }
            assert!(received > 0 && received == left + analysed, "{outcome} {wave:?}: {received} {left} {analysed}");
            if wave.is_none() {
                let model = &findings.models[outcome];
                assert_eq!(*model.n.shown().unwrap(), analysed);
                // Levels of a covariate add up to the responses analysed, less the reference level.
                let waves = model.coefficients.iter().filter(|row| row.term == "wave");
                let later: u64 = waves.map(|row| *row.n.shown().unwrap()).sum();
                let first = findings
                    .flow
                    .iter()
                    .find(|row| row.outcome == outcome && row.wave == Some(0) && row.stage == Stage::Analysed);
                assert_eq!(later + first.unwrap().rows.shown().unwrap(), analysed);
            }
        }
    }
    let any = *findings.analysed_any.shown().unwrap();
    let most = findings.models[..5].iter().map(|model| *model.n.shown().unwrap()).max().unwrap();
    assert!(any >= most && any <= *findings.responses.shown().unwrap());
}

#[test]
fn what_leaves_is_named_after_the_absorbed_units() {
    let mut study = Study::new().elsewhere().answers(&["A", "B", "C"]);
    study.rows.extend((0..6).map(|wave| row("NOBODY", wave, &[("Q91_3", 0)])));
    for (at, practice) in ["A", "B", "C", "NOBODY"].into_iter().enumerate() {
        study.practices.push(on_file(3, practice, &format!("in {practice}"), 50_000.0));
        for (wave, census) in ["2020-12", "2021-12", "2022-12"].into_iter().enumerate() {
            study.workforce.push((census, format!("in {practice}"), (at * wave) as f64, true));
        }
    }
    study.config.disclosure.threshold = 0;
    for (absorb, units) in [(Absorb::Practice, "practices"), (Absorb::Cluster, "clusters")] {
        study.config.models[0].absorb = absorb;
        let findings = found(&study.config, study.data());
        let left =
            findings.flow.iter().filter(|row| row.outcome == 1 && row.wave.is_none() && row.stage == Stage::Left);
        let left: Vec<_> = left.map(|row| (row.reason.clone(), *row.rows.shown().unwrap())).collect();
        assert_eq!(left, [(format!("{units} in which nobody has the outcome"), 6)]);
        assert_eq!(findings.models[1].n.shown(), Some(&36));
        assert_eq!(findings.analysed_any.shown(), Some(&36));
    }
}
