//! Small words: phrases, numbers spelled out, signs, values that are not released.

use crate::disclosure::{Reason, Released};
use crate::format;

/// Text of a value, or why there is none.
pub(super) fn shown<T>(value: &Released<T>, text: impl FnOnce(&T) -> String) -> String {
    match (value.shown(), value.hidden()) {
        (Some(value), _) => text(value),
        (None, Some(Reason::NotEstimated(_))) => "not estimated".into(),
        (None, _) => "not released".into(),
    }
}

/// A released count.
pub(super) fn count(value: &Released<u64>) -> String {
    shown(value, |n| format::count(*n))
}

/// `part` of `whole` as a percentage with one digit and its sign; not released unless both are.
pub(super) fn share(part: &Released<u64>, whole: &Released<u64>) -> String {
    match (part.shown(), whole.shown()) {
        (Some(part), Some(whole)) => share_of(*part, *whole),
        _ => "not released".into(),
    }
}

/// `part` of `whole` as a percentage with one digit and its sign.
pub(super) fn share_of(part: u64, whole: u64) -> String {
    if whole == 0 { "–".into() } else { format!("{}%", format::percent(part as f64 / whole as f64, 1)) }
}

/// `x` with `digits` decimals and its sign, plus or minus; no sign for what prints as zero.
pub(super) fn signed(x: f64, digits: usize) -> String {
    let text = format::fixed(x, digits);
    let positive = x > 0.0 && text.chars().any(|c| ('1'..='9').contains(&c));
    if positive { format!("+{text}") } else { text }
}

/// `a, b and c`.
pub(super) fn phrase<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().into(),
        [first @ .., last] => {
            let first = first.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
            format!("{first} and {}", last.as_ref())
        }
    }
}

/// Small numbers as words, others as digits.
pub(super) fn spelled(n: usize) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| format::count(n as u64), |word| (*word).to_string())
}

/// The first letter lowered, unless the first word is an acronym.
pub(super) fn lowered(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.into(),
    }
}

/// `2020-12` as `December 2020`; other texts as they are.
pub(super) fn month(census: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let parts = census.split_once('-');
    let name = parts.and_then(|(year, month)| Some((year, MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?)));
    name.map_or_else(|| census.into(), |(year, name)| format!("{name} {year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words() {
        assert_eq!(phrase(&["a", "b", "c"]), "a, b and c");
        assert_eq!(phrase::<&str>(&[]), "");
        assert_eq!(signed(0.123, 2), "+0.12");
        assert_eq!(signed(0.001, 2), "0.00");
        assert_eq!(signed(-0.25, 2), "\u{2212}0.25");
        assert_eq!(
            (month("2020-12"), month("spring"), month("2020-00")),
            ("December 2020".into(), "spring".into(), "2020-00".into())
        );
        assert_eq!(lowered("Good experience"), "good experience");
        assert_eq!(lowered("GP experience"), "GP experience");
        assert_eq!((spelled(0), spelled(5), spelled(1200)), ("no".into(), "five".into(), "1,200".into()));
    }
}
