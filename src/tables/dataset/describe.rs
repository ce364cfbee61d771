//! Who is analysed, who left, and what left within the estimator.

use super::super::cells::{self, both, capital, head, hidden, numbers, row, words};
use super::super::types::{Cell, Row, Table};
use super::notes::finish;
use super::results_of;
use super::show::number;
use crate::config::{Dataset, Exhibit, VariableKind};
use crate::disclosure::{DatasetFindings, DescribedRow, Stage, Summary};
use crate::format;

/// Every variable over the rows analysed.
pub(super) fn sample(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Variable", &["variable", "level"], false),
        head(capital(&dataset.row[1]), &["n"], true),
        head("Mean (SD), or per cent", &["mean_or_share", "sd"], true),
        head("Median (quartiles)", &["median", "q1", "q3"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    let mut open = None;
    for described in &found.described {
        let variable = &dataset.variables[described.variable];
        let category = matches!(variable.kind, VariableKind::Category { .. });
        let fresh = open.replace(described.variable) != Some(described.variable);
        let section = if category && fresh { variable.label.clone() } else { String::new() };
        let text = if category { described.level.clone() } else { variable.label.clone() };
        let mut cells = vec![words(text, &[&variable.id, &described.level])];
        cells.extend(summary(described));
        // What follows a category's levels needs a heading of its own, or it would stand under theirs.
        let after = !category && rows.last().is_some_and(|_| fresh) && last_was_category(dataset, found, described);
        rows.push(row(if after { "Other variables".to_string() } else { section }, cells));
    }
    let one = &dataset.row[0];
    let own = vec![
        format!("{} analysed by the main model for at least one outcome; unweighted.", capital(&dataset.row[1])),
        format!(
            "Codes that name a unit show how many different ones there are; one row is one {one}. SD: standard deviation."
        ),
    ];
    finish(dataset, exhibit, heads, rows, own)
}

fn last_was_category(dataset: &Dataset, found: &DatasetFindings, described: &DescribedRow) -> bool {
    let before = found.described.iter().rfind(|other| other.variable < described.variable);
    before.is_some_and(|other| matches!(dataset.variables[other.variable].kind, VariableKind::Category { .. }))
}

fn summary(described: &DescribedRow) -> [Cell; 3] {
    let n = cells::count(&described.n);
    match &described.summary {
        Summary::Number(values) => match both(&described.n, values) {
            Ok((_, [mean, sd, low, median, high])) => [
                n,
                numbers(format!("{} ({})", number(*mean), number(*sd)), &[*mean, *sd]),
                numbers(
                    format!("{} ({} to {})", number(*median), number(*low), number(*high)),
                    &[*median, *low, *high],
                ),
            ],
            Err(reason) => [n, hidden(&reason, 2), hidden(&reason, 3)],
        },
        Summary::Share(share) => match both(&described.n, share) {
            Ok((_, share)) => {
                [n, numbers(format!("{}%", format::percent(*share, 1)), &[*share, f64::NAN]), cells::blank(3)]
            }
            Err(reason) => [n, hidden(&reason, 2), cells::blank(3)],
        },
        Summary::Distinct(distinct) => {
            let text = |n: &u64| numbers(format!("{} different", format::count(*n)), &[*n as f64, f64::NAN]);
            [n, cells::released(distinct, 2, text), cells::blank(3)]
        }
    }
}

/// The ledger.
pub(super) fn flow(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let heads =
        vec![head("Stage", &["outcome", "stage", "reason"], false), head(capital(&dataset.row[1]), &["rows"], true)];
    let mut rows: Vec<Row> = Vec::new();
    let mut open = None;
    for line in &found.flow {
        let outcome = &dataset.outcomes[line.outcome];
        let section =
            if open.replace(line.outcome) == Some(line.outcome) { String::new() } else { outcome.label.clone() };
        let text = match line.stage {
            Stage::Received => format!("{} on file", capital(&dataset.row[1])),
            Stage::Left => format!("Left: {}", line.reason),
            Stage::Analysed => format!("{} analysed", capital(&dataset.row[1])),
        };
        let cells = vec![words(text, &[&outcome.id, line.stage.word(), &line.reason]), cells::count(&line.rows)];
        rows.push(row(section, cells));
    }
    let own = vec![format!(
        "Main model. Each {} leaves once, for the first reason that applies in the order shown; what remains is analysed.",
        dataset.row[0]
    )];
    finish(dataset, exhibit, heads, rows, own)
}

/// What left within the estimator of the main model.
pub(super) fn dropped(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("What left", &["outcome", "what"], false),
        head("Groups or levels", &["groups"], true),
        head("Responses", &["responses"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for result in results_of(found, 0) {
        let outcome = &dataset.outcomes[result.outcome];
        let mut section = outcome.label.clone();
        if result.dropped.is_empty() {
            let none = || numbers("0".into(), &[0.0]);
            rows.push(row(
                std::mem::take(&mut section),
                vec![words("Nothing", &[&outcome.id, "nothing"]), none(), none()],
            ));
        }
        for line in &result.dropped {
            let cells = vec![
                words(capital(&line.what), &[&outcome.id, &line.what]),
                cells::count(&line.groups),
                cells::count(&line.rows),
            ];
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    let own = vec![
        "Main model. A group whose outcome never varies says nothing beside an effect of its own; a level that predicts \
         the outcome perfectly has no finite coefficient."
            .to_string(),
    ];
    finish(dataset, exhibit, heads, rows, own)
}
