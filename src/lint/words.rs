//! Wording that the design does not support. Knows only the list that the study gives.

use super::{Finding, Told, warning};

/// Places where one of the study's causal wordings stands in the text.
pub(super) fn check(lines: &[&str], told: &Told, found: &mut Vec<Finding>) {
    for (at, line) in lines.iter().enumerate() {
        let mut text = (*line).to_string();
        for passage in &told.allow {
            text = text.replace(passage.as_str(), "");
        }
        let lower = text.to_lowercase();
        for wording in told.causal.iter().filter(|wording| stands(&lower, &wording.to_lowercase())) {
            let hint = "say what was seen; a quotation or title is left alone by `lint.allow`, a wording by taking it \
                        from `lint.causal`";
            warning(found, at + 1, format!("“{wording}” claims a cause, and the design shows an association"), hint);
        }
    }
}

/// Whether `wording` stands in `text` as whole words.
fn stands(text: &str, wording: &str) -> bool {
    let wording = wording.trim();
    text.match_indices(wording).any(|(at, _)| {
        !wording.is_empty()
            && !text[..at].ends_with(char::is_alphanumeric)
            && !text[at + wording.len()..].starts_with(char::is_alphanumeric)
    })
}
