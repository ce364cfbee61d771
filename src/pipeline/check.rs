//! Everything that can be wrong with a study before anything is fitted: exhibits, templates, inputs, links, models.
//! Computes nothing that a report shows.

use super::{Progress, analyses, controls, data, dataset, estimate, panel, sample, stored_power};
use crate::config::{Absorb, Config, Form};
use crate::error::{Problem, Problems, Result};
use crate::ingest::{self, InputRecord};
use crate::panel::Panel;
use crate::report::{self, Templates};
use crate::{figures, tables};
use std::path::Path;

/// Whether each model can tell its covariates and the exposure from its absorbed effects: what the
/// data alone can say before anything is fitted.
///
/// # Errors
/// Every covariate that does not vary within the absorbed units, by model.
pub fn identified(config: &Config, panel: &Panel) -> Result<()> {
    let mut problems = Problems::default();
    for model in config.models.iter().filter(|model| model.absorb != Absorb::None) {
        let unit = match model.absorb {
            Absorb::Cluster => &config.terms.cluster[0],
            _ => &config.terms.practice[0],
        };
        for index in &model.covariates {
            if !sample::varies_within(panel, model, *index) {
                let id = &config.covariates[*index].id;
                let what = format!("covariate `{id}` of model `{}` does not vary within any {unit}", model.id);
                let hint = "remove it from the model, or absorb nothing (`absorb: none`)";
                problems.push(Problem::new(what).hint(hint));
            }
        }
    }
    problems.0.extend(controls::problems(config, panel));
    problems.or(())
}

/// Tables and figures that the config asks for and no builder has.
///
/// # Errors
/// Each of them; a table or figure asked for without the numbers that it needs from the config.
pub(super) fn exhibits(config: &Config) -> Result<()> {
    let mut problems = Problems::default();
    let tables = tables::ids().iter().map(ToString::to_string).collect();
    let kinds = [("table", &config.tables, tables), ("figure", &config.figures, figures::ids(config))];
    for (kind, asked, known) in kinds {
        for exhibit in asked {
            let analysis = analyses::analysis_of(kind, &exhibit.id).filter(|name| !analyses::asked(config, name));
            if let Some(name) = analysis {
                let what = format!("{kind} `{}` shows an analysis that is not asked for", exhibit.id);
                problems.push(Problem::new(what).hint(format!("add `analyses.{name}`, or take the {kind} out")));
            } else if !known.contains(&exhibit.id) {
                problems.push(Problem::new(format!("no {kind} `{}`", exhibit.id)).nearest(&exhibit.id, &known));
            }
        }
    }
    if config.published.estimates.is_empty() && config.tables.iter().any(|table| table.id == "published") {
        problems.push(
            Problem::new("table `published` has no printed estimate to compare with")
                .hint("list the paper's estimates under `published`, or take the table out of `tables`"),
        );
    }
    let asked = |id: &str| config.tables.iter().any(|table| table.id == id);
    if asked("contrasts") && config.models.first().is_none_or(|main| main.contrasts.is_empty()) {
        problems.push(
            Problem::new("table `contrasts` has no contrast to show")
                .hint("name one under `models.main.contrasts`, or take the table out of `tables`"),
        );
    }
    if asked("joint") && config.tests.joint.is_empty() {
        problems.push(
            Problem::new("table `joint` has no joint test to show")
                .hint("name one under `tests.joint`, or take the table out of `tables`"),
        );
    }
    problems.or(())
}

/// Whether each model of each outcome can be estimated at all, by the first step of its fit.
///
/// # Errors
/// Every model that cannot, with the reason.
fn estimable(config: &Config, panel: &Panel, progress: Progress) -> Result<()> {
    estimate::estimable(config, panel, progress)
}

/// What `check` found in order.
pub struct Checked {
    /// Files read.
    pub records: Vec<InputRecord>,
    /// Rows to analyse.
    pub rows: u64,
    /// What is no problem but worth knowing, with what to do about it.
    pub notes: Vec<String>,
}

/// Everything that can be wrong with a study, without fitting it: exhibits, templates, inputs, links,
/// models.
///
/// # Errors
/// Every problem at once.
pub fn check(form: &Form, root: &Path, templates: &Templates, progress: Progress) -> Result<Checked> {
    match form {
        Form::Survey(config) => check_survey(config, root, templates, progress),
        Form::Dataset(dataset) => dataset::check(dataset, root, templates, progress),
    }
}

fn check_survey(config: &Config, root: &Path, templates: &Templates, progress: Progress) -> Result<Checked> {
    let mut problems = Problems::default();
    problems.keep(exhibits(config));
    problems.keep(report::check_templates(config, templates));
    let mut checked = Checked { records: Vec::new(), rows: 0, notes: Vec::new() };
    let stored = problems.keep(stored_power(config, root)).flatten();
    if let Some(plan) = &config.analyses.power {
        let why = ingest::unfit(config, plan, stored.as_ref().map(|(run, _)| run));
        checked.notes.extend(why.map(|why| format!("{why}; {}", ingest::AGAIN)));
    }
    if let Some(mut data) = problems.keep(data(config, root, progress)) {
        checked.records = std::mem::take(&mut data.records);
        checked.records.extend(stored.map(|(_, record)| record));
        checked.rows = data.survey.practice.len() as u64;
        if let Some((panel, _)) = problems.keep(panel(config, data, progress))
            && problems.keep(identified(config, &panel)).is_some()
        {
            problems.keep(estimable(config, &panel, progress));
        }
    }
    problems.or(checked)
}
