//! Opening and reading input files: encodings, columns by name, codes, types, ranges and hashes.
//!
//! Survey codes come out as plain columns, administrative files as polars frames; nothing is joined
//! and no row disappears without a note in the file's record. Entry: [`read`].

use std::path::Path;

use crate::config::{Config, Source};
use crate::error::{Problem, Problems, Result};

mod complaints;
mod contained;
mod csv_rows;
mod deprivation;
mod encodings;
mod fields;
mod frames;
mod hashes;
mod header;
mod list_sizes;
mod marker;
mod matching;
mod open;
mod places;
mod power;
mod practices;
mod survey;
mod tables;
mod types;
mod workforce;

pub use contained::{contained, unchanged};
pub use deprivation::read_deprivation;
pub(crate) use fields::number_of;
pub use hashes::hashes;
pub use list_sizes::read_list_sizes;
pub use marker::MARKER;
pub use power::{AGAIN, StoredPower, StoredRow, read_power, unfit};
pub use practices::read_practices;
pub use survey::{check_codes, check_waves, read_survey};
pub use tables::{SourceTable, TableColumn, Tables, read_tables};
pub use types::{ABSENT, Data, InputRecord, Item, Survey, Withheld};
pub use workforce::read_workforce;

/// Told of progress, from any thread: the stage, rows done, and the rows expected in all or 0.
pub type Progress<'a> = dyn Fn(&str, u64, u64) + Sync + 'a;

/// Reads every source that is not simulated in this process; the others stay empty. List sizes
/// belong to the practices' source.
///
/// # Errors
/// Everything that is wrong with any of the files.
pub fn read(config: &Config, root: &Path, progress: &Progress<'_>) -> Result<Data> {
    let (inputs, mut problems, mut data) = (&config.inputs, Problems::default(), Data::default());
    if inputs.survey.source != Source::Simulated {
        let survey = read_survey(config, root, progress);
        if let Some((survey, records)) = problems.keep(survey) {
            problems.keep(check_codes(config, &survey));
            same_bytes(&records, &mut problems);
            data.survey = survey;
            data.records.extend(records);
        }
    }
    let mut keep = |used: bool, read: Reader| {
        let table = if used { problems.keep(read(config, root, progress)) } else { None };
        let (table, records) = table.unwrap_or_default();
        data.records.extend(records);
        table
    };
    data.workforce = keep(inputs.workforce.source != Source::Simulated, read_workforce);
    data.practices = keep(inputs.practices.source != Source::Simulated, read_practices);
    let deprivation = inputs.deprivation.as_ref().is_none_or(|input| input.source != Source::Simulated);
    data.deprivation = keep(deprivation, read_deprivation);
    data.list_sizes = keep(inputs.practices.source != Source::Simulated, read_list_sizes);
    problems.or(data)
}

/// Two survey files with the same bytes: one is a copy, and its responses would count twice.
fn same_bytes(records: &[InputRecord], problems: &mut Problems) {
    for (at, record) in records.iter().enumerate() {
        if let Some(first) = records[..at].iter().find(|other| other.sha256 == record.sha256) {
            let what = format!("`{}` and `{}` hold the same bytes", first.path, record.path);
            let hint = "one of them is a copy: put the right file in its place";
            problems.push(Problem::new(what).file(&record.path).hint(hint));
        }
    }
}

type Reader = fn(&Config, &Path, &Progress<'_>) -> Result<(polars::prelude::DataFrame, Vec<InputRecord>)>;
