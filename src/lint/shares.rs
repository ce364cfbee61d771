//! Counts of running text beside the percentages that they make. Knows how text writes them; must not know
//! any study.

use super::context::Context;
use super::numbers::{Printed, printed};
use super::{Finding, character, error};

/// `5,113 of 6,133 (83.4%)`: part, whole and percentage.
fn stated(text: &str) -> Vec<[Printed; 3]> {
    let numbers = printed(text);
    let form = |three: &&[Printed]| {
        let between = |a: usize, b: usize| &text[three[a].at.1..three[b].at.0];
        between(0, 1) == " of " && between(1, 2).ends_with(" (") && text[three[2].at.1..].starts_with("%)")
    };
    let plain = |three: &&[Printed]| three[0].decimals == 0 && three[1].decimals == 0 && three[1].value > 0.0;
    numbers.windows(3).filter(form).filter(plain).map(|three| [three[0], three[1], three[2]]).collect()
}

/// Parts of stated wholes make the percentages beside them.
pub(super) fn check(line: usize, text: &str, found: &mut Vec<Finding>) {
    for [part, whole, percent] in stated(text) {
        if !percent.prints(part.value / whole.value) {
            let what = format!("{} of {} are not {}%", part.value, whole.value, percent.value);
            error(found, "report.md", character(line, text, percent.at.0), what, "one of the three is wrong");
        }
    }
}

/// Counts that are right if the percentages beside them are: of a stated whole, or of one that the tables have.
pub(super) fn anchors(text: &str, context: &Context) -> Vec<u64> {
    let numbers = printed(text);
    let of_two = stated(text).into_iter().filter(|[part, whole, percent]| percent.prints(part.value / whole.value));
    let mut found: Vec<u64> =
        of_two.flat_map(|[part, whole, _]| [part.value.to_bits(), whole.value.to_bits()]).collect();
    for pair in numbers.windows(2).filter(|pair| pair[0].decimals == 0 && pair[1].decimals > 0) {
        let beside = text[pair[0].at.1..pair[1].at.0].ends_with(" (") && text[pair[1].at.1..].starts_with("%)");
        if beside && context.all.tells_share(&pair[1], pair[0].value) {
            found.push(pair[0].value.to_bits());
        }
    }
    found
}

/// Whether a percentage is that of two counts which stand before it, or of one of them in a whole of the tables.
pub(super) fn is_share(text: &str, number: &Printed, all: &[Printed], context: &Context) -> bool {
    let counts = all.iter().filter(|n| n.at.1 <= number.at.0 && n.decimals == 0 && n.value > 0.0);
    let counts: Vec<f64> = counts.map(|n| n.value).collect();
    let Some(last) = counts.last().filter(|_| text[number.at.1..].starts_with('%')) else { return false };
    counts.iter().any(|other| number.prints(last / other) || number.prints(other / last))
        || context.all.tells_share(number, *last)
}
