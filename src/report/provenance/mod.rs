//! What tells where a version comes from, made from the finished report: citation, research object
//! crate, checklists, data dictionary, dependencies, and the comparison with the earlier version.
//!
//! States what the config and the files say. What nobody stated is named as missing, never made up.
//! Knows no clock and no path of the machine. Entry: [`add`].

mod checklist;
mod citation;
mod dictionary;
mod dictionary_dataset;
mod items;
mod ro_crate;

use crate::config::{Dataset, Form, Provenance, Study};
use crate::error::Result;
use crate::figures::Figure;
use crate::ingest::InputRecord;
use crate::tables::Table;

use super::changes::{CHANGES, Changes, change_page, change_rows};
use super::{Bundle, csv_bytes, data_mark, mark_csv, markdown};

/// Every crate that the program is built from, with its licence (docs/dependencies.py makes it).
const DEPENDENCIES: &str = include_str!("../../../docs/dependencies.csv");

/// A finished report whose provenance is to be told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The study.
    pub form: &'a Form,
    /// Files read, in config order.
    pub records: &'a [InputRecord],
    /// Finished tables.
    pub tables: &'a [Table],
    /// Finished figures.
    pub figures: &'a [Figure],
    /// The comparison with the earlier version, where there is one.
    pub changes: Option<&'a Changes>,
}

impl Told<'_> {
    fn study(&self) -> &Study {
        self.form.study()
    }

    fn provenance(&self) -> &Provenance {
        &self.form.study().provenance
    }

    /// The column `data` of CSV files over simulated data.
    fn data(&self) -> Option<String> {
        match self.form {
            Form::Survey(config) => data_mark(config),
            Form::Dataset(_) => None,
        }
    }

    /// The sentence that marks every file over simulated data.
    fn mark(&self) -> Option<String> {
        let sources = self.form.simulated_sources();
        let named: Vec<String> = sources.iter().map(|name| name.replace('_', " ")).collect();
        (!named.is_empty()).then(|| format!("Simulated data, made by a simulator, not observed: {}.", named.join(", ")))
    }
}

/// A source of a study, as the config names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceLine<'a> {
    pub(super) id: &'a str,
    /// Whether it is made by the simulator.
    pub(super) simulated: bool,
    /// Config key of its file names.
    pub(super) key: &'static str,
}

/// The sources of a study, in order.
pub(super) fn sources(form: &Form) -> Vec<SourceLine<'_>> {
    match form {
        Form::Survey(config) => survey_sources(config),
        Form::Dataset(dataset) => dataset_sources(dataset),
    }
}

pub(super) fn survey_sources(config: &crate::config::Config) -> Vec<SourceLine<'static>> {
    let simulated = config.simulated_sources();
    let all = [
        ("survey", true),
        ("workforce", true),
        ("practices", true),
        ("deprivation", config.inputs.deprivation.is_some()),
        ("list_sizes", config.inputs.list_sizes.is_some()),
    ];
    let used = all.into_iter().filter(|(_, used)| *used);
    used.map(|(id, _)| SourceLine { id, simulated: simulated.contains(&id), key: "inputs" }).collect()
}

pub(super) fn dataset_sources(dataset: &Dataset) -> Vec<SourceLine<'_>> {
    dataset.sources.iter().map(|source| SourceLine { id: &source.id, simulated: false, key: "sources" }).collect()
}

/// Adds the files of provenance to a finished report. The crate comes last: it lists the others.
///
/// # Errors
/// A comparison that cannot be written.
pub fn add(bundle: &mut Bundle, told: &Told<'_>) -> Result<()> {
    let (data, mark) = (told.data(), told.mark());
    let rows = |rows: Vec<Vec<String>>| csv_bytes(&mark_csv(rows, data.as_deref()));
    let page = bundle.0.get("report.html").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let filled = checklist::fill(told, page.as_deref().unwrap_or_default());
    let dictionary = match told.form {
        Form::Survey(config) => dictionary::rows(config),
        Form::Dataset(dataset) => dictionary_dataset::rows(dataset),
    };
    let checklists = checklist::page(&filled, &told.study().title, mark.as_deref());
    let mut put = |path: &str, bytes: Vec<u8>| bundle.0.insert(path.to_string(), bytes);
    put("checklists.csv", rows(checklist::rows(&filled)));
    put("checklists.md", markdown::tidy(&checklists).into_bytes());
    put("data_dictionary.csv", rows(dictionary));
    put("dependencies.csv", rows(dependencies()));
    put("CITATION.cff", citation::text(told, mark.as_deref()).into_bytes());
    let crate_text = ro_crate::text(told, &bundle.0, mark.as_deref())?;
    bundle.0.insert(ro_crate::NAME.to_string(), crate_text);
    // After the crate, which describes what is made from the inputs alone.
    if let Some(changes) = told.changes {
        let text = change_page(changes, &told.study().title, mark.as_deref());
        bundle.0.insert("changes.md".into(), markdown::tidy(&text).into_bytes());
        bundle.0.insert("changes.csv".into(), rows(change_rows(changes)));
        bundle.0.insert(CHANGES.into(), changes.bytes()?);
    }
    Ok(())
}

/// The list of dependencies as rows, header first. Its cells hold no quotes; licences may hold commas in none.
fn dependencies() -> Vec<Vec<String>> {
    DEPENDENCIES.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
}
