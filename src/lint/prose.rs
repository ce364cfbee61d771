//! Numbers of running text, captions of figures among it, against the tables. An estimate with its
//! interval must stand in one row of them; any other number somewhere among the rows of the outcome
//! that the sentence is about. Knows the Markdown that this program writes; must not know any study.

use super::context::{Context, Pool};
use super::numbers::{Printed, inside, printed, symmetric};
use super::{Finding, character, error, shares};

const FILE: &str = "report.md";
const SAME: &str = "the text and the tables must give the same numbers";
/// What stands between an estimate and its confidence interval.
const CONFIDENCE: &str = "95% CI ";
/// Whole numbers below this are words of the text: one of two, 0 of them.
const FEW: f64 = 10.0;

/// Every line that is no table.
pub(super) fn check(lines: &[&str], context: &mut Context, found: &mut Vec<Finding>) {
    let mut code = false;
    let mut note = false;
    let mut prose: Vec<(usize, bool, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        code ^= line.starts_with("```");
        let apart = ["|", "#", "[Values of ", "```", "**Table ", "**Figure "];
        if !code && !apart.iter().any(|start| line.starts_with(start)) {
            prose.push((at + 1, note, masked(line, context)));
        }
        let begins = line.starts_with("**Table ") || line.starts_with("**Figure ");
        note = begins || (note && !line.starts_with(['[', '#']));
    }
    context.anchored = prose.iter().flat_map(|(_, _, text)| shares::anchors(text, context)).collect();
    for (number, note, text) in &prose {
        shares::check(*number, text, found);
        // A note is about all outcomes of its exhibit, whichever it names.
        let subjects = if *note { Vec::new() } else { subjects(text, context) };
        Line { number: *number, text, context, subjects }.check(found);
    }
}

/// The line with what no number is read from blanked out: code, addresses, labels, what is allowed.
fn masked(line: &str, context: &Context) -> String {
    let mut text = line.to_string();
    for passage in context.allow.iter().filter(|passage| !passage.is_empty()) {
        text = text.replace(passage.as_str(), &" ".repeat(passage.len()));
    }
    for (open, close) in [("](", ")"), ("`", "`")] {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| at + from) {
            let inner = start + open.len();
            let Some(end) = text[inner..].find(close).map(|at| at + inner) else { break };
            text.replace_range(inner..end, &" ".repeat(end - inner));
            from = end + close.len();
        }
    }
    for label in &context.labels {
        while let Some(at) = text.find(label.as_str()) {
            text.replace_range(at..at + label.len(), &" ".repeat(label.len()));
        }
    }
    text
}

/// Where outcomes are named: place and outcome, in order of place.
fn subjects(text: &str, context: &Context) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let lower = text.to_ascii_lowercase();
    for (outcome, named) in context.outcomes.iter().enumerate() {
        let [label, short] = &named.names;
        let places = lower.match_indices(&label.to_ascii_lowercase()).map(|(at, _)| at).collect::<Vec<usize>>();
        // A short label may be a common word where it is not written as a name.
        let names = text.match_indices(short.as_str()).map(|(at, _)| at);
        let whole = |at: &usize| !text[..*at].ends_with(char::is_alphanumeric);
        found.extend(places.into_iter().chain(names).filter(whole).map(|at| (at, outcome)));
    }
    found.sort_unstable();
    found
}

struct Line<'a> {
    number: usize,
    text: &'a str,
    context: &'a Context<'a>,
    subjects: Vec<(usize, usize)>,
}

impl Line<'_> {
    fn check(&self, found: &mut Vec<Finding>) {
        let is_level = |n: &Printed| self.text[n.at.0..].starts_with(CONFIDENCE);
        let numbers: Vec<Printed> = printed(self.text).into_iter().filter(|n| !is_level(n)).collect();
        let mut done = vec![false; numbers.len()];
        for at in 1..numbers.len() {
            let (low, high) = (numbers[at - 1], numbers[at]);
            if &self.text[low.at.1..high.at.0] != " to " || low.decimals != high.decimals {
                continue;
            }
            let confidence = self.text[..low.at.0].ends_with(CONFIDENCE);
            let middle = (0..at - 1).rev().find(|&middle| self.belongs(&numbers[middle], &low, confidence));
            // Without estimate or level it may be any range: each end is looked for.
            if middle.is_none() && !confidence {
                continue;
            }
            self.interval(middle.map(|at| numbers[at]), low, high, found);
            middle.into_iter().chain([at - 1, at]).for_each(|at| done[at] = true);
        }
        for (number, _) in numbers.iter().zip(done).filter(|(_, done)| !done) {
            self.single(number, &numbers, found);
        }
    }

    /// Whether a number is the estimate of the interval that begins with `low`: beside it, or in the same
    /// clause with as many decimals and no unit.
    fn belongs(&self, middle: &Printed, low: &Printed, confidence: bool) -> bool {
        let between = &self.text[middle.at.1..low.at.0];
        let clause = || ![";", ": ", ". ", ")"].iter().any(|end| between.contains(end));
        let unit = || self.text[..middle.at.0].ends_with("per ");
        middle.decimals == low.decimals && ([" (", "% ("].contains(&between) || (confidence && clause() && !unit()))
    }

    /// Rows that speak of what stands at a place.
    fn pools(&self, at: usize) -> Vec<&Pool> {
        let subject = self.subjects.iter().rev().find(|(place, _)| *place < at);
        match subject.and_then(|(_, outcome)| self.context.outcomes.get(*outcome)) {
            Some(named) => vec![&named.pool, &self.context.rest],
            None => vec![&self.context.all],
        }
    }

    fn interval(&self, middle: Option<Printed>, low: Printed, high: Printed, found: &mut Vec<Finding>) {
        let confidence = self.text[..low.at.0].ends_with(CONFIDENCE);
        let place = || character(self.number, self.text, middle.unwrap_or(low).at.0);
        if let Some(middle) = middle {
            let stated = format!("{} with an interval of {} to {}", middle.value, low.value, high.value);
            // Words may say the sign: 0.29 percentage points lower.
            let turned = Printed { value: -middle.value, ..middle };
            let either = |holds: &dyn Fn(Printed) -> bool| holds(middle) || (!middle.signed && holds(turned));
            if !either(&|middle| inside(low, middle, high)) {
                error(found, FILE, place(), format!("{stated}: the estimate lies outside"), SAME);
                return;
            }
            if confidence && !either(&|middle| symmetric(low, middle, high)) {
                error(found, FILE, place(), format!("{stated}: not in its middle on any scale"), SAME);
                return;
            }
        }
        let together: Vec<Printed> = middle.into_iter().chain([low, high]).collect();
        if !self.pools(low.at.0).iter().any(|pool| pool.tells_together(&together)) {
            let shown: Vec<&str> = together.iter().map(|n| &self.text[n.at.0..n.at.1]).collect();
            let what = format!("{} stand in no row of the tables together", shown.join(", "));
            error(found, FILE, place(), what, SAME);
        }
    }

    fn single(&self, number: &Printed, all: &[Printed], found: &mut Vec<Finding>) {
        let year = number.decimals == 0 && (1900.0..2100.0).contains(&number.value);
        let cited = year && self.text[..number.at.0].ends_with('(') && self.text[number.at.1..].starts_with(')');
        let few = cited || number.decimals == 0 && number.value.abs() < FEW;
        let known = || self.pools(number.at.0).iter().any(|pool| pool.tells(number));
        let anchored = || self.context.anchored.contains(&number.value.to_bits());
        if few
            || self.context.states(number)
            || anchored()
            || known()
            || shares::is_share(self.text, number, all, self.context)
        {
            return;
        }
        let what = format!("{} stands in no table", &self.text[number.at.0..number.at.1]);
        error(found, FILE, character(self.number, self.text, number.at.0), what, SAME);
    }
}
