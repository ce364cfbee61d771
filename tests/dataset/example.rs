//! A study of another field in thirty lines: Longley (1967), employment in the United States, against
//! the certified values of the National Institute of Standards and Technology.

use std::path::Path;
use std::process::Command;

use crate::support::{Files, coefficients, run};

const CERTIFIED: &str = include_str!("../oracles/nist/Longley.dat");

const CONFIG: &str = r#"offprint: 1
study: { id: longley, version: "1", title: Employment in the United States, authors: [A. Author], seed: 1 }
row: [year, years]
sources: { longley: { file: longley.csv } }
rows: longley
variables:
  employed: { label: People employed (thousands), column: y }
  deflator: { label: Price deflator, column: x1, unit: 1 point }
  gnp: { label: Gross national product (million dollars), column: x2 }
  unemployed: { label: People unemployed (thousands), column: x3 }
  forces: { label: Armed forces (thousands), column: x4 }
  population: { label: Population aged 14 and over (thousands), column: x5 }
  year: { label: Year, column: x6 }
outcomes:
  employed: { number: employed }
models:
  main:
    family: linear
    exposure: deflator
    terms: [gnp, unemployed, forces, population, year]
    errors: iid
published:
  name: NIST
  estimates:
    - { term: deflator, coefficient: 15.0618722713733, std_error: 84.9149257747669, digits: 10 }
limits: ["Sixteen years, nearly collinear: a test of arithmetic."]
"#;

/// The data of the certified file as a table with a header.
fn table() -> String {
    let data = CERTIFIED.split("Data:").nth(2).unwrap();
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(",");
    data.lines().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Certified estimate and standard deviation by parameter.
fn certified(parameter: &str) -> [f64; 2] {
    let line = CERTIFIED.lines().find(|line| line.split_whitespace().next() == Some(parameter)).unwrap();
    let numbers: Vec<f64> = line.split_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    [numbers[0], numbers[1]]
}

#[test]
fn thirty_lines_give_the_certified_values() {
    assert!(CONFIG.lines().count() <= 30);
    let table = table();
    assert_eq!(table.lines().count(), 17, "{table}");
    let files = Files::new(&[("longley.csv", table.as_bytes()), ("config.yaml", CONFIG.as_bytes())]);
    for template in ["dataset.md.j2", "page.html.j2"] {
        let path = format!("{}/templates/{template}", env!("CARGO_MANIFEST_DIR"));
        files.write(&format!("templates/{template}"), &std::fs::read(path).unwrap());
    }
    let folder = run(&files.root().join("config.yaml"), files.root(), &files.root().join("out"));
    let found = coefficients(&folder);
    let terms = [
        ("deflator", "B1"),
        ("gnp", "B2"),
        ("unemployed", "B3"),
        ("forces", "B4"),
        ("population", "B5"),
        ("year", "B6"),
    ];
    for (term, parameter) in terms {
        let (_, values) = found.iter().find(|(name, _)| name == term).unwrap_or_else(|| panic!("no {term}: {found:?}"));
        for (got, wanted) in values.iter().zip(certified(parameter)) {
            assert!((got / wanted - 1.0).abs() < 1e-9, "{term}: {got}, certified {wanted}");
        }
    }
    let report = std::fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(!report.to_lowercase().contains("simulated"), "nothing is simulated");
    assert!(report.contains("NIST") && report.contains("Sixteen years"));
}

/// Without a term called the exposure, every term's estimate that moved is a row of `diff`.
#[test]
fn a_difference_names_its_terms() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("tests/fixtures/caschool.csv"), folder.path().join("caschool.csv")).unwrap();
    let text = std::fs::read_to_string(root.join("studies/class-size.yaml")).unwrap();
    let offprint = |args: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_offprint")).current_dir(folder.path()).args(args).output().unwrap();
        assert!(
            ran.stderr.is_empty() || args == ["run"] && ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        String::from_utf8(ran.stdout).unwrap()
    };
    let second = text.replacen("version: \"1\"", "version: \"2\"", 1).replacen("errors: hc1", "errors: iid", 1);
    for config in [&text, &second] {
        std::fs::write(folder.path().join("config.yaml"), config).unwrap();
        offprint(&["run"]);
    }
    let filed = std::fs::read_dir(folder.path().join("output")).unwrap().map(|entry| entry.unwrap().path());
    let mut filed: Vec<_> = filed.filter(|path| path.join("manifest.json").exists()).collect();
    filed.sort();
    let told = offprint(&["diff", filed[0].to_str().unwrap(), filed[1].to_str().unwrap()]);
    for row in
        ["| main | score (str) | coefficient | \u{2212}1.1013", "| main | score (elpct) | coefficient | \u{2212}0.6498"]
    {
        assert!(told.contains(row), "`{row}` is not in:\n{told}");
    }
}
