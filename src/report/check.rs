//! Templates checked without data: every name, in every branch that made-up results can reach.
//!
//! The made-up findings have one row of each kind for the study's own outcomes, models and waves,
//! once clearly higher, once lower, once unclear and once not released. Nothing of them is ever
//! published; they exist so that a slip in a template is found before hours of fitting.

use crate::config::{Config, Dataset, Exhibit};
use crate::disclosure::{
    AreaRow, BootstrapRow, CoefficientRow, ContrastRow, DatasetFindings, DatasetResult, DroppedRow, Estimate, Findings,
    FitRow, FlowRow, Gate, HowFitted, JointRow, JointTested, LevelRow, Linkage, ModelResult, Prediction, ProvisionRow,
    RespondentRow, Stage,
};
use crate::error::{Problems, Result};
use crate::figures::Figure;
use crate::ingest::InputRecord;
use crate::tables::{Cell, Head, Row, Table, Value};

use super::check_analyses::MadeUp;
use super::{ChangeFacts, ChangeRowFacts, ReportInput, Templates, dataset_facts, facts, render, render_dataset};

/// Compiles both templates and fills them with made-up results, over real and simulated data.
///
/// # Errors
/// Every template problem that can be found without data, each once.
pub fn check_templates(config: &Config, templates: &Templates) -> Result<()> {
    let tables: Vec<_> = config.tables.iter().map(table).collect();
    let figures: Vec<_> = config.figures.iter().map(figure).collect();
    let mut problems = Problems::default();
    for effect in [Some(0.02), Some(-0.02), Some(0.0), None] {
        for simulated in [false, true] {
            let mut facts = facts(config, &findings(config, effect), &[record()]);
            facts.simulated = simulated;
            facts.changes = changes(simulated);
            facts.mark = if simulated { "Simulated data.".into() } else { String::new() };
            let input = ReportInput { config, facts: &facts, tables: &tables, figures: &figures, drawn: None };
            if let Err(found) = render(&input, templates) {
                let new = found.0.into_iter().filter(|problem| !problems.0.contains(problem));
                problems.0.extend(new.collect::<Vec<_>>());
            }
        }
    }
    problems.or(())
}

/// The same for a dataset study.
///
/// # Errors
/// As [`check_templates`].
pub fn check_dataset_templates(dataset: &Dataset, templates: &Templates) -> Result<()> {
    let tables: Vec<_> = dataset.tables.iter().map(table).collect();
    let figures: Vec<_> = dataset.figures.iter().map(figure).collect();
    let mut problems = Problems::default();
    for effect in [Some(0.02), Some(-0.02), Some(0.0), None] {
        let mut facts = dataset_facts(dataset, &dataset_findings(dataset, effect), &[record()]);
        facts.changes = changes(effect.is_some());
        if let Err(found) = render_dataset(dataset, &facts, (&tables, &figures), templates, None) {
            let new = found.0.into_iter().filter(|problem| !problems.0.contains(problem));
            problems.0.extend(new.collect::<Vec<_>>());
        }
    }
    problems.or(())
}

fn dataset_findings(dataset: &Dataset, effect: Option<f64>) -> DatasetFindings {
    let gate = Gate::new(10);
    let flow = |outcome: usize| {
        [(Stage::Received, ""), (Stage::Left, "made up"), (Stage::Analysed, "")].map(|(stage, reason)| FlowRow {
            outcome,
            wave: None,
            stage,
            reason: reason.into(),
            rows: gate.count(1000),
            practices: gate.count(1000),
        })
    };
    let models = dataset.models.iter().enumerate();
    let pairs = models.flat_map(|(at, model)| model.outcomes.iter().map(move |outcome| (at, *outcome)));
    DatasetFindings {
        received: gate.count(1000),
        analysed_any: gate.count(1000),
        flow: dataset.models[0].outcomes.iter().flat_map(|outcome| flow(*outcome)).collect(),
        described: Vec::new(),
        models: pairs.map(|(model, outcome)| dataset_result(&gate, model, outcome, effect)).collect(),
        facts: vec![("made up".into(), gate.count(500), gate.count(1000))],
    }
}

fn dataset_result(gate: &Gate, model: usize, outcome: usize, effect: Option<f64>) -> DatasetResult {
    let count = || gate.count(1000);
    let n = if effect.is_some() { 1000 } else { 5 };
    let coefficient = gate.value(n, estimate(effect.unwrap_or(0.0), 1.0));
    let how = HowFitted {
        errors: "cluster".into(),
        profile: "made up".into(),
        factor: 1.0,
        iterations: 5,
        absorbed: Vec::new(),
        fit: fit_row(gate, n),
    };
    DatasetResult {
        model,
        outcome,
        n: count(),
        groups: count(),
        clusters: count(),
        groups_dropped: count(),
        mean: gate.value(n, 0.5),
        coefficients: Vec::new(),
        ratio: coefficient.clone(),
        effect: coefficient.clone(),
        effect_sampled: coefficient.clone(),
        people: coefficient.clone(),
        exposure: coefficient,
        e_value: gate.value(n, [1.1, 1.05]),
        contrasts: Vec::new(),
        subgroups: Vec::new(),
        joint: Vec::new(),
        bootstrap: None,
        tests: None,
        dropped: vec![DroppedRow { what: "made up".into(), groups: count(), rows: count() }],
        how,
    }
}

fn fit_row(gate: &Gate, n: u64) -> FitRow {
    FitRow {
        residual_df: gate.count(1000),
        df: None,
        ways: gate.value(n, vec![(1000, 1.001)]),
        gradient_norm: 0.0,
        condition: 1.0,
        log_likelihood: gate.value(n, -1.0),
        warnings: gate.value(n, vec!["made up".into()]),
    }
}

fn table(exhibit: &Exhibit) -> Table {
    let head = Head { text: "Item".into(), names: vec!["item".into()], numeric: false };
    let cell = Cell { text: "made up".into(), values: vec![Value::Text("made up".into())] };
    let (id, number, title) = (exhibit.id.clone(), exhibit.number.clone(), exhibit.title.clone());
    let rows = vec![Row { section: String::new(), cells: vec![cell] }];
    Table { id, number, title, notes: vec![exhibit.note.clone()], heads: vec![head], rows }
}

fn figure(exhibit: &Exhibit) -> Figure {
    let (id, number, title) = (exhibit.id.clone(), exhibit.number.clone(), exhibit.title.clone());
    let csv = vec![vec!["item".to_string()], vec!["made up".to_string()]];
    Figure { id, number, title, alt: "made up".into(), notes: Vec::new(), svg: "<svg></svg>".into(), csv }
}

/// A comparison with an earlier version, or none.
fn changes(any: bool) -> ChangeFacts {
    let text = || "made up".to_string();
    let row = ChangeRowFacts {
        outcome: text(),
        quantity: text(),
        before: text(),
        after: text(),
        difference: text(),
        errors: text(),
        n: text(),
    };
    if any {
        ChangeFacts { any, causes: vec![text()], rows: vec![row], ..ChangeFacts::default() }
    } else {
        ChangeFacts::default()
    }
}

fn record() -> InputRecord {
    let (source, path) = ("survey".into(), "made-up.csv".into());
    InputRecord { source, path, bytes: 1, sha256: "0".repeat(64), rows: 1, notes: vec!["made up".into()] }
}

pub(super) fn estimate(x: f64, scale: f64) -> Estimate {
    let (low, high) = ((x - 0.01) * scale, (x + 0.01) * scale);
    Estimate { estimate: x * scale, std_error: 0.005 * scale, low, high, statistic: x / 0.005, p: 0.5 }
}

/// One row of each kind. `effect` is the exposure's coefficient, or none for "not released".
fn findings(config: &Config, effect: Option<f64>) -> Findings {
    let gate = Gate::new(10);
    let count = || gate.count(1000);
    let stages = [(Stage::Received, ""), (Stage::Left, "made up"), (Stage::Analysed, "")];
    let flow = |outcome: usize| {
        stages.map(|(stage, reason)| FlowRow {
            outcome,
            wave: None,
            stage,
            reason: reason.into(),
            rows: count(),
            practices: count(),
        })
    };
    let levels = |outcome: usize| {
        let level = move |wave: usize| (outcome, wave);
        (0..config.waves.len()).map(level).collect::<Vec<_>>()
    };
    let outcomes = 0..config.outcomes.len();
    Findings {
        flow: outcomes.clone().flat_map(flow).collect(),
        responses: count(),
        analysed_any: count(),
        practices: count(),
        responses_by_wave: config.waves.iter().map(|_| count()).collect(),
        respondents: vec![RespondentRow {
            covariate: 0,
            level: "a".into(),
            wave: None,
            n: count(),
            share: gate.value(1000, 0.5),
        }],
        levels: outcomes
            .clone()
            .flat_map(levels)
            .map(|(outcome, wave)| LevelRow { outcome, wave, n: count(), share: gate.value(1000, [0.5, 0.4, 0.6]) })
            .collect(),
        provision: vec![provision(&gate)],
        areas: [1.0, 2.0].map(|x| area(&gate, x)).to_vec(),
        areas_census: "2000-01".into(),
        models: (0..config.models.len())
            .flat_map(|model| outcomes.clone().map(move |outcome| (model, outcome)))
            .map(|(model, outcome)| result(config, &gate, model, outcome, effect))
            .collect(),
        analyses: super::check_analyses::analyses(
            config,
            &MadeUp {
                gate: &gate,
                n: if effect.is_some() { 1000 } else { 5 },
                estimate: estimate(effect.unwrap_or(0.0), 1.0),
            },
        ),
        linkage: Linkage { facts: vec![("made up".into(), gate.count(1000), gate.count(2000))] },
        weighted: effect.is_some(),
    }
}

fn provision(gate: &Gate) -> ProvisionRow {
    let count = || gate.count(1000);
    ProvisionRow {
        census: "2000-01".into(),
        amount: gate.value(1000, 1.0),
        reporting: count(),
        known: count(),
        with_any: count(),
        matched: count(),
        mean: gate.value(1000, 1.0),
        quantiles: gate.value(1000, [0.0, 0.5, 1.0, 1.5, 2.0]),
    }
}

fn area(gate: &Gate, exposure: f64) -> AreaRow {
    AreaRow {
        code: "A".into(),
        name: "made up".into(),
        clusters: gate.count(20),
        exposure: gate.value(20, exposure),
        quartiles: gate.value(20, [0.5, 1.0, 1.5]),
    }
}

fn result(config: &Config, gate: &Gate, model: usize, outcome: usize, effect: Option<f64>) -> ModelResult {
    let count = || gate.count(1000);
    let n = if effect.is_some() { 1000 } else { 5 };
    let x = effect.unwrap_or(0.0);
    let mut ratio = estimate(x, 1.0);
    (ratio.estimate, ratio.low, ratio.high) = (1.0 + ratio.estimate, 1.0 + ratio.low, 1.0 + ratio.high);
    let coefficient = gate.value(n, estimate(x, 1.0));
    let (term, label, level) = ("exposure".into(), "exposure".into(), String::new());
    let p = || gate.value(n, if x == 0.0 { 0.5 } else { 0.01 });
    let spec = &config.models[model];
    ModelResult {
        n: count(),
        groups: count(),
        clusters: count(),
        groups_dropped: count(),
        coefficients: vec![CoefficientRow { term, label, level, n: count(), coefficient: coefficient.clone() }],
        exposure: coefficient,
        odds_ratio: gate.value(n, ratio),
        average_marginal_effect: gate.value(n, estimate(x, 0.2)),
        people: gate.value(n, estimate(x, 1e6)),
        e_value: gate.value(n, [1.1, 1.05]),
        holm: p(),
        hochberg: p(),
        benjamini_hochberg: p(),
        equivalence: gate.value(n, if x == 0.0 { 0.01 } else { 0.5 }),
        minimum_detectable: gate.value(n, 0.01),
        contrasts: (0..spec.contrasts.len()).map(|contrast| contrast_row(gate, n, contrast, x)).collect(),
        joint: config
            .tests
            .joint
            .iter()
            .enumerate()
            .filter(|(_, test)| test.model == model)
            .map(|(test, _)| JointRow {
                test,
                wald: gate.value(n, JointTested { statistic: 9.0, terms: 3, df: None, p: 0.03 }),
            })
            .collect(),
        bootstrap: spec.bootstrap.map(|draws| gate.value(n, BootstrapRow { statistic: 1.0, p: 0.3, draws })),
        dropped: vec![DroppedRow { what: "made up".into(), groups: count(), rows: count() }],
        factor: 1.001,
        profile: "made up".into(),
        iterations: 5,
        fit: fit_row(gate, n),
        ..ModelResult::empty(gate, model, outcome)
    }
}

fn contrast_row(gate: &Gate, n: u64, contrast: usize, x: f64) -> ContrastRow {
    ContrastRow {
        contrast,
        from: gate.value(n, Prediction { mean: 0.5, error: Some([0.005, 0.49, 0.51]) }),
        to: gate.value(n, Prediction { mean: 0.5 + x, error: None }),
        difference: gate.value(n, estimate(x, 0.2)),
        people: gate.value(n, estimate(x, 1e6)),
    }
}
