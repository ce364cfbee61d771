//! Numbers as a report prints them. Knows signs, thousands and decimals; must not know what they mean.

use crate::num;

/// A printed number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Printed {
    /// Its value.
    pub value: f64,
    /// Half a unit of its last digit.
    pub half: f64,
    /// Where it begins and ends in the text, in bytes.
    pub at: (usize, usize),
}

impl Printed {
    /// Whether `exact`, as it is or as a percentage, is printed like this.
    pub(super) fn prints(&self, exact: f64) -> bool {
        let near = |x: f64| (x - self.value).abs() <= self.half * (1.0 + 1e-6) + 1e-12 * x.abs();
        near(exact) || near(exact * 100.0) || (self.value == 0.0 && near(exact.abs()))
    }
}

/// Every number of a text. Whole numbers that end in three zeros may be rounded to thousands.
pub(super) fn printed(text: &str) -> Vec<Printed> {
    let mut found = Vec::new();
    let mut rest = 0;
    let bytes = text.as_bytes();
    while let Some(start) =
        text.get(rest..).and_then(|tail| tail.find(|c: char| c.is_ascii_digit())).map(|at| at + rest)
    {
        let mut end = start;
        while end < bytes.len() && (bytes[end].is_ascii_digit() || joins(bytes, end)) {
            end += 1;
        }
        rest = end;
        let word = text.get(start..end).unwrap_or_default().replace(',', "");
        let negative = text.get(..start).is_some_and(|before| {
            before.ends_with('−')
                || (before.ends_with('-') && !before.trim_end_matches('-').ends_with(char::is_alphanumeric))
        });
        let letter = text.get(..start).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphabetic);
        let Ok(value) = word.parse::<f64>() else { continue };
        if letter {
            continue;
        }
        let decimals = word.split_once('.').map_or(0, |(_, part)| part.len()).min(18);
        let whole = decimals == 0 && word.len() > 3 && word.ends_with("000");
        let unit = if whole { 1000.0 } else { (0..decimals).fold(1.0, |unit, _| unit / 10.0) };
        found.push(Printed { value: if negative { -value } else { value }, half: unit / 2.0, at: (start, end) });
    }
    found
}

/// A point or comma between digits.
fn joins(bytes: &[u8], at: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    match bytes[at] {
        b'.' => digit(at + 1),
        b',' => digit(at + 1) && digit(at + 2) && digit(at + 3),
        _ => false,
    }
}

/// Whether an estimate may stand in the middle of its interval on the natural, the log or the logit
/// scale, each number known to its half unit.
pub(super) fn symmetric(low: Printed, middle: Printed, high: Printed) -> bool {
    let same = |scale: &dyn Fn(f64) -> Option<f64>| {
        let ends = |n: Printed| Some((scale(n.value - n.half)?, scale(n.value + n.half)?));
        let (Some(l), Some(m), Some(h)) = (ends(low), ends(middle), ends(high)) else { return false };
        let slack = 1e-6 * (h.1 - l.0).abs();
        2.0 * m.0 <= l.1 + h.1 + slack && 2.0 * m.1 >= l.0 + h.0 - slack
    };
    let part = |x: f64, whole: f64| (x > 0.0 && x < whole).then(|| num::ln(x / (whole - x)));
    same(&Some) || same(&|x| (x > 0.0).then(|| num::ln(x))) || same(&|x| part(x, 1.0)) || same(&|x| part(x, 100.0))
}
