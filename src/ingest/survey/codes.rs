//! The codes in the data held against those that the config names: none may be named in vain and
//! none may occur unnamed. Knows no file, so that it serves data made in memory too.

use rayon::prelude::*;

use crate::config::{Config, Covariate, CovariateKind, Outcome};
use crate::error::{Problem, Problems, Result};
use crate::ingest::types::{ABSENT, Survey};

/// Every wave of the config has responses.
///
/// # Errors
/// One problem per wave without any.
pub fn check_waves(config: &Config, survey: &Survey) -> Result<()> {
    let mut seen = vec![false; config.waves.len()];
    survey.wave.iter().for_each(|wave| seen[usize::from(*wave)] = true);
    let mut problems = Problems::default();
    for (label, _) in config.waves.iter().zip(&seen).filter(|(_, seen)| !**seen) {
        let what = format!("the survey files hold no responses of wave {label}");
        problems.push(Problem::new(what).hint("put its file in place, or take the wave out of `waves`"));
    }
    problems.or(())
}

/// Checks that each code that an outcome (success, failure, base) or a covariate's level names
/// occurs in its item, over all waves that use it; that each code that occurs is named somewhere
/// (`missing` of the survey included); and that each outcome has successes and failures.
///
/// In data from practice files only the last is asked, since they hold no responses.
///
/// # Errors
/// Every code and outcome that fails.
pub fn check_codes(config: &Config, survey: &Survey) -> Result<()> {
    let outcomes = config.outcomes.par_iter().enumerate().map(|(at, outcome)| of_outcome(config, survey, at, outcome));
    let covariates = config.covariates.par_iter().map(|covariate| of_covariate(config, survey, covariate));
    // Practice files hold none of these.
    let controls = if survey.outcome.is_some() { &[] } else { config.controls() };
    let controls = controls.par_iter().map(|control| of_outcome(config, survey, usize::MAX, control));
    let found: Vec<Vec<Problem>> = outcomes.chain(controls).chain(covariates).collect();
    Problems(found.into_iter().flatten().collect()).or(())
}

/// Responses by code.
struct Counts([u64; 256]);

impl Counts {
    fn of(&self, code: i8) -> u64 {
        self.0[usize::from(code as u8)]
    }

    fn any(&self) -> bool {
        self.0.iter().any(|count| *count > 0)
    }

    /// Codes that occur, in rising order.
    fn codes(&self) -> Vec<i8> {
        (i8::MIN..=i8::MAX).filter(|code| *code != ABSENT && self.of(*code) > 0).collect()
    }
}

/// Counts the codes of the items that the waves name, over the rows of those waves; `chosen` may
/// leave rows out.
fn counts(survey: &Survey, items: &[Option<&str>], chosen: &dyn Fn(usize) -> bool) -> Counts {
    let columns: Vec<Option<&[i8]>> = items.iter().map(|name| name.and_then(|name| codes(survey, name))).collect();
    let mut counts = [0_u64; 256];
    for (row, wave) in survey.wave.iter().enumerate() {
        let Some(Some(column)) = columns.get(usize::from(*wave)) else { continue };
        if chosen(row) {
            counts[usize::from(column[row] as u8)] += weight(survey, row);
        }
    }
    counts[usize::from(ABSENT as u8)] = 0;
    Counts(counts)
}

fn weight(survey: &Survey, row: usize) -> u64 {
    survey.count.as_ref().map_or(1, |count| u64::from(count[row]))
}

fn codes<'a>(survey: &'a Survey, name: &str) -> Option<&'a [i8]> {
    survey.items.iter().find(|item| item.name == name).map(|item| item.codes.as_slice())
}

fn of_outcome(config: &Config, survey: &Survey, at: usize, outcome: &Outcome) -> Vec<Problem> {
    let items: Vec<Option<&str>> = outcome.items.iter().map(Option::as_deref).collect();
    let mut problems = Vec::new();
    if survey.outcome.is_none() {
        let counts = counts(survey, &items, &|_| true);
        let used: Vec<i8> = outcome.success.iter().chain(&outcome.failure).copied().collect();
        let missing = config.inputs.survey.missing.iter();
        let others = outcome.left_out.iter().chain(missing).map(|(code, _)| *code);
        let named: Vec<i8> = used.iter().copied().chain(others).collect();
        let owner = format!("outcome `{}`", outcome.id);
        problems.extend(compare(&owner, &names(&items), &counts, &used, &named));
        for (item, accepted) in &outcome.base {
            let base: Vec<_> = items.iter().map(|name| name.map(|_| item.as_str())).collect();
            let counts = self::counts(survey, &base, &|_| true);
            let every: Vec<i8> = (-127..=127).collect();
            problems.extend(compare(&format!("the base of {owner}"), &names(&base), &counts, accepted, &every));
        }
    }
    if problems.is_empty() {
        problems.extend(one_value(survey, at, outcome, &items));
    }
    problems
}

/// The problem of an outcome that is always or never a success among those asked.
fn one_value(survey: &Survey, at: usize, outcome: &Outcome, items: &[Option<&str>]) -> Option<Problem> {
    let base: Vec<_> =
        outcome.base.iter().filter_map(|(item, accepted)| Some((codes(survey, item)?, accepted))).collect();
    let counts = counts(survey, items, &|row| {
        survey.outcome.as_ref().is_none_or(|outcomes| usize::from(outcomes[row]) == at)
            && base.iter().all(|(codes, accepted)| accepted.contains(&codes[row]))
    });
    let sum = |codes: &[i8]| codes.iter().map(|code| counts.of(*code)).sum::<u64>();
    let (success, failure) = (sum(&outcome.success), sum(&outcome.failure));
    let what = match (success, failure) {
        (0, 0) => format!("outcome `{}` has no usable answer", outcome.id),
        (_, 0) => format!(
            "outcome `{}` has one value only: all {} usable answers are successes",
            outcome.id,
            crate::format::count(success)
        ),
        (0, _) => format!(
            "outcome `{}` has one value only: all {} usable answers are failures",
            outcome.id,
            crate::format::count(failure)
        ),
        _ => return None,
    };
    Some(Problem::new(what).hint(format!(
        "check its success codes {:?}, failure codes {:?} and base against the survey's code book",
        outcome.success, outcome.failure
    )))
}

fn of_covariate(config: &Config, survey: &Survey, covariate: &Covariate) -> Vec<Problem> {
    let CovariateKind::Item { items, levels, .. } = &covariate.kind else { return Vec::new() };
    if survey.outcome.is_some() {
        return Vec::new();
    }
    let items: Vec<Option<&str>> = items.iter().map(|name| Some(name.as_str())).collect();
    let used: Vec<i8> = levels.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
    let missing = config.inputs.survey.missing.iter().map(|(code, _)| *code);
    let named: Vec<i8> = used.iter().copied().chain(missing).collect();
    let counts = counts(survey, &items, &|_| true);
    compare(&format!("covariate `{}`", covariate.id), &names(&items), &counts, &used, &named)
}

/// Problems for codes of `used` that never occur, and for codes that occur outside `named`.
fn compare(owner: &str, items: &str, counts: &Counts, used: &[i8], named: &[i8]) -> Vec<Problem> {
    if !counts.any() {
        return vec![Problem::new(format!("{owner} has no data: {items} is empty in every wave that uses it"))];
    }
    let present = counts.codes();
    let listed = present.iter().map(i8::to_string).collect::<Vec<_>>().join(", ");
    let never = used.iter().filter(|code| counts.of(**code) == 0).map(|code| {
        Problem::new(format!("code {code} of {items} never occurs in the data; codes present: {listed}"))
            .hint(format!("{owner} names it: correct the code, or take it out"))
    });
    let unnamed = present.iter().filter(|code| !named.contains(code)).map(|code| {
        let count = crate::format::count(counts.of(*code));
        let (times, place) =
            (if count == "1" { "time" } else { "times" }, if *code < 0 { "`missing` of the survey" } else { owner });
        Problem::new(format!("code {code} of {items} occurs {count} {times}, but {owner} does not say what it means"))
            .hint(format!("name it in {place}, or leave it out with a reason"))
    });
    never.chain(unnamed).collect()
}

/// Item names for a message, each once.
fn names(items: &[Option<&str>]) -> String {
    let mut names: Vec<&str> = items.iter().flatten().copied().collect();
    names.dedup();
    let mut seen: Vec<String> = Vec::new();
    for name in names.into_iter().map(|name| format!("`{name}`")) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    format!("item {}", seen.join(", "))
}
