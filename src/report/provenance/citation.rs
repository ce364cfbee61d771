//! `CITATION.cff` (format 1.2.0) of a version. What the config does not state is left out, or said to
//! be missing where the format asks for it.

use crate::config::LICENCES;

use super::Told;

/// The file's text.
pub(super) fn text(told: &Told<'_>, mark: Option<&str>) -> String {
    let study = told.study();
    let mut out = String::new();
    if let Some(mark) = mark {
        out.push_str(&format!("# {mark}\n"));
    }
    out.push_str("cff-version: 1.2.0\n");
    let message = "If you use this version of the report, please cite it with its version.";
    let message = mark.map_or_else(|| message.to_string(), |mark| format!("{message} {mark}"));
    let mut line = |key: &str, value: &str| out.push_str(&format!("{key}: {}\n", quoted(value)));
    line("message", &message);
    // The format knows software and data sets; a folder of results is the latter.
    line("type", "dataset");
    line("title", &study.title);
    line("version", &study.version);
    if is_date(&study.date) {
        line("date-released", &study.date);
    }
    let licence = told.provenance().licence.as_str();
    if LICENCES.iter().any(|(id, _)| *id == licence) {
        line("license", licence);
    } else if !licence.is_empty() {
        line("license-url", licence);
    }
    // Names are written as the config has them: which part is the family's is not ours to guess.
    out.push_str("authors:\n");
    for author in &study.authors {
        out.push_str(&format!("  - name: {}\n", quoted(author)));
    }
    if study.authors.is_empty() {
        out.push_str("  - name: \"To be supplied by the authors\"\n");
    }
    if !told.provenance().keywords.is_empty() {
        out.push_str("keywords:\n");
    }
    for keyword in &told.provenance().keywords {
        out.push_str(&format!("  - {}\n", quoted(keyword)));
    }
    out
}

/// Text in double quotes, as YAML and JSON both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a text is a calendar day, `2026-01-31`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, length: usize| {
        let digits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().unwrap_or(0))
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        assert!(is_date("2024-02-29") && is_date("2026-12-31"));
        for wrong in ["2023-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "May 2026", "", "2026-04-31", "20261-1-01"]
        {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
