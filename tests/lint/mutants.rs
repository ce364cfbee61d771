//! One printed number changed at a time, over finished reports: the share that the linter catches, by kind.

use crate::numbers::{Kind, Number, of_csv, of_text};
use crate::reports::{Report, class_size, small};
use offprint::lint::{Files, check};
use rayon::prelude::*;

/// Where numbers are changed, and what is at hand to catch it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Where {
    /// The text, with the page as it was: an edit by hand.
    Edited,
    /// The text and the page alike: a misprint of a template or the program.
    Misprinted,
    /// A CSV.
    Csv(&'static str),
}

/// A change of one digit among the first four that count, or of any one in text; never of none.
fn slip(bytes: &[u8], number: &Number, turn: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let digits: Vec<usize> = (number.start..number.end).filter(|at| bytes[*at].is_ascii_digit()).collect();
    let first = digits.iter().position(|at| bytes[*at] != b'0').unwrap_or(0);
    let telling = &digits[first..digits.len().min(first + 4)];
    let at = telling[turn % telling.len()];
    changed[at] = b'0' + (bytes[at] - b'0' + 1 + (turn % 9) as u8) % 10;
    changed
}

/// How many changes were made and how many of them caught.
fn caught(report: &Report, place: Where, kind: Kind, tabled: bool, most: usize) -> (usize, usize) {
    let path = if let Where::Csv(path) = place { path } else { "report.md" };
    let Some(bytes) = report.files.get(path) else { return (0, 0) };
    let text = std::str::from_utf8(bytes).unwrap();
    let all = if let Where::Csv(_) = place { of_csv(text) } else { of_text(text) };
    let all: Vec<Number> = all.into_iter().filter(|number| number.kind == kind && number.tabled == tabled).collect();
    let step = all.len().div_ceil(most).max(1);
    let mut rest: Files = report.files.clone();
    rest.remove(path);
    if place == Where::Misprinted {
        rest.remove("report.html");
    }
    let chosen: Vec<(usize, &Number)> = all.iter().step_by(step).enumerate().collect();
    let seen = chosen.par_iter().filter(|(turn, number)| {
        let mut files = rest.clone();
        files.insert(path.into(), slip(bytes, number, *turn));
        !check(&files, &report.told).is_empty()
    });
    (chosen.len(), seen.count())
}

/// Floors in percent, for estimates, bounds and counts.
#[expect(clippy::print_stderr, reason = "the shares are a result of the test")]
fn measure(name: &str, report: &Report, most: usize, floors: &[(Where, bool, [usize; 3])]) {
    let mut low = Vec::new();
    for (place, tabled, floors) in floors {
        for (kind, floor) in [Kind::Estimate, Kind::Bound, Kind::Count].into_iter().zip(floors) {
            let (made, seen) = caught(report, *place, kind, *tabled, most);
            eprintln!("{name}: {place:?}, table {tabled}, {kind:?}: {seen} of {made}");
            if seen * 100 < made * floor || (made == 0 && *floor > 0) {
                low.push(format!("{place:?}, table {tabled}, {kind:?}: {seen} of {made}, expected {floor}%"));
            }
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}

#[test]
fn changed_numbers_of_the_class_size_report_are_caught() {
    use Where::{Csv, Edited, Misprinted};
    let floors = [
        (Edited, false, [95, 95, 90]),
        (Misprinted, false, [95, 95, 70]),
        (Edited, true, [95, 95, 95]),
        (Misprinted, true, [95, 95, 80]),
        (Csv("results.csv"), true, [70, 95, 95]),
        (Csv("tables/main.csv"), true, [95, 95, 95]),
        (Csv("tables/coefficients.csv"), true, [95, 95, 95]),
    ];
    measure("class size", class_size(), 40, &floors);
}

#[test]
fn changed_numbers_of_the_default_report_are_caught() {
    use Where::{Csv, Edited, Misprinted};
    let floors = [
        (Edited, false, [95, 95, 85]),
        (Misprinted, false, [90, 75, 25]),
        (Edited, true, [95, 95, 95]),
        (Misprinted, true, [95, 90, 80]),
        (Csv("results.csv"), true, [50, 80, 65]),
        (Csv("tables/main.csv"), true, [95, 95, 95]),
        (Csv("tables/respondents.csv"), true, [0, 0, 95]),
    ];
    measure("default, small", small(), 16, &floors);
}
