//! Rows of a comma-separated file: encoding, byte order mark, width, NUL bytes, open quotes, lines
//! that never end, and the hash of what was read. Memory does not grow with the file.
//!
//! Knows columns by position only; `header` finds them by name.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek};

use csv::ByteRecord;
use sha2::{Digest, Sha256};

use super::complaints::{Complaints, Kind, Place};
use super::encodings::{self, Decoder};
use super::header;
use super::open::{Digested, Input};
use super::places::{self, ends_inside_quote, line_at, tail};
use super::types::InputRecord;
use crate::config::Encoding;
use crate::error::{Problem, Problems, Result};
use crate::files;

/// Longest row believed, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;
const BUFFER: usize = 1 << 18;

const WIDTH: Kind = Kind {
    one: "row with too few or too many fields",
    many: "rows with too few or too many fields",
    hint: "look for a missing comma, or a quote that is not closed",
};
/// Hashes what passes and stops a row that never ends.
#[derive(Debug)]
struct Guard {
    file: File,
    hash: Sha256,
    bytes: u64,
    /// Bytes since the last whole row.
    row: usize,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.row > LONGEST {
            return Err(io::Error::other("row too long"));
        }
        let count = self.file.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        self.row += count;
        Ok(count)
    }
}

/// An open file, one row at a time.
#[derive(Debug)]
pub(crate) struct CsvRows {
    input: Input,
    length: u64,
    reader: csv::Reader<Guard>,
    record: ByteRecord,
    headers: Vec<String>,
    decoder: Decoder,
    rows: u64,
    /// Byte at which the last row starts.
    last: u64,
    /// Whether messages may show the whole row.
    show_rows: bool,
    complaints: Complaints,
    notes: Vec<String>,
}

impl CsvRows {
    /// Opens the file and reads its header. `show_rows`: messages may quote the whole row.
    ///
    /// # Errors
    /// When the file is missing, empty or has no readable header.
    pub(crate) fn open(input: &Input, encoding: Encoding, show_rows: bool) -> Result<Self> {
        let (mut file, length) = input.open()?;
        let mut start = [0; 3];
        let marked = read_up_to(&mut file, &mut start)
            .and_then(|n| file.rewind().map(|()| n == 3 && start == [0xef, 0xbb, 0xbf]));
        let marked = marked.map_err(|error| files::failed("read", &input.path, &error))?;
        let guard = Guard { file, hash: Sha256::new(), bytes: 0, row: 0 };
        let mut builder = csv::ReaderBuilder::new();
        let reader = builder.has_headers(false).flexible(true).buffer_capacity(BUFFER).from_reader(guard);
        let mut notes = Vec::new();
        if marked && encoding != Encoding::Utf8 {
            notes.push("read as UTF-8: it starts with a UTF-8 byte order mark".to_owned());
        }
        let complaints = Complaints::new(&input.shown, "line");
        let decoder = Decoder::new(if marked { Encoding::Utf8 } else { encoding });
        let (record, headers) = (ByteRecord::new(), Vec::new());
        let input = input.clone();
        let mut rows =
            Self { input, length, reader, record, headers, decoder, rows: 0, last: 0, show_rows, complaints, notes };
        rows.read_header()?;
        Ok(rows)
    }

    fn read_header(&mut self) -> Result<()> {
        let named = self.advance()?;
        self.headers.clear();
        if !named || self.record.iter().all(<[u8]>::is_empty) {
            let what = format!("`{}` has no header line", self.input.shown);
            let hint = "the first line names the columns";
            return Err(Problem::new(what).file(&self.input.shown).line(1).hint(hint).into());
        }
        self.headers = (0..self.record.len()).map(|at| self.text(at).into_owned()).collect();
        self.check_bytes();
        let complaints = std::mem::replace(&mut self.complaints, Complaints::new(&self.input.shown, "line"));
        Problems(complaints.problems()).or(())
    }

    /// Position of the column called `name`; the problem goes to `problems`.
    pub(crate) fn column(&self, name: &str, problems: &mut Problems) -> Option<usize> {
        problems.keep(header::position(&self.input.shown, &self.headers, name))
    }

    /// The file's path for messages.
    pub(crate) fn shown(&self) -> &str {
        &self.input.shown
    }

    /// Header names in file order.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Goes to the next row; false at the end. Rows of the wrong width are counted and skipped.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub(crate) fn next(&mut self) -> Result<bool> {
        while self.advance()? {
            self.rows += 1;
            self.check_bytes();
            if self.record.len() == self.headers.len() {
                return Ok(true);
            }
            let text = format!("{} where the header has {}", self.record.len(), self.headers.len());
            self.complain_row(&WIDTH, &text);
        }
        Ok(false)
    }

    fn advance(&mut self) -> Result<bool> {
        self.reader.get_mut().row = 0;
        let start = self.reader.position().byte();
        let found = match self.reader.read_byte_record(&mut self.record) {
            Ok(found) => found,
            Err(_) if self.reader.get_ref().row > LONGEST => return Err(self.too_long(start).into()),
            Err(error) => {
                let what = format!("cannot read `{}`: {error}", self.input.shown);
                return Err(Problem::new(what).file(&self.input.shown).into());
            }
        };
        if found && self.record.as_slice().len() > LONGEST {
            return Err(self.too_long(start).into());
        }
        if found {
            self.last = start;
        }
        Ok(found)
    }

    fn too_long(&self, start: u64) -> Problem {
        Problem::new(format!("a row of `{}` is longer than 1 MB", self.input.shown))
            .file(&self.input.shown)
            .line(line_at(&self.input, start))
            .hint("look for a quote that is not closed; is this a comma-separated text file?")
    }

    /// Byte at which the row starts (or the line ends before it).
    pub(crate) fn byte(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::byte)
    }

    /// Length of the file when it was opened.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Rows read so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// The bytes of a field of this row.
    pub(crate) fn field(&self, at: usize) -> &[u8] {
        self.record.get(at).unwrap_or_default()
    }

    /// A field of this row as text, trimmed.
    pub(crate) fn text(&self, at: usize) -> Cow<'_, str> {
        self.decoder.text(self.field(at))
    }

    fn check_bytes(&mut self) {
        let bytes = self.record.as_slice();
        if bytes.contains(&0) {
            self.complain_row(&encodings::NUL, "");
            return;
        }
        if bytes.is_ascii() {
            return;
        }
        for at in 0..self.record.len() {
            let field = self.record.get(at).unwrap_or_default();
            if let Some(kind) = self.decoder.check(field) {
                self.complain(kind, at);
            }
        }
    }

    /// Counts a bad value in column `at` of this row.
    pub(crate) fn complain(&mut self, kind: &'static Kind, at: usize) {
        let column = self.headers.get(at).map_or_else(|| format!("number {}", at + 1), |name| name.trim().to_owned());
        if !self.complaints.again(kind, &column) {
            let (text, place) = (self.text(at).into_owned(), self.place(Some(at)));
            self.complaints.first(kind, &column, &text, place);
        }
    }

    /// Counts this row as bad.
    pub(crate) fn complain_row(&mut self, kind: &'static Kind, text: &str) {
        if !self.complaints.again(kind, "") {
            let place = self.place(None);
            self.complaints.first(kind, "", text, place);
        }
    }

    /// Line of this row; with a column, its place in the line and the line itself.
    fn place(&self, at: Option<usize>) -> Place {
        let line = line_at(&self.input, self.byte());
        let (Some(at), true) = (at, self.show_rows) else { return Place { line, ..Place::default() } };
        let fields: Vec<_> = (0..self.record.len()).map(|at| self.text(at)).collect();
        places::excerpt(line, &fields, at)
    }

    /// Adds a remark for the record.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Ends the reading: the record of the file, or everything that is wrong with it.
    ///
    /// # Errors
    /// When there were complaints, no rows, an open quote at the end, or the file changed.
    pub(crate) fn finish(mut self, mut problems: Problems) -> Result<InputRecord> {
        let shown = self.input.shown.clone();
        if self.rows == 0 && problems.is_empty() {
            let what = format!("`{shown}` has a header but no rows");
            problems.push(Problem::new(what).file(&shown).line(1).hint("is the file complete?"));
        }
        if ends_inside_quote(&tail(&self.input, self.last)) {
            let what = format!("`{shown}` ends inside a quoted field");
            let line = line_at(&self.input, self.last);
            let hint = "close the quote; is the file cut off?";
            problems.push(Problem::new(what).file(&shown).line(line).hint(hint));
        }
        problems.0.extend(self.complaints.problems());
        self.notes.extend(self.decoder.note());
        let guard = self.reader.into_inner();
        let read = Digested { bytes: guard.bytes, sha256: files::hex(&guard.hash.finalize()) };
        if !problems.is_empty() {
            return Err(problems);
        }
        self.input.record(self.length, read, self.rows, self.notes)
    }
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read(&mut buffer[done..])? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}
