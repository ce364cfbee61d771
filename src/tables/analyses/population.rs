//! People under stated bases. Arranges released values.

use super::super::cells::{self, head, numbers, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::estimate;
use super::super::types::{Row, Table};
use super::super::{outcome_id, outcome_label};
use super::{Key, line};
use crate::config::{Config, Exhibit};
use crate::disclosure::{PeopleFound, PeopleRow};
use crate::format;

fn people(n: f64) -> String {
    format::rounded(n, 1000.0)
}

fn base_words(config: &Config, base: &PeopleRow) -> (String, String) {
    let first = config.analyses.population.as_ref().and_then(|plan| plan.bases.first().copied());
    let named = |at: usize| config.populations.get(at).map(|p| (p.label.clone(), p.id.clone()));
    match base.base {
        Some(at) => named(at).unwrap_or_default(),
        None => {
            let (label, id) = first.and_then(named).unwrap_or_default();
            (format!("share of {label} with an answer that counts"), format!("{id}:answered"))
        }
    }
}

/// One row per outcome and base, then the printed number where there is one.
pub(super) fn population(config: &Config, found: &PeopleFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Population", &["outcome", "base"], false),
        head("People in it", &["size"], true),
        head("People per year and unit of exposure (95% CI)", &["people", "people_low", "people_high"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    let mut last = None;
    for found_row in &found.rows {
        let section = match last.replace(found_row.outcome) == Some(found_row.outcome) {
            true => String::new(),
            false => outcome_label(config, found_row.outcome),
        };
        let (label, id) = base_words(config, found_row);
        let label = if own(config, found_row) {
            format!("{} (the outcome’s own)", cells::capital(&label))
        } else {
            cells::capital(&label)
        };
        rows.push(row(
            section,
            vec![
                words(label, &[&outcome_id(config, found_row.outcome), &id]),
                cells::released(&found_row.size, 1, |size| numbers(people(*size), &[*size])),
                cells::with_interval(&found_row.people, people),
            ],
        ));
        let end = found.rows.iter().rfind(|row| row.outcome == found_row.outcome).is_some_and(|row| row == found_row);
        let printed = found.printed.iter().find(|printed| end && printed.outcome == found_row.outcome);
        rows.extend(printed.map(|printed| {
            let cells = vec![
                words("Implied by the printed number", &[&outcome_id(config, printed.outcome), "printed"]),
                cells::released(&printed.implied, 1, |[base, low, high]| {
                    numbers(format!("{} ({} to {})", people(*base), people(*low), people(*high)), &[*base])
                }),
                numbers(people(printed.people), &[printed.people, f64::NAN, f64::NAN]),
            ];
            row("", cells)
        }));
    }
    let own = vec![
        notes::exposure_unit(config),
        "People: average marginal effect of the main model times the population, which is taken as known. The share with \
         an answer that counts is that of the last wave’s responders, those who gave no answer counted as not asked."
            .into(),
        "Implied: the population that the printed odds ratio turns into the printed people at this run’s mean share of \
         the outcome; its range covers the odds ratio’s rounding and, in place of the mean share, the average over the \
         main model’s predictions. An implied population that is not the one asked says that the printed number cannot \
         be attributed to it."
            .into(),
    ];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn own(config: &Config, row: &PeopleRow) -> bool {
    row.base.is_some() && config.outcomes.get(row.outcome).is_some_and(|outcome| outcome.population == row.base)
}

/// People by base; implied bases of printed numbers.
pub(super) fn results_rows(config: &Config, found: &PeopleFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for found in &found.rows {
        let (outcome, (_, base)) = (outcome_id(config, found.outcome), base_words(config, found));
        let subgroup = format!("population={base}");
        let key = |quantity| Key {
            analysis: "population",
            outcome: &outcome,
            subgroup: &subgroup,
            term: "exposure",
            quantity,
        };
        rows.push(line(key("people"), &estimate(&found.people), None, None));
        rows.push(line(key("population"), &found.size.map(|x| super::alone(*x)), None, None));
    }
    for printed in &found.printed {
        let outcome = outcome_id(config, printed.outcome);
        let key = Key {
            analysis: "population",
            outcome: &outcome,
            subgroup: "population=printed",
            term: "exposure",
            quantity: "population_implied",
        };
        let none = f64::NAN;
        rows.push(line(
            key,
            &printed.implied.map(|[base, low, high]| [*base, none, *low, *high, none, none]),
            None,
            None,
        ));
    }
    rows
}
