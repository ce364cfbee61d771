//! Numbers as a report prints them. Knows signs, thousands and decimals; must not know what they mean.

use crate::num;

/// A printed number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Printed {
    /// Its value.
    pub(super) value: f64,
    /// Half a unit of its last digit.
    pub(super) half: f64,
    /// Digits after the point.
    pub(super) decimals: usize,
    /// Whether it has a sign.
    pub(super) signed: bool,
    /// Whether it stands for anything below it: `<0.001`.
    pub(super) below: bool,
    /// Where it begins (with its sign) and ends in the text, in bytes.
    pub(super) at: (usize, usize),
}

impl Printed {
    /// Whether `exact`, as it is or as a percentage, is printed like this.
    pub(super) fn prints(&self, exact: f64) -> bool {
        if self.below {
            return exact >= 0.0 && exact < self.value;
        }
        let near = |x: f64| (x - self.value).abs() <= self.half * (1.0 + 1e-6) + 1e-12 * x.abs();
        // A few people more or fewer, in thousands; counts of people are whole.
        let nearly_none = self.value == 0.0 && self.half == 0.5 && exact.abs() <= 500.0 && exact.fract() != 0.0;
        near(exact) || near(exact * 100.0) || (self.value == 0.0 && near(exact.abs())) || nearly_none
    }

    /// The same, where text may say the sign in words.
    pub(super) fn tells(&self, exact: f64) -> bool {
        self.prints(exact) || (!self.signed && self.prints(-exact))
    }
}

/// Every number of a text, millions counted out. Whole numbers that end in three zeros may be rounded to thousands. Digits
/// within words (`A28`, `2nd`) are none.
pub(super) fn printed(text: &str) -> Vec<Printed> {
    let mut found = Vec::new();
    let mut rest = 0;
    let bytes = text.as_bytes();
    while let Some(start) = text.get(rest..).and_then(|tail| tail.find(|c: char| c.is_ascii_digit())) {
        let start = start + rest;
        let mut end = start;
        while end < bytes.len() && (bytes[end].is_ascii_digit() || joins(bytes, end)) {
            end += 1;
        }
        rest = end;
        let (before, after) = (&text[..start], &text[end..]);
        if before.ends_with(in_word) || after.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            continue;
        }
        let word = text[start..end].replace(',', "");
        let Ok(mut value) = word.parse::<f64>() else { continue };
        let sign = before.chars().next_back().filter(|c| is_sign(*c, before));
        let decimals = word.split_once('.').map_or(0, |(_, part)| part.len()).min(18);
        let whole = decimals == 0 && word.len() > 3 && word.ends_with("000");
        let unit = if whole { 1000.0 } else { (0..decimals).fold(1.0, |unit, _| unit / 10.0) };
        if sign.is_some_and(|sign| sign != '+') {
            value = -value;
        }
        let scale = if after.starts_with(" million") { 1e6 } else { 1.0 };
        let (value, unit) = (value * scale, unit * scale);
        let below = before.ends_with('<') || before.ends_with("&lt;") || before.ends_with("< ");
        let begin = start - sign.map_or(0, char::len_utf8);
        found.push(Printed { value, half: unit / 2.0, decimals, signed: sign.is_some(), below, at: (begin, end) });
    }
    found
}

fn in_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether the last character before a number is its sign, not a dash between words or numbers.
fn is_sign(c: char, before: &str) -> bool {
    let inner = || before[..before.len() - c.len_utf8()].ends_with(char::is_alphanumeric);
    c == '\u{2212}' || (matches!(c, '-' | '+') && !inner())
}

/// A point or comma between digits.
fn joins(bytes: &[u8], at: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    match bytes[at] {
        b'.' => digit(at + 1),
        b',' => digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4),
        _ => false,
    }
}

/// Whether an estimate may stand in the middle of its interval on the natural, the log or the logit
/// scale (of shares and percentages), each number known to its half unit.
pub(super) fn symmetric(low: Printed, middle: Printed, high: Printed) -> bool {
    let same = |scale: &dyn Fn(f64) -> Option<f64>| {
        let ends = |n: Printed| Some((scale(n.value - n.half)?, scale(n.value + n.half)?));
        let (Some(l), Some(m), Some(h)) = (ends(low), ends(middle), ends(high)) else { return false };
        let slack = 1e-6 * (h.1 - l.0).abs();
        2.0 * m.0 <= l.1 + h.1 + slack && 2.0 * m.1 >= l.0 + h.0 - slack
    };
    // All or none of a number of trials: the interval has one side.
    let edge = [0.0, 1.0, 100.0].contains(&middle.value) && [low.value, high.value].contains(&middle.value);
    let part = |x: f64, whole: f64| (x > 0.0 && x < whole).then(|| num::ln(x / (whole - x)));
    edge || same(&Some)
        || same(&|x| (x > 0.0).then(|| num::ln(x)))
        || same(&|x| part(x, 1.0))
        || same(&|x| part(x, 100.0))
}

/// Whether an estimate may lie in its interval, each number known to its half unit.
pub(super) fn inside(low: Printed, middle: Printed, high: Printed) -> bool {
    low.value - low.half <= middle.value + middle.half + 1e-12
        && middle.value - middle.half <= high.value + high.half + 1e-12
}

/// A number read back from a CSV: exact where it has many digits, else known to its last one.
pub(super) fn exact(text: &str, value: f64) -> Printed {
    let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
    let half = if text.len() > 9 || text.contains('e') { 0.0 } else { (0..decimals).fold(0.5, |unit, _| unit / 10.0) };
    Printed { value, half, decimals, signed: true, below: false, at: (0, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_printed() {
        let values = |text: &str| printed(text).iter().map(|n| n.value).collect::<Vec<f64>>();
        assert_eq!(values("−0.36 to 0.07, +1,234.5 (A28, 2nd, 16-24)"), [-0.36, 0.07, 1234.5, 16.0, 24.0]);
        assert_eq!(values("(-0.634 to -0.066)"), [-0.634, -0.066]);
        assert!(printed("<0.001")[0].prints(1e-7) && !printed("<0.001")[0].prints(0.001));
        assert!(printed("−41,000")[0].prints(-41_407.7) && !printed("−41,000")[0].prints(-42_407.7));
        assert!(printed("85.9%")[0].prints(0.8592));
        // A few people in thousands are none; a count is what it is, and so is a number of decimals.
        let none = printed("0")[0];
        assert!(none.prints(81.2) && !none.prints(81.0) && !none.prints(501.5) && !printed("0.00")[0].prints(81.2));
    }

    #[test]
    fn all_or_none_of_a_number_of_trials_has_one_side() {
        let of = |values: [f64; 3]| {
            let [low, middle, high] = values.map(|x| exact(&format!("{x:.12}"), x));
            symmetric(low, middle, high)
        };
        assert!(of([98.115, 100.0, 100.0]) && of([0.0, 0.0, 0.018]));
        assert!(!of([98.115, 99.9, 100.0]) && !of([98.115, 98.115, 99.9]));
    }

    #[test]
    fn intervals_are_symmetric_on_some_scale() {
        let of = |text: &str| match printed(text)[..] {
            [middle, low, high] => (inside(low, middle, high), symmetric(low, middle, high)),
            _ => (false, false),
        };
        assert_eq!(of("1.006 (1.001 to 1.010)"), (true, true));
        assert_eq!(of("0.035 (-0.634 to -0.066)"), (false, false));
        assert_eq!(of("2.00 (1.00 to 4.00)"), (true, true));
        assert_eq!(of("2.00 (1.00 to 7.00)"), (true, false));
    }
}
