//! Texts and numbers of a column to a variable's values: numbers, levels, keys. Each distinct text is
//! looked at once.

use super::lookup::{Rows, texts};
use super::{Building, NONE, Values};
use crate::config::{Variable, VariableKind};
use crate::error::{Problem, Problems, Result};
use crate::format;
use crate::ingest::{TableColumn, number_of};
use std::collections::BTreeMap;

/// Name of the level of rows without a value.
const MISSING: &str = "Missing";
/// Most levels taken as found.
const LEVELS: usize = 200;
/// Most texts named in a message.
const NAMED: usize = 5;

/// What is being read, for messages.
pub(super) struct Reading<'a> {
    pub(super) building: &'a Building<'a>,
    pub(super) variable: &'a Variable,
    pub(super) source: usize,
    pub(super) header: &'a str,
}

impl Reading<'_> {
    fn problem(&self, what: String) -> Problem {
        self.building.problem(self.variable, self.source, what)
    }
}

/// The values of a column in the rows found.
pub(super) fn recode(
    building: &Building<'_>,
    variable: &Variable,
    source: usize,
    header: &str,
    column: &TableColumn,
    rows: &Rows,
    missing: &[String],
) -> Result<Values> {
    let read = Reading { building, variable, source, header };
    if let VariableKind::Number { scale, values } = &variable.kind {
        let chosen: Vec<u32> = rows.iter().collect();
        let numbers = number_column(&read, column, &chosen, missing, values)?;
        return Ok(Values::Numbers(numbers.into_iter().map(|number| number / scale).collect()));
    }
    let (texts, of) = texts(column);
    let missing: Vec<bool> = texts.iter().map(|text| missing.iter().any(|missing| missing.trim() == text)).collect();
    let present = |row: u32| {
        let at = of.get(row as usize).copied().unwrap_or(NONE);
        if missing.get(at as usize).copied().unwrap_or(true) { NONE } else { at }
    };
    let of: Vec<u32> = rows.iter().map(present).collect();
    let counts = counted(&of, texts.len());
    match &variable.kind {
        VariableKind::Category { levels, reference, missing_level } if levels.is_empty() => {
            let found = as_found(&read, &texts, &counts)?;
            with_levels(&read, &found, &of, reference.as_deref(), *missing_level)
        }
        VariableKind::Category { levels, reference, missing_level } => {
            let found = as_named(&read, &texts, &counts, levels)?;
            with_levels(&read, &found, &of, reference.as_deref(), *missing_level)
        }
        _ => {
            let found = in_order(&texts, &counts, |a, b| a.cmp(b));
            Ok(Values::Named { of: of.iter().map(|at| found.level(*at)).collect(), names: found.names, reference: 0 })
        }
    }
}

/// How many rows have each text.
fn counted(of: &[u32], texts: usize) -> Vec<u64> {
    let mut counts = vec![0; texts];
    of.iter().filter(|at| **at != NONE).for_each(|at| counts[*at as usize] += 1);
    counts
}

/// Levels, and the level of each text.
struct Found {
    names: Vec<String>,
    level: Vec<u32>,
}

impl Found {
    fn level(&self, text: u32) -> u32 {
        self.level.get(text as usize).copied().unwrap_or(NONE)
    }
}

/// The texts that occur as levels of their own.
fn in_order(texts: &[String], counts: &[u64], order: impl Fn(&String, &String) -> std::cmp::Ordering) -> Found {
    let mut used: Vec<u32> = (0..texts.len() as u32).filter(|at| counts[*at as usize] > 0).collect();
    used.sort_by(|a, b| order(&texts[*a as usize], &texts[*b as usize]));
    let mut level = vec![NONE; texts.len()];
    used.iter().zip(0..).for_each(|(text, place)| level[*text as usize] = place);
    Found { names: used.into_iter().map(|at| texts[at as usize].clone()).collect(), level }
}

fn as_found(read: &Reading<'_>, texts: &[String], counts: &[u64]) -> Result<Found> {
    let used = texts.iter().zip(counts).filter(|(_, count)| **count > 0);
    let number = |text: &String| number_of(text).ok().flatten();
    let numeric = used.clone().all(|(text, _)| number(text).is_some());
    let by_size = |a: &String, b: &String| {
        let size = |text| number(text).unwrap_or(f64::NAN);
        size(a).total_cmp(&size(b)).then_with(|| a.cmp(b))
    };
    let found = if numeric { in_order(texts, counts, by_size) } else { in_order(texts, counts, |a, b| a.cmp(b)) };
    if found.names.len() > LEVELS {
        let what = format!("column `{}` has {} different values", read.header, format::count(found.names.len() as u64));
        return Err(read
            .problem(what)
            .hint("a category has at most 200 levels: is it a `kind: key`, or a number?")
            .into());
    }
    Ok(found)
}

fn as_named(read: &Reading<'_>, texts: &[String], counts: &[u64], levels: &[(String, Vec<String>)]) -> Result<Found> {
    let named: BTreeMap<&str, u32> =
        levels.iter().zip(0..).flat_map(|((_, texts), at)| texts.iter().map(move |text| (text.as_str(), at))).collect();
    let level: Vec<u32> = texts.iter().map(|text| named.get(text.as_str()).copied().unwrap_or(NONE)).collect();
    let mut problems = Problems::default();
    let names: Vec<&String> = levels.iter().flat_map(|(_, texts)| texts).collect();
    unnamed(read, texts, counts, &names, "levels", &mut problems);
    let mut rows = vec![0; levels.len()];
    for (level, count) in level.iter().zip(counts).filter(|(level, _)| **level != NONE) {
        rows[*level as usize] += count;
    }
    let present: Vec<&String> =
        texts.iter().zip(counts).filter(|(_, count)| **count > 0).map(|(text, _)| text).collect();
    for ((label, texts), _) in levels.iter().zip(&rows).filter(|(_, rows)| **rows == 0) {
        let what =
            format!("level `{label}` matches no row: {} never occurs in column `{}`", quoted(texts), read.header);
        problems.push(read.problem(what).nearest(texts.first().map_or("", String::as_str), &present));
    }
    problems.or(Found { names: levels.iter().map(|(label, _)| label.clone()).collect(), level })
}

/// A problem for texts that occur and that the config gives no meaning.
fn unnamed(
    read: &Reading<'_>,
    texts: &[String],
    counts: &[u64],
    names: &[&String],
    key: &str,
    problems: &mut Problems,
) {
    let others = texts.iter().zip(counts).filter(|(text, count)| **count > 0 && !names.contains(text));
    let (texts, counts): (Vec<&String>, Vec<u64>) = others.unzip();
    if texts.is_empty() {
        return;
    }
    let more = if texts.len() > NAMED { format!(" and {} others", texts.len() - NAMED) } else { String::new() };
    let rows = counts.iter().sum::<u64>();
    let shown: Vec<&String> = texts.iter().take(NAMED).copied().collect();
    let what = format!(
        "column `{}` holds {}{more} in {} {}, which `{key}` does not name",
        read.header,
        quoted(&shown),
        format::count(rows),
        if rows == 1 { "row" } else { "rows" }
    );
    problems.push(read.problem(what).hint(format!("add it to `{key}`, or to `missing`")));
}

fn quoted<S: AsRef<str>>(texts: &[S]) -> String {
    texts.iter().map(|text| format!("`{}`", text.as_ref())).collect::<Vec<_>>().join(", ")
}

fn with_levels(
    read: &Reading<'_>,
    found: &Found,
    of: &[u32],
    reference: Option<&str>,
    missing_level: bool,
) -> Result<Values> {
    let mut names = found.names.clone();
    if missing_level && names.iter().any(|name| name == MISSING) {
        let what = format!("column `{}` holds `{MISSING}`, the name of the level of rows without a value", read.header);
        return Err(read.problem(what).hint(format!("add `missing: [{MISSING}]`")).into());
    }
    let place = reference.map_or(Some(0), |wanted| names.iter().position(|name| name == wanted));
    let Some(place) = place else {
        let wanted = reference.unwrap_or_default();
        let what = format!("reference `{wanted}` never occurs in column `{}`", read.header);
        return Err(read.problem(what).nearest(wanted, &names).into());
    };
    let mut of: Vec<u32> = of.iter().map(|at| found.level(*at)).collect();
    if missing_level && of.contains(&NONE) {
        let last = names.len() as u32;
        names.push(MISSING.to_owned());
        of.iter_mut().filter(|level| **level == NONE).for_each(|level| *level = last);
    }
    Ok(Values::Named { names, of, reference: place as u32 })
}

/// The numbers of a column in the rows chosen; NaN where missing or where the row is [`NONE`].
pub(super) fn number_column(
    read: &Reading<'_>,
    column: &TableColumn,
    rows: &[u32],
    missing: &[String],
    values: &[(String, f64)],
) -> Result<Vec<f64>> {
    let missing: Vec<&str> = missing.iter().map(|text| text.trim()).collect();
    if let (TableColumn::Numbers(numbers), true) = (column, values.is_empty()) {
        let missing: Vec<f64> = missing.iter().filter_map(|text| number_of(text).ok().flatten()).collect();
        let number = |row: &u32| numbers.get(*row as usize).copied().filter(|number| !missing.contains(number));
        return Ok(rows.iter().map(|row| number(row).unwrap_or(f64::NAN)).collect());
    }
    let (texts, of) = texts(column);
    let places: Vec<u32> = rows.iter().map(|row| of.get(*row as usize).copied().unwrap_or(NONE)).collect();
    let mut counts = counted(&places, texts.len());
    let meant = texts.iter().zip(&mut counts).filter(|(text, _)| missing.contains(&text.as_str()));
    meant.for_each(|(_, count)| *count = 0);
    let numbers =
        if values.is_empty() { parsed(read, &texts, &counts)? } else { valued(read, &texts, &counts, values)? };
    Ok(places.iter().map(|at| numbers.get(*at as usize).copied().unwrap_or(f64::NAN)).collect())
}

/// Each text that occurs as a number.
fn parsed(read: &Reading<'_>, texts: &[String], counts: &[u64]) -> Result<Vec<f64>> {
    let mut numbers = vec![f64::NAN; texts.len()];
    // By kind of fault: the words for it, the first text and how many rows.
    let mut faults: BTreeMap<&str, ([&str; 3], &str, u64)> = BTreeMap::new();
    for ((text, count), number) in texts.iter().zip(counts).zip(&mut numbers).filter(|((_, count), _)| **count > 0) {
        match number_of(text) {
            Ok(value) => *number = value.unwrap_or(f64::NAN),
            Err(words) => faults.entry(words[0]).or_insert((words, text, 0)).2 += count,
        }
    }
    let problem = |([one, many, hint], text, count): ([&str; 3], &str, u64)| {
        let (kind, first) = if count == 1 { (one, "") } else { (many, "first ") };
        let what = format!("column `{}` has {} {kind}: {first}`{text}`", read.header, format::count(count));
        read.problem(what).hint(format!("{hint}; texts that mean missing go to `missing`"))
    };
    Problems(faults.into_values().map(problem).collect()).or(numbers)
}

/// Each text as the number that the config gives it.
fn valued(read: &Reading<'_>, texts: &[String], counts: &[u64], values: &[(String, f64)]) -> Result<Vec<f64>> {
    let named: BTreeMap<&str, f64> = values.iter().map(|(text, value)| (text.as_str(), *value)).collect();
    let mut problems = Problems::default();
    let names: Vec<&String> = values.iter().map(|(text, _)| text).collect();
    unnamed(read, texts, counts, &names, "values", &mut problems);
    let present: Vec<&String> =
        texts.iter().zip(counts).filter(|(_, count)| **count > 0).map(|(text, _)| text).collect();
    for (text, _) in values.iter().filter(|(text, _)| !present.contains(&text)) {
        let what = format!("value `{text}` never occurs in column `{}`", read.header);
        problems.push(read.problem(what).nearest(text, &present));
    }
    let number = |(text, count): (&String, &u64)| named.get(text.as_str()).filter(|_| *count > 0);
    problems.or(texts.iter().zip(counts).map(|pair| number(pair).copied().unwrap_or(f64::NAN)).collect())
}
