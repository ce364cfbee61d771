//! `ro-crate-metadata.json`: the version as a research object crate (RO-Crate 1.2). Files of the folder
//! with size and SHA-256; inputs as entities without the file, for they are not in the folder; the run
//! as an action of the program on the config and the inputs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::config::{Access, LICENCES};
use crate::error::{Problem, Result};
use crate::files::sha256_hex;

use super::citation::is_date;
use super::{Told, sources};

/// The file's name.
pub(super) const NAME: &str = "ro-crate-metadata.json";
const SPECIFICATION: &str = "https://w3id.org/ro/crate/1.2";
/// Stands where the config says nothing.
const MISSING: &str = "To be supplied by the authors";
const PROGRAM: &str = "#program";
const RUN: &str = "#run";
const MISSING_LICENCE: &str = "#licence-missing";

/// The file's text, for a report of these files.
pub(super) fn text(told: &Told<'_>, files: &BTreeMap<String, Vec<u8>>, mark: Option<&str>) -> Result<Vec<u8>> {
    let mut graph = vec![descriptor(), root(told, files, mark)];
    graph.extend(files.iter().map(|(path, bytes)| file(path, bytes)));
    graph.push(manifest());
    graph.extend(inputs(told));
    graph.extend(simulated(told));
    graph.push(run(told, files));
    graph.push(program());
    graph.extend(authors(told).1);
    graph.push(licence(&told.provenance().licence).1);
    graph.extend(mirrored(told).map(|(_, entity)| entity));
    let whole = json!({ "@context": format!("{SPECIFICATION}/context"), "@graph": graph });
    let text = serde_json::to_vec_pretty(&whole);
    let mut text = text.map_err(|error| Problem::new(format!("cannot write {NAME}: {error}")))?;
    text.push(b'\n');
    Ok(text)
}

fn reference(id: &str) -> Value {
    json!({ "@id": id })
}

/// One value stands alone, several as a list.
fn alone(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::from(values) }
}

fn descriptor() -> Value {
    json!({
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": reference(SPECIFICATION),
        "about": reference("./"),
    })
}

fn root(told: &Told<'_>, files: &BTreeMap<String, Vec<u8>>, mark: Option<&str>) -> Value {
    let study = told.study();
    let what =
        format!("Version {} of the evaluation `{}`: report, tables, figures and results.", study.version, study.id);
    let mut missing = Vec::new();
    let mut entity = json!({
        "@id": "./",
        "@type": "Dataset",
        "name": study.title,
        "version": study.version,
        "license": reference(&licence(&told.provenance().licence).0),
        "author": alone(authors(told).0),
        "hasPart": parts(told, files),
        "mentions": reference(RUN),
    });
    if told.provenance().licence.is_empty() {
        missing.push("the licence (`provenance.licence`)");
    }
    if is_date(&study.date) {
        entity["datePublished"] = json!(study.date);
    } else {
        missing.push("the day of publication (`study.date`, like 2026-01-31)");
    }
    if !told.provenance().keywords.is_empty() {
        entity["keywords"] = json!(told.provenance().keywords);
    }
    if let Some((id, _)) = mirrored(told) {
        entity["isBasedOn"] = reference(&id);
    }
    let mut words = vec![what];
    words.extend(mark.map(str::to_string));
    if !missing.is_empty() {
        words.push(format!("{MISSING}: {}.", missing.join(" and ")));
    }
    entity["description"] = json!(words.join(" "));
    entity
}

fn parts(told: &Told<'_>, files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let files = files.keys().map(|path| reference(&address(path)));
    files.chain([reference("manifest.json")]).chain(input_ids(told).iter().map(|id| reference(id))).collect()
}

/// A path as a relative address.
fn address(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn file(path: &str, bytes: &[u8]) -> Value {
    json!({
        "@id": address(path),
        "@type": "File",
        "name": path,
        "description": described(path),
        "encodingFormat": format_of(path),
        "contentSize": bytes.len().to_string(),
        "sha256": sha256_hex(bytes),
    })
}

/// What a file holds.
fn described(path: &str) -> String {
    let what = match path {
        "report.html" | "report.md" => "The report",
        "results.csv" => "Every estimate at full precision",
        "models.csv" => "How each model was fitted",
        "flow.csv" => "From rows received to rows analysed",
        "config.yaml" => "The settings as read",
        "tables.xlsx" => "Every table as a worksheet",
        "REPRODUCE.md" => "Where the data come from and what to run",
        "CITATION.cff" => "How to cite this version",
        "data_dictionary.csv" => "What becomes of each code of each variable",
        "dependencies.csv" => "Crates that the program is built from, with their licences",
        "checklists.csv" | "checklists.md" => "STROBE and RECORD checklists with links into the report",
        _ => match path.split_once('/') {
            Some(("tables", _)) => "Values of a table",
            Some(("figures", name)) if name.ends_with(".csv") => "Values of a figure",
            Some(("figures", _)) => "A figure",
            Some(("templates", _)) => "A template of the report",
            _ => "A file of the report",
        },
    };
    what.into()
}

/// The manifest holds this file's hash, so this file cannot hold the manifest's.
fn manifest() -> Value {
    json!({
        "@id": "manifest.json",
        "@type": "File",
        "name": "manifest.json",
        "description": "Size and SHA-256 of every other file and of every input",
        "encodingFormat": "application/json",
    })
}

fn format_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "csv" => "text/csv",
        "html" => "text/html",
        "md" => "text/markdown",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "yaml" | "cff" => "application/yaml",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "parquet" => "application/vnd.apache.parquet",
        "sav" | "zsav" => "application/x-spss-sav",
        _ => "text/plain",
    }
}

/// Inputs are named by their place in the list: the files themselves are not here.
fn input_ids(told: &Told<'_>) -> Vec<String> {
    told.records.iter().enumerate().map(|(at, _)| format!("#input-{}", at + 1)).collect()
}

fn inputs(told: &Told<'_>) -> Vec<Value> {
    let entity = |(id, record): (String, &crate::ingest::InputRecord)| {
        let stated = told.provenance().source(&record.source);
        let simulated = sources(told.form).iter().any(|source| source.id == record.source && source.simulated);
        let access = match stated.map(|source| source.access) {
            // A stored run of simulated studies.
            _ if simulated || record.source == "power" => "written by the simulator",
            Some(Access::Public) => "public",
            Some(Access::Restricted) => "restricted",
            None => "access to be stated by the authors",
        };
        let mut entity = json!({
            "@id": id,
            "@type": "CreativeWork",
            "name": record.path,
            "description": format!("Input of the source {}, {} rows, {access}; not in this folder", record.source, record.rows),
            "encodingFormat": format_of(&record.path),
            "contentSize": record.bytes.to_string(),
            "sha256": record.sha256,
        });
        if let Some(stated) = stated.filter(|_| !simulated) {
            entity["conditionsOfAccess"] = json!(stated.how);
            if !stated.licence.is_empty() {
                entity["license"] = json!(stated.licence);
            }
            if !stated.url.is_empty() {
                entity["url"] = json!(stated.url);
            }
            if !stated.citation.is_empty() {
                entity["creditText"] = json!(stated.citation);
            }
        }
        entity
    };
    input_ids(told).into_iter().zip(told.records).map(entity).collect()
}

/// Sources that the simulator made in the run leave no file.
fn simulated(told: &Told<'_>) -> Vec<Value> {
    let read = |id: &str| told.records.iter().any(|record| record.source == id);
    let made = sources(told.form).into_iter().filter(|source| source.simulated && !read(source.id));
    made.map(|source| {
        json!({
            "@id": format!("#simulated-{}", source.id),
            "@type": "CreativeWork",
            "name": source.id.replace('_', " "),
            "description": "Simulated in the run from the config's truth and seed; there is no file",
        })
    })
    .collect()
}

fn run(told: &Told<'_>, files: &BTreeMap<String, Vec<u8>>) -> Value {
    let mut objects = vec![reference("config.yaml")];
    objects.extend(files.keys().filter(|path| path.starts_with("templates/")).map(|path| reference(&address(path))));
    objects.extend(input_ids(told).iter().map(|id| reference(id)));
    objects.extend(simulated(told).iter().map(|entity| json!({ "@id": entity["@id"] })));
    let made = files.keys().filter(|path| *path != "config.yaml" && !path.starts_with("templates/"));
    json!({
        "@id": RUN,
        "@type": "CreateAction",
        "name": "The run that made this version",
        "description": "offprint run --config config.yaml; the same config, templates, inputs and program give the same bytes",
        "instrument": reference(PROGRAM),
        "object": objects,
        "result": made.map(|path| reference(&address(path))).collect::<Vec<_>>(),
    })
}

/// The specification asks for an address of the program; without a public one, that of the page here
/// that says how to get and run it.
fn program() -> Value {
    let public = env!("CARGO_PKG_REPOSITORY");
    json!({
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "softwareVersion": env!("CARGO_PKG_VERSION"),
        "description": env!("CARGO_PKG_DESCRIPTION"),
        "url": reference(if public.is_empty() { "REPRODUCE.md" } else { public }),
    })
}

/// References to the authors, and the authors. A name may be a person's or a group's.
fn authors(told: &Told<'_>) -> (Vec<Value>, Vec<Value>) {
    let given = &told.study().authors;
    let names: Vec<&str> = if given.is_empty() { vec![MISSING] } else { given.iter().map(String::as_str).collect() };
    let id = |at: usize| format!("#author-{}", at + 1);
    let entity = |(at, name): (usize, &&str)| json!({ "@id": id(at), "@type": "Person", "name": name });
    ((0..names.len()).map(|at| reference(&id(at))).collect(), names.iter().enumerate().map(entity).collect())
}

/// Address of the licence, and the licence.
fn licence(stated: &str) -> (String, Value) {
    if stated.is_empty() {
        let what = "No licence is stated: ask the authors before reuse";
        let entity = json!({ "@id": MISSING_LICENCE, "@type": "CreativeWork", "name": MISSING, "description": what });
        return (MISSING_LICENCE.into(), entity);
    }
    let known = LICENCES.iter().find(|(id, _)| *id == stated);
    let id = known.map_or_else(|| stated.to_string(), |(id, _)| format!("https://spdx.org/licenses/{id}"));
    let name = known.map_or(stated, |(_, name)| name);
    let what = format!("Licence of the report: {name}");
    (id.clone(), json!({ "@id": id, "@type": "CreativeWork", "name": name, "description": what }))
}

/// The mirrored paper, if there is one.
fn mirrored(told: &Told<'_>) -> Option<(String, Value)> {
    let study = told.study();
    if study.citation.is_empty() && study.doi.is_empty() {
        return None;
    }
    let id =
        if study.doi.is_empty() { "#mirrored".to_string() } else { format!("https://doi.org/{}", address(&study.doi)) };
    let name = if study.citation.is_empty() { &study.doi } else { &study.citation };
    Some((id.clone(), json!({ "@id": id, "@type": "ScholarlyArticle", "name": name })))
}
