//! What can be wrong with the config of a table's study: each problem with its line and a hint.

use crate::support::{load, says, wrong};
use offprint::config::{DatasetErrors, DatasetFamily, ExposureAt, Measure, Origin, VariableKind, Weights};

/// A right config whose text a test breaks in one place.
const RIGHT: &str = r#"offprint: 1
study: { id: t, version: "1", title: T, authors: [A], seed: 1 }
row: [shop, shops]
sources:
  shops: { file: shops.csv }
  staff: { files: [staff.csv], where: { year: [2020] } }
rows: shops
variables:
  shop: { kind: key, column: code }
  town: { kind: key }
  sales: { label: Sales }
  area: { unit: 1 square metre, scale: 10 }
  log_area: { log: area }
  open: { values: { "yes": 1, "no": 0 } }
  format: { levels: { Small: [s], Large: [l, xl] }, reference: Small, if_missing: level }
  staff: { sum: hours, of: staff, match: { shop: shop }, where: { role: [till] }, absent: 0 }
  density: { ratio: [staff, area], times: 100 }
  n: { count: rows, of: staff, match: { shop: shop } }
outcomes:
  sales: { number: sales }
  open: { binary: open, population: all }
models:
  main:
    family: linear
    exposure: density
    terms: [area, "area^2", "format*area", "density:format"]
    absorb: [town]
    cluster: town
    joint: [{ terms: [area, "area^2"] }]
    contrasts: { none: { from: 0, to: observed } }
    subgroups: [format]
    outcomes: [sales]
  variants:
    - { id: plain, errors: hc1 }
    - id: odds
      label: Odds
      family: logit
      outcomes: [open]
      offset: { log: area }
      weights: { sampling: n }
    - { id: two, cluster: [town, shop], terms: [] }
tests: { smallest_effect: { value: 0.1, scale: coefficient } }
population:
  all: { label: all shops, people: 1000 }
published:
  name: Paper
  estimates:
    - { term: density, coefficient: 0.5, low: 0.1, high: 0.9, digits: 1 }
    - { model: odds, term: format, level: Large, ratio: 1.5 }
assumptions:
  - { about: x, key: models.main.cluster, because: y }
limits: [One year.]
"#;

/// Line of the first occurrence of `text`.
fn line(config: &str, text: &str) -> u64 {
    config.lines().position(|line| line.contains(text)).unwrap() as u64 + 1
}

/// Breaks the config in one place and asserts one problem, at the line of `to`, with the parts said.
#[track_caller]
fn broken(from: &str, to: &str, parts: &[&str]) {
    assert!(RIGHT.contains(from), "`{from}` is not in the config");
    let text = RIGHT.replacen(from, to, 1);
    let problems = wrong(&text);
    let first = problems.0.first().unwrap();
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert_eq!(first.line, Some(line(&text, to.split('\n').next().unwrap())), "{problems}");
    assert!(first.hint.is_some(), "{problems}");
    says(&problems.to_string(), parts);
}

#[test]
fn the_right_config_is_read_as_written() {
    let dataset = load(RIGHT);
    let at = |id: &str| dataset.variables.iter().position(|variable| variable.id == id).unwrap();
    let kind = |id: &str| &dataset.variables[at(id)].kind;
    assert_eq!(dataset.variables[at("sales")].unit, "1 unit of Sales");
    assert_eq!(dataset.variables[at("sales")].reason, "no Sales");
    assert_eq!(dataset.variables[at("town")].kind, VariableKind::Key);
    assert!(matches!(kind("area"), VariableKind::Number { scale, .. } if *scale == 10.0));
    assert!(matches!(kind("open"), VariableKind::Number { values, .. } if values[0] == ("yes".to_owned(), 1.0)));
    assert!(matches!(kind("format"), VariableKind::Category { missing_level: true, levels, .. } if levels.len() == 2));
    assert!(matches!(&dataset.variables[at("staff")].origin, Origin::Sum { absent: Some(zero), .. } if *zero == 0.0));
    assert!(matches!(&dataset.variables[at("n")].origin, Origin::Sum { column: None, absent: None, .. }));
    assert_eq!(dataset.sources[1].matching, [("year".to_owned(), vec!["2020".to_owned()])]);
    assert_eq!(dataset.outcomes[1].measure, Measure::Binary(at("open")));

    let main = &dataset.models[0];
    let terms: Vec<String> = main.terms.iter().map(|term| dataset.term(term)).collect();
    assert_eq!(terms, ["area", "area^2", "format", "area:format", "format:density"]);
    assert_eq!(main.joint[0].terms, [0, 1]);
    assert_eq!(main.errors, DatasetErrors::Cluster(at("town")));
    assert_eq!((main.contrasts[0].from, main.contrasts[0].to), (ExposureAt::Value(0.0), ExposureAt::Observed));
    let [_, plain, odds, two] = &dataset.models[..] else { panic!("four models") };
    assert_eq!((plain.errors, plain.terms.len(), plain.absorb.len()), (DatasetErrors::Hc1, 5, 1));
    assert!(plain.joint.is_empty() && plain.contrasts.is_empty() && plain.subgroups.is_empty());
    assert_eq!((odds.family, odds.label.as_str(), &odds.outcomes[..]), (DatasetFamily::Logit, "Odds", &[1][..]));
    assert_eq!((odds.offset, odds.weights), (Some((at("area"), true)), Some(Weights::Sampling(at("n")))));
    assert_eq!(two.errors, DatasetErrors::TwoWay(at("town"), at("shop")));
    assert_eq!((dataset.published[0].digits, dataset.published[1].model), (1, 2));
    assert_eq!(dataset.assumptions[0].choice, "town");
    assert_eq!((dataset.disclosure.profile.as_str(), dataset.disclosure.threshold), ("gpps", 10));
    assert_eq!(dataset.report.template, "templates/dataset.md.j2");
    assert!(dataset.tables.iter().any(|table| table.title == "This run beside Paper" && table.number == "8"));
}

#[test]
fn canonical_text_says_the_same() {
    let first = offprint::config::load("c", RIGHT).unwrap();
    let again = offprint::config::load("c", &first.canonical).unwrap();
    assert_eq!(first.canonical, again.canonical);
    assert_eq!(format!("{:?}", first.form), format!("{:?}", again.form));
}

#[test]
fn keys_and_choices_that_do_not_exist() {
    broken("family: linear", "famly: linear", &["unknown field `famly`", "did you mean `family`?"]);
    broken("exposure: density", "exposure: densty", &["unknown variable `densty`", "did you mean `density`?"]);
    broken("rows: shops", "rows: shop", &["unknown source `shop`", "did you mean `shops`?"]);
    broken(
        "of: staff, match: { shop: shop }, where",
        "of: staf, match: { shop: shop }, where",
        &["unknown source `staf`", "did you mean `staff`?"],
    );
    broken("family: logit", "family: logistic", &["unknown choice `logistic`", "`probit`"]);
    broken("number: sales }", "number: sale }", &["unknown variable `sale`", "did you mean `sales`?"]);
    broken("population: all", "population: al", &["unknown population `al`", "did you mean `all`?"]);
    broken("outcomes: [open]", "outcomes: [opne]", &["unknown outcome `opne`", "did you mean `open`?"]);
    broken("reference: Small", "reference: Smal", &["unknown level `Smal`", "did you mean `Small`?"]);
    broken("key: models.main.cluster", "key: models.main.clusters", &["the config does not have"]);
    broken("scale: coefficient", "scale: odds", &["unknown choice `odds`"]);
    broken("to: observed", "to: obsrved", &["did you mean `observed`?"]);
    broken("weights: { sampling: n }", "weights: survey", &["unknown choice `survey`", "{ sampling: VARIABLE }"]);
    broken("weights: { sampling: n }", "weights: [n]", &["expected `none`, `{ frequency: VARIABLE }`"]);
    broken(
        "limits: [One year.]",
        "tables: { mian: { number: 1, title: x } }",
        &["unknown table `mian`", "did you mean `main`?"],
    );
}

#[test]
fn sources_that_cannot_be_read() {
    broken("{ file: shops.csv }", "{ }", &["either `file` or `files`"]);
    broken("{ file: shops.csv }", "{ file: a.csv, files: [b.csv] }", &["either `file` or `files`"]);
    broken("where: { year: [2020] }", "where: { year: [] }", &["no value listed for `year`"]);
    broken("where: { year: [2020] }", "where: { year: [1.10] }", &["`1.10` is read as 1.1", "in quotes: \"1.10\""]);
    broken(
        "{ file: shops.csv }",
        "{ file: shops.csv, encoding: latin1 }",
        &["unknown choice `latin1`", "`windows-1252`"],
    );
}

#[test]
fn variables_that_contradict_themselves() {
    broken("sales: { label: Sales }", "sales: { column: a, log: area }", &["not from `column`, `log`", "keep one"]);
    broken("log: area }", "log: density }", &["`density`, which stands after it", "move it down"]);
    broken("log: area }", "log: town }", &["`town` is not a number"]);
    broken("of: staff, match: { shop: shop }, where", "of: staff, where", &["nothing says which rows", "add `match:"]);
    broken(
        "of: staff, match: { shop: shop }, where",
        "of: staff, match: { shop: area }, where",
        &["`area` is a number", "`kind: key`"],
    );
    broken("unit: 1 square metre, scale: 10", "absent: 0, scale: 10", &["`absent` does not go with `column`"]);
    broken(
        "unit: 1 square metre, scale: 10",
        "where: { a: [b] }",
        &["`where` does not go with `column`", "source's own `where`"],
    );
    broken("unit: 1 square metre, scale: 10", "times: 2", &["`times` does not go with `column`"]);
    broken("town: { kind: key }", "town: { kind: key, scale: 2 }", &["`scale` is for a number", "`town` is a key"]);
    broken("absent: 0 }", "kind: category }", &["`staff` is worked out, so it is a number"]);
    broken("Large: [l, xl]", "Large: [l, s]", &["text `s` is in `Small` and in `Large`"]);
    broken("Large: [l, xl]", "Missing: [l]", &["level `Missing` is made by `if_missing: level`"]);
    broken("Small: [s], Large: [l, xl]", "Small: [s]", &["1 levels, expected 2 to 200"]);
    broken("reference: Small,", "missing: [s],", &["`s` has a meaning here and is listed as `missing`"]);
    broken("scale: 10", "scale: 0", &["0 is outside"]);
    broken(
        "sales: { label: Sales }",
        "\"my sales\": {}\n  sales: {}",
        &["`my sales` cannot be the id of a variable", "`column:`"],
    );
}

#[test]
fn outcomes_that_do_not_fit() {
    broken("sales: { number: sales }", "sales: { number: sales, count: sales }", &["in exactly one way"]);
    broken("sales: { number: sales }", "sales: { successes: sales }", &["`successes` and `of`", "go together"]);
    broken("sales: { number: sales }", "sales: { number: town }", &["is a number, and `town` is not"]);
    broken("outcomes: [open]", "outcomes: [sales]", &["family `logit` needs an outcome that is binary or grouped"]);
    broken("family: linear\n", "family: probit\n", &["family `probit` needs an outcome that is binary"]);
}

#[test]
fn models_that_contradict_themselves() {
    broken("exposure: density", "exposure: town", &["exposure of a model is a number, and `town` is not"]);
    broken("absorb: [town]", "absorb: [area]", &["what is absorbed is a key or a category", "`kind: key`"]);
    broken("absorb: [town]", "absorb: [town, format]", &["`format` is absorbed and a term"]);
    broken("absorb: [town]", "absorb: [town, town]", &["`town` is absorbed twice"]);
    broken("terms: [area,", "terms: [area, area,", &["term `area` is listed twice"]);
    broken("terms: [area,", "terms: [density, area,", &["the exposure `density` is a term already"]);
    broken("terms: [area,", "terms: [town, area,", &["`town` is a key, and a key cannot be a term", "absorb"]);
    broken("terms: [area,", "terms: [\"format^2\", area,", &["`format` is a category and has no powers"]);
    broken("terms: [area,", "terms: [\"area^9\", area,", &["`9` in term `area^9` is not a power"]);
    broken("terms: [area,", "terms: [\"area:area\", area,", &["term `area:area` holds `area` twice", "area^2"]);
    broken("terms: [area,", "terms: [\"area:open\", area,", &["term `area:open` stands without `open`", "a*b"]);
    broken("cluster: town\n", "cluster: [town, town]\n", &["the two clusters are the same"]);
    broken("cluster: town\n", "cluster: area\n", &["a cluster is a key or a category", "`kind: key`"]);
    broken("cluster: town\n", "errors: cluster\n", &["errors `cluster` need clusters", "add `cluster:`"]);
    broken(
        "{ id: plain, errors: hc1 }",
        "{ id: plain, errors: hc1, cluster: shop }",
        &["errors `hc1` know no clusters"],
    );
    broken("{ id: plain, errors: hc1 }", "{ id: odds }", &["two models are called `odds`"]);
    broken(
        "{ id: plain, errors: hc1 }",
        "{ id: plain, bootstrap: { draws: 99 }, errors: cr3 }",
        &["not clustered one way"],
    );
    broken(
        "{ id: plain, errors: hc1 }",
        "{ id: plain, offset: { log: area } }",
        &["linear model adds its offset", "offset: none"],
    );
    broken("weights: { sampling: n }", "weights: { sampling: n, frequency: n }", &["exactly one kind"]);
    broken("from: 0, to: observed", "from: 1, to: 1", &["to the same place"]);
    broken("subgroups: [format]", "subgroups: [town]", &["subgroups are levels of a category"]);
    broken("joint: [{ terms: [area,", "joint: [{ terms: [staff,", &["unknown term of the model `staff`"]);
}

#[test]
fn tests_and_printed_numbers_that_make_no_sense() {
    broken("value: 0.1, scale: coefficient", "value: 1.1, scale: ratio", &["main model is linear and has no ratio"]);
    broken("value: 0.1, scale: coefficient", "value: -1, scale: effect", &["is above 0, got -1"]);
    broken("coefficient: 0.5, low", "coefficient: 5, low", &["outside its interval", "misprint"]);
    broken("coefficient: 0.5, low: 0.1, high: 0.9", "coefficient: 0.5, low: 0.1", &["`low` and `high` go together"]);
    broken("coefficient: 0.5, low: 0.1, high: 0.9", "effect: 1, ratio: 1", &["exactly one scale"]);
    broken("level: Large, ratio: 1.5", "level: Larg, ratio: 1.5", &["unknown level `Larg`", "did you mean `Large`?"]);
    broken("term: density, c", "term: staff, c", &["unknown term of the model `staff`"]);
    broken("term: density, c", "term: density, level: x, c", &["`density` is a number and has no levels"]);
    broken(
        "limits: [One year.]",
        "figures: { forest: { number: 1, title: x } }\ntables: { variants: { number: 1, title: x }, x: { number: 2, title: y } }",
        &["unknown table `x`"],
    );
}

#[test]
fn every_source_is_used() {
    broken("rows: shops", "  more: { file: more.csv }\nrows: shops", &["no variable is made from source `more`"]);
}

#[test]
fn all_problems_come_at_once_with_their_lines() {
    let text = RIGHT
        .replacen("rows: shops", "rows: shopz", 1)
        .replacen("reference: Small", "reference: Big", 1)
        .replacen("population: all", "population: none_such", 1)
        .replacen("id: plain, errors: hc1", "id: plain, errors: robust", 1);
    let lines: Vec<u64> = wrong(&text).0.iter().filter_map(|problem| problem.line).collect();
    let wanted = ["rows: shopz", "reference: Big", "none_such", "errors: robust"].map(|part| line(&text, part));
    assert_eq!(lines, wanted);
}

#[test]
fn a_config_of_neither_form_names_what_is_missing() {
    let text = wrong("offprint: 1\nstudy: { id: t, version: \"1\", title: T, authors: [A], seed: 1 }\nsources: {}\n")
        .to_string();
    says(&text, &["missing field `row`"]);
}
