//! Rows of responses, whatever the file's format, to codes. One loop for all formats.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use super::part::{Part, Practices, Read};
use super::plan::{Layout, Plan, WaveFrom};
use crate::error::{Problem, Problems, Result};
use crate::ingest::Progress;
use crate::ingest::complaints::Kind;
use crate::ingest::fields::{self, EMPTY, NEGATIVE, NOT_ANSWERED};
use crate::ingest::types::{ABSENT, InputRecord};

/// Rows between two calls of the progress function.
const STEP: u64 = 1 << 16;

const NO_SUCH_WAVE: Kind = Kind {
    one: "value that is not a wave of the study",
    many: "values that are not waves of the study",
    hint: "the wave column holds the labels that `waves` lists",
};

/// What a format offers: one row after the other, its fields by position.
pub(in crate::ingest) trait Rows {
    /// Goes to the next row; false at the end.
    fn advance(&mut self) -> Result<bool>;
    /// A field as a code; none when empty.
    fn code(&self, at: usize) -> std::result::Result<Option<i8>, &'static Kind>;
    /// A field as a number; none when empty.
    fn number(&self, at: usize) -> std::result::Result<Option<f64>, &'static Kind>;
    /// Whether the file holds the field as a number, so that it has no text of its own.
    fn is_number(&self, _at: usize) -> bool {
        false
    }
    /// A field as it is in the file, trimmed.
    fn bytes(&self, at: usize) -> Cow<'_, [u8]>;
    /// A field as text, trimmed.
    fn text(&self, at: usize) -> Cow<'_, str>;
    /// Counts a bad value.
    fn complain(&mut self, kind: &'static Kind, at: usize);
    /// Bytes of the file dealt with, and its length.
    fn share(&self) -> (u64, u64);
    /// Ends the reading.
    fn finish(self, problems: Problems, notes: Vec<String>) -> Result<InputRecord>;
}

/// Progress over files that are read side by side.
pub(super) struct Meter<'a> {
    progress: &'a Progress<'a>,
    length: u64,
    rows: AtomicU64,
    bytes: AtomicU64,
}

impl<'a> Meter<'a> {
    /// For files of `length` bytes together.
    pub(super) fn new(progress: &'a Progress<'a>, length: u64) -> Self {
        Self { progress, length, rows: AtomicU64::new(0), bytes: AtomicU64::new(0) }
    }

    /// Adds rows and bytes, and tells; the rows in all are guessed from the bytes.
    fn add(&self, rows: u64, bytes: u64) {
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let total = if bytes == 0 { 0.0 } else { rows as f64 * self.length as f64 / bytes as f64 };
        (self.progress)("survey", rows, rows.max(total as u64));
    }

    /// Tells that all is read.
    pub(super) fn done(&self, rows: u64) {
        (self.progress)("survey", rows, rows);
    }
}

/// Reads all rows into a part.
pub(super) fn read_rows<R: Rows>(mut rows: R, plan: &Plan, mut layout: Layout, meter: &Meter<'_>) -> Result<Read> {
    let mut part = Part::new(plan.items.len());
    part.weight = layout.weight.map(|_| Vec::new());
    part.count = layout.count.map(|_| Vec::new());
    let (mut problems, mut tally) = (Problems::default(), Tally::default());
    let (mut seen, mut told, mut told_bytes) = (0_u64, 0_u64, 0_u64);
    while rows.advance()? {
        seen += 1;
        if let Some(wave) = row_wave(&mut rows, plan, layout.wave) {
            problems.0.append(&mut layout.missing[usize::from(wave)]);
            read_row(&mut rows, &layout, wave, &mut part, &mut tally);
        }
        if seen == 4096 {
            let (bytes, length) = rows.share();
            part.expect(guess(seen, bytes, length));
        }
        if seen - told == STEP {
            let (bytes, _) = rows.share();
            meter.add(seen - told, bytes - told_bytes);
            (told, told_bytes) = (seen, bytes);
        }
    }
    meter.add(seen - told, rows.share().1.saturating_sub(told_bytes));
    let record = rows.finish(problems, tally.notes())?;
    Ok((part, record))
}

/// Rows in all when `seen` rows took `bytes` of `length`, and two in a hundred to spare.
fn guess(seen: u64, bytes: u64, length: u64) -> usize {
    let rows = seen as f64 * length as f64 / bytes.max(1) as f64;
    (rows * 1.02) as usize
}

/// Things handled on the way.
#[derive(Debug, Default)]
struct Tally {
    empty: u64,
    no_count: u64,
}

impl Tally {
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let mut add = |count: u64, one: &str, many: &str| {
            if count > 0 {
                notes.push(format!("{} {}", crate::format::count(count), if count == 1 { one } else { many }));
            }
        };
        add(self.empty, "empty answer taken as code -3", "empty answers taken as code -3");
        add(self.no_count, "row with count 0 dropped", "rows with count 0 dropped");
        notes
    }
}

fn row_wave<R: Rows>(rows: &mut R, plan: &Plan, from: WaveFrom) -> Option<u8> {
    let column = match from {
        WaveFrom::File(wave) => return Some(wave),
        WaveFrom::Column(column) => column,
    };
    let label = rows.number(column).ok().flatten();
    let wave = label.and_then(|label| plan.labels.iter().position(|known| f64::from(*known) == label));
    if wave.is_none() {
        rows.complain(&NO_SUCH_WAVE, column);
    }
    wave.and_then(|wave| u8::try_from(wave).ok())
}

fn read_row<R: Rows>(rows: &mut R, layout: &Layout, wave: u8, part: &mut Part, tally: &mut Tally) {
    if let (Some(at), Some(counts)) = (layout.count, &mut part.count) {
        match rows.number(at).and_then(|value| value.ok_or(&EMPTY)).and_then(fields::count_of) {
            Ok(0) => {
                tally.no_count += 1;
                return;
            }
            Ok(count) => counts.push(count),
            Err(kind) => {
                rows.complain(kind, at);
                counts.push(0);
            }
        }
    }
    if let (Some(at), Some(weights)) = (layout.weight, &mut part.weight) {
        let weight = rows.number(at).and_then(|value| value.ok_or(&EMPTY));
        weights.push(match weight.and_then(|value| if value < 0.0 { Err(&NEGATIVE) } else { Ok(value) }) {
            Ok(weight) => weight,
            Err(kind) => {
                rows.complain(kind, at);
                0.0
            }
        });
    }
    part.practice.push(read_practice(rows, layout.practice, &mut part.practices));
    part.wave.push(wave);
    for &(item, at) in &layout.present[usize::from(wave)] {
        let code = match rows.code(at) {
            Ok(Some(code)) => code,
            Ok(None) => {
                tally.empty += 1;
                NOT_ANSWERED
            }
            Err(kind) => {
                rows.complain(kind, at);
                ABSENT
            }
        };
        part.items[item].push(code);
    }
    for item in &layout.absent[usize::from(wave)] {
        part.items[*item].push(ABSENT);
    }
}

/// The number of the row's practice; 0 after a complaint.
pub(super) fn read_practice<R: Rows>(rows: &mut R, at: usize, practices: &mut Practices) -> u32 {
    let bytes = rows.bytes(at);
    if bytes.is_empty() {
        drop(bytes);
        rows.complain(&EMPTY, at);
        return 0;
    }
    practices.get(&bytes).unwrap_or_else(|| practices.add(&bytes, rows.text(at).into_owned()))
}

/// A file of a format that this form of survey cannot have.
pub(in crate::ingest) fn wrong_format(shown: &str, ending: &str, expected: &str) -> Problem {
    Problem::new(format!("cannot read `{shown}`: ending `{ending}`, expected {expected}"))
        .file(shown)
        .hint("the ending of a file's name tells its format")
}
