//! Survey text files: rows per person, cells, several waves in one file, and practice files.

use offprint::config::{OutcomeCounts, SurveyReader};
use offprint::ingest::{ABSENT, Survey};

use super::support::{SURVEY_20, SURVEY_21, Study, problems, says};

fn codes<'a>(survey: &'a Survey, name: &str) -> &'a [i8] {
    &survey.items.iter().find(|item| item.name == name).unwrap().codes
}

#[test]
fn person_files_in_file_order() {
    let (survey, records) = Study::new().survey().unwrap();
    assert_eq!(survey.practices, ["A1", "B1", "C1"]);
    assert_eq!(survey.practice, [1, 0, 0, 0, 0, 2]);
    assert_eq!(survey.wave, [0, 0, 0, 0, 1, 1]);
    assert_eq!(survey.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["LTC", "Q112", "Q28", "Q94"]);
    assert_eq!(codes(&survey, "Q28"), [1, 3, -3, 2, 4, 5]);
    assert_eq!(codes(&survey, "Q94"), [1, 3, 5, -5, 2, 4]);
    assert_eq!((survey.weight, survey.count, survey.outcome), (None, None, None));
    assert_eq!(records[0].rows, 4);
    assert_eq!(records[0].sha256, offprint::files::sha256_hex(SURVEY_20.as_bytes()));
}

#[test]
fn any_number_of_threads_gives_the_same() {
    let study = Study::new();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| study.survey().unwrap())
    };
    assert!(with(1) == with(2) && with(2) == with(5));
}

#[test]
fn an_item_that_a_wave_does_not_use_may_be_missing() {
    let mut study = Study::with("s21.csv", "practice_code,Q28,Q112\nA1,4,1\n");
    let message = problems(study.survey()).to_string();
    says(
        &message,
        &[
            "no column `Q94` in `s21.csv`, and wave 2021 needs it",
            "no column `LTC`",
            "present: `practice_code`, `Q28`, `Q112`",
        ],
    );
    study.config.outcomes[1].items[1] = None;
    let (survey, _) = study.survey().unwrap();
    assert_eq!(codes(&survey, "Q94"), [1, 3, 5, -5, ABSENT]);
    assert_eq!(codes(&survey, "LTC"), [1, 1, 1, 2, ABSENT]);
    // A column that the wave does not use is not read, whatever stands in it.
    study.write("s21.csv", "practice_code,Q28,Q112,Q94\nA1,4,1,very\n");
    assert_eq!(codes(&study.survey().unwrap().0, "Q94")[4], ABSENT);
}

#[test]
fn empty_answers_become_not_answered_and_are_noted() {
    let study = Study::with("s21.csv", "practice_code,Q28,Q94,LTC,Q112\nA1,,2,1,\nC1,5,4,1,2\n");
    let (survey, records) = study.survey().unwrap();
    assert_eq!((codes(&survey, "Q28")[4], codes(&survey, "Q112")[4]), (-3, -3));
    assert_eq!(records[1].notes, ["2 empty answers taken as code -3"]);
}

#[test]
fn bad_codes_practices_and_weights() {
    let file = |rows: &str| format!("practice_code,Q28,Q94,LTC,Q112\nA1,1,1,1,1\n{rows}\n");
    for (rows, words) in [
        ("A1,good,1,1,1", "column `Q28` in `s21.csv` has 1 value that is not a whole number (at line 3: `good`)"),
        ("A1,1,2.5,1,1", "column `Q94` in `s21.csv` has 1 value that is not a whole number (at line 3: `2.5`)"),
        ("A1,1,1,200,1", "column `LTC` in `s21.csv` has 1 code outside -127 to 127 (at line 3: `200`)"),
        ("A1,1,1,-128,1", "has 1 code outside -127 to 127"),
        (" ,1,1,1,1\n,1,1,1,1", "column `practice_code` in `s21.csv` has 2 empty values (first at line 3)"),
        ("A1,1,1,1", "1 row with too few or too many fields"),
    ] {
        says(&Study::with("s21.csv", file(rows)).complaint(), &[words]);
    }
    let mut study = Study::new();
    for file in &mut study.config.inputs.survey.files {
        file.weight = Some("wt".into());
    }
    let weighted = |text: &str, weight: &str| {
        let lines =
            text.lines().enumerate().map(|(at, line)| format!("{line},{}\n", if at == 0 { "wt" } else { weight }));
        lines.collect::<String>()
    };
    study.write("s20.csv", weighted(SURVEY_20, "0.5"));
    for (weight, words) in
        [("-1", "2 negative values"), ("", "2 empty values"), ("inf", "2 values that are not numbers")]
    {
        study.write("s21.csv", weighted(SURVEY_21, weight));
        says(&problems(study.survey()).to_string(), &["column `wt` in `s21.csv` has", words]);
    }
    study.write("s21.csv", weighted(SURVEY_21, "2"));
    assert_eq!(study.survey().unwrap().0.weight, Some(vec![0.5, 0.5, 0.5, 0.5, 2.0, 2.0]));
    study.config.inputs.survey.files[1].weight = None;
    says(&problems(study.survey()).to_string(), &["`s20.csv` has a weight column and `s21.csv` has none"]);
}

fn one_file(study: &mut Study, text: &str) {
    study.write("all.csv", text);
    let files = &mut study.config.inputs.survey.files;
    files.truncate(1);
    files[0].path = "all.csv".into();
    files[0].wave = None;
    files[0].wave_column = Some("year".into());
}

#[test]
fn several_waves_in_one_file() {
    let mut study = Study::new();
    let head = "year,practice_code,Q28,Q94,LTC,Q112\n";
    one_file(&mut study, &format!("{head}2021,A1,4,2,1,1\n2020,A1,1,4,1,2\n"));
    let (survey, _) = study.survey().unwrap();
    assert_eq!((survey.wave.as_slice(), codes(&survey, "Q28")), (&[1, 0][..], &[4, 1][..]));
    one_file(&mut study, &format!("{head}2021,A1,4,2,1,1\n2019,A1,1,4,1,2\n"));
    let message = problems(study.survey()).to_string();
    says(&message, &["column `year` in `all.csv` has 1 value that is not a wave of the study (at line 3: `2019`)"]);
    // An item is asked for only in waves that are in the file, and absent where not used.
    study.config.outcomes[1].items[1] = None;
    one_file(&mut study, "year,practice_code,Q28,Q112\n2021,A1,4,1\n");
    assert_eq!(study.survey().unwrap().0.practice.len(), 1);
    one_file(&mut study, "year,practice_code,Q28,Q112\n2021,A1,4,1\n2020,A1,4,1\n");
    says(&problems(study.survey()).to_string(), &["no column `Q94` in `all.csv`, and wave 2020 needs it"]);
    one_file(&mut study, &format!("{head}2021,A1,4,2,1,1\n2020,A1,1,4,1,2\n"));
    assert_eq!(codes(&study.survey().unwrap().0, "Q94"), [ABSENT, 4]);
    study.config.inputs.survey.files[0].wave_column = None;
    says(&problems(study.survey()).to_string(), &["`all.csv` has neither a wave nor a wave column"]);
}

#[test]
fn cells() {
    let mut study = Study::new();
    study.config.inputs.survey.reader = SurveyReader::Cells;
    one_file(
        &mut study,
        "year,practice_code,Q28,Q94,LTC,Q112,n\n2021,A1,4,2,1,1,12\n2020,A1,1,4,1,2,0\n2020,B1,1,4,1,2,3.0\n",
    );
    says(&problems(study.survey()).to_string(), &["`all.csv` holds cells, but no count column is named"]);
    study.config.inputs.survey.files[0].count = Some("N".into());
    let (survey, records) = study.survey().unwrap();
    assert_eq!((survey.count, survey.wave.len()), (Some(vec![12, 3]), 2));
    assert_eq!((records[0].rows, records[0].notes.as_slice()), (3, &["1 row with count 0 dropped".to_owned()][..]));
    for (count, words) in [
        ("-1", "column `n` in `all.csv` has 1 negative value (at line 2: `-1`)"),
        ("1.5", "1 value that is not a whole number"),
        ("", "1 empty value"),
        ("5e9", "1 value that is not a whole number"),
    ] {
        one_file(&mut study, &format!("year,practice_code,Q28,Q94,LTC,Q112,n\n2021,A1,4,2,1,1,{count}\n"));
        says(&problems(study.survey()).to_string(), &[words]);
    }
}

#[test]
fn formats_are_told_by_the_ending() {
    let mut study = Study::new();
    study.config.inputs.survey.files[0].path = "s20.xlsx".into();
    says(
        &problems(study.survey()).to_string(),
        &["cannot read `s20.xlsx`: ending `xlsx`, expected `csv`, `parquet` or `sav`"],
    );
    study.config.inputs.survey.reader = SurveyReader::Practice;
    study.config.inputs.survey.files[0].path = "s20.parquet".into();
    says(&problems(study.survey()).to_string(), &["ending `parquet`, expected `csv`"]);
}

const PUBLIC: &str =
    "Practice_Code,Q28Base,q28_1,q28_2,q94_1234base,q94_12\nA1,10,3,4,5,-99\nB1,6,3,3,2,1\nC1,0,0,0,,\n";

fn public() -> Study {
    let mut study = Study::with("s20.csv", PUBLIC);
    study.write("s21.csv", PUBLIC.to_uppercase());
    study.config.inputs.survey.reader = SurveyReader::Practice;
    let columns = |names: &[&str], base: &str| {
        Some(OutcomeCounts { success: names.iter().map(|name| (*name).to_owned()).collect(), base: base.to_owned() })
    };
    study.config.outcomes[0].counts = columns(&["q28_1", "q28_2"], "q28base");
    study.config.outcomes[1].counts = columns(&["q94_12"], "q94_1234base");
    study
}

#[test]
fn practice_files_become_rows_of_successes_and_failures() {
    let study = public();
    let (survey, records) = study.survey().unwrap();
    assert_eq!(survey.practices, ["A1", "B1", "C1"]);
    // A1: 7 of 10, second outcome suppressed. B1: 6 of 6 and 1 of 2. C1: no answers.
    let wave: Vec<usize> = (0..survey.wave.len()).filter(|row| survey.wave[*row] == 0).collect();
    let rows: Vec<_> = wave
        .iter()
        .map(|row| {
            let (outcome, count) = (survey.outcome.as_ref().unwrap()[*row], survey.count.as_ref().unwrap()[*row]);
            (survey.practice[*row], outcome, count, codes(&survey, "Q28")[*row], codes(&survey, "Q94")[*row])
        })
        .collect();
    let none = ABSENT;
    let want = [(0, 0, 7, 1, none), (0, 0, 3, 3, none), (1, 0, 6, 1, none), (1, 1, 1, none, 1), (1, 1, 1, none, 3)];
    assert_eq!(rows, want);
    assert_eq!(wave.iter().map(|row| codes(&survey, "LTC")[*row]).collect::<Vec<_>>(), [none, none, none, 1, 1]);
    assert!(codes(&survey, "Q112").iter().all(|code| *code == ABSENT));
    assert_eq!(survey.wave.len(), 10);
    says(
        &records[0].notes.join("; "),
        &[
            "2 counts by practice and outcome left out: suppressed or empty",
            "1 counts by practice and outcome left out: without answers",
        ],
    );
    offprint::ingest::check_codes(&study.config, &survey).unwrap();
}

#[test]
fn practice_files_that_do_not_fit() {
    for (from, to, words) in [
        ("A1,10", "A1,9.5", "column `Q28Base` in `s20.csv` has 1 count that is not a whole number (at line 2: `9.5`)"),
        ("A1,10", "A1,9.5", "use the unweighted one"),
        ("A1,10", "A1,6", "has 1 base smaller than its successes"),
        ("A1,10", "A1,many", "has 1 value that is not a number"),
        ("B1", "A1", "has 1 practice that is in the file before (at line 3: `A1`)"),
        ("q28_2", "q28_3", "no column `q28_2` in `s20.csv`"),
    ] {
        let study = public();
        study.write("s20.csv", PUBLIC.replace(from, to));
        says(&problems(study.survey()).to_string(), &[words]);
    }
    let mut study = public();
    study.config.outcomes[1].counts = None;
    says(&problems(study.survey()).to_string(), &["outcome `managing` has no `counts` columns, which `s20.csv` needs"]);
    // 7.0000001 is a whole number that went through a spreadsheet.
    let study = public();
    study.write("s20.csv", PUBLIC.replace("A1,10,3,4", "A1,10,3,4.0000001"));
    assert_eq!(study.survey().unwrap().0.count.unwrap()[0], 7);
}

#[test]
fn progress_reaches_the_end() {
    let study = Study::new();
    let calls = std::sync::Mutex::new(Vec::new());
    let progress = |stage: &str, done: u64, total: u64| calls.lock().unwrap().push((stage.to_owned(), done, total));
    offprint::ingest::read(&study.config, study.root(), &progress).unwrap();
    let calls = calls.into_inner().unwrap();
    assert!(
        calls.contains(&("survey".to_owned(), 6, 6)) && calls.contains(&("workforce".to_owned(), 4, 4)),
        "{calls:?}"
    );
}
