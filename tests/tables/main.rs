//! The tables room from outside: goldens a person can read, what must hold for any findings, and
//! what must never be seen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod found;
mod study;

use std::fmt::Write as _;
use std::path::PathBuf;

use found::{SECRETS, findings};
use offprint::disclosure::{Findings, Gate, Stage};
use offprint::tables::{IDS, Table, Value, alt, build, flow_rows, models_rows, results_rows};
use study::config;

const FIGURES: [&str; 5] = ["rollout", "outcomes", "forest", "areas", "flow"];

fn cell(value: &Value) -> String {
    match value {
        Value::Number(x) => format!("{x}"),
        Value::Text(text) => text.clone(),
        Value::Blank => String::new(),
        Value::Hidden(reason) => format!("[{reason}]"),
    }
}

/// The table as text: printed cells, then the values behind them, then the notes.
fn render(table: &Table) -> String {
    let mut out = format!("Table {}. {}\n", table.number, table.title);
    let heads: Vec<&str> = table.heads.iter().map(|head| head.text.as_str()).collect();
    writeln!(out, "{}", heads.join(" | ")).unwrap();
    for row in &table.rows {
        if !row.section.is_empty() {
            writeln!(out, "-- {}", row.section).unwrap();
        }
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
        writeln!(out, "{}", cells.join(" | ")).unwrap();
    }
    out += "\nvalues\n";
    let names: Vec<&str> = table.heads.iter().flat_map(|head| &head.names).map(String::as_str).collect();
    writeln!(out, "{}", names.join(",")).unwrap();
    for row in &table.rows {
        let values: Vec<String> = row.cells.iter().flat_map(|cell| &cell.values).map(cell).collect();
        writeln!(out, "{}", values.join(",")).unwrap();
    }
    out += "\nnotes\n";
    for note in &table.notes {
        writeln!(out, "{note}").unwrap();
    }
    out
}

fn joined(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

/// Every output of the room by the name of its golden file.
fn outputs(findings: &Findings) -> Vec<(String, String)> {
    let config = config();
    let mut all: Vec<(String, String)> =
        build(&config, findings).unwrap().iter().map(|table| (table.id.clone(), render(table))).collect();
    all.push(("results_csv".into(), joined(&results_rows(&config, findings))));
    all.push(("models_csv".into(), joined(&models_rows(&config, findings))));
    all.push(("flow_csv".into(), joined(&flow_rows(&config, findings))));
    let words: String = FIGURES.iter().map(|id| format!("{id}: {}\n", alt(&config, findings, id))).collect();
    all.push(("alt".into(), words));
    all
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tables")
}

/// Run with UPDATE_GOLDEN=1 to write the files anew, then read the difference.
#[test]
fn every_output_equals_its_golden_file_and_every_file_is_read() {
    let outputs = outputs(&findings());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        for (name, text) in &outputs {
            std::fs::write(golden().join(format!("{name}.txt")), text).unwrap();
        }
    }
    for (name, text) in &outputs {
        let stored = std::fs::read_to_string(golden().join(format!("{name}.txt"))).unwrap_or_default();
        assert_eq!(*text, stored, "{name}.txt differs");
    }
    let mut files: Vec<String> =
        std::fs::read_dir(golden()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    let mut names: Vec<String> = outputs.iter().map(|(name, _)| format!("{name}.txt")).collect();
    files.sort();
    names.sort();
    assert_eq!(files, names, "a golden file that nothing reads");
}

/// Whether `number` stands in `text` as a number of its own or opens one (`4.242` in `4.2424`).
fn shows(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + number.len()..].chars().next();
        let inside = before.is_some_and(|c| c.is_ascii_digit() || c == '.');
        let longer = after.is_some_and(|c| c.is_ascii_digit()) && !number.contains('.');
        !inside && !longer
    })
}

#[test]
fn hidden_numbers_appear_nowhere() {
    let open = {
        let mut open = findings();
        open.responses = Gate::new(0).count(739);
        open
    };
    assert!(outputs(&open).iter().any(|(_, text)| shows(text, "739")), "the search finds nothing at all");
    for (name, text) in outputs(&findings()) {
        for secret in SECRETS {
            assert!(!shows(&text, secret), "{name} shows {secret}");
        }
    }
}

#[test]
fn the_contract_headers_are_literal() {
    let header = |rows: Vec<Vec<String>>| rows[0].join(",");
    assert_eq!(
        header(results_rows(&config(), &findings())),
        "analysis,outcome,subgroup,term,quantity,estimate,std_error,conf_low,conf_high,statistic,p_value,n,clusters,\
         groups_dropped,status"
    );
    assert_eq!(header(flow_rows(&config(), &findings())), "outcome,wave,stage,reason,rows,practices");
}

#[test]
fn results_are_sorted_unique_and_read_back() {
    let rows = results_rows(&config(), &findings());
    assert!(rows.iter().all(|row| row.len() == 15));
    assert!(rows[1..].windows(2).all(|pair| pair[0][..5] < pair[1][..5]), "not sorted, or a key twice");
    let find = |key: [&str; 5]| rows.iter().find(|row| row[..5] == key).unwrap();
    let ratio = find(["main", "trust", "", "exposure", "odds_ratio"]);
    assert_eq!(ratio[5].parse::<f64>().unwrap(), 1.008);
    assert_eq!((ratio[11].as_str(), ratio[14].as_str()), ("58000", "ok"));
    let level = find(["main", "trust", "", "age=16-39", "coefficient"]);
    assert_eq!(level[5].parse::<f64>().unwrap(), -0.25);
    let hidden = find(["main", "help", "", "age=16-39", "coefficient"]);
    assert!(hidden[5..14].iter().all(String::is_empty), "{hidden:?}");
    assert_eq!(hidden[14], "suppressed: small count");
    let missing = find(["weighted", "quiet", "", "exposure", "people"]);
    assert_eq!((missing[5].as_str(), missing[14].as_str()), ("", "not estimated: no population is stated"));
}

fn assert_well_formed(table: &Table) {
    for head in &table.heads {
        assert!(!head.text.trim().is_empty() && !head.names.is_empty(), "{}: empty heading", table.id);
    }
    let mut names: Vec<&String> = table.heads.iter().flat_map(|head| &head.names).collect();
    for name in &names {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}");
    }
    names.sort();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{}: a CSV name twice", table.id);
    for row in &table.rows {
        assert_eq!(row.cells.len(), table.heads.len(), "{}", table.id);
        for (cell, head) in row.cells.iter().zip(&table.heads) {
            assert_eq!(cell.values.len(), head.names.len(), "{}: {}", table.id, head.text);
            assert!(!cell.text.trim().is_empty(), "{}: {}: empty cell", table.id, head.text);
        }
    }
    assert!(table.notes.iter().all(|note| !note.trim().is_empty()));
}

/// Splitmix64: a stream of choices for the property test.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn any_findings_make_well_formed_tables() {
    let mut state = 7;
    for round in 0..300 {
        let mut some = findings();
        let mut keep = || !next(&mut state).is_multiple_of(3);
        let ages = keep();
        some.respondents.retain(|row| if row.covariate == 0 { ages } else { keep() });
        some.levels.retain(|_| keep());
        some.provision.retain(|_| keep());
        some.areas.retain(|_| keep());
        some.responses_by_wave.retain(|_| keep());
        some.models.retain(|_| keep());
        for model in &mut some.models {
            model.coefficients.retain(|_| keep());
            if keep() {
                model.odds_ratio = Gate::new(0).missing("made up");
                model.n = Gate::new(10).count(5);
            }
        }
        if round % 2 == 0 {
            some.flow.clear();
        }
        for table in build(&config(), &some).unwrap() {
            assert_well_formed(&table);
        }
        assert!(results_rows(&config(), &some).iter().all(|row| row.len() == 15));
        assert!(FIGURES.iter().all(|id| !alt(&config(), &some, id).is_empty()));
    }
}

#[test]
fn sections_open_once_and_the_reference_stands_in_its_place() {
    let tables = build(&config(), &findings()).unwrap();
    let table = |id: &str| tables.iter().find(|table| table.id == id).unwrap();
    let sections = |id: &str| -> Vec<String> {
        table(id).rows.iter().map(|row| row.section.clone()).filter(|section| !section.is_empty()).collect()
    };
    assert_eq!(sections("respondents"), ["Age", "Work status"]);
    assert_eq!(sections("flow"), ["Trusts the clinic", "Enough help with a lasting illness", "Sleeps well"]);
    let ages: Vec<(&str, &str)> = table("coefficients").rows[..6]
        .iter()
        .map(|row| (row.cells[0].text.as_str(), row.cells[1].text.split(' ').next().unwrap()))
        .collect();
    assert_eq!(
        ages,
        [
            ("Helpers", "1.008"),
            ("Age: 16-39", "0.779"),
            ("Age: 40-64", "1"),
            ("Age: 65+", "1.649"),
            ("Age: Missing", "not"),
            ("Work status: In work", "1"),
        ]
    );
}

#[test]
fn bad_requests_are_all_named_at_once() {
    let mut config = config();
    config.tables[0].id = "respondent".into();
    config.tables[3].id = "outcomes".into();
    config.published.estimates.clear();
    let text = build(&config, &findings()).unwrap_err().to_string();
    assert!(text.contains("no table `respondent`") && text.contains("did you mean `respondents`?"), "{text}");
    assert!(text.contains("`outcomes` is listed twice"), "{text}");
    assert!(text.contains("`published` has no printed estimate"), "{text}");
    assert!(IDS.iter().all(|id| text.contains(&format!("`{id}`"))), "{text}");
}

#[test]
fn a_ledger_that_does_not_add_up_or_leaks_is_refused() {
    let gate = Gate::new(1000);
    let at = |some: &Findings, stage, wave| {
        some.flow.iter().position(|line| line.stage == stage && line.wave == wave && line.outcome == 0).unwrap()
    };
    let mut wrong = findings();
    for line in &mut wrong.flow {
        if line.rows.hidden().is_some() {
            line.rows = gate.count(0);
        }
    }
    let text = build(&config(), &wrong).unwrap_err().to_string();
    assert!(text.contains("counts do not add up: the ledger of `trust`, 2021"), "{text}");

    let mut leaks = findings();
    let received = at(&leaks, Stage::Received, Some(1));
    leaks.flow[received].rows = gate.count(739);
    let text = build(&config(), &leaks).unwrap_err().to_string();
    assert!(text.contains("worked out by subtraction: the waves of `trust`, received"), "{text}");
    assert!(!text.contains("739"), "{text}");
}

#[test]
fn real_data_carry_no_sentence_on_simulation_and_simulated_ones_always_do() {
    let mut config = config();
    let says = |config: &offprint::config::Config| -> Vec<bool> {
        let tables = build(config, &findings()).unwrap();
        tables.iter().map(|table| table.notes.iter().any(|note| note.contains("imulated"))).collect()
    };
    assert!(says(&config).iter().all(|said| *said));
    config.inputs.survey.source = offprint::config::Source::Real;
    assert!(says(&config).iter().all(|said| !*said));
}
