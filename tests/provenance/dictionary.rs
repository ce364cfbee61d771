//! The data dictionary against the config that it is made from, read here as plain YAML.

use crate::support::{class_size, rows, run, survey, text};
use serde_yaml::Value;
use std::collections::BTreeSet;

type Key = (String, String, String);

fn dictionary(folder: &std::path::Path) -> Vec<Vec<String>> {
    let rows = rows(folder.join("data_dictionary.csv"));
    let head = ["role", "id", "label", "source", "waves", "variable", "code", "becomes", "goes_to"];
    assert_eq!(rows[0][..9], head);
    rows
}

fn names(item: &Value) -> Vec<String> {
    match item {
        Value::String(name) => vec![name.clone()],
        other => other.as_mapping().unwrap().values().map(|v| v.as_str().unwrap().to_string()).collect(),
    }
}

fn codes(value: &Value) -> Vec<String> {
    value.as_sequence().unwrap().iter().map(|code| code.as_i64().unwrap().to_string()).collect()
}

#[test]
fn every_code_of_every_item_has_its_line() {
    let (_, folder) = survey();
    let config: Value = serde_yaml::from_str(&text(folder.join("config.yaml"))).unwrap();
    let rows = dictionary(&folder);
    let told: BTreeSet<Key> = rows.iter().map(|row| (row[1].clone(), row[5].clone(), row[6].clone())).collect();
    let missing: Vec<String> = config["inputs"]["survey"]["missing"]
        .as_mapping()
        .unwrap()
        .keys()
        .map(|k| k.as_i64().unwrap().to_string())
        .collect();
    let mut wanted: Vec<(Key, String)> = Vec::new();
    for (id, outcome) in config["outcomes"].as_mapping().unwrap() {
        let id = id.as_str().unwrap().to_string();
        for name in names(&outcome["item"]).into_iter().filter(|name| name != "none") {
            let mut add = |codes: Vec<String>, becomes: &str| {
                wanted.extend(codes.into_iter().map(|code| ((id.clone(), name.clone(), code), becomes.to_string())));
            };
            add(codes(&outcome["success"]), "1");
            add(codes(&outcome["failure"]), "0");
            let left = outcome.get("left_out").and_then(Value::as_mapping);
            add(left.into_iter().flatten().map(|(k, _)| k.as_i64().unwrap().to_string()).collect(), "missing");
            add(missing.clone(), "missing");
        }
    }
    for (id, covariate) in config["covariates"].as_mapping().unwrap() {
        let id = id.as_str().unwrap().to_string();
        let Some(item) = covariate.get("item") else { continue };
        for name in names(item) {
            for (level, listed) in covariate["levels"].as_mapping().unwrap() {
                for code in codes(listed) {
                    wanted.push(((id.clone(), name.clone(), code), level.as_str().unwrap().to_string()));
                }
            }
        }
    }
    assert!(wanted.len() > 80, "{}", wanted.len());
    for (key, becomes) in wanted {
        assert!(told.contains(&key), "{key:?} has no line");
        let row = rows.iter().find(|row| (&row[1], &row[5], &row[6]) == (&key.0, &key.1, &key.2)).unwrap();
        assert_eq!(row[7], becomes, "{row:?}");
    }
    for role in ["exposure", "weight", "link"] {
        assert!(rows.iter().any(|row| row[0] == role), "nothing on the {role}");
    }
    for (id, covariate) in config["covariates"].as_mapping().unwrap() {
        if let Some(reference) = covariate.get("reference").and_then(Value::as_str) {
            let of = |row: &&Vec<String>| row[1] == id.as_str().unwrap() && row[8] == "reference level";
            assert!(rows.iter().filter(of).all(|row| row[7] == reference), "{id:?}");
            assert!(rows.iter().any(|row| of(&row)), "{id:?} has no reference");
        }
    }
}

#[test]
fn every_variable_of_a_dataset_has_its_line() {
    let study = class_size();
    let rows = dictionary(&run(study.path(), &[]));
    let told: BTreeSet<(&str, &str)> = rows.iter().skip(1).map(|row| (row[0].as_str(), row[1].as_str())).collect();
    for wanted in [
        ("outcome", "score"),
        ("variable of an outcome", "testscr"),
        ("exposure", "str"),
        ("covariate", "elpct"),
        ("covariate", "mealpct"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    assert!(rows.iter().any(|row| row[1] == "str" && row[5] == "str" && row[8] == "value"));
}
