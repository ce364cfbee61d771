//! What results depend on, part by part: the config without what only shapes the page, each input,
//! the program. Says which part is another than last time.

use crate::files;
use serde_yaml::Value;
use std::collections::BTreeMap;

/// Sections of a config that findings do not depend on: tables and figures are made anew from them. What
/// was `published` does not belong here: the people in print are held against populations.
const SHOWN: [&str; 4] = ["report", "tables", "figures", "provenance"];
/// Keys of a survey's outcomes that findings do not depend on. `good` does not belong here: costs ask which
/// answer is the better one. A test through the binary edits them all.
const WORDS: [&str; 3] = ["label", "short", "breaks"];

/// Hash of every part, by its name for people.
pub(super) type Parts = BTreeMap<String, String>;

/// The parts of a canonical config that findings depend on; none where it cannot be read back.
pub(super) fn config_parts(canonical: &str, survey: bool) -> Option<Parts> {
    let Ok(Value::Mapping(sections)) = serde_yaml::from_str::<Value>(canonical) else { return None };
    let mut parts = Parts::new();
    for (name, section) in sections {
        let name = name.as_str()?.to_owned();
        if SHOWN.contains(&name.as_str()) {
            continue;
        }
        match section {
            Value::Mapping(entries) if !entries.is_empty() => {
                for (at, (key, mut value)) in entries.into_iter().enumerate() {
                    let key = key.as_str().map_or_else(|| text(&key), str::to_owned);
                    if let (true, "outcomes", Value::Mapping(outcome)) = (survey, name.as_str(), &mut value) {
                        outcome.retain(|key, _| !key.as_str().is_some_and(|key| WORDS.contains(&key)));
                    }
                    // The order of outcomes and models is that of the results.
                    parts.insert(
                        format!("config `{name}.{key}`"),
                        files::sha256_hex(format!("{at} {}", text(&value)).as_bytes()),
                    );
                }
            }
            other => {
                parts.insert(format!("config `{name}`"), files::sha256_hex(text(&other).as_bytes()));
            }
        }
    }
    Some(parts)
}

fn text(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}

/// One hash of all parts.
pub(super) fn whole(parts: &Parts) -> String {
    let all: String = parts.iter().map(|(name, hash)| format!("{name}\n{hash}\n")).collect();
    files::sha256_hex(all.as_bytes())
}

/// What is another than before, in words; none where nothing is.
pub(super) fn changed(before: &Parts, now: &Parts) -> Option<String> {
    let names = |from: &Parts, to: &Parts, what: &str| -> Vec<String> {
        from.keys().filter(|name| !to.contains_key(*name)).map(|name| format!("{name} {what}")).collect()
    };
    let other = now.iter().filter(|(name, hash)| before.get(*name).is_some_and(|old| old != *hash));
    let mut all: Vec<String> = other.map(|(name, _)| format!("{name} has changed")).collect();
    all.extend(names(now, before, "is new"));
    all.extend(names(before, now, "is gone"));
    (!all.is_empty()).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "study:\n  seed: 1\noutcomes:\n  a: { label: A, success: [1] }\n  b: { label: B, success: [1] }\nreport:\n  template: t\n";

    fn parts(config: &str) -> Parts {
        config_parts(config, true).unwrap()
    }

    #[test]
    fn words_and_templates_are_no_part() {
        assert_eq!(
            parts(CONFIG),
            parts(&CONFIG.replace("label: A", "label: Other").replace("template: t", "template: u"))
        );
        assert_ne!(config_parts(CONFIG, false), config_parts(&CONFIG.replace("label: A", "label: Other"), false));
    }

    #[test]
    fn a_word_more_or_less_leaves_the_rest_in_order() {
        let without = CONFIG.replace("success: [1] }", "success: [1], failure: [2], good: true }");
        assert_eq!(parts(&without), parts(&without.replace("good: true }", "good: true, breaks: { 2021: new } }")));
    }

    #[test]
    fn what_changed_is_named() {
        let now =
            parts(&CONFIG.replace("A, success: [1]", "A, success: [2]").replace("  seed: 1", "  seed: 1\n  more: 2"));
        let told = changed(&parts(CONFIG), &now).unwrap();
        assert_eq!(told, "config `outcomes.a` has changed, config `study.more` is new");
        assert_eq!(changed(&now, &now), None);
        let swapped = CONFIG.replace("  a: {", "  c: {").replace("  b: {", "  a: {").replace("  c: {", "  b: {");
        assert!(changed(&parts(CONFIG), &parts(&swapped)).is_some());
    }
}
