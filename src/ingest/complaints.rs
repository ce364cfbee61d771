//! Bad values of one file, counted by kind and column, so that a million bad rows make one message.
//!
//! Knows messages only; which value is bad is decided by the readers.

use crate::error::Problem;

/// What is wrong with a value.
#[derive(Debug)]
pub(crate) struct Kind {
    /// For one: `negative value`.
    pub(crate) one: &'static str,
    /// For several: `negative values`.
    pub(crate) many: &'static str,
    /// What to do; empty for nothing to add.
    pub(crate) hint: &'static str,
}

/// Where a bad value stands.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// Line of a text file, or row of a table without lines, from 1.
    pub(crate) line: u64,
    /// Column in that line, from 1, in characters; 0 when there is none.
    pub(crate) column: u64,
    /// The line with a marker below; empty for none.
    pub(crate) excerpt: String,
}

#[derive(Debug)]
struct Seen {
    kind: &'static Kind,
    column: String,
    count: u64,
    text: String,
    place: Place,
}

/// The bad values of one file.
#[derive(Debug)]
pub(crate) struct Complaints {
    file: String,
    unit: &'static str,
    list: Vec<Seen>,
}

impl Complaints {
    /// For `file`, whose rows are told by `unit`: `line` or `row`.
    pub(crate) fn new(file: &str, unit: &'static str) -> Self {
        Self { file: file.to_owned(), unit, list: Vec::new() }
    }

    /// Counts one more of a kind already seen in `column`; false when it is the first, which
    /// [`Complaints::first`] then takes with its place. `column` is empty when the whole row is bad.
    pub(crate) fn again(&mut self, kind: &'static Kind, column: &str) -> bool {
        let seen = self.list.iter_mut().find(|seen| seen.kind.one == kind.one && seen.column == column);
        seen.map(|seen| seen.count += 1).is_some()
    }

    /// Notes the first of a kind in `column`.
    pub(crate) fn first(&mut self, kind: &'static Kind, column: &str, text: &str, place: Place) {
        let (column, text) = (column.to_owned(), shortened(text));
        self.list.push(Seen { kind, column, count: 1, text, place });
    }

    /// One problem per kind and column, in the order of the first of each.
    pub(crate) fn problems(self) -> Vec<Problem> {
        let (file, unit) = (self.file, self.unit);
        self.list.into_iter().map(|seen| problem(&file, unit, seen)).collect()
    }
}

fn problem(file: &str, unit: &str, seen: Seen) -> Problem {
    let subject =
        if seen.column.is_empty() { format!("`{file}`") } else { format!("column `{}` in `{file}`", seen.column) };
    let kind = if seen.count == 1 { seen.kind.one } else { seen.kind.many };
    let at = if seen.count == 1 { "at" } else { "first at" };
    let text = if seen.text.is_empty() { String::new() } else { format!(": `{}`", seen.text) };
    let count = crate::format::count(seen.count);
    let what = format!("{subject} has {count} {kind} ({at} {unit} {}{text})", seen.place.line);
    let mut problem = Problem::new(what).file(file).line(seen.place.line);
    if seen.place.column > 0 {
        problem = problem.column(seen.place.column);
    }
    problem.excerpt = seen.place.excerpt;
    if seen.kind.hint.is_empty() { problem } else { problem.hint(seen.kind.hint) }
}

/// At most 60 characters of `text`, control characters escaped.
pub(crate) fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        out.push('…');
    }
    out.replace("\\'", "'").replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEGATIVE: Kind = Kind { one: "negative value", many: "negative values", hint: "" };

    #[test]
    fn counts_by_kind_and_column_and_keeps_the_first() {
        let mut complaints = Complaints::new("workforce/2021-03.csv", "line");
        for line in [118, 200, 1300] {
            if !complaints.again(&NEGATIVE, "FTE") {
                complaints.first(&NEGATIVE, "FTE", "-1", Place { line, ..Place::default() });
            }
        }
        complaints.first(&NEGATIVE, "AGE", "-7", Place { line: 9, ..Place::default() });
        let words: Vec<_> = complaints.problems().into_iter().map(|problem| problem.what).collect();
        assert_eq!(
            words,
            [
                "column `FTE` in `workforce/2021-03.csv` has 3 negative values (first at line 118: `-1`)",
                "column `AGE` in `workforce/2021-03.csv` has 1 negative value (at line 9: `-7`)",
            ]
        );
    }

    #[test]
    fn long_texts_are_cut_and_escaped() {
        assert_eq!(shortened("a\nb"), "a\\nb");
        assert_eq!(shortened(&"x".repeat(100)).chars().count(), 61);
    }
}
