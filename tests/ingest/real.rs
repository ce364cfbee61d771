//! The public files that the study is about, against totals counted by others. Skipped, and said
//! so, where the files are not at hand: `OFFPRINT_NHS`, or `../shared/nhs` beside the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use offprint::config::{Config, Encoding, PracticesFile};
use offprint::ingest;
use polars::prelude::DataFrame;

use super::support::{config, quiet};

fn folder() -> Option<PathBuf> {
    let beside = ["../shared/nhs", "../../shared/nhs"].map(|path| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path));
    let named = std::env::var_os("OFFPRINT_NHS").map(PathBuf::from);
    let found = named.into_iter().chain(beside).find(|path| path.join("workforce").is_dir());
    if found.is_none() {
        println!("skipped: no public files; set OFFPRINT_NHS to their folder");
    }
    found
}

fn real_config() -> Config {
    let mut config = config();
    let text = |text: &str| text.to_owned();
    let workforce = &mut config.inputs.workforce;
    workforce.files = vec![text("workforce/*.csv")];
    workforce.year = text("CENSUS_YEAR");
    workforce.month = text("CENSUS_MONTH");
    workforce.pcn = text("PCN_CODE");
    workforce.area = text("ICB_CODE");
    workforce.matching = vec![(text("STAFF_ROLE"), vec![text("Social Prescribing Link Workers")])];
    let practices = &mut config.inputs.practices;
    let file = |wave, years: &str| PracticesFile {
        wave,
        path: format!("payments/payments_{years}.csv"),
        practice: text("Practice Code"),
        name: text("Practice Name"),
        pcn: text("PCN Code"),
        patients: text("Number of Registered Patients (Last Known Figure)"),
        rurality: Some(text("Practice Rurality")),
        closed: Some(text("Practice Close Date")),
        keep: vec![(text("Practice type"), vec![text("GP practice")])],
    };
    practices.files = vec![file(0, "19-20"), file(1, "20-21"), file(2, "21-22")];
    practices.no_pcn = vec![text("Unknown or no PCN")];
    config.waves = vec![2020, 2021, 2022];
    let deprivation = config.inputs.deprivation.as_mut().unwrap();
    deprivation.path = text("deprivation/fingertips_93553_imd_practice.csv");
    (deprivation.practice, deprivation.score) = (text("AreaCode"), text("Value"));
    let sizes = config.inputs.list_sizes.as_mut().unwrap();
    sizes.files = vec![(1, text("list-size/gp-reg-pat-prac-all.csv"))];
    sizes.patients = text("NUMBER_OF_PATIENTS");
    config
}

fn strings<'a>(table: &'a DataFrame, name: &str) -> Vec<Option<&'a str>> {
    table.column(name).unwrap().str().unwrap().iter().collect()
}

fn numbers(table: &DataFrame, name: &str) -> Vec<Option<f64>> {
    table.column(name).unwrap().f64().unwrap().iter().collect()
}

/// Clusters with a row that counts, by census.
fn with_a_worker(table: &DataFrame, census: &str) -> BTreeSet<String> {
    let counts = table.column("counts").unwrap().bool().unwrap();
    let rows = strings(table, "census").into_iter().zip(strings(table, "pcn")).zip(counts.iter());
    let rows = rows.filter(|((at, _), counts)| *at == Some(census) && *counts == Some(true));
    rows.map(|((_, pcn), _)| pcn.unwrap().to_owned()).collect()
}

/// Census, amount that counts, clusters in the file, clusters with a row that counts.
const CENSUSES: [(&str, f64, usize, usize); 9] = [
    ("2020-03", 112.3, 188, 106),
    ("2020-06", 431.3, 497, 322),
    ("2020-09", 615.7, 632, 428),
    ("2020-12", 852.5, 758, 545),
    ("2021-03", 1093.3, 855, 631),
    ("2021-06", 1260.8, 920, 688),
    ("2021-09", 1427.5, 984, 753),
    ("2021-12", 1612.0, 1029, 802),
    ("2022-03", 1740.9, 1060, 835),
];

#[test]
fn nine_censuses_give_the_known_totals() {
    let Some(root) = folder() else { return };
    let (table, records) = ingest::read_workforce(&real_config(), &root, &quiet).unwrap();
    assert_eq!(records.len(), 9);
    assert!(records[0].path.starts_with("workforce/1.Primary Care Networks – March 2020"), "{}", records[0].path);
    let amounts = numbers(&table, "amount");
    let counts = table.column("counts").unwrap().bool().unwrap();
    let (censuses, pcns) = (strings(&table, "census"), strings(&table, "pcn"));
    for (census, amount, clusters, with_one) in CENSUSES {
        let rows: Vec<usize> = (0..table.height()).filter(|row| censuses[*row] == Some(census)).collect();
        let total: f64 =
            rows.iter().filter(|row| counts.get(**row) == Some(true)).map(|row| amounts[*row].unwrap()).sum();
        assert!((total - amount).abs() <= 0.05, "{census}: {total}");
        assert_eq!(rows.iter().map(|row| pcns[*row]).collect::<BTreeSet<_>>().len(), clusters, "{census}");
        assert_eq!(with_a_worker(&table, census).len(), with_one, "{census}");
    }
    // Counted with `wc -l` less the header, and `sha256sum`.
    assert_eq!(records.iter().map(|record| record.rows).collect::<Vec<_>>()[0], 534);
    assert_eq!(records[8].rows, 14073);
    assert!(records[8].notes.iter().any(|note| note.contains("negative or very large")), "{:?}", records[8].notes);
    assert!(records[0].notes.iter().any(|note| note.contains("Windows-1252")), "{:?}", records[0].notes);
}

#[test]
fn workforce_and_practices_share_their_clusters() {
    let Some(root) = folder() else { return };
    let config = real_config();
    let (workforce, _) = ingest::read_workforce(&config, &root, &quiet).unwrap();
    let (practices, records) = ingest::read_practices(&config, &root, &quiet).unwrap();
    let wave = practices.column("wave").unwrap().i32().unwrap();
    let pcns = strings(&practices, "pcn");
    let last: BTreeSet<&str> =
        wave.iter().zip(&pcns).filter(|(wave, _)| *wave == Some(2)).filter_map(|(_, pcn)| *pcn).collect();
    let workers = with_a_worker(&workforce, "2022-03");
    assert_eq!(workers.len(), 835);
    assert_eq!(workers.iter().filter(|pcn| last.contains(pcn.as_str())).count(), 832);
    // 1,251 different texts in the column, one of which says that there is no cluster.
    assert_eq!(last.len(), 1250);
    // Rows by kind of practice, counted with a spreadsheet.
    let mut kept: BTreeMap<i32, usize> = BTreeMap::new();
    wave.iter().for_each(|wave| *kept.entry(wave.unwrap()).or_default() += 1);
    assert_eq!(kept.into_values().collect::<Vec<_>>(), [6991, 6798, 6750]);
    assert_eq!(records.iter().map(|record| record.rows).collect::<Vec<_>>(), [7001, 6808, 6758]);
    let patients: f64 = numbers(&practices, "patients")
        .iter()
        .zip(wave.iter())
        .filter(|(_, wave)| *wave == Some(2))
        .filter_map(|(patients, _)| *patients)
        .sum();
    assert!((patients / 1e6 - 61.6).abs() < 0.1, "{patients}");
    assert!(pcns.iter().flatten().all(|pcn| !pcn.contains("Unknown")));
    let rurality: BTreeSet<_> = strings(&practices, "rurality").into_iter().collect();
    assert_eq!(rurality, BTreeSet::from([None, Some("Rural"), Some("Urban")]));
}

#[test]
fn deprivation_and_list_sizes_are_read_whole() {
    let Some(root) = folder() else { return };
    let config = real_config();
    let (scores, records) = ingest::read_deprivation(&config, &root, &quiet).unwrap();
    assert_eq!(records[0].rows, 23080);
    let years: BTreeSet<_> = scores.column("year").unwrap().i32().unwrap().iter().flatten().collect();
    assert_eq!(years, BTreeSet::from([2010, 2015, 2019]));
    let (sizes, _) = ingest::read_list_sizes(&config, &root, &quiet).unwrap();
    assert_eq!(sizes.height(), 6658);
}

#[test]
fn bytes_that_are_not_utf8_are_named_with_line_and_column() {
    let Some(root) = folder() else { return };
    let mut config = real_config();
    config.inputs.workforce.encoding = Encoding::Utf8;
    let problems = ingest::read_workforce(&config, &root, &quiet).unwrap_err();
    assert_eq!(problems.0.len(), 9, "one for the one column with such bytes in each file: {problems}");
    let message = problems.to_string();
    assert!(message.contains("not UTF-8") && message.contains("declare encoding: windows-1252"), "{message}");
}
