//! From findings to the inputs of the drawings: which released value goes where, in which words.

use super::breaks;
use super::{
    Caption, DotRow, Estimate, Figure, Flow, FlowBox, FlowCount, FlowStep, Forest, ForestMark, ForestRow, LevelSeries,
    LevelsByWave, Picture, SortedDots, SpreadLabels, SpreadOverTime, SpreadPoint, Wave, flow, forest, levels_by_wave,
    sorted_dots, spread_over_time,
};
use crate::config::{Config, Family};
use crate::disclosure::{Findings, FlowRow, ModelResult, Released, Stage};
use crate::error::{Problem, Problems, Result};
use crate::format::{self, capital};

/// The ids that [`build`] knows.
pub const IDS: [&str; 5] = ["rollout", "outcomes", "forest", "areas", "flow"];

/// The ids of all figures that a config can ask for, those of the analyses last.
pub fn ids(config: &Config) -> Vec<String> {
    IDS.iter().map(ToString::to_string).chain(super::analyses::ids(config)).collect()
}

/// Every figure that the config asks for, in its order. `alt` gives the alternative text of an id.
///
/// # Errors
/// An id that no builder has.
pub fn build(config: &Config, findings: &Findings, alt: impl Fn(&str) -> String) -> Result<Vec<Figure>> {
    let mut problems = Problems::default();
    let mut figures = Vec::new();
    for exhibit in &config.figures {
        let caption = Caption {
            id: exhibit.id.clone(),
            title: exhibit.title.clone(),
            description: alt(&exhibit.id),
            stamp: stamp(config, &exhibit.id),
        };
        let drawn = match exhibit.id.as_str() {
            "rollout" => rollout(config, findings, &caption),
            "outcomes" => outcomes(config, findings, &caption),
            "forest" => effects(config, findings, &caption),
            "areas" => areas(config, findings, &caption),
            "flow" => participants(config, findings, &caption),
            other => match super::analyses::build(config, findings, &caption) {
                Some(drawn) => drawn,
                None => {
                    problems.push(Problem::new(format!("unknown figure `{other}`")).nearest(other, &ids(config)));
                    continue;
                }
            },
        };
        let (picture, mut notes) = drawn;
        notes.extend((!exhibit.note.is_empty()).then(|| exhibit.note.clone()));
        if matches!(exhibit.id.as_str(), "rollout" | "areas" | "concentration" | "provision_need") {
            // Licences stand wherever the data they are about are shown.
            notes.extend(config.study.notices.iter().cloned());
        }
        figures.push(Figure {
            id: exhibit.id.clone(),
            number: exhibit.number.clone(),
            title: exhibit.title.clone(),
            alt: caption.description,
            notes,
            svg: picture.svg,
            csv: picture.csv,
        });
    }
    problems.or(figures)
}

/// The tag on a figure over simulated data. A figure of real provision within a report over a
/// simulated survey says so: there the plain tag would be untrue.
fn stamp(config: &Config, id: &str) -> Option<String> {
    let simulated = config.simulated_sources();
    let behind = if id == "concentration" { 3 } else { 2 };
    let provision = ["workforce", "practices", "deprivation"][..behind].iter().any(|source| simulated.contains(source));
    match (id, simulated.is_empty()) {
        (_, true) => None,
        ("rollout" | "areas" | "concentration", false) if !provision => Some("Real data in this figure".into()),
        (_, false) if simulated == ["survey"] => Some("Simulated survey".into()),
        _ => Some("Simulated data".into()),
    }
}

pub(super) type Drawn = (Picture, Vec<String>);

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn rollout(config: &Config, findings: &Findings, caption: &Caption) -> Drawn {
    let point = |row: &crate::disclosure::ProvisionRow| {
        let (year, month) = row.census.split_once('-').unwrap_or((row.census.as_str(), "1"));
        let month: usize = month.parse().unwrap_or(1);
        let q = |at: usize| row.quantiles.shown().map(|q| q[at]);
        let share = match (row.reporting.shown(), row.known.shown()) {
            (Some(reporting), Some(known)) if *known > 0 => Some(100.0 * *reporting as f64 / *known as f64),
            _ => None,
        };
        SpreadPoint {
            at: year.parse::<f64>().unwrap_or(0.0) + (month as f64 - 1.0) / 12.0,
            label: MONTHS[(month.clamp(1, 12)) - 1].into(),
            group: year.into(),
            p10: q(0),
            p25: q(1),
            median: q(2),
            mean: row.mean.shown().copied(),
            p75: q(3),
            p90: q(4),
            share,
            share_text: share.map(|s| format!("{}%", format::fixed(s, 0))).unwrap_or_default(),
        }
    };
    let points: Vec<SpreadPoint> = findings.provision.iter().map(point).collect();
    let last = points.last().cloned().unwrap_or_default();
    let label =
        |name: &str, value: Option<f64>| value.map_or_else(String::new, |v| format!("{name} {}", format::fixed(v, 1)));
    let clusters = &config.terms.cluster[1];
    let input = SpreadOverTime {
        title: config.exposure.label.clone(),
        share_title: format!("Share of {clusters} that sent a return (%)"),
        labels: SpreadLabels {
            p90: label("90th centile", last.p90),
            p75: label("75th centile", last.p75),
            median: label("Median", last.median),
            mean: label("Mean", last.mean),
            p25: label("25th centile", last.p25),
            p10: label("10th centile", last.p10),
        },
        points,
    };
    let note = format!(
        "Spread over the {clusters} that sent a return at each census and are on the practice file of that time."
    );
    (spread_over_time(caption, &input), vec![note])
}

fn percent(share: f64) -> f64 {
    share * 100.0
}

fn outcomes(config: &Config, findings: &Findings, caption: &Caption) -> Drawn {
    let series = |(index, outcome): (usize, &crate::config::Outcome)| {
        let level = |wave: usize| {
            let row = findings.levels.iter().find(|l| l.outcome == index && l.wave == wave)?;
            let [value, low, high] = *row.share.shown()?;
            Some(Estimate { value: percent(value), low: percent(low), high: percent(high) })
        };
        LevelSeries { name: outcome.short.clone(), levels: (0..config.waves.len()).map(level).collect() }
    };
    let weighting = if findings.weighted { "weighted " } else { "" };
    let input = LevelsByWave {
        title: format!("{} with the outcome ({weighting}%)", capital(&config.terms.response[1])),
        waves: config.waves.iter().map(|w| Wave { at: f64::from(*w), label: w.to_string() }).collect(),
        series: config.outcomes.iter().enumerate().map(series).collect(),
        breaks: breaks::of(config, 0..config.outcomes.len()),
        absent: breaks::absent(config, 0..config.outcomes.len()),
        key: "Estimate with 95% confidence interval".into(),
        remark: String::new(),
        digits: 1,
        limits: Some((0.0, 100.0)),
    };
    let note = format!(
        "Among those asked and answering. Intervals are clustered by {}; many are narrower than the marker.",
        config.terms.cluster[0]
    );
    (levels_by_wave(caption, &input), vec![note])
}

/// The main model's result of each outcome.
fn main_results(findings: &Findings) -> impl Iterator<Item = &ModelResult> {
    findings.models.iter().filter(|m| m.model == 0)
}

/// The main model's effects: odds ratios beside the printed ones or, where the model has none,
/// percentage points, with which no printed odds ratio can be compared.
fn effects(config: &Config, findings: &Findings, caption: &Caption) -> Drawn {
    let ratios = config.models.first().is_none_or(|model| model.family == Family::Logit);
    let words = |e: [f64; 3], digits: usize| {
        format!("{} ({})", format::fixed(e[0], digits), format::interval(e[1], e[2], digits))
    };
    let mark = |e: Option<[f64; 3]>, digits: usize, otherwise: &str| ForestMark {
        estimate: e.map(|[value, low, high]| Estimate { value, low, high }),
        text: e.map_or_else(|| otherwise.to_string(), |e| words(e, digits)),
    };
    let row = |result: &ModelResult| {
        let ratio = result.odds_ratio.shown().map(|e| [e.estimate, e.low, e.high]);
        let points = result.average_marginal_effect.shown().map(|e| [e.estimate, e.low, e.high].map(percent));
        let printed = config.published.estimates.iter().find(|p| ratios && p.outcome == result.outcome);
        ForestRow {
            label: config.outcomes[result.outcome].short.clone(),
            note: result.n.shown().map_or_else(String::new, |n| format!("n = {}", format::count(*n))),
            first: if ratios { mark(ratio, 3, "") } else { mark(points, 2, "") },
            second: printed.map(|p| mark(p.odds_ratio, p.digits, "no number printed")),
        }
    };
    let (quantity, share) = if ratios { ("Odds ratio", "odds") } else { ("Percentage points", "share") };
    let input = Forest {
        row_title: "Outcome".into(),
        text_title: format!("{quantity} (95% CI)"),
        axis_title: format!("{quantity} per {}", config.terms.exposure_unit),
        reference: Some(if ratios { 1.0 } else { 0.0 }),
        directions: (format!("lower {share}"), format!("higher {share}")),
        first_name: "This run".into(),
        second_name: config.published.name.clone(),
        rows: main_results(findings).map(row).collect(),
    };
    (forest(caption, &input), Vec::new())
}

fn areas(config: &Config, findings: &Findings, caption: &Caption) -> Drawn {
    let row = |a: &crate::disclosure::AreaRow| DotRow {
        label: a.name.clone(),
        value: a.exposure.shown().copied(),
        quartiles: a.quartiles.shown().map(|q| (q[0], q[2])),
        text: a.exposure.shown().map_or_else(String::new, |v| format::fixed(*v, 2)),
    };
    let [cluster, clusters] = &config.terms.cluster;
    let mean =
        findings.provision.iter().find(|p| p.census == findings.areas_census).and_then(|p| p.mean.shown().copied());
    let input = SortedDots {
        row_title: config.terms.area[0].clone(),
        text_title: format!("Census {}", findings.areas_census),
        axis_title: config.exposure.label.clone(),
        range_name: format!("middle half of its {clusters}"),
        dot_name: format!("whole {}", config.terms.area[0]),
        mean,
        mean_text: mean.map_or_else(String::new, |m| format!("mean {cluster} {}", format::fixed(m, 2))),
        rows: findings.areas.iter().map(row).collect(),
    };
    let note = format!(
        "Among {clusters} that sent a return at the census and are on the practice file. The middle half is shown where enough {clusters} stand behind it."
    );
    (sorted_dots(caption, &input), vec![note])
}

/// A count in words.
fn counted(label: &str, n: &Released<u64>) -> FlowCount {
    FlowCount {
        label: label.into(),
        value: n.shown().copied(),
        text: n.shown().map_or_else(String::new, |n| format!("n = {}", format::count(*n))),
    }
}

fn participants(config: &Config, findings: &Findings, caption: &Caption) -> Drawn {
    let of = |outcome: usize| -> Vec<&FlowRow> {
        findings.flow.iter().filter(|row| row.outcome == outcome && row.wave.is_none()).collect()
    };
    let by_outcome: Vec<Vec<&FlowRow>> = (0..config.outcomes.len()).map(of).collect();
    let first: Vec<&FlowRow> = by_outcome.first().cloned().unwrap_or_default();
    // Reasons that take the same responses from every outcome come first and are shown once.
    let same = |row: &&&FlowRow| {
        let equal =
            |other: &&&FlowRow| other.reason == row.reason && other.rows == row.rows && other.stage == row.stage;
        by_outcome.iter().all(|rows| rows.iter().any(|other| equal(&other)))
    };
    let received_of =
        |rows: &[&FlowRow]| rows.iter().find(|row| row.stage == Stage::Received).map(|row| row.rows.clone());
    // Counts by practice are counts of answers to one outcome each: no step is common to all.
    let alike = by_outcome.iter().all(|rows| received_of(rows) == received_of(&first));
    let first = if alike { first } else { Vec::new() };
    let received = first.iter().find(|row| row.stage == Stage::Received);
    let shared: Vec<&&FlowRow> =
        first.iter().filter(|row| row.stage == Stage::Left).take_while(|row| same(row)).collect();
    let total = |rows: &[&&FlowRow]| rows.iter().map(|row| row.rows.shown().copied()).sum::<Option<u64>>();
    let plural = &config.terms.response[1];
    let mut steps = Vec::new();
    if let Some(received) = received {
        let left = total(&shared);
        let words = |n: Option<u64>| n.map_or_else(String::new, |n| format!("n = {}", format::count(n)));
        steps.push(FlowStep {
            here: counted(&format!("{} on file", capital(plural)), &received.rows),
            left_out: (!shared.is_empty()).then(|| FlowCount {
                label: "No exposure can be given".into(),
                value: left,
                text: words(left),
            }),
            reasons: shared.iter().map(|row| counted(&row.reason, &row.rows)).collect(),
        });
        let linked = received.rows.shown().zip(left).map(|(all, left)| all.saturating_sub(left));
        steps.push(FlowStep {
            here: FlowCount {
                label: format!("{} with an exposure", capital(plural)),
                value: linked,
                text: words(linked),
            },
            left_out: None,
            reasons: Vec::new(),
        });
    }
    let end = |(index, rows): (usize, &Vec<&FlowRow>)| {
        let analysed = rows.iter().find(|row| row.stage == Stage::Analysed)?;
        let label = format!("{}: analysed", config.outcomes[index].short);
        let notes = rows.iter().filter(|row| row.stage == Stage::Left).skip(shared.len());
        // What is not on file takes nothing off those received: how many answers it hides is not known.
        let note = |row: &&FlowRow| match row.rows.shown() {
            Some(0) => {
                let practices = row.practices.shown().map_or_else(String::new, |n| format::count(*n));
                let text = format!("{practices} {}", config.terms.practice[1]);
                FlowCount { label: row.reason.clone(), value: row.practices.shown().copied(), text }
            }
            _ => counted(&row.reason, &row.rows),
        };
        let on_file = received_of(rows).filter(|_| !alike);
        let on_file = on_file.map(|n| counted(&format!("{} on file", capital(plural)), &n));
        Some(FlowBox {
            here: counted(&label, &analysed.rows),
            notes: on_file.into_iter().chain(notes.map(note)).collect(),
        })
    };
    let ends = by_outcome.iter().enumerate().filter_map(end).collect();
    (flow(caption, &Flow { steps, ends }), Vec::new())
}
