//! The shipped study of A&E attendances on the public files, against numbers counted by a script of a
//! few lines that shares no code with this program.

use crate::support::{coefficients, load, names, numbers, place, public_files, run};
use offprint::config::{DatasetErrors, Form, Measure};
use offprint::ingest;
use offprint::panel;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const SHIPPED: &str = include_str!("../../studies/ae-attendances.yaml");

#[test]
fn the_shipped_study_is_right() {
    let dataset = load(SHIPPED);
    assert_eq!(dataset.models.len(), 8);
    assert!(matches!(dataset.outcomes[0].measure, Measure::Count(1)));
    assert!(matches!(dataset.models[0].errors, DatasetErrors::Cluster(at) if dataset.variables[at].id == "pcn"));
    let ids: Vec<&str> = dataset.tables.iter().map(|table| table.id.as_str()).collect();
    let all = ["sample", "main", "contrasts", "subgroups", "tests", "variants", "coefficients", "flow", "dropped"];
    assert_eq!(ids, all, "no estimates are printed elsewhere");
    assert_eq!(dataset.tables[8].number, "9");
}

#[test]
fn the_frame_of_the_public_files_has_the_known_counts() {
    let Some(root) = public_files() else { return };
    let dataset = load(SHIPPED);
    let (tables, records) = ingest::read_tables(&dataset, &root, &|_, _, _| ()).unwrap();
    assert_eq!(records.iter().map(|record| record.rows).collect::<Vec<_>>(), [7610, 6758, 12467, 23080]);
    assert_eq!(records[0].notes, ["1,267 rows not kept"]);
    assert_eq!(tables.iter().map(|table| table.rows).collect::<Vec<_>>(), [6343, 6750, 12467, 6980]);

    let frame = panel::frame(&dataset, &tables).unwrap();
    assert_eq!(frame.rows, 6343);
    let all = |id: &str| match &frame.values[place(&dataset, id)] {
        panel::Values::Numbers(values) => values.iter().map(|value| !value.is_nan()).collect::<Vec<_>>(),
        panel::Values::Named { of, .. } => of.iter().map(|at| *at != panel::NONE).collect(),
    };
    let mut kept = vec![true; frame.rows];
    let mut left = |id: &str| {
        let before = kept.iter().filter(|kept| **kept).count();
        kept.iter_mut().zip(all(id)).for_each(|(kept, present)| *kept &= present);
        before - kept.iter().filter(|kept| **kept).count()
    };
    let steps = ["attendances", "children", "pcn", "fte", "patients", "exposure", "rural", "imd", "icb"].map(&mut left);
    assert_eq!(steps, [1, 0, 210, 1020, 0, 0, 60, 5, 0]);
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 5047);
    let distinct = |id: &str| {
        let names = names(&dataset, &frame, id);
        names.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(name, _)| name.unwrap()).collect::<BTreeSet<_>>()
    };
    assert_eq!((distinct("pcn").len(), distinct("icb").len()), (1018, 42));
    assert_eq!(distinct("rural"), BTreeSet::from(["Rural", "Urban"]));
}

#[test]
fn workers_add_up_to_the_census() {
    let Some(root) = public_files() else { return };
    // One row per PCN of the census in place of the hospital file: every PCN's sum, once.
    let by_pcn = SHIPPED.replace("rows: attendances", "rows: workforce");
    let head = by_pcn.split("variables:\n").next().unwrap();
    let text = format!(
        "{}\nvariables:\n  pcn: {{ kind: key, column: PCN_CODE }}\n  fte: {{ sum: FTE, match: {{ PCN_CODE: pcn }}, where: \
         {{ STAFF_ROLE: [Social Prescribing Link Workers] }} }}\n  log_fte: {{ log: fte }}\noutcomes: {{ fte: {{ number: fte }} }}\n\
         models: {{ main: {{ family: linear, exposure: log_fte }} }}\n",
        head.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
    );
    let text = without_sources(&text, &["attendances", "payments", "deprivation"]);
    let dataset = load(&text);
    let (tables, _) = ingest::read_tables(&dataset, &root, &|_, _, _| ()).unwrap();
    let frame = panel::frame(&dataset, &tables).unwrap();
    let sums: BTreeMap<_, _> =
        names(&dataset, &frame, "pcn").into_iter().zip(numbers(&dataset, &frame, "fte")).collect();
    assert_eq!(sums.len(), 1029);
    assert!((sums.values().copied().sum::<f64>() - 1611.98).abs() < 0.005);
}

/// The config without some of its sources.
fn without_sources(text: &str, ids: &[&str]) -> String {
    let mut out = Vec::new();
    let mut skipping = false;
    for line in text.lines() {
        if !line.starts_with("   ") {
            skipping = ids.iter().any(|id| line.starts_with(&format!("  {id}:")));
        }
        if !skipping {
            out.push(line);
        }
    }
    out.join("\n")
}

#[test]
fn files_are_hashed_in_the_order_in_which_they_are_read() {
    let Some(root) = public_files() else { return };
    let dataset = load(SHIPPED);
    let (_, records) = ingest::read_tables(&dataset, &root, &|_, _, _| ()).unwrap();
    let hashes = ingest::hashes(&Form::Dataset(Box::new(dataset)), &root).unwrap();
    assert_eq!(hashes, records.into_iter().map(|record| (record.path, record.sha256)).collect::<Vec<_>>());
}

#[test]
fn the_report_has_the_numbers_of_another_program() {
    let Some(root) = public_files() else { return };
    let out = tempfile::tempdir().unwrap();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("studies/ae-attendances.yaml");
    let folder = run(&config, &root, out.path());
    let found = coefficients(&folder);
    let oracle = include_str!("../oracles/attendances.csv").lines().skip(2);
    for line in oracle {
        let words: Vec<&str> = line.split(',').collect();
        let (_, values) = found.iter().find(|(term, _)| term == words[0]).unwrap();
        for (got, wanted) in values.iter().zip(&words[1..3]) {
            let wanted: f64 = wanted.parse().unwrap();
            assert!((got / wanted - 1.0).abs() < 1e-9, "{line}: {got}");
        }
    }
    let report = std::fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(report.contains("5,047 of 6,343 practices") && report.contains("1,018 clusters"));
    assert!(!report.to_lowercase().contains("simulated"), "nothing is simulated");
}
