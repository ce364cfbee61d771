//! Results and templates to the files of a report. Knows nothing of the output folder.

use super::{Found, Results, audit, dataset};
use crate::config::{self, Config, Form, Loaded};
use crate::disclosure::Findings;
use crate::error::{Problem, Result};
use crate::report::{self, Bundle, Changes, Templates, Told};
use crate::tables;

/// Results and templates to the files of a report.
///
/// # Errors
/// A template that cannot be rendered.
pub fn bundle(loaded: &Loaded, results: &Results, templates: &Templates) -> Result<Bundle> {
    after(loaded, results, templates, None)
}

/// The same for a version that compares itself with an earlier one; `plain` is its [`bundle`].
///
/// # Errors
/// As [`bundle`].
pub fn bundle_after(
    loaded: &Loaded,
    results: &Results,
    templates: &Templates,
    changes: &Changes,
    plain: &Bundle,
) -> Result<Bundle> {
    after(loaded, results, templates, Some((changes, plain)))
}

fn after(
    loaded: &Loaded,
    results: &Results,
    templates: &Templates,
    before: Option<(&Changes, &Bundle)>,
) -> Result<Bundle> {
    let changes = before.map(|(changes, _)| changes);
    let mut bundle = match (&loaded.form, &results.findings) {
        (Form::Survey(config), Found::Survey(findings)) => survey_bundle(config, findings, results, templates, before)?,
        (Form::Dataset(dataset), Found::Dataset(found)) => dataset::bundle(dataset, found, results, templates, before)?,
        _ => return Err(Problem::new("the results are those of a study of another form").into()),
    };
    let warning = if !loaded.form.simulated_sources().is_empty() {
        "# Simulated data: this study's config names sources that are not real.\n"
    } else {
        ""
    };
    bundle.0.insert("config.yaml".into(), format!("{warning}{}", loaded.canonical).into_bytes());
    for (path, text) in [&templates.report, &templates.page] {
        bundle.0.insert(config::filed_template(path), text.clone().into_bytes());
    }
    let (records, tables, figures) = (&results.records, &results.tables, &results.figures);
    report::add_provenance(&mut bundle, &Told { form: &loaded.form, records, tables, figures, changes })?;
    Ok(bundle)
}

fn survey_bundle(
    config: &Config,
    findings: &Findings,
    results: &Results,
    templates: &Templates,
    before: Option<(&Changes, &Bundle)>,
) -> Result<Bundle> {
    let mut facts = report::facts(config, findings, &results.records);
    let labels: Vec<_> = config.outcomes.iter().map(|outcome| (outcome.id.clone(), outcome.short.clone())).collect();
    facts.changes = report::change_facts(before.map(|(changes, _)| changes), &labels);
    let (tables, figures, drawn) = (&results.tables, &results.figures, before.map(|(_, plain)| plain));
    let input = report::ReportInput { config, tables, figures, facts: &facts, drawn };
    let mut bundle = report::render(&input, templates)?;
    let mark = report::data_mark(config);
    let files = vec![
        ("results.csv", 5, tables::results_rows(config, findings)),
        ("models.csv", 5, tables::models_rows(config, findings)),
        ("flow.csv", 4, tables::flow_rows(config, findings)),
    ];
    for (path, _, rows) in &files {
        bundle.0.insert((*path).into(), report::csv_bytes(&report::mark_csv(rows.clone(), mark.as_deref())));
    }
    report::audit(&mut bundle, &audit::survey(config, findings, results, files))?;
    Ok(bundle)
}
