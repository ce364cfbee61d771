//! What `analyses.power` may say, and what the key of a stored run hangs on.

use crate::light;
use offprint::config::{PowerEffect, load};

fn edited(from: &str, to: &str) -> String {
    let text = light();
    assert!(text.contains(from), "`{from}` is not in the config");
    text.replacen(from, to, 1)
}

fn key(text: &str) -> String {
    load("config.yaml", text).unwrap().form.survey().unwrap().analyses.power.as_ref().unwrap().key.clone()
}

#[test]
fn effects_are_read_in_their_order() {
    let loaded = load("config.yaml", &light()).unwrap();
    let power = loaded.form.survey().unwrap().analyses.power.clone().unwrap();
    assert_eq!(power.effects, [PowerEffect::Ratio(1.0), PowerEffect::Truth]);
    let names: Vec<String> = power.effects.iter().map(|effect| effect.name()).collect();
    assert_eq!(names, ["1", "truth"]);
}

#[test]
fn bad_values_are_named_with_a_hint() {
    let bad = [
        ("    - truth\n", "    - truht\n", "unknown choice `truht`"),
        ("    - truth\n", "    - 0\n", "0 is outside 0.1 to 10"),
        ("    - truth\n", "    - truth\n    - truth\n", "`truth` is named twice"),
        ("    - truth\n", "    - [1, 2]\n", "expected an odds ratio, or `truth`"),
        ("    effects:\n    - 1.0\n    - truth\n", "    effects: []\n", "0 effects, expected 1 to 20"),
        ("file: power.csv", "file: ../power.csv", "is not the path of a CSV file"),
        ("file: power.csv", "file: power.txt", "is not the path of a CSV file"),
        ("replications: 10", "replications: 1", "1 is outside 10 to 100000"),
        ("otherwise: say", "otherwise: fail", "unknown choice `fail`"),
        ("responders: 2000", "responders: 20000", "larger than `simulate.full`"),
        ("clusters: 12", "clusters: 30", "the size needs"),
        ("      areas: 3", "      regions: 3", "unknown field `regions`"),
    ];
    for (from, to, told) in bad {
        let problems = load("config.yaml", &edited(from, to)).unwrap_err();
        let text = problems.to_string();
        assert!(text.contains(told) && text.contains("hint:"), "{to}: {text}");
    }
}

#[test]
fn the_key_hangs_on_what_the_studies_hang_on() {
    let base = key(&light());
    let same = [
        ("label: Good overall experience of the practice", "label: Other"),
        ("seed: 20190701", "seed: 3"),
        ("replications: 10", "replications: 20"),
        ("file: power.csv", "file: other.csv"),
        ("responders: 12000", "responders: 13000"),
        ("people: 53000000", "people: 53000001"),
        ("profile: gpps", "profile: acro"),
    ];
    for (from, to) in same {
        assert_eq!(key(&edited(from, to)), base, "{to}");
    }
    let other = [
        ("responders: 2000", "responders: 2001"),
        ("seed: 2019\n", "seed: 2020\n"),
        ("    - truth\n", "    - 1.2\n"),
        ("errors: cluster", "errors: hc1"),
        ("odds_ratio: 1.0\n", "odds_ratio: 1.001\n"),
        ("practice_sd: 0.35", "practice_sd: 0.36"),
        ("not_reporting: missing", "not_reporting: zero"),
        ("alpha: 0.05", "alpha: 0.01"),
        ("reference_wave: 2022", "reference_wave: 2023"),
        ("closed: no_patients", "closed: keep"),
    ];
    for (from, to) in other {
        assert_ne!(key(&edited(from, to)), base, "{to}");
    }
}
