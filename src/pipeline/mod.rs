//! Names every stage from config to bundle, in order. Used by `run` and by whatever compares runs.
//! Must not touch the output folder or the clock, and must not compute what a room can.

mod agree;
mod analyses;
mod audit;
mod bundle;
mod check;
mod controls;
mod dataset;
mod describe;
mod estimate;
mod fitted;
mod flow;
mod gone;
mod journal;
mod kept;
mod power;
mod regime;
mod sample;
mod shown;
mod tested;

use crate::config::{Config, Form};
use crate::disclosure::{DatasetFindings, Findings, Linkage};
use crate::error::{Problem, Result};
use crate::figures::{self, Figure};
use crate::ingest::{self, Data, InputRecord};
use crate::panel::{self, Panel, Provision};
use crate::tables::{self, Table};
use crate::{model, simulate};
use regime::{gate, linked, rounded};
use serde::{Deserialize, Serialize};
use std::path::Path;

pub use bundle::{bundle, bundle_after};
use check::exhibits;
pub use check::{Checked, check, identified};
pub use journal::journal;
pub use kept::{Became, Kept, OnFile};
pub use power::{PowerFit, PowerStudies, power_table};

/// What a stage says while it works: its name, how much is done, of how much (0: unknown).
pub type Progress<'a> = &'a (dyn Fn(&str, u64, u64) + Sync);

/// Released findings of either form of study.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub enum Found {
    /// A survey's.
    Survey(Box<Findings>),
    /// A dataset's.
    Dataset(Box<DatasetFindings>),
}

/// Everything that a report is rendered from: results without words from templates.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Results {
    /// Released findings.
    pub findings: Found,
    /// Finished tables.
    pub tables: Vec<Table>,
    /// Finished figures.
    pub figures: Vec<Figure>,
    /// Files read.
    pub records: Vec<InputRecord>,
}

/// Reads every real input and simulates the others.
///
/// # Errors
/// Every problem of every input.
pub fn data(config: &Config, root: &Path, progress: Progress) -> Result<Data> {
    let mut data = ingest::read(config, root, progress)?;
    simulate::complete(config, &mut data, progress)?;
    ingest::check_waves(config, &data.survey)?;
    ingest::check_codes(config, &data.survey)?;
    Ok(data)
}

/// Links and recodes.
///
/// # Errors
/// See [`panel::build`].
pub fn panel(config: &Config, data: Data, progress: Progress) -> Result<(Panel, Provision)> {
    progress("linking and recoding", 0, 0);
    panel::build(config, data)
}

/// Describes and estimates, and lets the gate decide what may be shown.
///
/// # Errors
/// A model that cannot be fitted, with the reason.
pub fn findings(config: &Config, panel: &Panel, provision: &Provision, progress: Progress) -> Result<Findings> {
    findings_with(config, panel, provision, None, progress)
}

fn findings_with(
    config: &Config,
    panel: &Panel,
    provision: &Provision,
    kept: Option<&dyn Kept>,
    progress: Progress,
) -> Result<Findings> {
    let gate = gate(&config.disclosure);
    progress("describing", 0, 0);
    let (responses, shares) = describe::respondents(config, panel, &gate);
    let levels = describe::levels(config, panel, &gate);
    let mut fits = estimate::fits(config, panel, &gate, kept, progress)?;
    let flow = flow::rows(config, panel, &fits, &gate);
    agree::survey(&flow.rows, &mut fits.results);
    let (shown, areas, areas_census) = describe::provision(config, provision, &gate);
    let models = &fits.results;
    let study = analyses::Study { config, panel, provision, shown: &shown, models, gate: &gate, kept, progress };
    let analyses = analyses::analyses(&study);
    Ok(Findings {
        analyses,
        flow: flow.rows,
        responses: responses.last().cloned().unwrap_or_else(|| gate.none()),
        analysed_any: gate.count(flow.analysed_any),
        practices: gate.count(panel.practices.len() as u64),
        responses_by_wave: responses.into_iter().take(config.waves.len()).collect(),
        respondents: shares,
        levels,
        provision: shown,
        areas,
        areas_census,
        models: fits.results,
        linkage: Linkage { facts: panel.facts.iter().map(|fact| linked(&gate, fact)).collect() },
        weighted: panel.weight.is_some(),
    })
}

/// From files to results.
///
/// # Errors
/// Any stage's.
pub fn results(form: &Form, root: &Path, progress: Progress) -> Result<Results> {
    results_with(form, root, None, progress)
}

/// The same with the fits of earlier runs at hand.
///
/// # Errors
/// Any stage's.
pub fn results_with(form: &Form, root: &Path, kept: Option<&dyn Kept>, progress: Progress) -> Result<Results> {
    match form {
        Form::Survey(config) => survey_results(config, root, kept, progress),
        Form::Dataset(dataset) => dataset::results(dataset, root, kept, progress),
    }
}

/// Results from findings of an earlier run: tables and figures made anew.
///
/// # Errors
/// An exhibit that nothing can make; findings of a study of another form.
pub fn drawn(form: &Form, found: Found, records: Vec<InputRecord>, progress: Progress) -> Result<Results> {
    match (form, found) {
        (Form::Survey(config), Found::Survey(findings)) => survey_drawn(config, *findings, records, progress),
        (Form::Dataset(dataset), Found::Dataset(found)) => dataset::drawn(dataset, *found, records, progress),
        _ => Err(Problem::new("the findings are those of a study of another form").into()),
    }
}

fn survey_drawn(config: &Config, findings: Findings, records: Vec<InputRecord>, progress: Progress) -> Result<Results> {
    exhibits(config)?;
    progress("drawing", 0, 0);
    let (tables, figures) = exhibited(config, &findings)?;
    Ok(Results { findings: Found::Survey(Box::new(findings)), tables, figures, records })
}

fn survey_results(config: &Config, root: &Path, kept: Option<&dyn Kept>, progress: Progress) -> Result<Results> {
    exhibits(config)?;
    let mut data = data(config, root, progress)?;
    let stored = stored_power(config, root)?;
    let mut records = rounded(&gate(&config.disclosure), std::mem::take(&mut data.records));
    let (panel, provision) = panel(config, data, progress)?;
    identified(config, &panel)?;
    let mut findings = findings_with(config, &panel, &provision, kept, progress)?;
    drop(panel);
    findings.analyses.power = config.analyses.power.as_ref().map(|plan| {
        let run = stored.as_ref().map(|(run, _)| run);
        analyses::power(config, plan, run, &findings.models, &gate(&config.disclosure))
    });
    records.extend(stored.map(|(_, record)| record));
    survey_drawn(config, findings, records, progress)
}

/// The stored run of simulated studies, where there is one.
///
/// # Errors
/// A file that is no stored run; one that does not fit, or none, where the config refuses that.
fn stored_power(config: &Config, root: &Path) -> Result<Option<(ingest::StoredPower, InputRecord)>> {
    let stored = ingest::read_power(config, root)?;
    if let Some(plan) = config.analyses.power.as_ref().filter(|plan| plan.refuse)
        && let Some(why) = ingest::unfit(config, plan, stored.as_ref().map(|(run, _)| run))
    {
        let hint = format!("{}, or let the report say it: `analyses.power.otherwise: say`", ingest::AGAIN);
        return Err(Problem::new(why).file(&plan.file).hint(hint).into());
    }
    Ok(stored)
}

/// The tables and figures that the config asks for.
///
/// # Errors
/// An id that no builder has, counts unfit to show.
pub fn exhibited(config: &Config, findings: &Findings) -> Result<(Vec<Table>, Vec<Figure>)> {
    let tables = tables::build(config, findings)?;
    let figures = figures::build(config, findings, |id| tables::alt(config, findings, id))?;
    Ok((tables, figures))
}

/// What the fits warn of, one sentence for each model and outcome, in their order.
pub fn warnings(form: &Form, results: &Results) -> Vec<String> {
    match (form, &results.findings) {
        (Form::Survey(config), Found::Survey(findings)) => survey_warnings(config, findings),
        (Form::Dataset(dataset), Found::Dataset(found)) => dataset::warnings(dataset, found),
        _ => Vec::new(),
    }
}

fn survey_warnings(config: &Config, findings: &Findings) -> Vec<String> {
    let named = |result: &crate::disclosure::ModelResult, text: &String| {
        let (model, outcome) = (&config.models[result.model].id, &config.outcomes[result.outcome].id);
        format!("model `{model}` of outcome `{outcome}`: {text}")
    };
    let all = findings.models.iter();
    all.flat_map(|result| result.fit.warnings.shown().into_iter().flatten().map(move |text| named(result, text)))
        .collect()
}

/// The covariance profile of a model.
fn profile(vcov: crate::config::Vcov) -> model::Profile {
    match vcov {
        crate::config::Vcov::Stata => model::Profile::Stata,
        crate::config::Vcov::Fixest => model::Profile::Fixest013,
        crate::config::Vcov::Plain => model::Profile::None,
    }
}
