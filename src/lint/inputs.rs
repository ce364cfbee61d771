//! The text's list of input files against the manifest. Knows how both write an input; must not know any study.

use super::numbers::printed;
use super::{Files, Finding, error};
use serde_json::Value;

/// Rows that name an input by its path give its rows, bytes and hash as the manifest has them. Before filing
/// there is no manifest, and nothing is looked into.
pub(super) fn check(lines: &[&str], files: &Files, found: &mut Vec<Finding>) {
    let manifest: Option<Value> = files.get("manifest.json").and_then(|bytes| serde_json::from_slice(bytes).ok());
    let Some(inputs) = manifest.as_ref().and_then(|manifest| manifest["inputs"].as_array()) else { return };
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let names =
            |input: &&Value| input["path"].as_str().is_some_and(|path| cells.get(1) == Some(&&*format!("`{path}`")));
        let (Some(input), [_, _, rows, bytes, hash, ..]) = (inputs.iter().find(names), cells.as_slice()) else {
            continue;
        };
        for (name, cell) in [("rows", rows), ("bytes", bytes)] {
            let there = input[name].as_f64();
            let differs = |n: f64| there.is_some_and(|there| there != n);
            if let Some(number) = printed(cell).first().filter(|number| differs(number.value)) {
                let what =
                    format!("{} {name} of `{}`, not those of manifest.json", number.value, cells[1].trim_matches('`'));
                error(found, "report.md", at + 1, what, "the text or the manifest was changed");
            }
        }
        let whole = input["sha256"].as_str().unwrap_or_default();
        if !hash.is_empty() && !whole.starts_with(hash.trim_matches('`')) {
            let what = format!("hash {hash} of {} is not that of manifest.json", cells[1]);
            error(found, "report.md", at + 1, what, "the text or the manifest was changed");
        }
    }
}
