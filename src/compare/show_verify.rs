//! What `verify` found, in words for a terminal. Compares nothing.

use super::causes::Cue;
use super::content::{Detail, Presence};
use super::estimates::{Agreement, EstimateChange, Estimates};
use super::hashes::InputState;
use super::published::Published;
use super::verdict::Verdict;
use super::verify::{RerunChange, RerunReport, Verification};
use crate::format;

/// Most items of a kind that are named one by one; the JSON has all.
const MOST: usize = 8;

/// The finding as text, one fact per line.
pub fn verify_text(found: &Verification) -> String {
    let mut out = Out(String::new());
    out.line(0, &format!("{}: {} ({} data)", found.folder, found.title, found.data));
    let same = if found.made_by == found.checked_by { "the same program" } else { "another program" };
    out.line(0, &format!("made by {}, checked by {}: {same}", found.made_by, found.checked_by));
    push_hashes(&mut out, found);
    match &found.rerun {
        Some(rerun) => push_rerun(&mut out, rerun),
        None if found.verdict.is_some() => {
            out.line(0, "\nre-run: not made, as inputs are not at hand (name their folder with `--data DIR`)");
        }
        None => out.line(0, "\nre-run: not asked for (`--hashes`)"),
    }
    push_lint(&mut out, found);
    push_published(&mut out, found);
    push_verdict(&mut out, found);
    out.0
}

/// Text that grows by lines.
pub(super) struct Out(pub(super) String);

impl Out {
    pub(super) fn line(&mut self, indent: usize, text: &str) {
        self.0.push_str(&"  ".repeat(indent));
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// The first few of `items`, and how many more there are.
    pub(super) fn list<T>(&mut self, indent: usize, items: &[T], show: impl Fn(&T) -> String) {
        items.iter().take(MOST).for_each(|item| self.line(indent, &show(item)));
        if items.len() > MOST {
            self.line(indent, &format!("... and {} more (`--json` has all)", items.len() - MOST));
        }
    }
}

/// `1 file`, `2 files`.
pub(super) fn plural(n: usize, one: &str) -> String {
    format!("{} {one}{}", format::count(n as u64), if n == 1 { "" } else { "s" })
}

fn push_hashes(out: &mut Out, found: &Verification) {
    let hashes = &found.hashes;
    out.line(0, "\nhashes");
    let as_filed = hashes.files - hashes.edited.len() - hashes.missing.len();
    out.line(1, &format!("{} named in manifest.json: {as_filed} as filed", plural(hashes.files, "file")));
    out.list(2, &hashes.edited, |path| format!("edited since: {path}"));
    out.list(2, &hashes.missing, |path| format!("missing: {path}"));
    out.list(2, &hashes.extra, |path| format!("not filed, but there: {path}"));
    if !hashes.manifest_holds {
        out.line(2, "manifest.json: its identity is not that of its own entries");
    }
    if hashes.inputs.is_empty() {
        out.line(1, "no input files: every source is simulated by the program");
        return;
    }
    let same = hashes.inputs.iter().filter(|input| input.state == InputState::Same).count();
    out.line(1, &format!("{}: {same} as read", plural(hashes.inputs.len(), "input")));
    let others: Vec<_> = hashes.inputs.iter().filter(|input| input.state != InputState::Same).collect();
    out.list(2, &others, |input| match &input.state {
        InputState::Changed { filed_bytes, bytes, .. } if filed_bytes == bytes => {
            format!("changed: {} ({} bytes, as then)", input.path, format::count(*bytes))
        }
        InputState::Changed { filed_bytes, bytes, .. } => {
            format!("changed: {} ({} bytes, then {})", input.path, format::count(*bytes), format::count(*filed_bytes))
        }
        _ => format!("not at hand: {}", input.path),
    });
}

fn push_rerun(out: &mut Out, rerun: &RerunReport) {
    out.line(0, "\nre-run from the folder's own config.yaml and templates/");
    if let Some(problem) = &rerun.failed {
        out.line(1, "stopped with");
        problem.lines().for_each(|line| out.line(2, line));
        return;
    }
    let same = rerun.files - rerun.changes.len();
    out.line(1, &format!("{}: {same} the same, byte for byte", plural(rerun.files, "file")));
    rerun.changes.iter().for_each(|change| push_file(out, change));
    match (&rerun.estimates, &rerun.estimates_problem) {
        (Some(estimates), _) => push_estimates(out, estimates),
        (None, Some(problem)) => problem.lines().for_each(|line| out.line(1, line)),
        (None, None) => {}
    }
}

fn push_file(out: &mut Out, change: &RerunChange) {
    let path = &change.change.path;
    let filed = if change.rerun_gives_filed { "; the re-run gives what was filed" } else { "" };
    let what = match change.change.presence {
        Presence::Both => file_words(&change.change.detail),
        Presence::FirstOnly => "in the folder only".into(),
        Presence::SecondOnly => "in the re-run only".into(),
    };
    out.line(2, &format!("{path}: {what}{filed}"));
    push_detail(out, 3, path, &change.change.detail);
}

/// What differs in a file, in a few words.
pub(super) fn file_words(detail: &Detail) -> String {
    match detail {
        Detail::Estimates => "estimates differ".into(),
        Detail::Bytes => "bytes differ".into(),
        Detail::Damaged { problem } => format!("not a table: {problem}"),
        Detail::Cells(cells) if cells.rows_removed + cells.rows_added > 0 => {
            format!("{} removed, {} added", plural(cells.rows_removed, "row"), cells.rows_added)
        }
        Detail::Cells(cells) => {
            format!("{} changed in {}", plural(cells.cells.len(), "cell"), plural(cells.rows_changed, "row"))
        }
        Detail::Lines(lines) => {
            let numbers = if lines.numbers_differ { "" } else { ", the numbers the same" };
            format!("{} removed, {} added{numbers}", plural(lines.removed.len(), "line"), lines.added.len())
        }
    }
}

fn push_detail(out: &mut Out, indent: usize, path: &str, detail: &Detail) {
    match detail {
        Detail::Cells(cells) => out.list(indent, &cells.cells, |cell| {
            format!(
                "line {}, {}, {}: {} in the folder, {} re-run",
                cell.line, cell.row, cell.column, cell.before, cell.after
            )
        }),
        Detail::Lines(lines) if path.ends_with(".md") => {
            let other = |at: usize, lines: &[(usize, String)]| lines.get(at).map_or("", |(_, text)| text).to_string();
            let removed: Vec<_> = lines.removed.iter().enumerate().collect();
            out.list(indent, &removed, |(at, (line, text))| {
                format!("folder, line {line}: {}", excerpt(text, &other(*at, &lines.added)))
            });
            let added: Vec<_> = lines.added.iter().enumerate().collect();
            out.list(indent, &added, |(at, (line, text))| {
                format!("re-run, line {line}: {}", excerpt(text, &other(*at, &lines.removed)))
            });
        }
        _ => {}
    }
}

/// What a terminal shows of a long line: the part around the first character in which it differs
/// from `other`.
fn excerpt(text: &str, other: &str) -> String {
    const WIDTH: usize = 120;
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let length = text.chars().count();
    let start = if length <= WIDTH { 0 } else { same.saturating_sub(WIDTH / 2).min(length - WIDTH) };
    let cut: String = text.chars().skip(start).take(WIDTH).collect();
    let before = if start > 0 { "... " } else { "" };
    let after = if start + WIDTH < length { " ..." } else { "" };
    format!("{before}{cut}{after}")
}

fn push_estimates(out: &mut Out, estimates: &Estimates) {
    let (rows, outcomes) = (plural(estimates.rows, "estimate"), plural(estimates.outcomes.len(), "outcome"));
    if estimates.changes.is_empty() {
        out.line(1, &format!("{rows} in {outcomes} of results.csv: all the same"));
        return;
    }
    let back = estimates.outcomes.iter().filter(|outcome| outcome.comes_back).count();
    out.line(1, &format!("{rows} in {outcomes} of results.csv: {} equal, {back} of {outcomes} back", estimates.exact));
    let moved: Vec<_> = estimates.outcomes.iter().filter(|outcome| outcome.exact < outcome.rows).collect();
    out.list(2, &moved, |outcome| {
        let name = [&outcome.analysis, &outcome.outcome, &outcome.subgroup];
        let name = name.iter().filter(|part| !part.is_empty()).map(|part| part.as_str()).collect::<Vec<_>>().join(", ");
        let back = if outcome.comes_back { "comes back" } else { "does not come back" };
        let errors = outcome.max_in_errors.map_or_else(|| "no".into(), |x| distance(x, 3));
        let digits = outcome.max_in_digits.unwrap_or(0);
        let differ = outcome.rows - outcome.exact;
        format!(
            "{name}: {back}; {differ} of {} differ, at most {errors} standard errors, {} of the last printed digit",
            outcome.rows,
            plural(usize::try_from(digits).unwrap_or(usize::MAX), "unit")
        )
    });
    let mut worst: Vec<_> = estimates.changes.iter().filter(|change| change.agreement != Agreement::Exact).collect();
    let size = |change: &EstimateChange| change.in_errors.map_or(f64::INFINITY, f64::abs);
    worst.sort_by(|a, b| size(b).total_cmp(&size(a)));
    out.list(2, &worst, |change| estimate_line(change));
}

/// One estimate on both sides with its distance.
fn estimate_line(change: &EstimateChange) -> String {
    let EstimateChange { analysis, outcome, subgroup, term, quantity, .. } = change;
    let key = [analysis, outcome, subgroup, term, quantity];
    let key = key.iter().filter(|part| !part.is_empty()).map(|part| part.as_str()).collect::<Vec<_>>().join(",");
    let side = |numbers: &Option<super::Numbers>| match numbers {
        None => "no row".to_string(),
        Some(numbers) => numbers.estimate.map_or_else(|| numbers.status.clone(), format::plain),
    };
    let errors = change.in_errors.map(|x| format!(" ({} standard errors", distance(x, 3)));
    let digits = change.in_digits.map(|n| format!(", {n:+} in the last printed digit"));
    let tail = errors.map_or(String::new(), |errors| format!("{errors}{})", digits.unwrap_or_default()));
    let rest = if change.difference == Some(0.0) { ": its error, limits, test or counts differ" } else { "" };
    format!("{key}: {} in the folder, {} re-run{tail}{rest}", side(&change.before), side(&change.after))
}

/// A distance with few digits; very small ones as a power of ten.
pub(super) fn distance(x: f64, digits: usize) -> String {
    if x != 0.0 && x.abs() < 0.0005 { format!("{x:.0e}") } else { format::fixed(x, digits) }
}

fn push_lint(out: &mut Out, found: &Verification) {
    if found.verdict.is_none() {
        return;
    }
    out.line(0, "\nthe report against itself");
    if found.lint.is_empty() {
        out.line(1, "numbers, references and wording: nothing found");
    }
    out.list(1, &found.lint, |one| format!("{}:{}: {}", one.file, one.place(), one.what));
}

fn push_published(out: &mut Out, found: &Verification) {
    if found.published.is_empty() {
        return;
    }
    let made = found.rerun.as_ref().is_some_and(|rerun| rerun.failed.is_none());
    let whose = if made { "this run" } else { "this folder" };
    out.line(0, &format!("\npublished odds ratios beside {whose}"));
    for one in &found.published {
        out.line(1, &published_line(one));
    }
}

fn published_line(one: &Published) -> String {
    let here = one.odds_ratio.map_or_else(|| "none".into(), |x| format::fixed(x, 3));
    let (Some(printed), Some(low), Some(high)) = (one.printed, one.printed_low, one.printed_high) else {
        return format!("{}: {here} here, no number printed", one.outcome);
    };
    let inside = match one.inside {
        Some(true) => "inside the printed interval",
        Some(false) => "outside the printed interval",
        None => "not compared",
    };
    let errors = one.in_errors.map_or(String::new(), |x| format!(", {} standard errors", format::fixed(x, 2)));
    let digits = one.in_digits.map_or(String::new(), |x| format!(", {x:+} in the last digit"));
    // A last zero is printed in the paper but lost in a number.
    let decimals = [printed, low, high].map(|x| x.to_string().split_once('.').map_or(0, |(_, part)| part.len()));
    let decimals = decimals.into_iter().max().unwrap_or(0);
    let interval = format!("{} ({})", format::fixed(printed, decimals), format::interval(low, high, decimals));
    format!("{}: {here} here, {interval} printed: {inside}{digits}{errors}", one.outcome)
}

fn push_verdict(out: &mut Out, found: &Verification) {
    match found.verdict {
        Some(verdict) => out.line(0, &format!("\nverdict: {}", verdict.words())),
        None if found.same() => out.line(0, "\nhashes hold; nothing was re-run"),
        None => out.line(0, "\nhashes do not hold; nothing was re-run"),
    }
    if found.verdict != Some(Verdict::Full) {
        for cause in &found.causes {
            let more = cause.about.len().saturating_sub(MOST);
            let listed = cause.about.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
            // Each finding stands above, in full.
            let contradicts = cause.cue == Cue::Contradiction;
            let (about, more) = if contradicts { (plural(cause.about.len(), "finding"), 0) } else { (listed, more) };
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            out.line(1, &format!("{}: {about}{more}", cause.cue.words()));
        }
    }
}
