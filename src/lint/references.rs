//! Captions, references and links of the text. Knows the Markdown that this program writes; must not
//! know any study.

use super::{Files, Finding, error, warning};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "report.md";

/// Captions are unlike, references have captions, captions are referred to, links lead to files, and
/// files are led to.
pub(super) fn check(lines: &[&str], files: &Files, found: &mut Vec<Finding>) {
    let mut captions: BTreeMap<String, usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(name) = caption(line)
            && captions.insert(name.clone(), at + 1).is_some()
        {
            error(found, FILE, at + 1, format!("two captions of {name}"), "number each once");
        }
    }
    let mut told = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        for name in names(line) {
            if !captions.contains_key(&name) {
                let what = format!("{name} is referred to and is not in the report");
                error(found, FILE, at + 1, what, "correct the reference");
            }
            if caption(line).is_none() && !line.starts_with("[Values of ") {
                told.insert(name);
            }
        }
    }
    for (name, line) in captions.iter().filter(|(name, _)| !told.contains(*name)) {
        let hint = "say in the template what it shows: `{{ ref_table(\"...\") }}`, `{{ ref_figure(\"...\") }}`";
        warning(found, *line, format!("{name} is nowhere referred to"), hint);
    }
    links(lines, files, found);
}

/// `Table 3` of a caption.
fn caption(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("**")?.split_once(".**")?;
    (name.starts_with("Table ") || name.starts_with("Figure ")).then(|| name.to_string())
}

/// Every table and figure that a line names.
fn names(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for kind in ["Table ", "Figure "] {
        for (start, _) in line.match_indices(kind) {
            let rest = &line[start + kind.len()..];
            let number: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            let letters = number.chars().take_while(|c| c.is_ascii_uppercase()).count();
            let digits = &number[letters..];
            if letters < 2 && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
                found.push(format!("{kind}{number}"));
            }
        }
    }
    found
}

fn links(lines: &[&str], files: &Files, found: &mut Vec<Finding>) {
    let mut linked = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        for (start, _) in line.match_indices("](") {
            let target = line[start + 2..].split([')', '#']).next().unwrap_or_default();
            let local = target.starts_with("tables/") || target.starts_with("figures/");
            if local && !files.contains_key(target) {
                let what = format!("`{target}` is linked and is not in the report");
                error(found, FILE, at + 1, what, "correct the link");
            }
            linked.insert(target);
        }
        // What stands beside the caption is the exhibit of that caption.
        if let Some((name, path)) = line.strip_prefix("[Values of ").and_then(|line| line.split_once("](")) {
            let before = lines[..at].iter().rev().find_map(|line| caption(line));
            if before.is_some_and(|caption| caption != name) {
                let what = format!("the values of {name} ({path} stand under another caption");
                error(found, FILE, at + 1, what, "correct the reference");
            }
        }
    }
    let exhibits = files.keys().filter(|path| path.starts_with("tables/") || path.starts_with("figures/"));
    for path in exhibits.filter(|path| !linked.contains(path.as_str())) {
        let what = format!("`{path}` is in the report and nothing leads to it");
        error(found, FILE, 1, what, "show it in the template");
    }
}
