//! Simulated files read back with readers that the simulator does not use, against the tables in memory.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{WAVES, config};
use offprint::config::{Config, Source, SurveyReader};
use offprint::ingest::{ABSENT, Data, Survey};
use offprint::simulate::{Size, cells, survey, tables, write, write_survey};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::collections::BTreeMap;
use std::path::Path;

fn rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = std::fs::read(path).unwrap();
    let text = encoding_rs::WINDOWS_1252.decode(&bytes).0;
    let utf8 = String::from_utf8(bytes.clone()).map(|text| text.trim_start_matches('\u{feff}').to_string());
    let text = utf8.unwrap_or_else(|_| text.into_owned());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().iter().map(str::to_string).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect();
    (headers, rows)
}

/// Rows of a wave as text, in the order of the file's columns.
fn expected(survey: &Survey, wave: usize, headers: &[String]) -> Vec<Vec<String>> {
    let value = |row: usize, header: &str| match header {
        "practice_code" => survey.practices[survey.practice[row] as usize].clone(),
        "wt_new" => format!("{:.4}", survey.weight.as_ref().unwrap()[row]),
        "count" => survey.count.as_ref().unwrap()[row].to_string(),
        item => survey.items.iter().find(|of| of.name == item).unwrap().codes[row].to_string(),
    };
    let of_wave = (0..survey.wave.len()).filter(|row| usize::from(survey.wave[*row]) == wave);
    of_wave.map(|row| headers.iter().map(|header| value(row, header)).collect()).collect()
}

fn parquet_rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let fields = reader.metadata().file_metadata().schema_descr().root_schema().get_fields().to_vec();
    let headers: Vec<String> = fields.iter().map(|field| field.name().to_string()).collect();
    let text = |field: &Field| match field {
        Field::Str(text) => text.clone(),
        Field::Double(value) => format!("{value:.4}"),
        other => other.to_string(),
    };
    let rows = reader.get_row_iter(None).unwrap();
    (headers, rows.map(|row| row.unwrap().get_column_iter().map(|(_, field)| text(field)).collect()).collect())
}

fn with_ending(config: &Config, ending: &str) -> Config {
    let mut config = config.clone();
    for file in &mut config.inputs.survey.files {
        file.path = file.path.replace(".csv", ending);
        file.count = Some("count".into());
    }
    config
}

#[test]
fn person_files_hold_the_survey() {
    let config = config();
    let folder = tempfile::tempdir().unwrap();
    let data = write(&config, Size::Small, Data::default(), folder.path(), SurveyReader::Person).unwrap();
    let memory = tables(&config, Size::Small, Data::default()).unwrap();
    assert!(survey(&config, Size::Small, &memory).unwrap() == data.survey);
    let parquet = with_ending(&config, ".parquet");
    write_survey(&parquet, &data.survey, folder.path(), SurveyReader::Person).unwrap();
    for wave in 0..WAVES.len() {
        let path = folder.path().join(&config.inputs.survey.files[wave].path);
        let (headers, got) = rows(&path);
        assert_eq!(headers.len(), 15);
        assert!(got == expected(&data.survey, wave, &headers));
        let path = folder.path().join(&parquet.inputs.survey.files[wave].path);
        assert!(parquet_rows(&path) == (headers, got));
    }
    let note = std::fs::read_to_string(folder.path().join("SIMULATED.txt")).unwrap();
    assert!(note.starts_with("SIMULATED DATA"));
    let (headers, truth) = rows(&folder.path().join("truth.csv"));
    assert_eq!(headers, ["outcome", "term", "quantity", "value"]);
    assert!(truth.contains(&["experience", "exposure", "odds_ratio", "1.015"].map(str::to_string).to_vec()));
}

#[test]
fn cells_add_up_to_the_survey() {
    let config = config();
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let mut full = survey(&config, Size::Small, &data).unwrap();
    // Few items, so that rows do coincide.
    full.items.retain(|item| ["Q28", "Q112", "Q30_recoded"].contains(&item.name.as_str()));
    let cells = cells(&full);
    assert!(cells.practice.len() < full.practice.len() / 2);
    let tally = |survey: &Survey| {
        let mut tally: BTreeMap<(u8, u32, Vec<i8>), u32> = BTreeMap::new();
        for row in 0..survey.practice.len() {
            let codes = survey.items.iter().map(|item| item.codes[row]).collect();
            let count = survey.count.as_ref().map_or(1, |count| count[row]);
            *tally.entry((survey.wave[row], survey.practice[row], codes)).or_insert(0) += count;
        }
        tally
    };
    let expected_tally = tally(&full);
    assert_eq!(expected_tally.len(), cells.practice.len());
    assert_eq!(expected_tally, tally(&cells));
    let folder = tempfile::tempdir().unwrap();
    for ending in [".csv", ".parquet"] {
        let config = with_ending(&config, ending);
        write_survey(&config, &full, folder.path(), SurveyReader::Cells).unwrap();
        let path = folder.path().join(&config.inputs.survey.files[2].path);
        let (headers, got) = if ending == ".csv" { rows(&path) } else { parquet_rows(&path) };
        assert_eq!(headers, ["practice_code", "count", "Q112", "Q28", "Q30_recoded"]);
        assert!(got == expected(&cells, 2, &headers));
    }
}

#[test]
fn practice_files_count_answers_and_hide_small_bases() {
    let config = config();
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let survey = survey(&config, Size::Small, &data).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write_survey(&config, &survey, folder.path(), SurveyReader::Practice).unwrap();
    let (headers, got) = rows(&folder.path().join(&config.inputs.survey.files[3].path));
    let at = |header: &str| headers.iter().position(|name| name == header).unwrap();
    let answers = &survey.items.iter().find(|item| item.name == "Q94").unwrap().codes;
    let mut suppressed = 0;
    for row in &got {
        let of = |codes: &[i8]| {
            let here = |at: &usize| survey.wave[*at] == 3 && survey.practices[survey.practice[*at] as usize] == row[0];
            (0..answers.len()).filter(here).filter(|at| codes.contains(&answers[*at])).count()
        };
        let base = of(&[1, 2, 3, 4]);
        if base < 10 {
            suppressed += 1;
            assert!(["q94_1", "q94_2", "q94base"].iter().all(|header| row[at(header)].starts_with('-')));
        } else {
            let read = |header: &str| row[at(header)].parse::<usize>().unwrap();
            assert_eq!([read("q94_1"), read("q94_2"), read("q94base")], [of(&[1]), of(&[2]), base]);
        }
    }
    assert!(suppressed > 0 && suppressed < got.len() / 2, "{suppressed} of {}", got.len());
}

#[test]
fn administrative_files_hold_the_tables() {
    let config = config();
    let folder = tempfile::tempdir().unwrap();
    let data = write(&config, Size::Small, Data::default(), folder.path(), SurveyReader::Person).unwrap();
    // Workforce: Windows-1252 with a byte beyond ASCII, one file per census, amounts to the last bit.
    let frame = &data.workforce;
    let text = |name: &str, row: usize| frame.column(name).unwrap().str().unwrap().get(row).unwrap().to_string();
    let mut files: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for census in config.simulation.as_ref().unwrap().workforce.censuses.keys() {
        let path = folder.path().join(format!("workforce/{census}.csv"));
        let bytes = std::fs::read(&path).unwrap();
        assert!(String::from_utf8(bytes.clone()).is_err() && bytes.contains(&0x96));
        let (headers, got) = rows(&path);
        let at = |header: &str| headers.iter().position(|name| name == header).unwrap();
        let pick = ["CENSUS_YEAR", "CENSUS_MONTH", "PCN_CODE", "PCN_NAME", "ICB_CODE", "ICB_NAME", "FTE", "STAFF_ROLE"]
            .map(at);
        files.insert(census.clone(), got.iter().map(|row| pick.iter().map(|at| row[*at].clone()).collect()).collect());
    }
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..frame.height() {
        let census = text("census", row);
        let place = next.entry(census.clone()).or_insert(0);
        let got = &files[&census][*place];
        *place += 1;
        assert_eq!(format!("{}-{:0>2}", got[0], got[1]), census);
        assert_eq!(got[2..6], [text("pcn", row), text("pcn_name", row), text("area", row), text("area_name", row)]);
        assert_eq!(got[6].parse::<f64>().unwrap(), frame.column("amount").unwrap().f64().unwrap().get(row).unwrap());
        let counts = frame.column("counts").unwrap().bool().unwrap().get(row).unwrap();
        assert_eq!(got[7] == "Social Prescribing Link Workers", counts);
    }
    assert!(files.iter().all(|(census, rows)| next[census] == rows.len()));
    practice_files(&config, &data, folder.path());
}

fn practice_files(config: &Config, data: &Data, folder: &Path) {
    let frame = &data.practices;
    let mut row = 0;
    for (at, file) in config.inputs.practices.files.iter().enumerate() {
        let bytes = std::fs::read(folder.join(&file.path)).unwrap();
        assert_eq!(bytes.starts_with(&[0xef, 0xbb, 0xbf]), at > 0);
        let (headers, got) = rows(&folder.join(&file.path));
        let column = |header: &str| headers.iter().position(|name| name == header).unwrap();
        let (header, accepted) = &file.keep[0];
        let dropped = got.iter().filter(|row| !accepted.contains(&row[column(header)])).count();
        assert_eq!(dropped, 8);
        for read in got.iter().filter(|row| accepted.contains(&row[column(header)])) {
            let text = |name: &str| frame.column(name).unwrap().str().unwrap().get(row).map(str::to_string);
            assert_eq!(frame.column("wave").unwrap().i32().unwrap().get(row), Some(file.wave as i32));
            assert_eq!(Some(read[column("Practice Code")].clone()), text("practice"));
            let cluster = Some(read[column("PCN Code")].clone()).filter(|code| code != "Unknown or no PCN");
            assert_eq!(cluster, text("pcn"));
            let rurality = Some(read[column("Practice Rurality")].clone()).filter(|value| value != "MISSING");
            assert_eq!(rurality, text("rurality"));
            let closed = frame.column("closed").unwrap().bool().unwrap().get(row);
            assert_eq!(Some(!read[column("Practice Close Date")].is_empty()), closed);
            let patients = read[column(&file.patients)].parse::<f64>().ok();
            assert_eq!(patients, frame.column("patients").unwrap().f64().unwrap().get(row));
            row += 1;
        }
    }
    assert_eq!(row, frame.height());
}

#[test]
fn failures_name_the_file() {
    let config = config();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("survey"), "in the way").unwrap();
    let failed = write(&config, Size::Small, Data::default(), folder.path(), SurveyReader::Person).unwrap_err();
    assert!(failed.to_string().contains("survey"), "{failed}");
    let sav = with_ending(&config, ".sav");
    let folder = tempfile::tempdir().unwrap();
    let failed = write(&sav, Size::Small, Data::default(), folder.path(), SurveyReader::Person).unwrap_err();
    assert_eq!(failed.0.len(), WAVES.len());
    assert!(failed.to_string().contains("person_2018.sav"));
    let mut none = config.clone();
    none.simulation = None;
    assert!(tables(&none, Size::Small, Data::default()).unwrap_err().to_string().contains("no `simulate` section"));
}

#[test]
fn an_item_that_a_wave_lacks_is_absent_there() {
    let mut config = config();
    config.outcomes[2].items[0] = None;
    config.outcomes[2].items[5] = Some("isolated_new".into());
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let survey = survey(&config, Size::Small, &data).unwrap();
    let held = |item: &str| {
        let codes = &survey.items.iter().find(|of| of.name == item).unwrap().codes;
        (0..WAVES.len())
            .map(|wave| {
                let mut here =
                    codes.iter().zip(&survey.wave).filter(|(_, of)| usize::from(**of) == wave).map(|(code, _)| *code);
                let first = here.next().unwrap();
                assert!(here.all(|code| (code == ABSENT) == (first == ABSENT)));
                first != ABSENT
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(held("Q91_3"), [false, true, true, true, true, false]);
    assert_eq!(held("isolated_new"), [false, false, false, false, false, true]);
}

#[test]
fn simulated_staff_work_in_real_clusters() {
    let config = config();
    let real = tables(&config, Size::Small, Data::default()).unwrap();
    let mut half = config.clone();
    half.inputs.practices.source = Source::Real;
    half.inputs.deprivation = None;
    let data = Data { practices: real.practices.clone(), ..Data::default() };
    let made = tables(&half, Size::Small, data).unwrap();
    assert!(made.workforce.height() > 1000);
    assert_eq!(made.deprivation.height(), 0);
    assert_eq!(survey(&half, Size::Small, &made).unwrap().practice.len(), 60_000);
}

#[test]
fn one_file_may_hold_all_waves() {
    let mut config = config();
    config.outcomes[2].items[0] = None;
    config.inputs.survey.files.truncate(1);
    let file = &mut config.inputs.survey.files[0];
    (file.wave, file.wave_column) = (None, Some("year".into()));
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let survey = survey(&config, Size::Small, &data).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write_survey(&config, &survey, folder.path(), SurveyReader::Person).unwrap();
    let (headers, got) = rows(&folder.path().join(&config.inputs.survey.files[0].path));
    assert_eq!(headers[..3], ["practice_code", "year", "wt_new"]);
    assert_eq!(got.len(), 60_000);
    let isolated = headers.iter().position(|header| header == "Q91_3").unwrap();
    for (row, read) in got.iter().enumerate() {
        assert_eq!(read[1], WAVES[usize::from(survey.wave[row])].to_string());
        // The first wave lacks the item: nothing between the commas.
        assert_eq!(read[isolated].is_empty(), survey.wave[row] == 0);
    }
}
