//! Variables made from columns: looked up, added up, recoded; and what must be refused.

use crate::support::{Files, load, names, numbers, says};
use offprint::config::Dataset;
use offprint::panel::{Frame, Values};

const SHOPS: &str =
    "code,town,year,open,format\nA1,Ash,1,yes,s\nA2,Ash,1,no,l\nA3,Elm,2,yes,\nA4,,2,?,xl\nA5,Oak,2,no,s\n";
const STAFF: &str = "shop,role,hours,region,year\nA1,till,0.1,North,1\nA1,till,0.2,North,1\nA1,desk,5,North,1\nA2,desk,7,North,1\n\
    A3,till,x,South,2\nA3,desk,1,South,2\nA4,till,,East,2\nA4,till,1,East,2\nZ9,till,bad,West,3\n";

fn study(variables: &str) -> Dataset {
    load(&format!(
        "offprint: 1\nstudy: {{ id: t, version: \"1\", title: T, authors: [A], seed: 1 }}\nrow: [shop, shops]\n\
         sources:\n  shops: {{ file: shops.csv }}\n  staff: {{ file: staff.csv, missing: [x] }}\nrows: shops\n\
         variables:\n  code: {{ label: Code, kind: key }}\n  year: {{}}\n  used: {{ label: Used, count: rows, of: staff, match: {{ shop: code }} }}\n{variables}\n  later: {{ log: year }}\n\
         outcomes: {{ y: {{ number: year }} }}\nmodels: {{ main: {{ family: linear, exposure: later }} }}\n"
    ))
}

fn files() -> Files {
    Files::new(&[("shops.csv", SHOPS.as_bytes()), ("staff.csv", STAFF.as_bytes())])
}

fn frame(variables: &str) -> (Dataset, Frame) {
    let dataset = study(variables);
    let frame = files().frame(&dataset).unwrap_or_else(|problems| panic!("{problems}"));
    (dataset, frame)
}

#[track_caller]
fn fails(variables: &str, parts: &[&str]) {
    let problems = files().frame(&study(variables)).expect_err("made");
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert!(problems.0[0].hint.is_some() && problems.0[0].file.is_some(), "{problems}");
    says(&problems.to_string(), parts);
}

/// One variable's numbers as text, so that missing ones compare.
fn made(variable: &str) -> String {
    let (dataset, frame) = frame(&format!("  x: {variable}"));
    numbers(&dataset, &frame, "x").iter().map(f64::to_string).collect::<Vec<_>>().join(" ")
}

const TILL: &str = "sum: hours, of: staff, match: { shop: code }, where: { role: [till] }";

#[test]
fn sums_tell_nothing_from_not_on_file() {
    // A1: 0.1 + 0.2; A2 is on file without such a row: zero; a row of A3 and of A4 has no amount; A5 is not on file.
    let sum = made(&format!("{{ {} }}", TILL.replace("role: [till]", "role: [till], year: [1, 2]")));
    assert!(sum.starts_with("0.30000000000000004 0 NaN NaN NaN"), "{sum}");
    assert_eq!(made("{ sum: hours, of: staff, match: { shop: code }, where: { role: [desk] } }"), "5 7 1 0 NaN");
    assert_eq!(
        made("{ sum: hours, of: staff, match: { shop: code }, where: { role: [desk] }, absent: 0, scale: 2 }"),
        "2.5 3.5 0.5 0 0"
    );
    assert_eq!(made("{ count: rows, of: staff, match: { shop: code } }"), "3 1 2 2 NaN");
    assert_eq!(
        made("{ count: rows, of: staff, match: { shop: code }, where: { role: [till] }, absent: -1 }"),
        "2 0 1 2 -1"
    );
    assert_eq!(made("{ count: rows, of: staff, match: { shop: code }, where: { hours: [\"\"] } }"), "0 0 1 1 NaN");
    // The rows' own source may be added up too: shops of the year.
    let (dataset, frame) = frame("  y: { kind: key, column: year }\n  x: { count: rows, match: { year: y } }");
    assert_eq!(numbers(&dataset, &frame, "x"), [2.0, 2.0, 3.0, 3.0, 3.0]);
}

#[test]
fn sums_do_not_lose_small_amounts() {
    let staff = "shop,role,hours,region,year\nA1,till,1e12,N,1\nA1,till,1e-4,N,1\nA1,till,-1e12,N,1\n";
    let files = Files::new(&[("shops.csv", SHOPS.as_bytes()), ("staff.csv", staff.as_bytes())]);
    let dataset = study(&format!("  x: {{ {TILL} }}"));
    assert_eq!(numbers(&dataset, &files.frame(&dataset).unwrap(), "x")[0], 1e-4);
}

#[test]
fn a_lookup_takes_what_equal_keys_agree_on() {
    let (dataset, frame) =
        frame("  region: { label: Region, kind: key, column: region, of: staff, match: { shop: code } }");
    let wanted = [Some("North"), Some("North"), Some("South"), Some("East"), None];
    assert_eq!(names(&dataset, &frame, "region"), wanted);
    let Values::Named { names, .. } = &frame.values[3] else { panic!("named") };
    assert_eq!(names, &["East", "North", "South"], "in order of text, only those that occur");
    assert_eq!(frame.facts[1], ("Region: shops with Code found in staff".to_owned(), 4, 5));
}

#[test]
fn a_lookup_that_finds_two_values_is_refused() {
    let text = "  role: { kind: key, column: role, of: staff, match: { shop: code } }";
    fails(
        text,
        &[
            "variable `role`: `staff` holds two values of `role` for `shop` `A1`: `till` and `desk` (2 keys are like this)",
            "sum:",
        ],
    );
    // What no row asks for may be as it likes, and a gap is no second value.
    let staff = "shop,role,hours,region,year\nA1,till,1,North,1\nA1,,1,North,1\nZ9,till,1,West,1\nZ9,desk,1,West,1\n";
    let files = Files::new(&[("shops.csv", SHOPS.as_bytes()), ("staff.csv", staff.as_bytes())]);
    let dataset = study(text);
    assert_eq!(names(&dataset, &files.frame(&dataset).unwrap(), "role")[0], Some("till"));
}

#[test]
fn keys_may_be_of_several_columns() {
    let (dataset, frame) =
        frame("  y: { kind: key, column: year }\n  x: { count: rows, of: staff, match: { shop: code, year: y } }");
    assert_eq!(format!("{:?}", numbers(&dataset, &frame, "x")), "[3.0, 1.0, 2.0, 2.0, NaN]");
    assert_eq!(frame.facts[1].0, "x: shops with Code and y found in staff");
}

#[test]
fn a_missing_key_makes_what_is_looked_up_by_it_missing() {
    let (dataset, frame) = frame("  town: { kind: key }\n  x: { count: rows, match: { town: town }, absent: 0 }");
    assert_eq!(format!("{:?}", numbers(&dataset, &frame, "x")), "[2.0, 2.0, 1.0, NaN, 1.0]");
    assert_eq!((frame.facts[1].1, frame.facts[1].2), (4, 4), "of the shops that have a town");
}

#[test]
fn ratios_and_logarithms_end_where_they_have_no_meaning() {
    let desk = "  desk: { sum: hours, of: staff, match: { shop: code }, where: { role: [desk] } }\n";
    let text = format!(
        "{desk}  per: {{ ratio: [year, desk], times: 10 }}\n  log: {{ log: desk }}\n  back: {{ ratio: [desk, desk], scale: 2 }}"
    );
    let dataset = study(&text);
    let frame = files().frame(&dataset).unwrap();
    let shown = |id: &str| format!("{:?}", numbers(&dataset, &frame, id));
    assert_eq!(shown("per"), "[2.0, 1.4285714285714284, 20.0, NaN, NaN]");
    assert_eq!(shown("back"), "[0.5, 0.5, 0.5, NaN, NaN]");
    let log = numbers(&dataset, &frame, "log");
    assert!((log[0] - 1.6094379124341003).abs() < 1e-15 && log[2] == 0.0 && log[3].is_nan() && log[4].is_nan());
}

#[test]
fn texts_may_stand_for_numbers() {
    assert_eq!(made("{ column: open, values: { \"yes\": 1, \"no\": 0 }, missing: [\"?\"] }"), "1 0 1 NaN 0");
    fails(
        "  x: { column: open, values: { \"yes\": 1, \"no\": 0 } }",
        &["column `open` holds `?` in 1 row, which `values` does not name", "or to `missing`"],
    );
    fails(
        "  x: { column: open, values: { \"yes\": 1, \"no\": 0, \"noo\": 2 }, missing: [\"?\"] }",
        &["value `noo` never occurs in column `open`", "did you mean `no`?"],
    );
}

#[test]
fn levels_are_those_named_or_those_found() {
    let (dataset, found) = frame("  x: { column: format, levels: { Large: [l, xl], Small: [s] }, reference: Small }");
    assert_eq!(names(&dataset, &found, "x"), [Some("Small"), Some("Large"), None, Some("Large"), Some("Small")]);
    let Values::Named { names: levels, reference, .. } = &found.values[3] else { panic!("named") };
    assert_eq!((levels.join(","), *reference), ("Large,Small".to_owned(), 1));

    let (dataset, found) = frame("  x: { column: format, kind: category, if_missing: level }");
    assert_eq!(names(&dataset, &found, "x"), [Some("s"), Some("l"), Some("Missing"), Some("xl"), Some("s")]);
    let Values::Named { names: levels, reference, .. } = &found.values[3] else { panic!("named") };
    assert_eq!((levels.join(","), *reference), ("l,s,xl,Missing".to_owned(), 0));

    // Where nothing is missing there is no such level.
    let (_, found) = frame("  x: { column: code, kind: category, if_missing: level }");
    let Values::Named { names: levels, .. } = &found.values[3] else { panic!("named") };
    assert_eq!(levels.len(), 5);
}

#[test]
fn numbers_found_as_levels_are_in_order_of_size() {
    let shops = SHOPS.replace(",1,", ",10,").replace("A5,Oak,2", "A5,Oak,-1");
    let files = Files::new(&[("shops.csv", shops.as_bytes()), ("staff.csv", STAFF.as_bytes())]);
    let dataset = study("  x: { column: year, kind: category, reference: \"2\" }");
    let frame = files.frame(&dataset).unwrap();
    let Values::Named { names: levels, reference, .. } = &frame.values[3] else { panic!("named") };
    assert_eq!((levels.join(","), *reference), ("-1,2,10".to_owned(), 1));
}

#[test]
fn levels_that_do_not_fit_the_file() {
    fails(
        "  x: { column: format, levels: { Large: [l], Small: [s] } }",
        &["column `format` holds `xl` in 1 row, which `levels` does not name"],
    );
    fails(
        "  x: { column: format, levels: { Large: [l, xl], Small: [s], Tiny: [xs] } }",
        &["level `Tiny` matches no row: `xs` never occurs", "did you mean"],
    );
    fails("  x: { column: format, kind: category, reference: m }", &["reference `m` never occurs in column `format`"]);
    let shops = SHOPS.replace(",xl\n", ",Missing\n");
    let files = Files::new(&[("shops.csv", shops.as_bytes()), ("staff.csv", STAFF.as_bytes())]);
    let problems = files.frame(&study("  x: { column: format, kind: category, if_missing: level }")).unwrap_err();
    says(
        &problems.to_string(),
        &["holds `Missing`, the name of the level of rows without a value", "missing: [Missing]"],
    );
    let many: String = (0..201).map(|at| format!("B{at},T,1,no,f{at}\n")).collect();
    let files = Files::new(&[
        ("shops.csv", format!("code,town,year,open,format\n{many}").as_bytes()),
        ("staff.csv", STAFF.as_bytes()),
    ]);
    let problems = files.frame(&study("  x: { column: format, kind: category }")).unwrap_err();
    says(&problems.to_string(), &["has 201 different values", "is it a `kind: key`"]);
}

#[test]
fn values_of_a_sum_that_never_occur() {
    fails(
        "  x: { count: rows, of: staff, match: { shop: code }, where: { role: [tills] } }",
        &["value `tills` never occurs in column `role`", "did you mean `till`?"],
    );
    // The bad amount of a shop that is in no row is still an amount of the census.
    fails(&format!("  x: {{ {} }}", TILL), &["column `hours` has 1 value that is not a number: `bad`"]);
}

#[test]
fn all_variables_are_complained_of_at_once_and_nothing_twice() {
    let text =
        "  a: { column: open }\n  b: { ratio: [a, year] }\n  c: { column: format, kind: category, reference: m }";
    let problems = files().frame(&study(text)).unwrap_err();
    assert_eq!(problems.0.len(), 2, "{problems}");
}
