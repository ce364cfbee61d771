//! What models change about exposure, sample, controls and clusters, against studies in which the same is
//! done to the data or the config by hand; the grid and leaving out against the models that they repeat.

use crate::pipeline::study;
use crate::support::{Study, on_file, row};
use offprint::config::{
    Absorb, Census, Change, ClusterUnit, Config, Control, ExposureRule, Family, LeaveOut, Model, NotReporting, Part,
    TestPlan, load,
};
use offprint::disclosure::{Estimate, Findings, ModelResult};
use offprint::ingest::Data;
use offprint::panel::Unexposed;
use offprint::{panel, pipeline, tables};

const QUIET: pipeline::Progress<'static> = &|_, _, _| {};

fn found(config: &Config, data: Data) -> Findings {
    let (panel, provision) = panel::build(config, data).unwrap();
    pipeline::identified(config, &panel).unwrap();
    pipeline::findings(config, &panel, &provision, QUIET).unwrap()
}

/// The small shipped study with a main model of two covariates.
fn plain() -> (Config, Data) {
    let (mut config, data) = study(12_000);
    config.models.truncate(1);
    config.models[0].covariates.truncate(2);
    config.models[0].contrasts.clear();
    config.tests = TestPlan::plain(config.outcomes.len());
    (config, data)
}

fn with(config: &Config, change: impl FnOnce(&mut Model)) -> Config {
    let mut config = config.clone();
    let mut model = Model { id: "changed".into(), ..config.models[0].clone() };
    change(&mut model);
    config.models.push(model);
    config
}

fn of(findings: &Findings, model: usize) -> Vec<&ModelResult> {
    findings.models.iter().filter(|result| result.model == model).collect()
}

/// A result without its place among the models.
fn same(a: &[&ModelResult], b: &[&ModelResult]) {
    assert!(!a.is_empty() && a.len() == b.len());
    for (a, b) in a.iter().zip(b) {
        let a = ModelResult { model: 0, joint: vec![], ..(*a).clone() };
        let b = ModelResult { model: 0, joint: vec![], ..(*b).clone() };
        assert!(a.exposure.shown().is_some());
        assert_eq!((a.n.clone(), a.clusters.clone()), (b.n.clone(), b.clusters.clone()));
        let close = |a: &Estimate, b: &Estimate| {
            [(a.estimate, b.estimate), (a.std_error, b.std_error)]
                .iter()
                .for_each(|(a, b)| assert!((a - b).abs() < 1e-7 * b.abs().max(1e-3), "{a} against {b}"));
        };
        close(a.exposure.shown().unwrap(), b.exposure.shown().unwrap());
        close(a.average_marginal_effect.shown().unwrap(), b.average_marginal_effect.shown().unwrap());
    }
}

/// The data without the rows of a survey for which `leaves` holds of practice code and wave.
fn without(data: &Data, leaves: impl Fn(&str, u8) -> bool) -> Data {
    let mut data = data.clone();
    let survey = &mut data.survey;
    let keep: Vec<bool> = (0..survey.practice.len())
        .map(|row| !leaves(&survey.practices[survey.practice[row] as usize], survey.wave[row]))
        .collect();
    let mut at = keep.iter();
    survey.practice.retain(|_| *at.next().unwrap());
    let mut at = keep.iter();
    survey.wave.retain(|_| *at.next().unwrap());
    for item in &mut survey.items {
        let mut at = keep.iter();
        item.codes.retain(|_| *at.next().unwrap());
    }
    if let Some(weight) = &mut survey.weight {
        let mut at = keep.iter();
        weight.retain(|_| *at.next().unwrap());
    }
    data
}

/// What a referee asks: the edit is made in the text of the shipped config.
#[test]
fn without_a_wave_and_clustered_by_area_is_one_line_of_config() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let line = "    - { id: referee, label: Without 2021 and clustered by ICB, without: [2021], cluster: icb }\n";
    let edited = text.replacen("  variants:\n", &format!("  variants:\n{line}"), 1);
    let asked = load("config.yaml", &edited).unwrap().form.survey().unwrap().models[1].clone();
    let main = &load("config.yaml", &text).unwrap().form.survey().unwrap().models[0].clone();
    let expected = Model {
        id: "referee".into(),
        label: "Without 2021 and clustered by ICB".into(),
        cluster: ClusterUnit::Area,
        change: Change { without: vec![3], ..Change::default() },
        contrasts: vec![],
        ..main.clone()
    };
    assert_eq!(asked, expected);
    let (config, data) = plain();
    let config = with(&config, |model| (model.cluster, model.change) = (asked.cluster, asked.change.clone()));
    let findings = found(&config, data.clone());
    let areas = config.simulation.as_ref().unwrap().small.areas as u64;
    let (asked, by_hand) = (of(&findings, 1), found(&with(&config, |_| {}), without(&data, |_, wave| wave == 3)));
    for (asked, by_hand) in asked.iter().zip(of(&by_hand, 0)) {
        assert_eq!(asked.n, by_hand.n);
        let (a, b) = (asked.exposure.shown().unwrap(), by_hand.exposure.shown().unwrap());
        assert!((a.estimate - b.estimate).abs() < 1e-8 && (a.std_error - b.std_error).abs() > 1e-6);
        // Practices in no cluster are clusters of their own.
        let n = asked.clusters.shown();
        assert!(n.is_none() || *n.unwrap() < by_hand.clusters.shown().copied().unwrap_or(u64::MAX), "{n:?} {areas}");
    }
}

#[test]
fn leaving_out_equals_data_without_those_rows() {
    let (config, data) = plain();
    let (panel, _) = panel::build(&config, data.clone()).unwrap();
    let places = &panel.places;
    let region = places.regions[1][0].clone();
    let cluster = |code: &str| {
        let practice = panel.practices.iter().position(|practice| practice == code).unwrap() as u32;
        panel.blocks.iter().find(|block| block.practice == practice).unwrap().cluster as usize
    };
    let code = region.clone();
    let changed = with(&config, |model| model.change.without_regions = vec![code]);
    let by_hand = without(&data, |practice, _| places.region[cluster(practice)] == Some(1));
    same(&of(&found(&changed, data.clone()), 1), &of(&found(&config, by_hand), 0));
    let area = places.areas[0][0].clone();
    let changed = with(&config, |model| model.change.without_areas = vec![area]);
    let by_hand = without(&data, |practice, _| places.area[cluster(practice)] == Some(0));
    same(&of(&found(&changed, data.clone()), 1), &of(&found(&config, by_hand), 0));
    let changed = with(&config, |model| model.change.largest_cluster = Some(40_000.0));
    let small = |at: usize| places.patients[at].is_some_and(|patients| patients <= 40_000.0);
    let by_hand = without(&data, |practice, _| !small(cluster(practice)));
    same(&of(&found(&changed, data), 1), &of(&found(&config, by_hand), 0));
}

#[test]
fn another_exposure_equals_a_config_that_makes_it_so() {
    let (config, data) = plain();
    let rule = |months: &[i32], not_reporting| Some(ExposureRule { months: months.to_vec(), not_reporting });
    for rule_ in [NotReporting::Zero, NotReporting::CarryForward, NotReporting::CarryBack, NotReporting::Interpolate] {
        let changed = with(&config, |model| model.change.exposure = rule(&[0], rule_));
        let mut by_hand = config.clone();
        by_hand.exposure.not_reporting = rule_;
        same(&of(&found(&changed, data.clone()), 1), &of(&found(&by_hand, data.clone()), 0));
    }
    // A year earlier: what went with 2021 lies before the first census.
    let changed = with(&config, |model| model.change.exposure = rule(&[-12], NotReporting::Missing));
    let mut by_hand = config.clone();
    let december = |year| Some(Census { year, month: 12 });
    by_hand.exposure.census_for_wave = vec![None, None, None, None, december(2020), december(2021)];
    same(&of(&found(&changed, data.clone()), 1), &of(&found(&by_hand, data), 0));
}

#[test]
fn the_mean_of_censuses_is_over_those_with_a_return() {
    let mut study = Study::new().elsewhere().answers(&["A", "B", "C"]);
    for wave in 0..6 {
        study.practices.extend([on_file(wave, "A", "P1", 50_000.0), on_file(wave, "B", "P2", 100_000.0)]);
        study.practices.push(on_file(wave, "C", "P3", 25_000.0));
    }
    let sent = |census, cluster: &str, amount| (census, cluster.to_string(), amount, true);
    study.workforce.extend([sent("2020-09", "P1", 1.0), sent("2020-12", "P1", 3.0), sent("2020-12", "P2", 4.0)]);
    let rule = ExposureRule { months: vec![0, -3, -6], not_reporting: NotReporting::Missing };
    let mut model = study.config.models[0].clone();
    model.change.exposure = Some(rule.clone());
    study.config.models.push(model);
    let panel = study.panel();
    let made = panel.places.made_by(Some(&rule)).unwrap();
    let at = |practice: usize, wave: u8| {
        panel.blocks.iter().position(|b| b.practice == practice as u32 && b.wave == wave).unwrap()
    };
    // 2020-06 lies before the first census on file: none in post. P1: (3 + 1 + 0) / 3; P2: (2 + 0) / 2.
    assert_eq!(made.exposure[at(0, 3)], Ok(4.0 / 3.0));
    assert_eq!(made.exposure[at(1, 3)], Ok(1.0));
    assert_eq!(made.exposure[at(2, 3)], Ok(0.0));
    // A year on there is no return of anyone but the cluster elsewhere.
    assert_eq!(made.exposure[at(0, 4)], Err(Unexposed::NoReturn));
    assert_eq!(made.exposure[at(0, 0)], Ok(0.0));
    assert_eq!(made.absent.len(), 4, "{:?}", made.absent);
    let problem = pipeline::identified(&study.config, &panel).unwrap_err().to_string();
    assert!(problem.contains("model `main`: census 2021-06 is in no workforce file"), "{problem}");
}

#[test]
fn balanced_practices_answer_in_every_wave() {
    let mut study = Study::new().elsewhere().answers(&["A", "B"]);
    for wave in 0..6 {
        study.practices.extend([on_file(wave, "A", "ELSEWHERE", 50_000.0), on_file(wave, "B", "ELSEWHERE", 1_000.0)]);
    }
    study.rows.retain(|row| row.practice != "B" || row.wave != 2);
    study.rows.push(row("B", 2, &[("Q91_3", 1)]));
    let mut model = study.config.models[0].clone();
    model.change.balanced = true;
    let panel = study.panel();
    let practices = |outcome: usize| {
        let kept = panel.kept(&study.config, &model, outcome);
        let mut found: Vec<u32> = kept.iter().map(|(block, _)| panel.blocks[*block].practice).collect();
        found.dedup();
        found
    };
    // B answers the item on isolation in 2020, and not the one on confidence.
    assert_eq!((practices(0), practices(1)), (vec![0], vec![0, 1]));
}

#[test]
fn controls_are_columns_that_absorb_what_they_should() {
    let (config, data) = plain();
    let changed = |control: Control, absorb: Absorb| {
        let config = with(&config, |model| {
            (model.change.controls, model.absorb) = (vec![control], absorb);
            model.family = Family::Linear;
        });
        let findings = found(&config, data.clone());
        of(&findings, 1).into_iter().cloned().collect::<Vec<_>>()
    };
    let levels = |result: &ModelResult, term: &str| -> Vec<String> {
        let of_term = result.coefficients.iter().filter(|found| found.term == term);
        of_term.map(|found| found.level.clone()).collect()
    };
    let regions = config.simulation.as_ref().unwrap().workforce.regions.as_ref().unwrap().number;
    let areas = config.simulation.as_ref().unwrap().small.areas;
    let result = &changed(Control::RegionByWave, Absorb::Practice)[3];
    let found = levels(result, "region_by_wave");
    assert!(found.len() >= (regions.min(areas) - 1) * 5, "{found:?}");
    assert!(found.iter().any(|level| level == "Simulated region 2, 2023"), "{found:?}");
    let result = &changed(Control::OtherRoles, Absorb::None)[3];
    assert_eq!(levels(result, "other_roles"), [""]);
    let result = &changed(Control::BaselineByWave, Absorb::Practice)[3];
    assert_eq!(levels(result, "baseline_by_wave"), ["2021", "2022", "2023"]);
    // Regression to the mean: what was high before is lower after, by nearly as much.
    assert!(
        result
            .coefficients
            .iter()
            .filter(|c| c.term == "baseline_by_wave")
            .all(|c| { c.coefficient.shown().is_some_and(|e| e.estimate < 0.0) })
    );
    let result = &changed(Control::BaselineByWave, Absorb::None)[3];
    assert_eq!(levels(result, "baseline_by_wave"), ["", "2021", "2022", "2023"]);
}

#[test]
fn the_grid_repeats_models_and_lists_what_it_cannot_fit() {
    let (mut config, data) = plain();
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let late = "          late: { label: Three months on, exposure: { months: [3] } }\n";
    let text = text.replacen("          lag: {", &format!("{late}          lag: {{"), 1);
    let text = text.replacen("    cross: [census, returns]", "    cross: [census]", 1);
    let text = text.replacen(
        "    covariates: [age, gender, ethnicity, imd, work, carer]\n",
        "    covariates: [age, gender]\n",
        1,
    );
    let shipped = load("config.yaml", &text).unwrap().form.survey().unwrap().clone();
    let mut plan = shipped.analyses.grid.clone().unwrap();
    plan.outcomes = vec![3, 0];
    // (5 of the cross + 4 + 12 departures) x 2.
    assert_eq!(plan.specifications.len(), 42);
    config.analyses.grid = Some(plan.clone());
    config.models.push(Model { id: "linear".into(), family: Family::Linear, ..config.models[0].clone() });
    let findings = found(&config, data);
    let grid = findings.analyses.grid.as_ref().unwrap();
    assert_eq!(grid.rows.len(), 84);
    let effect = |outcome: usize, id: &str| {
        let at = plan.specifications.iter().position(|one| one.id == id).unwrap();
        let row = grid.of(outcome).find(|row| row.specification == at).unwrap();
        row.effect.shown().cloned().ok_or_else(|| row.effect.status())
    };
    for outcome in [0, 3] {
        for (model, id) in [(0, "main"), (1, "linear")] {
            let result = of(&findings, model)[outcome];
            assert_eq!(Some(&effect(outcome, id).unwrap()), result.average_marginal_effect.shown());
        }
        let why = effect(outcome, "late+linear").unwrap_err();
        assert_eq!(why, "not estimated: census 2021-03 is in no workforce file".replace("2021-03", "2023-03"));
        let summary = grid.summary(outcome);
        assert_eq!((summary.specifications, summary.estimated), (42, 40));
    }
    let rows = tables::results_rows(&config, &findings);
    let late: Vec<&Vec<String>> = rows.iter().filter(|row| row[0] == "grid" && row[2] == "late").collect();
    assert_eq!(late.len(), 4);
    assert!(late.iter().all(|row| row[5].is_empty() && row[14].contains("census 2023-03")), "{late:?}");
    let share = rows.iter().find(|row| row[1] == "experience" && row[4] == "grid_same_sign").unwrap();
    let summary = grid.summary(3);
    assert!((share[5].parse::<f64>().unwrap() - summary.same_sign as f64 / 40.0).abs() < 1e-12);
}

#[test]
fn leaving_out_each_wave_equals_models_without_it() {
    let (mut config, data) = plain();
    config.analyses.leave_out = Some(LeaveOut { by: vec![Part::Wave, Part::Region, Part::Area], outcomes: vec![3] });
    let config = with(&config, |model| model.change.without = vec![4]);
    let findings = found(&config, data);
    let rows: Vec<_> = findings.analyses.leave_out.as_ref().unwrap().of(3).collect();
    let areas = rows.iter().filter(|row| row.left_out.kind == "area").count();
    assert_eq!(areas, config.simulation.as_ref().unwrap().small.areas);
    let row = rows.iter().find(|row| row.left_out.code == "2022").unwrap();
    let model = of(&findings, 1)[3];
    assert_eq!(row.effect.shown(), model.average_marginal_effect.shown());
    assert_eq!(row.n.shown(), model.n.shown());
    assert!(rows.iter().all(|row| row.effect.shown().is_some()));
}
