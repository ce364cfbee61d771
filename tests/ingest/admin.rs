//! Workforce, practices, deprivation and list sizes: what is read, and what is refused in which words.

use offprint::config::{Encoding, Source};
use offprint::ingest;

use super::support::{PRACTICES_20, STAFF_20, STAFF_21, Study, problems, quiet, says};

const HEAD: &str = "YEAR,MONTH,PCN,PCN_NAME,ICB,ICB_NAME,ROLE,FTE\n";

#[test]
fn a_good_study_is_read_in_order_with_records() {
    let data = Study::new().read().unwrap();
    let table = &data.workforce;
    let counts: Vec<_> = table.column("counts").unwrap().bool().unwrap().iter().map(Option::unwrap).collect();
    assert_eq!(counts, [true, false, false, true]);
    let census: Vec<_> = table.column("census").unwrap().str().unwrap().iter().map(Option::unwrap).collect();
    assert_eq!(census, ["2020-12", "2020-12", "2020-12", "2021-03"]);
    let table = &data.practices;
    assert_eq!(table.height(), 3);
    let pcn: Vec<_> = table.column("pcn").unwrap().str().unwrap().iter().collect();
    assert_eq!(pcn, [Some("U1"), None, Some("U2")]);
    let patients: Vec<_> = table.column("patients").unwrap().f64().unwrap().iter().collect();
    assert_eq!(patients, [Some(5000.5), None, Some(5100.0)]);
    let rurality: Vec<_> = table.column("rurality").unwrap().str().unwrap().iter().collect();
    assert_eq!(rurality, [Some("Urban"), None, Some("Rural")]);
    let closed: Vec<_> = table.column("closed").unwrap().bool().unwrap().iter().map(Option::unwrap).collect();
    assert_eq!(closed, [false, true, false]);
    assert_eq!((data.deprivation.height(), data.list_sizes.height()), (3, 1));
    let records: Vec<_> = data.records.iter().map(|record| (record.source.as_str(), record.path.as_str())).collect();
    let want = ["s20.csv", "s21.csv", "work/2020.csv", "work/2021.csv", "p20.csv", "p21.csv", "imd.csv", "sizes.csv"];
    assert_eq!(records.iter().map(|(_, path)| *path).collect::<Vec<_>>(), want);
    assert_eq!(records[2].0, "workforce");
    assert_eq!(data.records[2].sha256, offprint::files::sha256_hex(STAFF_20.as_bytes()));
    assert_eq!((data.records[2].bytes, data.records[2].rows), (STAFF_20.len() as u64, 3));
    assert_eq!(data.records[4].notes, ["1 row not kept"]);
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let study = Study::with("work/2020.csv", HEAD.to_owned() + "2020,12,U1,One,Q1,North,Navigator,-1\n");
    study.write("p21.csv", "");
    study.write("imd.csv", "Year,Area,Score\n2019,A1,high\n");
    std::fs::remove_file(study.path("s20.csv")).unwrap();
    let problems = problems(study.read());
    assert_eq!(problems.0.len(), 4, "{problems}");
    says(
        &problems.to_string(),
        &[
            "no file `s20.csv`",
            "1 negative value",
            "`p21.csv` is empty",
            "column `Score` in `imd.csv` has 1 value that is not a number",
        ],
    );
}

#[test]
fn simulated_sources_are_not_read() {
    let mut study = Study::new();
    study.config.inputs.workforce.source = Source::Simulated;
    study.config.inputs.survey.source = Source::Simulated;
    let data = study.read().unwrap();
    assert_eq!(data.workforce.height(), 0);
    assert!(data.records.iter().all(|record| record.source != "workforce" && record.source != "survey"));
    assert!(data.survey.practices.is_empty());
}

#[test]
fn amounts() {
    let row = |amount: &str| format!("2020,12,U1,One,Q1,North,Navigator,{amount}\n");
    let text = HEAD.to_owned() + &row("1") + &row("-0.5") + &row("-2") + &row("-3");
    says(
        &Study::with("work/2020.csv", text).complaint(),
        &[
            "column `FTE` in `work/2020.csv` has 3 negative values (first at line 3: `-0.5`)",
            "--> work/2020.csv:3:35",
            "^^^^",
        ],
    );
    for (amount, words) in [
        ("two", "has 1 value that is not a number (at line 2: `two`)"),
        ("NaN", "has 1 value that is not a number"),
        ("", "has 1 empty value"),
        ("20.5", "has 1 value above the largest believable amount (at line 2: `20.5`)"),
        ("\"1,5\"", "has 1 value that is not a number (at line 2: `1,5`)"),
    ] {
        says(&Study::with("work/2020.csv", HEAD.to_owned() + &row(amount)).complaint(), &[words]);
    }
    // Real files hold small negative corrections in rows that no result uses: noted, not refused.
    let text = STAFF_20.replace("Clerk,1", "Clerk,-0.02");
    let data = Study::with("work/2020.csv", text).read().unwrap();
    says(&data.records[2].notes.join("; "), &["1 row that do", "negative or very large value"]);
}

#[test]
fn years_months_and_codes() {
    for (row, words) in [
        (
            "20,12,U1,a,b,c,Navigator,1",
            "column `YEAR` in `work/2020.csv` has 1 value that is not a year (at line 2: `20`)",
        ),
        ("2020,13,U1,a,b,c,Navigator,1", "column `MONTH` in `work/2020.csv` has 1 value that is not a month"),
        ("2020,Dec,U1,a,b,c,Navigator,1", "has 1 value that is not a month (at line 2: `Dec`)"),
        ("2020,12, ,a,b,c,Navigator,1", "column `PCN` in `work/2020.csv` has 1 empty value"),
    ] {
        says(&Study::with("work/2020.csv", format!("{HEAD}{row}\n")).complaint(), &[words]);
    }
}

#[test]
fn the_same_census_twice_and_files_twice() {
    let message = Study::with("work/copy.csv", STAFF_21).complaint();
    says(&message, &["census 2021-03 is in two files: `work/2021.csv` and `work/copy.csv`"]);
    let mut study = Study::new();
    study.config.inputs.workforce.files.push("work/2020.csv".into());
    says(&study.complaint(), &["`work/2020.csv` is listed twice among the workforce files"]);
}

#[test]
fn globs_and_values_that_match_nothing() {
    let mut study = Study::new();
    study.config.inputs.workforce.files = vec!["staff/*.csv".into()];
    says(&study.complaint(), &["no file matches `staff/*.csv`", "`work`"]);
    let mut study = Study::new();
    study.config.inputs.workforce.matching[0].1 = vec!["Navigators".into()];
    says(
        &study.complaint(),
        &["value `Navigators` never occurs in column `ROLE` of 2 workforce files", "did you mean `Navigator`?"],
    );
    // One value in one file and another in the next is fine.
    study.config.inputs.workforce.matching[0].1 = vec![" Navigator ".into(), "Clerk".into()];
    study.read().unwrap();
    let mut study = Study::new();
    study.config.inputs.practices.files[1].keep[0].1 = vec!["GP practice".into()];
    says(&study.complaint(), &["value `GP practice` never occurs in column `Type` of `p21.csv`", "present: `GP`"]);
    let mut study = Study::new();
    study.config.inputs.list_sizes.as_mut().unwrap().matching[0].1 = vec!["TOTAL".into()];
    says(&study.complaint(), &["value `TOTAL` never occurs in column `SEX` of `sizes.csv`"]);
}

#[test]
fn practices_twice_in_a_wave() {
    let message = Study::with("p20.csv", PRACTICES_20.to_owned() + "A1,Alpha,U2,5000,Urban,,GP\n").complaint();
    says(
        &message,
        &["practice `A1` is in two clusters in one wave: `U1` and `U2`, line 2 of `p20.csv` and line 5 of `p20.csv`"],
    );
    let message = Study::with("p20.csv", PRACTICES_20.to_owned() + "A1,Alpha,U1,5000.5,Urban,,GP\n").complaint();
    says(&message, &["practice `A1` is listed twice in one wave"]);
    // Rows that are not kept do not clash.
    Study::with("p20.csv", PRACTICES_20.to_owned() + "A1,Alpha,U2,5000,Urban,,Walk-in\n").read().unwrap();
}

#[test]
fn patients_scores_and_sizes() {
    let message = Study::with("p20.csv", PRACTICES_20.replace("5000.5", "-1")).complaint();
    says(&message, &["column `Patients` in `p20.csv` has 1 negative value (at line 2: `-1`)"]);
    let message = Study::with("imd.csv", "Year,Area,Score\n2019,A1,1\n2015,A1,1\n2019,A1,2\n").complaint();
    says(&message, &["`A1` has two scores for 2019 in `imd.csv`: lines 2 and 4"]);
    let message = Study::with("sizes.csv", "CODE,SEX,PATIENTS\nA1,ALL,5\nA1,ALL,\n").complaint();
    says(
        &message,
        &["practice `A1` is twice in `sizes.csv`: lines 2 and 3", "column `PATIENTS` in `sizes.csv` has 1 empty value"],
    );
    let (scores, records) = {
        let study = Study::with("imd.csv", "Year,Area,Score\n2019,A1,1\n2019,A2,\n");
        ingest::read_deprivation(&study.config, study.root(), &quiet).unwrap()
    };
    assert_eq!((scores.height(), records[0].notes.as_slice()), (1, &["1 row without a score".to_owned()][..]));
}

#[test]
fn columns_by_name() {
    // Another order, other case, spaces around: the same table.
    let moved = "fte, role ,PCN,PCN_NAME,ICB,ICB_NAME,Month,year\n1.5,Navigator,U1,One,Q1,North,3,2021\n";
    let (study, same) = (Study::with("work/2021.csv", moved), Study::new());
    assert!(study.read().unwrap().workforce.equals(&same.read().unwrap().workforce));
    let message = Study::with("work/2021.csv", STAFF_21.replace("FTE", "FTA")).complaint();
    says(
        &message,
        &["no column `FTE` in `work/2021.csv`", "--> work/2021.csv:1", "did you mean `FTA`? present: `YEAR`, `MONTH`"],
    );
    let message = Study::with("work/2021.csv", STAFF_21.replace("ROLE", "fte")).complaint();
    says(&message, &["no column `ROLE`"]);
    let message = Study::with("work/2021.csv", STAFF_21.replace("ROLE", "FTE")).complaint();
    says(&message, &["column `FTE` occurs 2 times in `work/2021.csv`", "positions 7, 8"]);
}

#[test]
fn encodings() {
    let named = |name: &[u8]| [HEAD.as_bytes(), b"2021,3,U1,", name, b",Q1,North,Navigator,1.5\n"].concat();
    let name = |study: &Study| {
        let table = study.read().unwrap().workforce;
        table.column("pcn_name").unwrap().str().unwrap().get(3).unwrap().to_owned()
    };
    let study = Study::with("work/2021.csv", named(b"A \x96 B"));
    assert_eq!(name(&study), "A – B");
    assert_eq!(study.read().unwrap().records[3].notes, ["1 value beyond ASCII read as Windows-1252"]);
    let marked = [b"\xef\xbb\xbf".as_slice(), &named("A – B".as_bytes())].concat();
    let study = Study::with("work/2021.csv", &marked);
    assert_eq!(name(&study), "A – B");
    says(&study.read().unwrap().records[3].notes.join(";"), &["read as UTF-8: it starts with a UTF-8 byte order mark"]);
    let study = Study::with("work/2021.csv", named("A – B".as_bytes()));
    says(&study.read().unwrap().records[3].notes.join(";"), &["valid as UTF-8"]);
    let message = Study::with("work/2021.csv", named(b"A \x81 B")).complaint();
    says(&message, &["column `PCN_NAME` in `work/2021.csv` has 1 value with bytes that Windows-1252 leaves undefined"]);
    let mut study = Study::with("work/2021.csv", named(b"A \x96 B"));
    study.config.inputs.workforce.encoding = Encoding::Utf8;
    let message = study.complaint();
    says(&message, &["column `PCN_NAME` in `work/2021.csv` has 1 value that is not UTF-8 (at line 2"]);
    says(&message, &["--> work/2021.csv:2:11", "declare encoding: windows-1252"]);
    // A sequence cut by a comma is not made whole by the next field.
    let mut study =
        Study::with("work/2021.csv", [HEAD.as_bytes(), b"2021,3,U1,\xc3,\xa9,North,Navigator,1.5\n"].concat());
    study.config.inputs.workforce.encoding = Encoding::Utf8;
    says(&study.complaint(), &["column `PCN_NAME`", "column `ICB`"]);
}

#[test]
fn broken_text() {
    let path = "work/2021.csv";
    for (bytes, words) in [
        (HEAD.to_owned(), "`work/2021.csv` has a header but no rows"),
        ("\n\n".to_owned(), "has no header line"),
        ("\u{feff}".to_owned(), "has no header line"),
        (
            STAFF_21.replace(",1.5", ""),
            "has 1 row with too few or too many fields (at line 2: `7 where the header has 8`)",
        ),
        (STAFF_21.replace(",1.5", ",1.5,,"), "(at line 2: `10 where the header has 8`)"),
        (STAFF_21.replace("One", "O\0e"), "has 1 row with NUL bytes"),
        (format!("{STAFF_21}2021,3,U1,One,Q1,North,\"Navigator,1"), "ends inside a quoted field"),
        (format!("{STAFF_21}2021,3,U1,One,Q1,North,Navigator,\"1"), "ends inside a quoted field"),
        (format!("{STAFF_21}2021,3,U1,\"{}", "x\n".repeat(2_000_000)), "a row of `work/2021.csv` is longer than 1 MB"),
        (format!("{STAFF_21}2021,3,U1,{}\n", "x".repeat(1_100_000)), "a row of `work/2021.csv` is longer than 1 MB"),
        ("x".repeat(3_000_000), "a row of `work/2021.csv` is longer than 1 MB"),
        (STAFF_21.replace(',', ";"), "are its fields separated by commas?"),
    ] {
        says(&Study::with(path, bytes).complaint(), &[words, path]);
    }
    let utf16: Vec<u8> = STAFF_21.encode_utf16().flat_map(u16::to_le_bytes).collect();
    says(&Study::with(path, utf16).complaint(), &["NUL bytes", "UTF-16"]);
    // Line ends of any kind, blank lines, quoted line breaks: lines are those of an editor.
    let text = format!("{HEAD}2021,3,U1,\"On\ne\",Q1,North,Navigator,1\n\n2021,3,U1,One,Q1,North,Navigator,x\n");
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        says(&Study::with(path, text).complaint(), &["(at line 5: `x`)"]);
    }
}

#[test]
fn simulated_files_are_not_taken_for_real_ones() {
    let mut study = Study::with("work/SIMULATED.txt", "made up");
    let problems = problems(study.read());
    assert_eq!(problems.0.len(), 1, "{problems}");
    says(
        &problems.to_string(),
        &["`workforce` is declared real", "written by the simulator", "source: simulated_files"],
    );
    study.config.inputs.workforce.source = Source::SimulatedFiles;
    study.read().unwrap();
}
