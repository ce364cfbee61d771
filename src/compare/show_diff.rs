//! What `diff` found, as Markdown. Compares nothing.

use super::causes::{Causes, program_words};
use super::content::{FileChange, Presence};
use super::diff::{Diff, Side};
use super::estimates::{Agreement, EXPOSURE, EstimateChange, Estimates};
use super::results::Numbers;
use super::show_verify::{Out, distance, file_words, plural};
use crate::format;

/// Quantities of the exposure (of all terms, where none is called that) that are shown row by row, in this order; the JSON has all.
const SHOWN: [&str; 5] = ["odds_ratio", "rate_ratio", "coefficient", "average_marginal_effect", "people"];

/// The differences as Markdown.
pub fn diff_text(found: &Diff) -> String {
    let mut out = Out(String::new());
    out.line(0, &format!("# {} to {}\n", found.first.folder, found.second.folder));
    if found.first.title != found.second.title {
        out.line(0, &format!("Titles differ: {} / {}\n", escape(&found.first.title), escape(&found.second.title)));
    }
    if found.same {
        out.line(0, "Every file has the same bytes.");
        return out.0;
    }
    push_causes(&mut out, found);
    push_estimates(&mut out, &found.estimates);
    push_files(&mut out, &found.files);
    out.0
}

/// Text in which Markdown and HTML read no marks.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            '|' | '*' | '_' | '[' | ']' | '`' | '\\' | '#' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// A value, cut to what a line takes, as code.
fn code(text: &str) -> String {
    let cut: String = text.chars().filter(|c| *c != '`').take(80).collect();
    let more = if text.chars().count() > 80 { "..." } else { "" };
    format!("`{cut}{more}`")
}

fn push_causes(out: &mut Out, found: &Diff) {
    out.line(0, "## Why\n");
    let causes: &Causes = &found.causes;
    for key in &causes.config {
        let side = |value: &Option<String>| value.as_deref().map_or_else(|| "none".into(), code);
        out.line(0, &format!("- config {}: {} then {}", code(&key.key), side(&key.before), side(&key.after)));
    }
    for input in &causes.inputs {
        let path = code(&input.path);
        match (&input.before, &input.after) {
            (Some(a), Some(b)) => {
                let rows = match [a.rows, b.rows].map(format::count) {
                    [a, b] if a == b => format!("{a} rows as before"),
                    [a, b] => format!("{a} rows then {b}"),
                };
                out.line(0, &format!("- input changed: {path}, {rows}"));
            }
            (None, Some(b)) => out.line(0, &format!("- input added: {path}, {} rows", format::count(b.rows))),
            (Some(a), None) => out.line(0, &format!("- input removed: {path}, {} rows", format::count(a.rows))),
            (None, None) => {}
        }
    }
    for role in &causes.templates {
        out.line(0, &format!("- template changed: {}", escape(role)));
    }
    if let Some(program) = &causes.program {
        let [before, after] = [&program.before, &program.after].map(|p| escape(&program_words(p)));
        out.line(0, &format!("- program changed: {before} then {after}"));
    }
    for side in [&found.first, &found.second] {
        push_edited(out, side);
    }
    if causes.is_empty() && found.first.edited.is_empty() && found.second.edited.is_empty() {
        out.line(0, "- the manifests name no cause: config, inputs, templates and program are the same");
    }
}

fn push_edited(out: &mut Out, side: &Side) {
    if !side.edited.is_empty() {
        let paths = side.edited.iter().map(|path| code(path)).collect::<Vec<_>>().join(", ");
        out.line(0, &format!("- edited or removed in {} after filing: {paths}", code(&side.folder)));
    }
}

fn push_estimates(out: &mut Out, estimates: &Estimates) {
    out.line(0, "\n## Estimates\n");
    let rows = plural(estimates.rows, "row");
    if estimates.changes.is_empty() {
        out.line(0, &format!("{rows}, all the same."));
        return;
    }
    let counted = |wanted: Agreement| estimates.changes.iter().filter(|c| c.agreement == wanted).count();
    let (added, removed) = (counted(Agreement::Added), counted(Agreement::Removed));
    let kept = estimates.changes.len() - added - removed;
    out.line(0, &format!("{rows}: {kept} changed, {added} added, {removed} removed.\n"));
    let (mut shown, hidden): (Vec<_>, Vec<_>) =
        estimates.changes.iter().partition(|change| is_shown(change, estimates));
    let place = |change: &EstimateChange| SHOWN.iter().position(|quantity| *quantity == change.quantity);
    shown.sort_by_key(|change| {
        // The main analysis first.
        (change.analysis != "main", &change.analysis, &change.outcome, &change.subgroup, &change.term, place(change))
    });
    if !shown.is_empty() {
        out.line(0, "| Analysis | Outcome | Quantity | First (95% CI) | Second (95% CI) | Difference | In standard errors | n |");
        out.line(0, "|:---|:---|:---|---:|---:|---:|---:|---:|");
        shown.iter().for_each(|change| out.line(0, &row(change)));
    }
    let furthest = hidden.iter().filter_map(|change| change.in_errors).fold(0.0f64, |far, x| far.max(x.abs()));
    if !hidden.is_empty() {
        let far =
            if furthest > 0.0 { format!(", at most {} standard errors", distance(furthest, 2)) } else { String::new() };
        out.line(
            0,
            &format!(
                "\nOther rows (covariates, tests, coefficients behind odds ratios): {} differ{far}; `--json` has all.",
                hidden.len()
            ),
        );
    }
}

/// The exposure's rows; its coefficient only where a ratio says the same.
fn is_shown(change: &EstimateChange, all: &Estimates) -> bool {
    let key = |change: &EstimateChange| {
        [change.analysis.clone(), change.outcome.clone(), change.subgroup.clone(), change.term.clone()]
    };
    let said = || all.changes.iter().any(|other| other.quantity.ends_with("_ratio") && key(other) == key(change));
    (change.term == EXPOSURE || !all.exposure)
        && SHOWN.contains(&change.quantity.as_str())
        && (change.quantity != "coefficient" || !said())
}

fn row(change: &EstimateChange) -> String {
    let digits = match change.quantity.as_str() {
        "people" => 0,
        "odds_ratio" => 3,
        _ => 4,
    };
    let side = |numbers: &Option<Numbers>| match numbers {
        None => "none".to_string(),
        Some(numbers) => match (numbers.estimate, numbers.conf_low, numbers.conf_high) {
            (Some(x), Some(low), Some(high)) => {
                format!("{} ({})", format::fixed(x, digits), format::interval(low, high, digits))
            }
            (Some(x), ..) => format::fixed(x, digits),
            _ => escape(&numbers.status),
        },
    };
    let n = |numbers: &Option<Numbers>| {
        numbers.as_ref().and_then(|numbers| numbers.n).map_or_else(|| "none".into(), |n| format::fixed(n, 0))
    };
    let (before, after) = (n(&change.before), n(&change.after));
    let n = if before == after { before } else { format!("{before} then {after}") };
    let named = [&change.subgroup, &change.term].into_iter().filter(|name| !name.is_empty() && *name != EXPOSURE);
    let named: Vec<String> = named.map(|name| escape(name.trim_matches(['(', ')']))).collect();
    let outcome = match named.join(", ") {
        named if named.is_empty() => escape(&change.outcome),
        named => format!("{} ({named})", escape(&change.outcome)),
    };
    let difference =
        change.difference.map_or(String::new(), |x| format::fixed(x, if digits == 0 { 0 } else { digits + 1 }));
    let errors = change.in_errors.map_or(String::new(), |x| distance(x, 2));
    let quantity = change.quantity.replace('_', " ");
    let (first, second) = (side(&change.before), side(&change.after));
    format!(
        "| {} | {outcome} | {} | {first} | {second} | {difference} | {errors} | {n} |",
        escape(&change.analysis),
        escape(&quantity)
    )
}

fn push_files(out: &mut Out, files: &[FileChange]) {
    let count = if files.len() == 1 { "1 file differs".into() } else { format!("{} files differ", files.len()) };
    out.line(0, &format!("\n## Files\n\n{count}.\n"));
    for change in files {
        let words = match change.presence {
            Presence::Both => file_words(&change.detail),
            Presence::FirstOnly => "in the first only".into(),
            Presence::SecondOnly => "in the second only".into(),
        };
        out.line(0, &format!("- {}: {words}", code(&change.path)));
    }
}
