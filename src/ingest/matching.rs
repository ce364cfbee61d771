//! Rows chosen by the values of columns, and the values that were asked for but never met.
//! Knows no file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::csv_rows::CsvRows;
use super::header;
use crate::error::{Problem, Problems, Result};

/// Most different values remembered for messages.
const REMEMBERED: usize = 2000;

#[derive(Debug)]
struct Filter {
    header: String,
    accepted: Vec<(String, u64)>,
    others: BTreeMap<String, u64>,
}

/// Columns with their accepted values; a row matches when every column holds one of its own.
#[derive(Debug)]
pub(crate) struct Matching(Vec<Filter>);

impl Matching {
    /// From the config's headers and accepted values.
    pub(crate) fn new(filters: &[(String, Vec<String>)]) -> Self {
        let accepted = |values: &[String]| values.iter().map(|value| (value.trim().to_owned(), 0)).collect();
        let filter = |(header, values): &(String, Vec<String>)| Filter {
            header: header.clone(),
            accepted: accepted(values),
            others: BTreeMap::new(),
        };
        Self(filters.iter().map(filter).collect())
    }

    /// Positions of its columns in a file, in order.
    pub(crate) fn columns(&self, rows: &CsvRows, problems: &mut Problems) -> Vec<usize> {
        self.columns_by(&|name| header::position(rows.shown(), rows.headers(), name), problems)
    }

    /// Positions of its columns, however a format finds them.
    pub(crate) fn columns_by(&self, position: &dyn Fn(&str) -> Result<usize>, problems: &mut Problems) -> Vec<usize> {
        self.0.iter().filter_map(|filter| problems.keep(position(&filter.header))).collect()
    }

    /// Whether the current row matches; `columns` as [`Matching::columns`] gave them.
    pub(crate) fn matches(&mut self, rows: &CsvRows, columns: &[usize]) -> bool {
        self.matches_by(|column| rows.text(column), columns)
    }

    /// Whether the row whose texts `text` gives matches.
    pub(crate) fn matches_by<'a>(&mut self, text: impl Fn(usize) -> Cow<'a, str>, columns: &[usize]) -> bool {
        let mut all = true;
        for (filter, column) in self.0.iter_mut().zip(columns) {
            let value = text(*column);
            match filter.accepted.iter_mut().find(|(accepted, _)| *accepted == value) {
                Some((_, hits)) => *hits += 1,
                None => {
                    all = false;
                    if let Some(count) = filter.others.get_mut(value.as_ref()) {
                        *count += 1;
                    } else if filter.others.len() < REMEMBERED {
                        filter.others.insert(value.into_owned(), 1);
                    }
                }
            }
        }
        all
    }

    /// A problem for each accepted value that no row had; `place` names the file or files.
    pub(crate) fn never_met(&self, place: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for filter in &self.0 {
            let met = filter.accepted.iter().filter(|(_, hits)| *hits > 0).map(|(value, hits)| (value, *hits));
            let mut present: Vec<_> = met.chain(filter.others.iter().map(|(value, count)| (value, *count))).collect();
            // The commonest first: the list in the message is cut.
            present.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let present: Vec<&str> = present.iter().map(|(value, _)| value.as_str()).collect();
            for (value, _) in filter.accepted.iter().filter(|(_, hits)| *hits == 0) {
                let what = format!("value `{value}` never occurs in column `{}` of {place}", filter.header);
                problems.push(Problem::new(what).nearest(value, &present));
            }
        }
        problems
    }
}
