//! Checks of `analyses.power`, and the key that tells whether a stored run belongs to a config.

use super::super::Checker;
use super::Known;
use crate::config::Scale;
use crate::config::raw::{RawPower, RawPowerEffect};
use crate::config::types::*;
use crate::files;
use serde_yaml::Value;

/// Version of the simulated studies and of what is stored of them.
const FORM: &str = "offprint power 1";
/// Most responders of one study: it is fitted many times over.
const LARGEST: u64 = 2_000_000;
/// What the studies depend on: sections, without the keys that only word or place something.
const PARTS: [(&str, &[&str]); 12] = [
    ("waves", &[]),
    ("exposure", &["label"]),
    ("linkage", &[]),
    ("models.main", &["label", "contrasts", "bootstrap"]),
    ("tests.alpha", &[]),
    ("simulate", &["full", "small"]),
    ("inputs.survey.missing", &[]),
    ("inputs.workforce.where", &[]),
    ("inputs.workforce.largest", &[]),
    ("inputs.practices.closed", &[]),
    ("inputs.practices.no_pcn", &[]),
    ("inputs.deprivation.rule", &[]),
];
/// The same of sections with one entry per id.
const ENTRIES: [(&str, &[&str]); 2] = [
    ("covariates", &["label", "describe"]),
    ("outcomes", &["label", "short", "asked", "base_reason", "counts", "population", "good", "breaks"]),
];

impl Checker<'_> {
    pub(super) fn power(&mut self, raw: RawPower, known: &Known) -> Power {
        let at = "analyses.power";
        if files::climbs(&raw.file) || !raw.file.ends_with(".csv") {
            let what = format!("`{}` is not the path of a CSV file beside the config", raw.file);
            self.fault(&format!("{at}.file"), what, "name it like `power.csv`");
        }
        self.range(&format!("{at}.replications"), raw.replications as f64, 10.0, 1e5);
        self.power_size(&raw.size, known);
        let mut effects = Vec::new();
        for (number, raw) in raw.effects.iter().enumerate() {
            let place = format!("{at}.effects.#{number}");
            let effect = match raw {
                RawPowerEffect::Ratio(ratio) => PowerEffect::Ratio(self.range(&place, *ratio, 0.1, 10.0)),
                RawPowerEffect::Word(word) => self.word(&place, word, &[("truth", PowerEffect::Truth)]),
            };
            if effects.contains(&effect) {
                self.fault(&place, format!("`{}` is named twice", effect.name()), "name each effect once");
            }
            effects.push(effect);
        }
        if !(1..=20).contains(&effects.len()) {
            let what = format!("{} effects, expected 1 to 20", effects.len());
            self.fault(&format!("{at}.effects"), what, "name odds ratios, 1 for none, or `truth`");
        }
        let refuse = self.word(&format!("{at}.otherwise"), &raw.otherwise, &[("say", false), ("refuse", true)]);
        let mut power = Power {
            file: raw.file,
            replications: raw.replications.clamp(10, 100_000),
            size: raw.size,
            effects,
            seed: raw.seed,
            refuse,
            key: String::new(),
        };
        power.key = key(known.tree, &power);
        power
    }

    /// Codes and names are made for the full study, so no part of the small one may be larger.
    fn power_size(&mut self, size: &Scale, known: &Known) {
        let at = "analyses.power.size";
        // Without the section no stored run fits, which the report says; the command that simulates refuses.
        let Some(full) = known.simulation.map(|simulation| &simulation.full) else { return };
        let ordered = size.areas >= 1 && size.clusters >= size.areas && size.practices >= size.clusters;
        if !ordered || size.responders < 1 {
            let what = "the size needs at least one area, as many clusters, as many practices and a responder";
            self.fault(at, what, "for example `{ responders: 40000, practices: 200, clusters: 100, areas: 6 }`");
        }
        let parts = [(size.practices, full.practices), (size.clusters, full.clusters), (size.areas, full.areas)];
        if parts.iter().any(|(small, full)| small > full) || size.responders > full.responders.min(LARGEST) {
            let what = format!("the size is larger than `simulate.full`, or has more than {LARGEST} responders");
            self.fault(at, what, "power is found from many small studies");
        }
    }
}

/// What the studies depend on as one hash. The program's version is a part of it.
fn key(tree: &Value, power: &Power) -> String {
    let mut text = format!("{FORM}\n{}\n{:?} {}\n", env!("CARGO_PKG_VERSION"), power.size, power.seed);
    power.effects.iter().for_each(|effect| text += &format!("{}\n", effect.name()));
    let mut add = |name: &str, value: &Value| {
        text += &format!("{name}: {}\n", serde_yaml::to_string(value).unwrap_or_default());
    };
    for (path, left) in PARTS {
        add(path, &without(at(tree, path), left));
    }
    // Practices live from file to file: their waves matter, their names do not.
    let files = at(tree, "inputs.practices.files").and_then(Value::as_mapping);
    let waves = files.map(|files| files.keys().cloned().collect()).unwrap_or_default();
    add("inputs.practices.files", &Value::Sequence(waves));
    for (path, left) in ENTRIES {
        for (id, entry) in tree.get(path).and_then(Value::as_mapping).into_iter().flatten() {
            add(id.as_str().unwrap_or_default(), &without(Some(entry), left));
        }
    }
    files::sha256_hex(text.as_bytes())
}

fn at<'a>(tree: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(tree, |at, step| at.get(step))
}

fn without(value: Option<&Value>, left: &[&str]) -> Value {
    let mut value = value.cloned().unwrap_or_default();
    if let Value::Mapping(entries) = &mut value {
        left.iter().for_each(|name| drop(entries.remove(*name)));
    }
    value
}
