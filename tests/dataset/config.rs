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
  - { about: x, key: models.main.family, because: y }
limits: [One year.]
"#;

/// Line of the first occurrence of `text`.
fn line(config: &str, text: &str) -> u64 {
    config.lines().position(|line| line.contains(text)).unwrap() as u64 + 1
}

/// A break of the config, `from` to `to`, and what the message must say.
type Case<'a> = (&'a str, &'a str, &'a [&'a str]);

/// Asserts that each break gives one problem, at its line, with a hint and the parts said.
#[track_caller]
fn all(cases: &[Case<'_>]) {
    let found: Vec<String> = cases.iter().filter_map(|(from, to, parts)| broken(from, to, parts)).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// What is not as it should be after a break.
fn broken(from: &str, to: &str, parts: &[&str]) -> Option<String> {
    assert!(RIGHT.contains(from), "`{from}` is not in the config");
    let text = RIGHT.replacen(from, to, 1);
    let problems = wrong(&text);
    // A part that begins with @ is on the line that is meant, where that is not the one broken.
    let (elsewhere, parts): (Vec<&str>, Vec<&str>) = parts.iter().partition(|part| part.starts_with('@'));
    let place = elsewhere.first().map_or_else(|| to.split('\n').next().unwrap(), |part| &part[1..]);
    let line = Some(line(&text, place));
    let message = problems.to_string();
    let [only] = &problems.0[..] else { return Some(format!("{to}: several problems: {message}")) };
    if only.line != line || only.hint.is_none() {
        return Some(format!("{to}: not at line {line:?}, or without hint: {message}"));
    }
    let part = parts.into_iter().find(|part| !message.contains(part))?;
    Some(format!("{to}: `{part}` is not said: {message}"))
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
    assert_eq!(dataset.assumptions[0].choice, "linear");
    assert_eq!((dataset.disclosure.profile.as_str(), dataset.disclosure.threshold), ("gpps", 10));
    assert_eq!(dataset.report.template, "templates/dataset.md.j2");
    assert!(dataset.tables.iter().any(|table| table.title == "This run beside Paper" && table.number == "7"));
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
    all(&[
        ("family: linear", "famly: linear", &["unknown field `famly`", "did you mean `family`?"]),
        ("exposure: density", "exposure: densty", &["unknown variable `densty`", "did you mean `density`?"]),
        ("rows: shops", "rows: shop", &["unknown source `shop`", "did you mean `shops`?"]),
        (
            "of: staff, match: { shop: shop }, where",
            "of: staf, match: { shop: shop }, where",
            &["unknown source `staf`", "did you mean `staff`?"],
        ),
        ("family: logit", "family: logistic", &["unknown choice `logistic`", "`probit`"]),
        ("number: sales }", "number: sale }", &["unknown variable `sale`", "did you mean `sales`?"]),
        ("population: all", "population: al", &["unknown population `al`", "did you mean `all`?"]),
        ("outcomes: [open]", "outcomes: [opne]", &["unknown outcome `opne`", "did you mean `open`?"]),
        ("reference: Small", "reference: Smal", &["unknown level `Smal`", "did you mean `Small`?"]),
        ("key: models.main.family", "key: models.main.famly", &["the config does not have"]),
        ("scale: coefficient", "scale: odds", &["unknown choice `odds`"]),
        ("to: observed", "to: obsrved", &["did you mean `observed`?"]),
        ("weights: { sampling: n }", "weights: survey", &["unknown choice `survey`", "{ sampling: VARIABLE }"]),
        ("weights: { sampling: n }", "weights: [n]", &["@- id: odds", "expected `none`, `{ frequency: VARIABLE }`"]),
        (
            "limits: [One year.]",
            "tables: { mian: { number: 1, title: x } }",
            &["unknown table `mian`", "did you mean `main`?"],
        ),
    ]);
}

#[test]
fn sources_that_cannot_be_read() {
    all(&[
        ("{ file: shops.csv }", "{ }", &["either `file` or `files`"]),
        ("{ file: shops.csv }", "{ file: a.csv, files: [b.csv] }", &["either `file` or `files`"]),
        ("where: { year: [2020] }", "where: { year: [] }", &["no value listed for `year`"]),
        ("where: { year: [2020] }", "where: { year: [1.10] }", &["`1.10` is read as 1.1", "in quotes: \"1.10\""]),
        (
            "{ file: shops.csv }",
            "{ file: shops.csv, encoding: latin1 }",
            &["unknown choice `latin1`", "`windows-1252`"],
        ),
    ]);
}

#[test]
fn variables_that_contradict_themselves() {
    all(&[
        ("sales: { label: Sales }", "sales: { column: a, log: area }", &["not from `column`, `log`", "keep one"]),
        ("log: area }", "log: density }", &["`density`, which stands after it", "move it down"]),
        ("log: area }", "log: town }", &["`town` is not a number"]),
        ("of: staff, match: { shop: shop }, where", "of: staff, where", &["nothing says which rows", "add `match:"]),
        (
            "of: staff, match: { shop: shop }, where",
            "of: staff, match: { shop: area }, where",
            &["`area` is a number", "`kind: key`"],
        ),
        ("unit: 1 square metre, scale: 10", "absent: 0, scale: 10", &["`absent` does not go with `column`"]),
        (
            "unit: 1 square metre, scale: 10",
            "where: { a: [b] }",
            &["`where` does not go with `column`", "source's own `where`"],
        ),
        ("unit: 1 square metre, scale: 10", "times: 2", &["`times` does not go with `column`"]),
        ("town: { kind: key }", "town: { kind: key, scale: 2 }", &["`scale` is for a number", "`town` is a key"]),
        ("absent: 0 }", "kind: category }", &["`staff` is worked out, so it is a number"]),
        ("Large: [l, xl]", "Large: [l, s]", &["text `s` is in `Small` and in `Large`"]),
        ("Large: [l, xl]", "Large: [l], Missing: [xl]", &["level `Missing` is made by `if_missing: level`"]),
        ("town: { kind: key }", "town: { levels: { A: [a] } }", &["1 levels, expected 2 to 200"]),
        (
            "reference: Small,",
            "missing: [s], reference: Small,",
            &["`s` has a meaning here and is listed as `missing`"],
        ),
        ("scale: 10", "scale: 0", &["0 is outside"]),
        (
            "sales: { label: Sales }",
            "\"my sales\": {}\n  sales: {}",
            &["`my sales` cannot be the id of a variable", "`column:`"],
        ),
    ]);
}

#[test]
fn outcomes_that_do_not_fit() {
    all(&[
        ("sales: { number: sales }", "sales: { number: sales, count: sales }", &["in exactly one way"]),
        ("sales: { number: sales }", "sales: { successes: sales }", &["`successes` and `of`", "go together"]),
        ("sales: { number: sales }", "sales: { number: town }", &["is a number, and `town` is not"]),
        (
            "outcomes: [open]",
            "outcomes: [sales]",
            &["@family: logit", "family `logit` needs an outcome that is binary or grouped"],
        ),
        ("family: linear\n", "family: probit\n", &["family `probit` needs an outcome that is binary"]),
    ]);
}

#[test]
fn models_that_contradict_themselves() {
    all(&[
        ("exposure: density", "exposure: town", &["exposure of a model is a number, and `town` is not"]),
        ("absorb: [town]", "absorb: [area]", &["what is absorbed is a key or a category", "`kind: key`"]),
        ("absorb: [town]", "absorb: [town, format]", &["@terms: [area", "`format` is absorbed and a term"]),
        ("absorb: [town]", "absorb: [town, town]", &["`town` is absorbed twice"]),
        ("terms: [area,", "terms: [area, area,", &["term `area` is listed twice"]),
        ("terms: [area,", "terms: [density, area,", &["the exposure `density` is a term already"]),
        ("terms: [area,", "terms: [town, area,", &["`town` is a key, and a key cannot be a term", "absorb"]),
        ("terms: [area,", "terms: [\"format^2\", area,", &["`format` is a category and has no powers"]),
        ("terms: [area,", "terms: [\"area^9\", area,", &["`9` in term `area^9` is not a power"]),
        ("terms: [area,", "terms: [\"area:area\", area,", &["term `area:area` holds `area` twice", "area^2"]),
        ("terms: [area,", "terms: [\"area:open\", area,", &["term `area:open` stands without `open`", "a*b"]),
        ("cluster: town\n", "cluster: [town, town]\n", &["the two clusters are the same"]),
        ("cluster: town\n", "cluster: area\n", &["a cluster is a key or a category", "`kind: key`"]),
        ("cluster: town\n", "errors: cluster\n", &["errors `cluster` need clusters", "add `cluster:`"]),
        ("{ id: plain, errors: hc1 }", "{ id: plain, errors: hc1, cluster: shop }", &["errors `hc1` know no clusters"]),
        ("{ id: plain, errors: hc1 }", "{ id: main }", &["two models are called `main`"]),
        (
            "{ id: plain, errors: hc1 }",
            "{ id: plain, bootstrap: { draws: 99 }, errors: cr3 }",
            &["not clustered one way"],
        ),
        (
            "{ id: plain, errors: hc1 }",
            "{ id: plain, offset: { log: area } }",
            &["linear model adds its offset", "offset: none"],
        ),
        ("weights: { sampling: n }", "weights: { sampling: n, frequency: n }", &["exactly one kind"]),
        ("from: 0, to: observed", "from: 1, to: 1", &["to the same place"]),
        ("subgroups: [format]", "subgroups: [town]", &["subgroups are levels of a category"]),
        ("joint: [{ terms: [area,", "joint: [{ terms: [staff,", &["unknown term of the model `staff`"]),
    ]);
}

#[test]
fn tests_and_printed_numbers_that_make_no_sense() {
    all(&[
        ("value: 0.1, scale: coefficient", "value: 1.1, scale: ratio", &["main model is linear and has no ratio"]),
        ("value: 0.1, scale: coefficient", "value: -1, scale: effect", &["is above 0, got -1"]),
        ("coefficient: 0.5, low", "coefficient: 5, low", &["outside its interval", "misprint"]),
        ("coefficient: 0.5, low: 0.1, high: 0.9", "coefficient: 0.5, low: 0.1", &["`low` and `high` go together"]),
        ("coefficient: 0.5, low: 0.1, high: 0.9", "effect: 1, ratio: 1", &["exactly one scale"]),
        ("level: Large, ratio: 1.5", "level: Larg, ratio: 1.5", &["unknown level `Larg`", "did you mean `Large`?"]),
        ("term: density, c", "term: staff, c", &["unknown term of the model `staff`"]),
        ("term: density, c", "term: density, level: x, c", &["`density` is a number and has no levels"]),
        (
            "limits: [One year.]",
            "figures: { forest: { number: 1, title: x } }\ntables: { variants: { number: 1, title: x }, x: { number: 2, title: y } }",
            &["@tables:", "unknown table `x`"],
        ),
    ]);
}

#[test]
fn every_source_is_used() {
    all(&[("rows: shops", "  more: { file: more.csv }\nrows: shops", &["no variable is made from source `more`"])]);
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
