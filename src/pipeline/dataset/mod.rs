//! The stages of a dataset study, from its config to its results. Must not touch the output folder
//! or the clock, and must not compute what a room can.

mod columns;
mod describe;
mod estimate;
mod lines;
mod result;
mod rows;
mod sample;
mod tests;

use super::{Checked, Found, Kept, Progress, Results};
use crate::config::Dataset;
use crate::disclosure::{DatasetFindings, DatasetResult, FlowRow, LedgerLine, Stage};
use crate::error::{Problem, Problems, Result};
use crate::ingest::{self, InputRecord};
use crate::panel::{self, Frame};
use crate::report::{self, Bundle, Changes, Templates};
use crate::{figures, tables};
use std::path::Path;

/// Reads the sources and looks up every variable.
///
/// # DatasetErrors
/// Every problem of every file and variable.
fn frame(dataset: &Dataset, root: &Path, progress: Progress) -> Result<(Frame, Vec<InputRecord>)> {
    let (sources, records) = ingest::read_tables(dataset, root, progress)?;
    progress("looking up and recoding", 0, 0);
    Ok((panel::frame(dataset, &sources)?, records))
}

/// Everything that can be wrong, without fitting.
pub(super) fn check(dataset: &Dataset, root: &Path, templates: &Templates, progress: Progress) -> Result<Checked> {
    let mut problems = Problems::default();
    problems.keep(exhibits(dataset));
    problems.keep(report::check_dataset_templates(dataset, templates));
    let mut checked = Checked { records: Vec::new(), rows: 0, notes: Vec::new() };
    if let Some((frame, records)) = problems.keep(frame(dataset, root, progress)) {
        let gate = super::gate(&dataset.disclosure);
        // The first step of a fit finds what makes a model impossible.
        problems.keep(estimate::fits(dataset, &frame, &gate, None, true, progress));
        checked = Checked { records, rows: frame.rows as u64, notes: Vec::new() };
    }
    problems.or(checked)
}

/// Tables and figures that the config asks for and no builder has.
///
/// # DatasetErrors
/// Each of them.
fn exhibits(dataset: &Dataset) -> Result<()> {
    let mut problems = Problems::default();
    let kinds =
        [("table", &dataset.tables, &tables::DATASET_IDS[..]), ("figure", &dataset.figures, &figures::DATASET_IDS[..])];
    for (kind, asked, known) in kinds {
        for exhibit in asked.iter().filter(|exhibit| !known.contains(&exhibit.id.as_str())) {
            problems.push(Problem::new(format!("no {kind} `{}`", exhibit.id)).nearest(&exhibit.id, known));
        }
    }
    problems.or(())
}

/// From files to results.
pub(super) fn results(dataset: &Dataset, root: &Path, kept: Option<&dyn Kept>, progress: Progress) -> Result<Results> {
    exhibits(dataset)?;
    let (frame, records) = frame(dataset, root, progress)?;
    let found = findings(dataset, &frame, kept, progress)?;
    drop(frame);
    drawn(dataset, found, records, progress)
}

/// Tables and figures of findings.
pub(super) fn drawn(
    dataset: &Dataset,
    found: DatasetFindings,
    records: Vec<InputRecord>,
    progress: Progress,
) -> Result<Results> {
    exhibits(dataset)?;
    progress("drawing", 0, 0);
    let tables = tables::build_dataset(dataset, &found)?;
    let figures = figures::build_dataset(dataset, &found)?;
    let records = super::rounded(&super::gate(&dataset.disclosure), records);
    Ok(Results { findings: Found::Dataset(Box::new(found)), tables, figures, records })
}

/// Describes and estimates, and lets the gate decide what may be shown.
///
/// # DatasetErrors
/// A model that cannot be fitted, with the reason.
fn findings(dataset: &Dataset, frame: &Frame, kept: Option<&dyn Kept>, progress: Progress) -> Result<DatasetFindings> {
    let gate = super::gate(&dataset.disclosure);
    let mut fits = estimate::fits(dataset, frame, &gate, kept, false, progress)?;
    progress("describing", 0, 0);
    let mut analysed = vec![false; frame.rows];
    fits.main.iter().flat_map(|main| &main.analysed).for_each(|row| analysed[*row] = true);
    let rows: Vec<usize> = (0..frame.rows).filter(|row| analysed[*row]).collect();
    let ledger: Vec<LedgerLine> = fits.main.iter().flat_map(|main| ledger(frame, main)).collect();
    let fact = |(what, n, of): &(String, u64, u64)| {
        let parts = gate.parts(&[*n, of.saturating_sub(*n)]);
        (what.clone(), parts[0].clone(), gate.units(*of))
    };
    let flow = gate.ledger(&ledger);
    super::agree::dataset(&flow, &mut fits.results);
    let hidden = |row: &&FlowRow| row.stage == Stage::Received && row.rows.shown().is_none();
    let received = flow.iter().find(hidden).map(|row| row.rows.clone());
    Ok(DatasetFindings {
        received: received.unwrap_or_else(|| gate.count(frame.rows as u64)),
        analysed_any: gate.count(rows.len() as u64),
        flow,
        described: describe::described(dataset, frame, &rows, &gate),
        models: fits.results,
        facts: frame.facts.iter().map(fact).collect(),
    })
}

/// What the fits warn of, one sentence for each model and outcome, in their order.
pub(super) fn warnings(dataset: &Dataset, found: &DatasetFindings) -> Vec<String> {
    let named = |result: &DatasetResult, text: &String| {
        let (model, outcome) = (&dataset.models[result.model].id, &dataset.outcomes[result.outcome].id);
        format!("model `{model}` of outcome `{outcome}`: {text}")
    };
    let of = |result: &DatasetResult| -> Vec<String> {
        result.how.fit.warnings.shown().into_iter().flatten().map(|text| named(result, text)).collect()
    };
    found.models.iter().flat_map(of).collect()
}

/// Rows received, left by reason, analysed.
fn ledger(frame: &Frame, main: &estimate::MainFit) -> Vec<LedgerLine> {
    let line = |stage: Stage, reason: &str, rows: u64| LedgerLine {
        outcome: main.outcome,
        wave: None,
        stage,
        reason: reason.into(),
        rows,
        practices: rows,
    };
    let mut lines = vec![line(Stage::Received, "", frame.rows as u64)];
    let left = main.used.left.iter().chain(&main.dropped);
    lines.extend(left.map(|(reason, n)| line(Stage::Left, reason, *n)));
    lines.push(line(Stage::Analysed, "", main.analysed.len() as u64));
    lines
}

/// Results and templates to the files of a report.
pub(super) fn bundle(
    dataset: &Dataset,
    found: &DatasetFindings,
    results: &Results,
    templates: &Templates,
    before: Option<(&Changes, &Bundle)>,
) -> Result<Bundle> {
    let mut facts = report::dataset_facts(dataset, found, &results.records);
    let labels: Vec<_> = dataset.outcomes.iter().map(|outcome| (outcome.id.clone(), outcome.short.clone())).collect();
    facts.changes = report::change_facts(before.map(|(changes, _)| changes), &labels);
    let (exhibits, drawn) = ((&results.tables[..], &results.figures[..]), before.map(|(_, plain)| plain));
    let mut bundle = report::render_dataset(dataset, &facts, exhibits, templates, drawn)?;
    let files = vec![
        ("results.csv", 5, tables::dataset_results_rows(dataset, found)),
        ("models.csv", 5, tables::dataset_models_rows(dataset, found)),
        ("flow.csv", 4, tables::dataset_flow_rows(dataset, found)),
    ];
    for (path, _, rows) in &files {
        bundle.0.insert((*path).into(), report::csv_bytes(rows));
    }
    report::audit(&mut bundle, &super::audit::dataset(dataset, found, results, files))?;
    Ok(bundle)
}
