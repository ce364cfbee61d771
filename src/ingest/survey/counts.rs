//! Practice files: one row per practice, with the number of answers per outcome.
//!
//! Each practice and outcome becomes two rows with counts, successes and failures, so that the
//! rooms behind see the same shape as for responses.

use std::collections::BTreeMap;

use super::part::{Part, Read};
use super::plan::Plan;
use super::rows::read_practice;
use crate::config::{Config, Outcome, SurveyFile};
use crate::error::{Problem, Problems, Result};
use crate::ingest::complaints::Kind;
use crate::ingest::csv_rows::CsvRows;
use crate::ingest::fields::{self, NOT_A_CODE};
use crate::ingest::open::Input;
use crate::ingest::types::{ABSENT, Withheld};

/// How far from a whole number a count may be.
const WHOLE: f64 = 1e-6;

const DECIMAL: Kind = Kind {
    one: "count that is not a whole number",
    many: "counts that are not whole numbers",
    hint: "this looks like the weighted edition: use the unweighted one",
};
const ABOVE_BASE: Kind = Kind {
    one: "base smaller than its successes",
    many: "bases smaller than their successes",
    hint: "do the success columns overlap?",
};
const TWICE: Kind = Kind {
    one: "practice that is in the file before",
    many: "practices that are in the file before",
    hint: "keep one row per practice",
};

/// Columns of one outcome, and the codes that its rows get.
struct Counted {
    outcome: u8,
    success: Vec<usize>,
    base: usize,
    /// Item and code: for both kinds of row, then the success and the failure code.
    conditions: Vec<(usize, i8)>,
    item: usize,
    codes: [i8; 2],
}

/// What a practice file says of one outcome.
enum Counts {
    /// Successes and failures.
    Known([u32; 2]),
    /// Suppressed or empty.
    Withheld,
    /// Complained of.
    Bad,
}

/// Reads one practice file.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(config: &Config, file: &SurveyFile, input: &Input, plan: &Plan) -> Result<Read> {
    let Some(wave) = file.wave else {
        let what = format!("practice file `{}` has no wave", input.shown);
        return Err(Problem::new(what).file(&input.shown).hint("give each practice file its wave").into());
    };
    let mut rows = CsvRows::open(input, config.inputs.survey.encoding, true)?;
    let mut problems = Problems::default();
    let practice = rows.column(&file.practice, &mut problems);
    let counted: Vec<_> = config
        .outcomes
        .iter()
        .enumerate()
        .filter_map(|(at, outcome)| columns((at, outcome), (wave, file), plan, &rows, input, &mut problems))
        .collect();
    let (Some(practice), true) = (practice, problems.is_empty()) else { return Err(problems) };
    let mut part = Part { count: Some(Vec::new()), outcome: Some(Vec::new()), ..Part::new(plan.items.len()) };
    let (mut no_answers, mut met) = (0_u64, BTreeMap::new());
    while rows.next()? {
        let number = read_practice(&mut rows, practice, &mut part.practices);
        if met.insert(number, ()).is_some() {
            rows.complain(&TWICE, practice);
        }
        for counted in &counted {
            match read_counts(&mut rows, counted) {
                Counts::Known(counts) => {
                    no_answers += u64::from(counts == [0, 0]);
                    push(&mut part, counted, number, wave as u8, counts);
                }
                Counts::Withheld => {
                    let withheld = Withheld { outcome: counted.outcome, practice: number, wave: wave as u8 };
                    part.withheld.push(withheld);
                }
                Counts::Bad => {}
            }
        }
    }
    let withheld = part.withheld.len() as u64;
    for (count, words) in [(withheld, "suppressed or empty"), (no_answers, "without answers")] {
        if count > 0 {
            rows.note(format!("{} counts by practice and outcome left out: {words}", crate::format::count(count)));
        }
    }
    Ok((part, rows.finish(problems)?))
}

fn columns(
    (at, outcome): (usize, &Outcome),
    (wave, file): (usize, &SurveyFile),
    plan: &Plan,
    rows: &CsvRows,
    input: &Input,
    problems: &mut Problems,
) -> Option<Counted> {
    let item = outcome.items.get(wave)?.as_ref()?;
    let Some(counts) = &outcome.counts else {
        let what = format!("outcome `{}` has no `counts` columns, which `{}` needs", outcome.id, input.shown);
        problems.push(Problem::new(what).hint("name the success columns and the base column of the practice file"));
        return None;
    };
    let mut find = |name: &str| rows.column(file.header(name), problems);
    let success: Vec<_> = counts.success.iter().map(|name| find(name)).collect();
    let base = find(&counts.base);
    let place = |name: &str| plan.items.iter().position(|known| known == name);
    let others = outcome.base.iter().filter(|(name, _)| name != item);
    let conditions = others.filter_map(|(name, codes)| Some((place(name)?, *codes.first()?))).collect();
    Some(Counted {
        outcome: u8::try_from(at).ok()?,
        success: success.into_iter().collect::<Option<_>>()?,
        base: base?,
        conditions,
        item: place(item)?,
        codes: [*outcome.success.first()?, *outcome.failure.first()?],
    })
}

/// The counts of one outcome; negative and empty ones are suppressed.
fn read_counts(rows: &mut CsvRows, counted: &Counted) -> Counts {
    let mut values = Vec::with_capacity(counted.success.len() + 1);
    for at in counted.success.iter().copied().chain([counted.base]) {
        match fields::number(rows.field(at)) {
            Ok(None) => values.push(-1.0),
            Ok(Some(value)) if value < 0.0 => values.push(-1.0),
            Ok(Some(value)) if (value - value.round()).abs() > WHOLE => {
                rows.complain(&DECIMAL, at);
                return Counts::Bad;
            }
            Ok(Some(value)) if value > f64::from(u32::MAX) => {
                rows.complain(&NOT_A_CODE, at);
                return Counts::Bad;
            }
            Ok(Some(value)) => values.push(value.round()),
            Err(kind) => {
                rows.complain(kind, at);
                return Counts::Bad;
            }
        }
    }
    if values.iter().any(|value| *value < 0.0) {
        return Counts::Withheld;
    }
    let base = values.pop().unwrap_or_default();
    let success: f64 = values.iter().sum();
    if success > base {
        rows.complain(&ABOVE_BASE, counted.base);
        return Counts::Bad;
    }
    Counts::Known([success as u32, (base - success) as u32])
}

fn push(part: &mut Part, counted: &Counted, practice: u32, wave: u8, counts: [u32; 2]) {
    for (count, code) in counts.into_iter().zip(counted.codes).filter(|(count, _)| *count > 0) {
        part.practice.push(practice);
        part.wave.push(wave);
        part.count.iter_mut().for_each(|counts| counts.push(count));
        part.outcome.iter_mut().for_each(|outcomes| outcomes.push(counted.outcome));
        for codes in &mut part.items {
            codes.push(ABSENT);
        }
        let last = part.practice.len() - 1;
        part.items[counted.item][last] = code;
        for (item, code) in &counted.conditions {
            part.items[*item][last] = *code;
        }
    }
}
