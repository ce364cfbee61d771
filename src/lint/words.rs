//! Wording that the design does not support. Knows only the list that the study gives.

use super::{Finding, Told, character, warning};

/// Places where one of the study's causal wordings stands in the text.
pub(super) fn check(lines: &[&str], told: &Told, found: &mut Vec<Finding>) {
    for (at, line) in lines.iter().enumerate() {
        let mut text = (*line).to_string();
        for passage in told.allow.iter().filter(|passage| !passage.is_empty()) {
            text = text.replace(passage.as_str(), &" ".repeat(passage.len()));
        }
        // Only letters of one case are compared, so that places stay those of the line.
        let lower = text.to_ascii_lowercase();
        for wording in told.causal.iter().filter(|wording| !wording.trim().is_empty()) {
            for start in places(&lower, &wording.trim().to_ascii_lowercase()) {
                let hint = "say what was seen; a quotation or title is left alone by `lint.allow`, a wording by \
                            taking it from `lint.causal`";
                let what = format!("“{wording}” claims a cause, and the design shows an association");
                warning(found, character(at + 1, line, start), what, hint);
            }
        }
    }
}

/// Where `wording` stands in `text` as whole words.
fn places(text: &str, wording: &str) -> Vec<usize> {
    let whole = |at: &usize| {
        !text[..*at].ends_with(char::is_alphanumeric) && !text[at + wording.len()..].starts_with(char::is_alphanumeric)
    };
    text.match_indices(wording).map(|(at, _)| at).filter(whole).collect()
}
