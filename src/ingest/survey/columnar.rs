//! Rows of formats that store columns: batches of values, one row at a time.
//!
//! The libraries behind them may panic on damaged files; here that becomes an error.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::rows::Rows;
use crate::error::{Problem, Problems, Result};
use crate::ingest::complaints::{Complaints, Kind, Place};
use crate::ingest::fields;
use crate::ingest::open::{self, Digested, Input};
use crate::ingest::types::InputRecord;

/// Rows of a batch.
pub(super) const BATCH: usize = 1 << 16;

/// Values of one column in a batch.
#[derive(Debug)]
pub(super) enum Values {
    /// Numbers; not-a-number where there is none.
    Numbers(Vec<f64>),
    /// Texts.
    Texts(Vec<Option<String>>),
}

/// A file of columns. Errors are words about the file, without its name.
pub(super) trait Batches {
    /// Column names in file order.
    fn names(&self) -> &[String];
    /// Chooses the columns of the batches, by place.
    fn select(&mut self, columns: &[usize]) -> std::result::Result<(), String>;
    /// The next rows of the chosen columns, in the order chosen; none at the end.
    fn next_batch(&mut self) -> std::result::Result<Option<Vec<Values>>, String>;
    /// Rows that the file says it has.
    fn declared(&self) -> Option<u64>;
    /// What a note should say about empty values, if this format has them.
    fn empty_note(&self) -> &'static str;
}

/// An open file of columns, row by row.
pub(in crate::ingest) struct ColumnarRows {
    input: Input,
    length: u64,
    read: Digested,
    batches: Box<dyn Batches>,
    names: Vec<String>,
    /// Place of each column in the batch.
    slot: Vec<usize>,
    batch: Vec<Values>,
    /// Row in the batch, and rows of the batch.
    at: usize,
    held: usize,
    rows: u64,
    complaints: Complaints,
}

type Opener = fn(File) -> std::result::Result<Box<dyn Batches>, String>;

impl ColumnarRows {
    /// Hashes the file and opens it.
    ///
    /// # Errors
    /// When it is missing, empty or damaged.
    pub(super) fn open(input: &Input, opener: Opener) -> Result<Self> {
        let (mut file, length) = input.open()?;
        let read = open::digest(input, &mut file)?;
        let batches = guarded(input, || opener(file))?;
        let names = batches.names().to_vec();
        let (complaints, input) = (Complaints::new(&input.shown, "row"), input.clone());
        Ok(Self {
            input,
            length,
            read,
            batches,
            names,
            slot: Vec::new(),
            batch: Vec::new(),
            at: 0,
            held: 0,
            rows: 0,
            complaints,
        })
    }

    /// Column names in file order.
    pub(in crate::ingest) fn names(&self) -> &[String] {
        &self.names
    }

    /// Chooses the columns to read.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(in crate::ingest) fn select(&mut self, columns: Vec<usize>) -> Result<()> {
        self.slot = vec![usize::MAX; self.names.len()];
        for (slot, column) in columns.iter().enumerate() {
            self.slot[*column] = slot;
        }
        guarded(&self.input, || self.batches.select(&columns))
    }

    fn values(&self, at: usize) -> Option<&Values> {
        self.slot.get(at).and_then(|slot| self.batch.get(*slot))
    }

    /// Takes the next batch; false at the end.
    fn refill(&mut self) -> Result<bool> {
        let batch = guarded(&self.input, || self.batches.next_batch())?;
        let Some(batch) = batch else { return Ok(false) };
        let lengths = || {
            batch.iter().map(|values| match values {
                Values::Numbers(numbers) => numbers.len(),
                Values::Texts(texts) => texts.len(),
            })
        };
        self.held = lengths().max().unwrap_or(0);
        if lengths().any(|length| length != self.held) {
            return Err(damaged(&self.input, "its columns differ in length").into());
        }
        self.batch = batch;
        self.at = 0;
        Ok(self.held > 0)
    }
}

impl Rows for ColumnarRows {
    fn advance(&mut self) -> Result<bool> {
        self.at += 1;
        if self.at >= self.held && !self.refill()? {
            return Ok(false);
        }
        self.rows += 1;
        Ok(true)
    }

    fn code(&self, at: usize) -> std::result::Result<Option<i8>, &'static Kind> {
        match self.values(at) {
            Some(Values::Numbers(values)) if values[self.at].is_nan() => Ok(None),
            Some(Values::Numbers(values)) => fields::code_of(values[self.at]).map(Some),
            Some(Values::Texts(values)) => fields::code(values[self.at].as_deref().unwrap_or_default().as_bytes()),
            None => Ok(None),
        }
    }

    fn number(&self, at: usize) -> std::result::Result<Option<f64>, &'static Kind> {
        match self.values(at) {
            Some(Values::Numbers(values)) if values[self.at].is_nan() => Ok(None),
            Some(Values::Numbers(values)) if values[self.at].is_infinite() => Err(&fields::NOT_A_NUMBER),
            Some(Values::Numbers(values)) => fields::believable(values[self.at]).map(Some),
            Some(Values::Texts(values)) => fields::number(values[self.at].as_deref().unwrap_or_default().as_bytes()),
            None => Ok(None),
        }
    }

    fn bytes(&self, at: usize) -> Cow<'_, [u8]> {
        match self.text(at) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }

    fn text(&self, at: usize) -> Cow<'_, str> {
        match self.values(at) {
            Some(Values::Numbers(values)) if values[self.at].is_nan() => Cow::Borrowed(""),
            Some(Values::Numbers(values)) => Cow::Owned(crate::format::plain(values[self.at])),
            Some(Values::Texts(values)) => Cow::Borrowed(values[self.at].as_deref().unwrap_or_default().trim()),
            None => Cow::Borrowed(""),
        }
    }

    fn is_number(&self, at: usize) -> bool {
        matches!(self.values(at), Some(Values::Numbers(_)))
    }

    fn complain(&mut self, kind: &'static Kind, at: usize) {
        let column = self.names.get(at).cloned().unwrap_or_default();
        if !self.complaints.again(kind, &column) {
            let (text, place) = (self.text(at).into_owned(), Place { line: self.rows, ..Place::default() });
            self.complaints.first(kind, &column, &text, place);
        }
    }

    fn share(&self) -> (u64, u64) {
        let share = self.rows as f64 / self.batches.declared().unwrap_or(self.rows).max(self.rows).max(1) as f64;
        ((share * self.length as f64) as u64, self.length)
    }

    fn finish(self, mut problems: Problems, mut notes: Vec<String>) -> Result<InputRecord> {
        if let Some(declared) = self.batches.declared().filter(|declared| *declared != self.rows) {
            let words = format!("it says it has {declared} rows and holds {}", self.rows);
            problems.push(damaged(&self.input, &words));
        } else if self.rows == 0 {
            problems.push(
                Problem::new(format!("`{}` has no rows", self.input.shown))
                    .file(&self.input.shown)
                    .hint("is the file complete?"),
            );
        }
        problems.0.extend(self.complaints.problems());
        problems.or(())?;
        if notes.iter().any(|note| note.contains("code -3")) && !self.batches.empty_note().is_empty() {
            notes.push(self.batches.empty_note().to_owned());
        }
        self.input.record(self.length, self.read, self.rows, notes)
    }
}

/// Runs a library on a file that may be damaged.
fn guarded<T>(input: &Input, work: impl FnOnce() -> std::result::Result<T, String>) -> Result<T> {
    hush();
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    result
        .unwrap_or_else(|_| Err("its parts contradict each other".to_owned()))
        .map_err(|words| damaged(input, &words).into())
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the message of a panic that [`guarded`] turns into an error off the terminal; every other
/// panic goes the way it went before.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
}

fn damaged(input: &Input, words: &str) -> Problem {
    Problem::new(format!("`{}` is damaged or not what its ending says: {words}", input.shown))
        .file(&input.shown)
        .hint("copy the file again; a transfer that broke off leaves such files")
}
