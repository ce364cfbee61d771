//! Effects of the exposure: main model, contrasts, subgroups, other specifications.

use super::super::cells::{self, blank, head, row, words};
use super::super::types::{Cell, Head, Row, Table};
use super::notes::{self, finish};
use super::results_of;
use super::show::{self, is_share, ratio_name};
use crate::config::{Dataset, DatasetModel, Exhibit};
use crate::disclosure::{DatasetFindings, DatasetResult, Estimate, Released};
use crate::format;

fn outcome_cell(dataset: &Dataset, outcome: usize) -> Cell {
    let outcome = &dataset.outcomes[outcome];
    words(outcome.label.clone(), &[&outcome.id, &outcome.label])
}

/// Clusters; nothing where errors have none.
fn clusters(result: &DatasetResult) -> Cell {
    match result.how.fit.ways.shown() {
        Some(ways) if ways.is_empty() => blank(1),
        _ => cells::count(&result.clusters),
    }
}

/// P value of an estimate.
pub(super) fn p(found: &Released<Estimate>) -> Cell {
    cells::p_value(&found.map(|e| e.p))
}

/// Heading and CSV names of the estimate that readers expect of a model: a ratio, or the coefficient.
fn estimate_head(model: &DatasetModel) -> Head {
    match ratio_name(model.family) {
        Some(name) => head(format!("{name} (95% CI)"), &["ratio", "ratio_low", "ratio_high"], true),
        None => head("Coefficient (95% CI)", &["coefficient", "coefficient_low", "coefficient_high"], true),
    }
}

fn estimate_cell(model: &DatasetModel, result: &DatasetResult) -> Cell {
    match ratio_name(model.family) {
        Some(_) => show::ratio(&result.ratio),
        None => show::estimate(&result.exposure),
    }
}

const EFFECT: [&str; 3] = ["average_marginal_effect", "average_marginal_effect_low", "average_marginal_effect_high"];

/// The main model: one row per outcome.
pub(super) fn main(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let model = &dataset.models[0];
    let people = results_of(found, 0).any(|result| dataset.outcomes[result.outcome].population.is_some());
    let mut heads = vec![
        head("Outcome", &["outcome", "label"], false),
        head("Analysed", &["n"], true),
        head("Clusters", &["clusters"], true),
        head("Mean", &["mean"], true),
        estimate_head(model),
        head("Average marginal effect (95% CI)", &EFFECT, true),
        head("p", &["p_value"], true),
    ];
    if people {
        heads.push(head("People (95% CI)", &["people", "people_low", "people_high"], true));
    }
    let one = |result: &DatasetResult| {
        let share = is_share(dataset, result.outcome);
        let mut cells = vec![
            outcome_cell(dataset, result.outcome),
            cells::count(&result.n),
            clusters(result),
            show::level(&result.mean, share),
            estimate_cell(model, result),
            show::effect(&result.effect, share),
            p(&result.exposure),
        ];
        if people {
            cells.push(cells::with_interval(&result.people, cells::people));
        }
        row("", cells)
    };
    let rows = results_of(found, 0).map(one).collect();
    let mut own = notes::main(dataset, found);
    own.push(
        "Average marginal effect: change of the outcome’s mean per unit of the exposure, averaged over the rows \
         analysed; its error counts every parameter, absorbed effects among them."
            .into(),
    );
    if people {
        let populations = results_of(found, 0).filter_map(|r| dataset.outcomes[r.outcome].population);
        let list: std::collections::BTreeSet<usize> = populations.collect();
        own.extend(list.into_iter().map(|at| {
            let population = &dataset.populations[at];
            format!("People: effect times {} {}.", format::fixed(population.people, 0), population.label)
        }));
    }
    finish(dataset, exhibit, heads, rows, own)
}

/// Mean predictions in two places and their difference.
pub(super) fn contrasts(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let model = &dataset.models[0];
    let heads = vec![
        head("Contrast", &["outcome", "contrast"], false),
        head("Mean at first (95% CI)", &["from", "from_low", "from_high"], true),
        head("Mean at second (95% CI)", &["to", "to_low", "to_high"], true),
        head("Difference (95% CI)", &["difference", "difference_low", "difference_high"], true),
        head("p", &["p_value"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for result in results_of(found, 0) {
        let outcome = &dataset.outcomes[result.outcome];
        let share = is_share(dataset, result.outcome);
        let mut section = outcome.label.clone();
        for contrast in &result.contrasts {
            let Some(spec) = model.contrasts.get(contrast.contrast) else { continue };
            let cells = vec![
                words(spec.label.clone(), &[&outcome.id, &spec.id]),
                show::mean(&contrast.from, share),
                show::mean(&contrast.to, share),
                show::effect(&contrast.difference, share),
                p(&contrast.difference),
            ];
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    let mut own = vec![
        "Mean predictions over the rows analysed with the exposure moved for all of them and everything else as it was; \
         errors by the delta method over every parameter, absorbed effects among them."
            .to_string(),
    ];
    own.extend(notes::main(dataset, found));
    finish(dataset, exhibit, heads, rows, own)
}

/// The exposure's effect by level of a category.
pub(super) fn subgroups(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Level", &["outcome", "variable", "level"], false),
        head("Analysed", &["n"], true),
        head("Average marginal effect (95% CI)", &EFFECT, true),
        head("p", &["p_value"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for result in results_of(found, 0) {
        let outcome = &dataset.outcomes[result.outcome];
        let mut open = None;
        for found in &result.subgroups {
            let variable = &dataset.variables[found.variable];
            let fresh = open.replace(found.variable) != Some(found.variable);
            let section = if fresh { format!("{}: {}", outcome.label, variable.label) } else { String::new() };
            let cells = vec![
                words(found.level.clone(), &[&outcome.id, &variable.id, &found.level]),
                cells::count(&found.n),
                show::effect(&found.effect, is_share(dataset, result.outcome)),
                p(&found.effect),
            ];
            rows.push(row(section, cells));
        }
    }
    let mut own = vec![
        "One model with one coefficient of the exposure unless an interaction is among its terms: levels differ as \
         their rows differ. A test of difference is that of the interaction."
            .to_string(),
    ];
    own.extend(notes::main(dataset, found));
    finish(dataset, exhibit, heads, rows, own)
}

/// Every model, in sections by outcome.
pub(super) fn variants(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Model", &["outcome", "model"], false),
        head("Analysed", &["n"], true),
        head("Clusters", &["clusters"], true),
        head("Ratio (95% CI)", &["ratio", "ratio_low", "ratio_high"], true),
        head("Coefficient (95% CI)", &["coefficient", "coefficient_low", "coefficient_high"], true),
        head("Average marginal effect (95% CI)", &EFFECT, true),
        head("p", &["p_value"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for (at, outcome) in dataset.outcomes.iter().enumerate() {
        let mut section = outcome.label.clone();
        for result in found.models.iter().filter(|result| result.outcome == at) {
            let model = &dataset.models[result.model];
            let cells = vec![
                words(model.label.clone(), &[&outcome.id, &model.id]),
                cells::count(&result.n),
                clusters(result),
                if ratio_name(model.family).is_some() { show::ratio(&result.ratio) } else { blank(3) },
                show::estimate(&result.exposure),
                show::effect(&result.effect, is_share(dataset, at)),
                p(&result.exposure),
            ];
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    let exposures: std::collections::BTreeSet<usize> = dataset.models.iter().map(|model| model.exposure).collect();
    let mut own: Vec<String> = Vec::new();
    if exposures.len() == 1 {
        own.push(notes::per(dataset, &dataset.models[0]));
    }
    for (at, model) in dataset.models.iter().enumerate() {
        let results: Vec<&DatasetResult> = results_of(found, at).collect();
        let how = notes::inference(dataset, model, &results).join(" ");
        own.push(format!("{}: {} {how}", model.label, notes::model(dataset, model)));
    }
    finish(dataset, exhibit, heads, rows, own)
}
