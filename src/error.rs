//! Problems: what went wrong, where, what was expected and what to do.
//!
//! A leaf that any room may use. It knows no file format and prints nothing; rooms collect
//! [`Problem`]s so that `check` can list all of them at once.

use std::fmt;

/// One thing that is wrong with the inputs, in words a user can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong: got and expected, lower case, no final stop.
    pub what: String,
    /// File the problem is in, as the user wrote the path.
    pub file: Option<String>,
    /// Line in that file, from 1.
    pub line: Option<u64>,
    /// Column in that line, from 1, in characters.
    pub column: Option<u64>,
    /// The source line itself with a marker below it, ready to print; empty when there is none.
    pub excerpt: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem with no place yet.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), file: None, line: None, column: None, excerpt: String::new(), hint: None }
    }

    /// Names the file the problem is in.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Names the line, from 1.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Names the column, from 1.
    #[must_use]
    pub fn column(mut self, column: u64) -> Self {
        self.column = Some(column);
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a hint naming the nearest of `known` and, when there are few, all of them.
    #[must_use]
    pub fn nearest<S: AsRef<str>>(self, got: &str, known: &[S]) -> Self {
        let listed = known.iter().take(40).map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ");
        let more = if known.len() > 40 { format!(" and {} more", known.len() - 40) } else { String::new() };
        match nearest(got, known) {
            Some(name) => self.hint(format!("did you mean `{name}`? present: {listed}{more}")),
            None => self.hint(format!("present: {listed}{more}")),
        }
    }
}

/// Most characters of one part of a message.
const LONGEST: usize = 2000;
/// Most problems printed; the others are counted.
const PRINTED: usize = 100;

/// Text from files and configs on its way to a terminal: control characters, which could move the
/// cursor or change colours there, are shown as what they are, and no text fills the screen.
fn tame(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    for (at, letter) in text.chars().enumerate() {
        if at == LONGEST {
            out.push_str("...");
            break;
        }
        match letter {
            '\n' | '\t' => out.push(letter),
            control if control.is_control() => out.extend(control.escape_default()),
            // Turn the direction of what follows, or are not to be seen at all.
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
                out.extend(letter.escape_unicode());
            }
            _ => out.push(letter),
        }
    }
    out
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", tame(&self.what))?;
        if let Some(file) = &self.file {
            write!(f, "\n  --> {}", tame(file))?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
                if let Some(column) = self.column {
                    write!(f, ":{column}")?;
                }
            }
        }
        if !self.excerpt.is_empty() {
            write!(f, "\n{}", tame(self.excerpt.trim_end()))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", tame(hint))?;
        }
        Ok(())
    }
}

/// One or more problems; never empty when returned as an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Keeps the value of `result`, or takes its problems over and gives `None`.
    pub fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problems) => {
                self.0.extend(problems.0);
                None
            }
        }
    }

    /// `Ok(value)` when nothing was collected.
    ///
    /// # Errors
    /// The collected problems.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// True when nothing was collected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().take(PRINTED).enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        match self.0.len().saturating_sub(PRINTED) {
            0 => Ok(()),
            more => write!(f, "\nerror: {more} more problems"),
        }
    }
}

impl std::error::Error for Problems {}

/// Result of anything that a user's input can make fail.
pub type Result<T> = std::result::Result<T, Problems>;

/// The name in `known` that is closest to `got`, if any is close enough to be a likely slip.
pub fn nearest<'a, S: AsRef<str>>(got: &str, known: &'a [S]) -> Option<&'a str> {
    let simple = |text: &str| text.to_lowercase().replace([' ', '-', '.'], "_");
    let wanted = simple(got);
    known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted, &simple(name.as_ref())), name.as_ref()))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_forgives_case_and_small_slips_only() {
        let known = ["Practice Code", "PCN Code", "FTE"];
        assert_eq!(nearest("practice_cod", &known), Some("Practice Code"));
        assert_eq!(nearest("fte", &known), Some("FTE"));
        assert_eq!(nearest("deprivation", &known), None);
    }

    #[test]
    fn text_from_elsewhere_cannot_steer_a_terminal_or_fill_it() {
        let told = Problem::new("bad \u{1b}[31m`\u{202e}x`").file("a\r.csv").to_string();
        assert_eq!(told, "error: bad \\u{1b}[31m`\\u{202e}x`\n  --> a\\r.csv");
        assert!(Problem::new("x".repeat(1 << 20)).to_string().len() < 2100);
        let many = Problems(vec![Problem::new("x"); 1000]).to_string();
        assert!(many.lines().count() == 101 && many.ends_with("error: 900 more problems"));
    }

    #[test]
    fn a_problem_reads_what_where_hint() {
        let problem = Problem::new("no column `Q5`").file("a.csv").line(1).nearest("Q5", &["Q4"]);
        assert_eq!(
            problem.to_string(),
            "error: no column `Q5`\n  --> a.csv:1\n  hint: did you mean `Q4`? present: `Q4`"
        );
    }
}
