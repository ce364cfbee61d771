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

const BOOTSTRAP: &str = "    bootstrap: none ";

#[test]
fn families_and_errors_are_checked_with_the_nearest_name() {
    let text = broken("label: Linear probability, family: linear", "label: Linear probability, family: linaer");
    assert!(text.contains("unknown choice `linaer`") && text.contains("did you mean `linear`?"), "{text}");
    let text = broken("errors, errors: cr3", "errors, errors: rc3");
    assert!(text.contains("unknown choice `rc3`") && text.contains("did you mean `cr3`?"), "{text}");
    let text = broken("    cluster: pcn ", "    cluster: pcm ");
    assert!(text.contains("unknown choice `pcm`") && text.contains("did you mean `pcn`?"), "{text}");
    let text = broken("    cluster: pcn ", "    cluster: [pcn, practice] ");
    assert!(text.contains("unknown choice `practice`") && text.contains("wave"), "{text}");
    let text = broken("    cluster: pcn ", "    cluster: [pcn, wave, practice] ");
    assert!(text.contains("3 kinds of clusters, expected 1 or 2"), "{text}");
    let text = broken("    cluster: pcn ", "    cluster: { by: pcn } ");
    assert!(text.contains("expected one kind of cluster, or a list of two"), "{text}");
}

#[test]
fn bootstraps_need_draws_and_one_way_clusters() {
    let text = broken(BOOTSTRAP, "    bootstrap: { draws: 0 } ");
    assert!(text.contains("0 draws of the bootstrap, expected 99 to 1,000,000"), "{text}");
    let text = broken(BOOTSTRAP, "    bootstrap: some ");
    assert!(text.contains("unknown choice `some`") && text.contains("none"), "{text}");
    let text = broken(BOOTSTRAP, "    bootstrap: { draw: 999 } ");
    assert!(text.contains("expected `none`, or `{ draws: NUMBER }`"), "{text}");
    let text = broken("errors, errors: cr3", "errors, errors: cr3, bootstrap: { draws: 999 }");
    assert!(text.contains("model `cr3`: the bootstrap goes with errors clustered one way"), "{text}");
    let both = SHIPPED.replacen("    cluster: pcn ", "    cluster: [pcn, wave] ", 1);
    let text = load("c.yaml", &both).map(|_| ()).expect_err("accepted").to_string();
    assert!(text.contains("model `cr3`: leave-one-out errors know one kind of cluster"), "{text}");
    let fine = SHIPPED.replacen(BOOTSTRAP, "    bootstrap: { draws: 999 } ", 1);
    let config = load("c.yaml", &fine).expect("refused").form.survey().expect("a survey").clone();
    let draws: Vec<_> = config.models.iter().map(|model| (model.bootstrap, model.contrasts.len())).collect();
    assert!(draws[0] == (Some(999), 1) && draws[1..].iter().all(|asked| *asked == (None, 0)), "{draws:?}");
}

#[test]
fn a_contrast_needs_two_places_of_the_exposure() {
    let text = broken("from: 0, to: observed", "from: observed, to: observed");
    assert!(text.contains("contrast `no_exposure` has the exposure in the same place twice"), "{text}");
    let text = broken("from: 0, to: observed", "from: 0, to: seen");
    assert!(text.contains("`seen` is not a place of the exposure"), "{text}");
    let text = broken(", from: 0, to: observed", ", to: observed");
    assert!(text.contains("missing field `from`"), "{text}");
    let text = broken("from: 0, to: observed", "from: .nan, to: observed");
    assert!(text.contains("NaN is outside"), "{text}");
}

#[test]
fn smallest_effects_are_positive_and_have_a_scale() {
    const STATED: &str = "{ value: 0.1, scale: percentage_points }";
    let text = broken(STATED, "{ value: 0, scale: percentage_points }");
    assert!(text.contains("a smallest effect of 0 percentage points, expected more than 0"), "{text}");
    let text = broken(STATED, "{ value: -0.1, scale: percentage_points }");
    assert!(text.contains("a smallest effect of -0.1 percentage points"), "{text}");
    let text = broken(STATED, "{ value: 0.1 }");
    assert!(text.contains("a smallest effect needs a `scale`") && text.contains("config.yaml:"), "{text}");
    let text = broken(STATED, "{ value: 0.1, scale: percent }");
    assert!(text.contains("unknown choice `percent`") && text.contains("percentage_points"), "{text}");
    let text = broken(STATED, "{ confidense: { value: 0.1, scale: percentage_points } }");
    assert!(text.contains("unknown outcome `confidense`") && text.contains("did you mean `confidence`?"), "{text}");
    let one = SHIPPED.replacen(STATED, "{ experience: { value: 0.25, scale: percentage_points } }", 1);
    let plan = load("c.yaml", &one).expect("refused").form.survey().expect("a survey").tests.clone();
    assert_eq!(plan.smallest_effect, [None, None, None, Some(0.0025), None]);
}

#[test]
fn families_of_tests_and_joint_tests_name_what_there_is() {
    let text = broken("  alpha: 0.05", "  outcomes: [confidence, trust]\n  alpha: 0.05");
    assert!(text.contains("unknown outcome `trust`"), "{text}");
    let text = broken("  alpha: 0.05", "  outcomes: [confidence, confidence]\n  alpha: 0.05");
    assert!(text.contains("outcome `confidence` is listed twice"), "{text}");
    let text = broken("  alpha: 0.05", "  outcomes: []\n  alpha: 0.05");
    assert!(text.contains("a family of no outcomes"), "{text}");
    let text = broken("hochberg, benjamini_hochberg]", "hochberg, benjamini_hochburg]");
    assert!(text.contains("did you mean `benjamini_hochberg`?"), "{text}");
    let text = broken("terms: [wave] }", "terms: [waves] }");
    assert!(text.contains("unknown term of any model `waves`") && text.contains("did you mean `wave`?"), "{text}");
    let text = broken("terms: [imd] }", "terms: [wave] }");
    assert!(text.contains("is of the same terms as another"), "{text}");
    let text = broken("terms: [imd] }", "terms: [] }");
    assert!(text.contains("names no term, or one twice"), "{text}");
    let elsewhere = SHIPPED.replacen("terms: [imd] }", "terms: [rurality] }", 1);
    let plan = load("c.yaml", &elsewhere).expect("refused").form.survey().expect("a survey").tests.clone();
    assert_eq!(plan.joint[2].model, 3, "the first model that has the term");
    let text = broken("  power: 0.8 ", "  power: 0.2 ");
    assert!(text.contains("0.2 is outside 0.5 to 0.9999"), "{text}");
}

#[test]
fn without_a_section_on_tests_there_is_the_plain_plan() {
    let (before, rest) = SHIPPED.split_once("\ntests:\n").unwrap();
    let after = &rest[rest.find("\n# What is analysed beside").unwrap()..];
    let text = format!("{before}{after}");
    let text: String = text
        .lines()
        .filter(|line| !line.contains("key: tests.") && !line.starts_with("  joint: {"))
        .fold(String::new(), |text, line| text + line + "\n");
    let plan = load("c.yaml", &text).expect("refused").form.survey().expect("a survey").tests.clone();
    assert_eq!(plan, TestPlan::plain(5));
}

#[test]
fn the_grid_names_its_axes_and_the_main_model_comes_first() {
    let text = broken("    cross: [census, returns]", "    cross: [census, retruns]");
    assert!(text.contains("unknown axis `retruns`") && text.contains("did you mean `returns`?"), "{text}");
    let text = broken("    with_all: [likelihood]", "    with_all: [census]");
    assert!(text.contains("axis `census` stands in `cross` and in `with_all`"), "{text}");
    let text = broken("{ label: Logistic }", "{ label: Probit, family: probit }");
    assert!(text.contains("the first alternative of axis `likelihood` changes the main model"), "{text}");
    let text =
        broken("linear: { label: Linear probability, family: linear }", "linear: { label: Linear, family: lineal }");
    assert!(text.contains("unknown choice `lineal`") && text.contains("did you mean `linear`?"), "{text}");
    let text = broken("without: [2020] }", "without: [2002] }");
    assert!(text.contains("unknown wave `2002`"), "{text}");
    let text = broken("          linear: { label: Linear probability, family: linear }\n", "");
    assert!(text.contains("axis `likelihood` has no alternative"), "{text}");
    let text = broken("exposure: { months: [-12] }", "exposure: { months: [] }");
    assert!(text.contains("no census to take"), "{text}");
    let text = broken("controls: [other_roles]", "controls: [other_role]");
    assert!(text.contains("did you mean `other_roles`?"), "{text}");
}

#[test]
fn what_is_not_read_cannot_be_adjusted_for_or_left_out() {
    let text = broken("    other: { STAFF_GROUP", "    # other: { STAFF_GROUP");
    assert!(text.contains("no other roles are read"), "{text}");
    let regions = "      region: COMM_REGION_CODE\n      region_name: COMM_REGION_NAME\n";
    let text = broken(regions, "");
    assert!(text.contains("regions are not read") && text.contains("inputs.workforce.columns.region"), "{text}");
    let text = broken("      region_name: COMM_REGION_NAME\n", "");
    assert!(text.contains("regions need `region` and `region_name`"), "{text}");
    let text = broken("    by: [wave, region]", "    by: []");
    assert!(text.contains("nothing to leave out"), "{text}");
    let text = broken("  age:\n    label: Age\n", "  region_by_wave:\n    label: Age\n");
    assert!(text.contains("a covariate cannot be called `region_by_wave`"), "{text}");
}

#[test]
fn looks_at_timing_that_cannot_be_are_named() {
    let text = broken("    reference: 2020\n    leads", "    reference: 2021\n    leads");
    assert!(text.contains("reference wave 2021 has a census"), "{text}");
    let text = broken("    shifts: [1, 2]", "    shifts: [1, 3]");
    assert!(text.contains("moved back by 3 years, the exposure lies in"), "{text}");
    let text = broken("    shifts: [1, 2]", "    shifts: [1, 1]");
    assert!(text.contains("a shift is listed twice"), "{text}");
    let text = broken("    leads: 1", "    leads: 9");
    assert!(text.contains("9 years, expected at most 5"), "{text}");
    let text = broken("      condition: { label", "      support: { label");
    assert!(text.contains("`support` is an outcome"), "{text}");
    let text = broken("success: [1], failure: [2] }\n  # Amounts", "success: [1], failure: [1] }\n  # Amounts");
    assert!(text.contains("a code is named twice"), "{text}");
    let text = broken("2018: none, 2019: none, 2020: none, 2021", "2018: none, 2019: 2020-03, 2020: none, 2021");
    assert!(text.contains("1 of the waves without a census stand before"), "{text}");
}

#[test]
fn amounts_out_of_order_are_named() {
    let text = broken("    cuts: [1, 2]", "    cuts: [2, 1]");
    assert!(text.contains("[2.0, 1.0] are not 1 to 20 rising numbers above 0"), "{text}");
    let text = broken("    quantiles: [0.05, 0.35, 0.65, 0.95]", "    quantiles: [0.05, 0.35, 1.65]");
    assert!(text.contains("3 to 7 rising numbers"), "{text}");
    let text =
        broken("    quantiles: [0.05, 0.35, 0.65, 0.95]", "    quantiles: [0.1, 0.5, 0.9]\n    knots: [1, 2, 3]");
    assert!(text.contains("both `knots` and `quantiles`"), "{text}");
    let text = broken("    bins: 8", "    bins: 1");
    assert!(text.contains("1 bins, expected 2 to 50"), "{text}");
}
