//! Figures of a dataset study: which released value goes where, in which words.

use super::{
    Caption, Estimate, Figure, Flow, FlowBox, FlowCount, FlowStep, Forest, ForestMark, ForestRow, Picture, flow, forest,
};
use crate::config::{Dataset, DatasetFamily};
use crate::disclosure::{DatasetFindings, DatasetResult, FlowRow, Released, Stage};
use crate::error::{Problem, Problems, Result};
use crate::format::{self, capital};

/// The ids that [`build`] knows.
pub const IDS: [&str; 2] = ["flow", "forest"];

/// Every figure that the config asks for, in its order.
///
/// # DatasetErrors
/// An id that no builder has, a figure asked for twice.
pub fn build(dataset: &Dataset, found: &DatasetFindings) -> Result<Vec<Figure>> {
    let mut problems = Problems::default();
    let mut figures: Vec<Figure> = Vec::new();
    for exhibit in &dataset.figures {
        let alt = match exhibit.id.as_str() {
            "flow" => flow_alt(dataset, found),
            "forest" => forest_alt(dataset, found),
            other => {
                problems.push(Problem::new(format!("no figure `{other}`")).nearest(other, &IDS));
                continue;
            }
        };
        if figures.iter().any(|figure| figure.id == exhibit.id) {
            problems.push(Problem::new(format!("figure `{}` is listed twice", exhibit.id)).hint("keep one of them"));
            continue;
        }
        let (id, title) = (exhibit.id.clone(), exhibit.title.clone());
        let caption = Caption { id, title, description: alt, stamp: None };
        let picture = if exhibit.id == "flow" {
            flow_picture(dataset, found, &caption)
        } else {
            forest_picture(dataset, found, &caption)
        };
        let mut notes: Vec<String> = (!exhibit.note.is_empty()).then(|| exhibit.note.clone()).into_iter().collect();
        notes.extend(dataset.study.notices.iter().cloned());
        let Picture { svg, csv } = picture;
        let (id, number, title, alt) =
            (exhibit.id.clone(), exhibit.number.clone(), exhibit.title.clone(), caption.description);
        figures.push(Figure { id, number, title, alt, notes, svg, csv });
    }
    problems.or(figures)
}

/// What the main model's estimate is: its name, and the value of no association.
fn quantity(dataset: &Dataset) -> (&'static str, f64) {
    match dataset.models[0].family {
        DatasetFamily::Logit => ("Odds ratio", 1.0),
        DatasetFamily::Poisson => ("Rate ratio", 1.0),
        DatasetFamily::Probit | DatasetFamily::Linear => ("Coefficient", 0.0),
    }
}

/// Results whose estimate is on the main model's scale, by outcome, then model.
fn comparable<'a>(dataset: &'a Dataset, found: &'a DatasetFindings) -> Vec<&'a DatasetResult> {
    let main = &dataset.models[0];
    let same = |result: &&DatasetResult| {
        let model = &dataset.models[result.model];
        let through = |model: &crate::config::DatasetModel| {
            model.terms.iter().any(|term| term.factors.iter().any(|(at, _)| *at == model.exposure))
        };
        // Beside an interaction the exposure's coefficient is another quantity.
        model.family == main.family && model.exposure == main.exposure && through(model) == through(main)
    };
    let mut results: Vec<&DatasetResult> = found.models.iter().filter(same).collect();
    results.sort_by_key(|result| (result.outcome, result.model));
    results
}

fn interval(dataset: &Dataset, result: &DatasetResult) -> Option<[f64; 3]> {
    let (_, null) = quantity(dataset);
    let estimate = if null == 1.0 { &result.ratio } else { &result.exposure };
    estimate.shown().map(|e| [e.estimate, e.low, e.high])
}

/// `1.006 (1.001 to 1.010)` with two significant digits of the interval's half width.
fn words([estimate, low, high]: [f64; 3]) -> String {
    let mut half = (high - low).abs() / 4.0;
    let mut digits = 0;
    while half < 10.0 && half > 0.0 && digits < 8 {
        half *= 10.0;
        digits += 1;
    }
    format!("{} ({})", format::fixed(estimate, digits), format::interval(low, high, digits))
}

fn row_label(dataset: &Dataset, result: &DatasetResult) -> String {
    let (model, outcome) = (&dataset.models[result.model], &dataset.outcomes[result.outcome]);
    match (dataset.outcomes.len(), dataset.models.len()) {
        (_, 1) => outcome.short.clone(),
        (1, _) => model.label.clone(),
        _ => format!("{}: {}", outcome.short, model.label),
    }
}

fn forest_picture(dataset: &Dataset, found: &DatasetFindings, caption: &Caption) -> Picture {
    let (name, null) = quantity(dataset);
    let exposure = &dataset.variables[dataset.models[0].exposure];
    let row = |result: &&DatasetResult| {
        let estimate = interval(dataset, result);
        ForestRow {
            label: row_label(dataset, result),
            note: result.n.shown().map_or_else(String::new, |n| format!("n = {}", format::count(*n))),
            first: ForestMark {
                estimate: estimate.map(|[value, low, high]| Estimate { value, low, high }),
                text: estimate.map_or_else(String::new, words),
            },
            second: None,
        }
    };
    let input = Forest {
        row_title: if dataset.models.len() > 1 { "Model".into() } else { "Outcome".into() },
        text_title: format!("{name} (95% CI)"),
        axis_title: format!("{name} per {}", exposure.unit),
        reference: Some(null),
        directions: ("lower".into(), "higher".into()),
        first_name: "Estimate".into(),
        second_name: String::new(),
        rows: comparable(dataset, found).iter().map(row).collect(),
    };
    forest(caption, &input)
}

fn forest_alt(dataset: &Dataset, found: &DatasetFindings) -> String {
    let (name, null) = quantity(dataset);
    let exposure = &dataset.variables[dataset.models[0].exposure];
    let mut text =
        format!("{name} per {} with 95% confidence intervals; the line of no association is at {null}.", exposure.unit);
    for result in comparable(dataset, found) {
        let estimate = interval(dataset, result).map_or_else(|| "not released".to_string(), words);
        text += &format!(" {}: {estimate}.", row_label(dataset, result));
    }
    text
}

fn counted(label: String, n: &Released<u64>) -> FlowCount {
    let text = n.shown().map_or_else(String::new, |n| format!("n = {}", format::count(*n)));
    FlowCount { label, value: n.shown().copied(), text }
}

fn flow_picture(dataset: &Dataset, found: &DatasetFindings, caption: &Caption) -> Picture {
    let rows = &dataset.row[1];
    let of = |outcome: usize| found.flow.iter().filter(move |row| row.outcome == outcome);
    let outcomes: std::collections::BTreeSet<usize> = found.flow.iter().map(|row| row.outcome).collect();
    let single = outcomes.len() == 1;
    let reasons = |outcome: usize| -> Vec<FlowCount> {
        of(outcome).filter(|row| row.stage == Stage::Left).map(|row| counted(row.reason.clone(), &row.rows)).collect()
    };
    let analysed = |row: &FlowRow| counted(format!("{}: analysed", dataset.outcomes[row.outcome].short), &row.rows);
    // With one outcome the reasons stand beside the way down; with several each has its own.
    let left = outcomes.first().filter(|_| single).map(|outcome| reasons(*outcome)).unwrap_or_default();
    let all = left.iter().map(|count| count.value).sum::<Option<u64>>();
    let total = FlowCount {
        label: format!("{} that left", capital(rows)),
        value: all,
        text: all.map_or_else(String::new, |n| format!("n = {}", format::count(n))),
    };
    let steps = vec![FlowStep {
        here: counted(format!("{} on file", capital(rows)), &found.received),
        left_out: (!left.is_empty()).then_some(total),
        reasons: left,
    }];
    let ends = outcomes.iter().filter_map(|outcome| {
        let row = of(*outcome).find(|row| row.stage == Stage::Analysed)?;
        Some(FlowBox { here: analysed(row), notes: if single { Vec::new() } else { reasons(*outcome) } })
    });
    flow(caption, &Flow { steps, ends: ends.collect() })
}

fn flow_alt(dataset: &Dataset, found: &DatasetFindings) -> String {
    let shown = |n: &Released<u64>| n.shown().map_or_else(|| "not released".to_string(), |n| format::count(*n));
    let mut text = format!("From {} {} on file to those analysed.", shown(&found.received), dataset.row[1]);
    for row in &found.flow {
        match row.stage {
            Stage::Received => {}
            Stage::Left => text += &format!(" Left, {}: {}.", row.reason, shown(&row.rows)),
            Stage::Analysed => {
                text += &format!(" {}: {} analysed.", dataset.outcomes[row.outcome].label, shown(&row.rows));
            }
        }
    }
    text
}
