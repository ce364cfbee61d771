//! `ro-crate-metadata.json` against the folder that it describes and the rules of RO-Crate 1.2 that need
//! no network; the whole of them is checked with roc-validator, by hand.

use crate::support::{class_size, edit, files, run, survey};
use offprint::files::sha256_hex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn graph(folder: &Path) -> BTreeMap<String, Value> {
    let text = std::fs::read(folder.join("ro-crate-metadata.json")).unwrap();
    let json: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(json["@context"], "https://w3id.org/ro/crate/1.2/context");
    let entities = json["@graph"].as_array().unwrap();
    let by_id: BTreeMap<String, Value> =
        entities.iter().map(|entity| (entity["@id"].as_str().unwrap().to_string(), entity.clone())).collect();
    assert_eq!(by_id.len(), entities.len(), "an id stands twice");
    by_id
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("@id") => {
            found.insert(fields["@id"].as_str().unwrap().to_string());
        }
        Value::Object(fields) => fields.values().for_each(|field| references(field, found)),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn check(folder: &Path) -> BTreeMap<String, Value> {
    let graph = graph(folder);
    let descriptor = &graph["ro-crate-metadata.json"];
    assert_eq!(descriptor["@type"], "CreativeWork");
    assert_eq!(descriptor["conformsTo"]["@id"], "https://w3id.org/ro/crate/1.2");
    assert_eq!(descriptor["about"]["@id"], "./");
    let root = &graph["./"];
    assert!(root["@type"] == "Dataset" && root["name"].is_string() && root["description"].is_string());
    let mut used = BTreeSet::new();
    graph.values().for_each(|entity| references(entity, &mut used));
    for id in &used {
        let outside = id == "https://w3id.org/ro/crate/1.2";
        assert!(outside || graph.contains_key(id), "`{id}` is referred to and not described");
    }
    let parts: BTreeSet<&str> =
        root["hasPart"].as_array().unwrap().iter().map(|p| p["@id"].as_str().unwrap()).collect();
    for (id, entity) in graph.iter().filter(|(_, entity)| entity["@type"] == "File") {
        assert!(parts.contains(id.as_str()), "{id} is no part of the root");
        let bytes = std::fs::read(folder.join(id)).unwrap();
        if id != "manifest.json" {
            assert_eq!(entity["sha256"], sha256_hex(&bytes), "{id}");
            assert_eq!(entity["contentSize"], bytes.len().to_string(), "{id}");
        }
    }
    for file in files(folder).iter().filter(|file| !file.starts_with("changes.")) {
        assert!(graph.contains_key(file.as_str()), "{file} is not described");
    }
    graph
}

#[test]
fn every_file_is_described_with_its_hash_and_inputs_without_a_file() {
    let (_, folder) = survey();
    let graph = check(&folder);
    let inputs: Vec<&Value> = graph.iter().filter(|(id, _)| id.starts_with("#input-")).map(|(_, e)| e).collect();
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(inputs.len(), manifest["inputs"].as_array().unwrap().len());
    assert!(inputs.iter().all(|input| input["sha256"].as_str().unwrap().len() == 64 && input["@type"] != "File"));
    let action = &graph["#run"];
    assert_eq!(action["@type"], "CreateAction");
    assert_eq!(action["instrument"]["@id"], "#program");
    assert_eq!(graph["#program"]["@type"], "SoftwareApplication");
    assert!(action["object"].as_array().unwrap().iter().any(|object| object["@id"] == "config.yaml"));
    // The shipped config states a day and no licence: that is said, not made up.
    assert_eq!(graph["./"]["license"]["@id"], "#licence-missing");
    assert_eq!(graph["./"]["datePublished"], "2026-11-23");
    assert!(graph["./"]["description"].as_str().unwrap().contains("To be supplied by the authors"));
}

#[test]
fn what_the_config_states_is_in_the_crate() {
    let study = class_size();
    let config = study.path().join("config.yaml");
    edit(&config, "seed: 1 }", "seed: 1, date: 2024-02-29 }");
    let more = "\nprovenance:\n  licence: CC-BY-4.0\n  sources:\n    schools: { access: restricted, how: \"Ask the <state>.\", url: \"https://example.org/x?y=1\" }\n";
    std::fs::write(&config, crate::support::text(&config) + more).unwrap();
    let folder = run(study.path(), &[]);
    let graph = check(&folder);
    assert_eq!(graph["./"]["license"]["@id"], "https://spdx.org/licenses/CC-BY-4.0");
    assert_eq!(graph["./"]["datePublished"], "2024-02-29");
    assert_eq!(graph["#input-1"]["conditionsOfAccess"], "Ask the <state>.");
    let page = crate::support::text(folder.join("REPRODUCE.md"));
    assert!(page.contains("No data can be made publicly available.") && page.contains("Ask the \\<state>."), "{page}");
}
