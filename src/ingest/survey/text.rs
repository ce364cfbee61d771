//! Comma-separated rows of responses.

use std::borrow::Cow;

use super::rows::Rows;
use crate::error::{Problems, Result};
use crate::ingest::complaints::Kind;
use crate::ingest::csv_rows::CsvRows;
use crate::ingest::fields;
use crate::ingest::types::InputRecord;

impl Rows for CsvRows {
    fn advance(&mut self) -> Result<bool> {
        self.next()
    }

    fn code(&self, at: usize) -> std::result::Result<Option<i8>, &'static Kind> {
        fields::code(self.field(at))
    }

    fn number(&self, at: usize) -> std::result::Result<Option<f64>, &'static Kind> {
        fields::number(self.field(at))
    }

    fn bytes(&self, at: usize) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.field(at).trim_ascii())
    }

    fn text(&self, at: usize) -> Cow<'_, str> {
        CsvRows::text(self, at)
    }

    fn complain(&mut self, kind: &'static Kind, at: usize) {
        CsvRows::complain(self, kind, at);
    }

    fn share(&self) -> (u64, u64) {
        (self.byte(), self.length())
    }

    fn finish(mut self, problems: Problems, notes: Vec<String>) -> Result<InputRecord> {
        for note in notes {
            self.note(note);
        }
        CsvRows::finish(self, problems)
    }
}
