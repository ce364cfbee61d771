//! From raw keys to the checked [`Dataset`]: the second form of study. Names that must refer to
//! something, kinds that must fit, contradictions. Collects every problem.

use super::super::locate::Source as Text;
use super::super::raw::{self, RawDataset};
use super::{Checker, study};
use crate::config::types::*;
use crate::error::Result;
use indexmap::IndexMap;
use serde_yaml::Value;

mod exhibits;
mod factors;
mod models;
mod names;
mod options;
mod outcomes;
mod published;
mod sources;
mod variables;

/// Templates of a study that names none, relative to the config's folder.
const REPORT: [&str; 2] = ["templates/dataset.md.j2", "templates/page.html.j2"];

/// Checks a raw config against itself.
pub(in crate::config) fn check(raw: RawDataset, tree: &Value, text: &Text) -> Result<Dataset> {
    let mut checker = Checker::new(Vec::new(), text);
    checker.format(raw.offprint);
    checker.plain_name("study.id", &raw.study.id);
    checker.plain_name("study.version", &raw.study.version);
    checker.row(&raw.row);
    let sources = checker.table_sources(&raw.sources, tree);
    let rows = checker.rows(&raw.rows, &raw.sources);
    let variables = checker.variables(raw.variables, &raw.sources, rows, tree);
    // What follows refers to variables: with one of them wrong it would only repeat that.
    let populations = checker.populations(raw.population);
    let outcomes = checker.measures(raw.outcomes, &variables, &populations);
    let expected = 1 + raw.models.variants.len();
    let models = checker.fits(raw.models, &variables, &outcomes);
    let tests = checker.plain_tests(raw.tests, &models);
    let (published_name, published) = checker.published_terms(raw.published, &variables, &outcomes, &models, expected);
    let given = exhibits::Given::new(&models, &published);
    let tables = checker.exhibits_or_all("tables", raw.tables, exhibits::TABLES, &given, &published_name);
    let figures = checker.exhibits_or_all("figures", raw.figures, exhibits::FIGURES, &given, &published_name);
    let [template, page] = REPORT.map(str::to_owned);
    let usual = || raw::RawDisclosure::named("gpps");
    let ids: Vec<&String> = raw.sources.keys().collect();
    let said = (checker.provenance(raw.provenance, &ids), checker.lint(raw.lint));
    let dataset = Dataset {
        study: study(raw.study, said),
        row: raw.row,
        sources,
        rows: rows.unwrap_or(0),
        variables,
        outcomes,
        models,
        tests,
        populations,
        published,
        published_name,
        assumptions: checker.assumptions(raw.assumptions, tree),
        background: raw.background,
        limits: raw.limits,
        disclosure: checker.disclosure(raw.disclosure.unwrap_or_else(usual)),
        tables,
        figures,
        report: raw.report.map_or(Report { template, page }, |r| Report { template: r.template, page: r.page }),
    };
    checker.every_source_used(&dataset);
    checker.problems.or(dataset)
}

impl Checker<'_> {
    fn row(&mut self, row: &[String; 2]) {
        if row.iter().any(|word| word.trim().is_empty()) {
            self.fault("row", "a row has no name", "say what a row is, singular and plural: `[practice, practices]`");
        }
    }

    fn rows(&mut self, id: &str, sources: &IndexMap<String, raw::RawSource>) -> Option<usize> {
        let at = sources.get_index_of(id);
        if at.is_none() {
            let known: Vec<&String> = sources.keys().collect();
            self.unknown("rows", "source", id, &known);
        }
        at
    }

    fn every_source_used(&mut self, dataset: &Dataset) {
        if !self.problems.is_empty() {
            return;
        }
        for (at, source) in dataset.sources.iter().enumerate() {
            if dataset.headers(at).is_empty() {
                let what = format!("no variable is made from source `{}`", source.id);
                self.fault(&format!("sources.{}", source.id), what, "remove it, or make a variable from it");
            }
        }
    }
}

/// `a`, `b` and `c` in words.
fn listed<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
