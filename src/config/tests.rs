use super::*;

const SHIPPED: &str = include_str!("../../config.yaml");

#[test]
fn the_shipped_config_is_right() {
    match load("config.yaml", SHIPPED) {
        Ok(_) => {}
        Err(p) => panic!("{p}"),
    }
}

/// The first problem of the shipped config with one piece of text replaced.
fn broken(from: &str, to: &str) -> String {
    assert!(SHIPPED.contains(from), "`{from}` is not in the shipped config");
    load("config.yaml", &SHIPPED.replacen(from, to, 1)).map(|_| ()).expect_err("accepted").to_string()
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest() {
    let text = broken("  per: 50000", "  pre: 50000");
    let line = SHIPPED.lines().position(|l| l == "  per: 50000").unwrap() + 1;
    assert!(text.contains("unknown field `pre`") && text.contains("did you mean `per`?"), "{text}");
    assert!(text.contains(&format!("config.yaml:{line}:3\n{line} │   pre: 50000")), "{text}");
}

#[test]
fn a_wrong_type_and_a_wrong_word_are_named() {
    let text = broken("  per: 50000", "  per: many");
    assert!(text.contains("invalid type: string \"many\", expected f64"), "{text}");
    let text = broken("not_reporting: missing ", "not_reporting: mising ");
    assert!(text.contains("unknown choice `mising`") && text.contains("did you mean `missing`?"), "{text}");
    assert!(text.contains("not_reporting: mising"), "{text}");
}

#[test]
fn a_wave_without_a_census_and_one_unknown_are_named() {
    let text = broken("2022: 2021-12, 2023: 2022-12 }", "2022: 2021-12 }");
    assert!(text.contains("wave 2023 has no census"), "{text}");
    let text = broken("reference_wave: 2022", "reference_wave: 2032");
    assert!(text.contains("unknown wave `2032`"), "{text}");
}

#[test]
fn duplicate_keys_and_codes_are_found() {
    let text = broken("  gender: ", "  age: ");
    assert!(text.contains("duplicate"), "{text}");
    let text = broken("success: [1, 2]\n    failure: [3, 4]", "success: [1, 2]\n    failure: [2, 4]");
    assert!(text.contains("code 2 is in `success` and in `failure`"), "{text}");
}

#[test]
fn what_is_constant_within_a_practice_cannot_stand_beside_its_effects() {
    let text = broken("imd, work, carer]\n    absorb", "imd, work, carer, rurality]\n    absorb");
    assert!(text.contains("`rurality` is constant within a practice"), "{text}");
}

#[test]
fn all_problems_come_at_once() {
    let text = SHIPPED.replacen("cap: none", "cap: some", 1).replacen("reference: White", "reference: Whyte", 1);
    let problems = load("c.yaml", &text).expect_err("accepted");
    assert_eq!(problems.0.len(), 2, "{problems}");
}

#[test]
fn canonical_text_forgets_comments_and_layout_only() {
    let loaded = load("c", SHIPPED).unwrap();
    let again = load("c", &loaded.canonical).unwrap();
    assert_eq!(loaded.canonical, again.canonical);
    assert_eq!(
        load("c", &SHIPPED.replace("seed: 20190701", "seed:   20190701 # x")).unwrap().canonical,
        loaded.canonical
    );
    assert_ne!(load("c", &SHIPPED.replace("seed: 20190701", "seed: 2")).unwrap().canonical, loaded.canonical);
}

#[test]
fn hostile_yaml_is_refused_quickly() {
    let bomb = format!(
        "a: &a [1,1,1,1,1,1,1,1,1]\n{}",
        (0..30)
            .map(|i| format!(
                "b{i}: &b{i} [*{p},*{p},*{p},*{p},*{p},*{p},*{p}]\n",
                p = if i == 0 { "a".into() } else { format!("b{}", i - 1) }
            ))
            .collect::<String>()
    );
    assert!(load("c", &bomb).is_err());
    assert!(load("c", &"[".repeat(20_000)).is_err());
    assert!(load("c", "").is_err());
    assert!(load("c", "\u{0}").is_err());
}
