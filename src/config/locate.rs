//! Where a key stands in the config's text. The YAML library tells places only for its own
//! errors; meanings are checked later, so keys are found again here by their indentation.

use crate::error::Problem;
use ariadne::{Config, Label, Report, ReportKind, Source as Lines};

/// The config's text and the name it is shown under.
pub(super) struct Source<'a> {
    shown: &'a str,
    text: &'a str,
}

impl<'a> Source<'a> {
    pub(super) fn new(shown: &'a str, text: &'a str) -> Self {
        Self { shown, text }
    }

    pub(super) fn shown(&self) -> &str {
        self.shown
    }

    /// Puts a problem at a line and column (from 1) with the line shown below it.
    pub(super) fn place(&self, problem: Problem, line: usize, column: usize) -> Problem {
        let mut problem = problem.file(self.shown).line(line as u64).column(column as u64);
        problem.excerpt = self.excerpt(line, column).unwrap_or_default();
        problem
    }

    /// Puts a problem at the key with this dotted path, or at the nearest parent on a line of its own.
    pub(super) fn at(&self, path: &str, problem: Problem) -> Problem {
        match self.find(path) {
            Some((line, column)) => self.place(problem, line, column),
            None => problem.file(self.shown),
        }
    }

    /// Line and column (from 1) of the deepest part of a dotted path that has a line of its own.
    /// `#2` is the third item of a list.
    fn find(&self, path: &str) -> Option<(usize, usize)> {
        let wanted: Vec<&str> = path.split('.').collect();
        let (mut depth, mut items, mut found) = (0, 0, None);
        // Indentation of the part found last, and of what stands below it once that is known.
        let (mut parent, mut below): (Option<usize>, Option<usize>) = (None, Some(0));
        let mut in_item = false;
        for (at, line) in self.text.lines().enumerate() {
            let body = line.trim_start();
            let indent = line.len() - body.len();
            if body.is_empty() || body.starts_with('#') {
                continue;
            }
            // The items of a list may stand as far left as its key.
            let item = body.starts_with('-') && !in_item;
            if parent.is_some_and(|parent| indent < parent || (indent == parent && !item)) {
                return found;
            }
            if *below.get_or_insert(indent) != indent {
                continue;
            }
            let mut column = indent;
            if let Some(number) = wanted[depth].strip_prefix('#') {
                items += usize::from(body.starts_with('-'));
                if !body.starts_with('-') || number.parse() != Ok(items - 1) {
                    continue;
                }
                let content = body[1..].trim_start();
                column = line.len() - content.len();
                (parent, below, in_item) = (Some(indent), Some(column), true);
                // The item's first key stands on the line of its dash.
                if wanted.get(depth + 1).is_some_and(|key| key_of(content) == Some(key)) {
                    depth += 1;
                    (parent, below, in_item) = (Some(column), None, false);
                }
            } else if key_of(body) == Some(wanted[depth]) {
                (parent, below, in_item) = (Some(indent), None, false);
            } else {
                continue;
            }
            found = Some((at + 1, column + 1));
            (depth, items) = (depth + 1, 0);
            if depth == wanted.len() {
                return found;
            }
        }
        found
    }

    /// The line with a marker under the place, as text without colour.
    fn excerpt(&self, line: usize, column: usize) -> Option<String> {
        let row = self.text.lines().nth(line.checked_sub(1)?)?;
        if row.chars().count() > 400 {
            return None;
        }
        let length = row.chars().count();
        let start = column.saturating_sub(1).min(length.saturating_sub(1));
        let end = row[..]
            .char_indices()
            .skip(start)
            .find(|(_, c)| c.is_whitespace() || *c == ':')
            .map_or(row.len(), |(at, _)| at);
        let end = row[..end].chars().count().max(start + 1);
        let mut out = Vec::new();
        // Only the row is handed over, so that a long config costs nothing.
        Report::build(ReportKind::Error, start..end)
            .with_config(Config::default().with_color(false))
            .with_label(Label::new(start..end).with_message("here"))
            .finish()
            .write(Lines::from(row), &mut out)
            .ok()?;
        let text = String::from_utf8(out).ok()?;
        let kept = text.lines().filter(|l| l.contains('│') && l.trim() != "│").map(str::trim_end);
        // The library numbers the one row it was given 1: its real number goes there.
        let number = line.to_string();
        let pad = " ".repeat(number.len());
        let lines = kept.map(|l| {
            l.strip_prefix(" 1 ")
                .map_or_else(|| l.replacen("   ", &format!("{pad} "), 1), |rest| format!("{number} {rest}"))
        });
        Some(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// The key that a line opens, without quotes.
fn key_of(body: &str) -> Option<&str> {
    let body = body.strip_prefix("- ").unwrap_or(body);
    let body = body.strip_prefix("{ ").unwrap_or(body);
    let (key, _) = body.split_once(':')?;
    Some(key.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: 1\nmodels:\n  # variants: no\n  main:\n    x: { y: 1 }\n  variants:\n  - { id: one, x: 2 }\n\n  - id: two\n    x: 3\nx: 4\n";

    #[test]
    fn keys_and_items_are_found_where_they_stand() {
        let source = Source::new("c", TEXT);
        for (path, place) in [
            ("a", Some((1, 1))),
            ("x", Some((11, 1))),
            ("models.main.x", Some((5, 5))),
            ("models.main.x.y", Some((5, 5))),
            ("models.main.z", Some((4, 3))),
            ("models.variants.#0", Some((7, 5))),
            ("models.variants.#0.x", Some((7, 5))),
            ("models.variants.#1", Some((9, 5))),
            ("models.variants.#1.id", Some((9, 5))),
            ("models.variants.#1.x", Some((10, 5))),
            ("models.variants.#2", Some((6, 3))),
            ("nothing", None),
        ] {
            assert_eq!(source.find(path), place, "{path}");
        }
    }
}
