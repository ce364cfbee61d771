//! The linter over finished reports: silent on what this program made, loud on what was changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod command;
mod mutants;
mod numbers;
mod reports;
#[path = "../cli/study.rs"]
#[expect(dead_code, reason = "other tests need the rest")]
mod study;

use offprint::lint::{Files, Finding, Told, check};
use reports::{class_size, small};

/// A report of one file.
fn one(path: &str, body: &str) -> Files {
    [(path.to_string(), body.as_bytes().to_vec())].into()
}

fn has(found: &[Finding], what: &str) -> bool {
    found.iter().any(|finding| finding.what.contains(what) && !finding.warning)
}

#[test]
fn the_misprint_of_the_sister_paper_is_caught() {
    let none = Told::default();
    for text in [
        "The effect was 0.035 (95% CI -0.634 to -0.066).\n",
        "The effect was 0.035 (-0.634 to -0.066).\n",
        "The effect was 0.035 points a year, 95% CI −0.634 to −0.066.\n",
    ] {
        let found = check(&one("report.md", text), &none);
        assert!(has(&found, "the estimate lies outside"), "{text}{found:?}");
        assert_eq!((found[0].line, found[0].column.as_str()), (1, "16"), "{found:?}");
    }
    let table = "**Table 1.** A.\n\n| A | Effect (95% CI) |\n|:--|--:|\n| B | 0.035 (-0.634 to -0.066) |\n\n\
                 [Values of Table 1](tables/main.csv)\n";
    let mut files = one("report.md", table);
    files.insert("tables/main.csv".into(), b"outcome,effect,effect_low,effect_high\nB,0.035,-0.634,-0.066\n".to_vec());
    let found = check(&files, &none);
    assert!(has(&found, "the estimate lies outside"), "{found:?}");
    let csv =
        found.iter().find(|one| one.file == "tables/main.csv" && one.what.contains("outside its interval")).unwrap();
    assert_eq!((csv.line, csv.column.as_str()), (2, "effect"));
    let right = check(&one("tables/main.csv", "outcome,effect,effect_low,effect_high\ny,-0.35,-0.634,-0.066\n"), &none);
    assert!(right.is_empty(), "{right:?}");
}

#[test]
fn words_of_cause_are_warned_of_and_passages_are_left_alone() {
    let told = |allow: &[&str]| Told {
        causal: vec!["improved".into(), "due to".into()],
        allow: allow.iter().map(ToString::to_string).collect(),
        ..Told::default()
    };
    let text = one("report.md", "Scores\n\nSmaller classes improved scores. Much is unimproved.\n");
    let found = check(&text, &told(&[]));
    assert!(found.len() == 1 && found[0].warning, "{found:?}");
    assert_eq!((found[0].line, found[0].column.as_str()), (3, "17"));
    assert_eq!(check(&text, &told(&["classes improved scores"])), []);
}

#[test]
fn parts_that_do_not_make_their_wholes_are_caught() {
    let none = Told::default();
    let flow = |n: i32| {
        format!("outcome,wave,stage,reason,rows\ny,all,received,,100\ny,all,left,no answer,30\ny,all,analysed,,{n}\n")
    };
    assert_eq!(check(&one("flow.csv", &flow(70)), &none), []);
    assert!(has(&check(&one("flow.csv", &flow(71)), &none), "are not 71 analysed"));
    let suppressed = flow(70).replace(",30\n", ",\n");
    assert_eq!(check(&one("flow.csv", &suppressed), &none), [], "a hidden count is no contradiction");
    let shares =
        |b: f64| format!("section,characteristic,level,n_all,share_all\n,,,50,1\nSex,sex,A,20,0.4\nSex,sex,B,30,{b}\n");
    assert_eq!(check(&one("tables/respondents.csv", &shares(0.6)), &none), []);
    assert!(has(&check(&one("tables/respondents.csv", &shares(0.65)), &none), "parts sum to"));
    assert!(has(&check(&one("report.md", "We kept 70 of 100 (75.0%) people.\n"), &none), "are not 75%"));
    let told = check(&one("report.md", "We kept 70 of 100 (70.0%) people.\n"), &none);
    assert_eq!(told, []);
}

#[test]
fn one_level_of_confidence_is_named() {
    let text =
        |level: &str| format!("All intervals are 95% confidence intervals.\n\n| A | B ({level}% CI) | C (95% CI) |\n");
    assert_eq!(check(&one("report.md", &text("95")), &Told::default()), []);
    let found = check(&one("report.md", &text("90")), &Told::default());
    assert!(has(&found, "an interval of 90%"), "{found:?}");
}

#[test]
fn references_and_links_must_lead_somewhere() {
    let files = class_size();
    let body = String::from_utf8(files.files["report.md"].clone()).unwrap();
    for (from, to) in [
        ("**Table 2.**", "**Table 3.**"),
        ("tables/main.csv", "tables/mian.csv"),
        ("[Values of Figure 1]", "[Values of Figure 9]"),
    ] {
        let mut other = files.files.clone();
        assert!(body.contains(from), "{from}");
        other.insert("report.md".into(), body.replacen(from, to, 1).into_bytes());
        assert!(!check(&other, &files.told).is_empty(), "{from}");
    }
}

#[test]
fn reports_of_this_program_are_clean() {
    for report in [class_size(), small()] {
        let found = check(&report.files, &report.told);
        assert!(found.is_empty(), "{found:#?}");
    }
}
