//! The status of each output: rules applied once more to the numbers as they are about to be filed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cells::{Decision, Line, is_count};
use super::{Audited, Check, Output, Status};

/// A fit, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelCheck {
    /// Analysis.
    pub analysis: String,
    /// Outcome.
    pub outcome: String,
    /// Responses less coefficients and absorbed effects; none where not released.
    pub residual_degrees_of_freedom: Option<u64>,
    /// Whether its estimates are shown.
    pub released: bool,
    /// `pass`, or `review` where it is not released.
    pub status: Status,
}

/// Two shown counts of which one is part of the other, whose difference is a small number of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// Outputs that show the two.
    pub outputs: Vec<String>,
    /// Where the whole is.
    pub whole: String,
    /// Where the part is.
    pub part: String,
}

/// Every output with its status, in order.
pub(super) fn outputs(audited: &Audited<'_>, lines: &[Line]) -> Vec<Output> {
    let mut by_output: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by_output.entry(&line.output).or_default().push(line);
    }
    let mut outputs = Vec::new();
    for table in audited.tables {
        let (name, id) = (format!("table.{}", table.id), &table.id);
        outputs.push((name, "table", vec![format!("tables/{id}.csv"), "tables.xlsx".into()]));
    }
    for figure in audited.figures {
        let (name, id) = (format!("figure.{}", figure.id), &figure.id);
        outputs.push((name, "figure", vec![format!("figures/{id}.svg"), format!("figures/{id}.csv")]));
    }
    for (path, ..) in &audited.files {
        outputs.push(((*path).to_string(), "file", vec![(*path).to_string()]));
    }
    let one = |(name, kind, files): (String, &'static str, Vec<String>)| {
        let lines = by_output.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        output(audited, name, kind, files, lines)
    };
    outputs.into_iter().map(one).collect()
}

fn output(audited: &Audited<'_>, name: String, kind: &'static str, files: Vec<String>, lines: &[&Line]) -> Output {
    let of = |decision: &[Decision]| lines.iter().filter(|line| decision.contains(&line.decision)).count();
    let hidden = of(&[Decision::Hidden]);
    let mut checks = vec![threshold(audited, lines, hidden)];
    checks.extend(rounding(audited, lines));
    checks.extend(missing(lines));
    checks.extend(freedom(audited, &name));
    checks.extend(linked(audited, &name));
    checks.extend(form(audited, kind));
    Output {
        status: checks.iter().map(|check| check.status).max().unwrap_or(Status::Pass),
        shown: of(&[Decision::Shown, Decision::Rounded]),
        not_estimated: of(&[Decision::NotEstimated]),
        output: name,
        kind,
        files,
        hidden,
        checks,
        exception: None,
    }
}

fn check(rule: &'static str, status: Status, detail: impl Into<String>) -> Check {
    Check { rule, status, detail: detail.into() }
}

/// No count of people below the threshold is printed; what was hidden is for a person to see.
fn threshold(audited: &Audited<'_>, lines: &[&Line], hidden: usize) -> Check {
    let least = audited.rules.threshold;
    if least == 0 {
        return check("threshold", Status::Review, "the profile has no threshold: a person decides");
    }
    let small = |x: f64| x < least as f64 && (x > 0.0 || audited.rules.hide_zeros);
    // A share of what cannot occur is a zero by definition, not a count of people.
    let found = lines.iter().filter(|line| is_count(&line.column) && line.number.is_some_and(|x| small(x) && x != 0.0));
    match (found.count(), hidden) {
        (0, 0) => check("threshold", Status::Pass, format!("no count below {least}")),
        (0, hidden) => check("threshold", Status::Review, format!("{hidden} cells are suppressed")),
        (found, _) => check("threshold", Status::Fail, format!("{found} counts below {least} are shown")),
    }
}

/// Every count of people is a multiple of the base.
fn rounding(audited: &Audited<'_>, lines: &[&Line]) -> Option<Check> {
    let base = audited.rules.rounding;
    if base < 2 {
        return None;
    }
    let exact = |x: f64| x % base as f64 != 0.0;
    let found = lines.iter().filter(|line| is_count(&line.column) && line.number.is_some_and(exact)).count();
    Some(match found {
        0 => check("rounding", Status::Pass, format!("every count is a multiple of {base}")),
        found => check("rounding", Status::Fail, format!("{found} counts are not multiples of {base}")),
    })
}

/// Numbers that there are none of tell nothing, but a reader of the output should know.
fn missing(lines: &[&Line]) -> Option<Check> {
    let found = lines.iter().filter(|line| line.decision == Decision::NotEstimated).count();
    (found > 0).then(|| check("missing", Status::Pass, format!("{found} values could not be estimated")))
}

/// Estimates come from fits with enough residual degrees of freedom, and these are stated.
fn freedom(audited: &Audited<'_>, name: &str) -> Option<Check> {
    if name != "results.csv" && name != "models.csv" {
        return None;
    }
    let least = audited.rules.residual_df;
    let few = |model: &&ModelCheck| model.released && model.residual_degrees_of_freedom.is_some_and(|df| df < least);
    let (few, shut) =
        (audited.models.iter().filter(few).count(), audited.models.iter().filter(|model| !model.released).count());
    Some(match (few, shut) {
        (0, 0) => check("residual degrees of freedom", Status::Pass, "stated under `models`"),
        (0, shut) => check("residual degrees of freedom", Status::Review, format!("{shut} fits are not released")),
        (few, _) => check("residual degrees of freedom", Status::Fail, format!("{few} fits have fewer than {least}")),
    })
}

/// Counts that this output shows and that differ from another shown count by a small number of people.
fn linked(audited: &Audited<'_>, name: &str) -> Option<Check> {
    let found = audited.linked.iter().filter(|linked| linked.outputs.iter().any(|output| output == name)).count();
    (found > 0).then(|| {
        let detail = format!("{found} differences between a part and its whole are small: see `linked`");
        check("differencing", Status::Review, detail)
    })
}

/// Drawings are refused by some services; the numbers stand beside each.
fn form(audited: &Audited<'_>, kind: &str) -> Option<Check> {
    (kind == "figure" && audited.rules.profile == "acro")
        .then(|| check("form", Status::Review, "drawings are not accepted everywhere: release the CSV"))
}
