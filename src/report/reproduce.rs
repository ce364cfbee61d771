//! REPRODUCE.md: what went in, what to run, which file holds which table. Names no machine, no
//! absolute path and no time.

use crate::figures::Figure;
use crate::tables::Table;

use super::escape::{code, markdown};
use super::{DatasetFacts, Facts, InputFacts, ProgramFacts, StudyFacts};

/// What the page needs of a study of either form.
pub(super) struct Reproduced<'a> {
    study: &'a StudyFacts,
    program: &'a ProgramFacts,
    inputs: &'a [InputFacts],
    /// Names of the sources that are not real; none over real data.
    simulated: Option<&'a str>,
    /// What a row is called.
    rows: &'a str,
}

impl<'a> Reproduced<'a> {
    pub(super) fn survey(facts: &'a Facts) -> Self {
        let simulated = facts.simulated.then_some(facts.simulated_sources_text.as_str());
        let (study, program, inputs) = (&facts.study, &facts.program, facts.inputs.as_slice());
        Self { study, program, inputs, simulated, rows: "responses" }
    }

    pub(super) fn dataset(facts: &'a DatasetFacts) -> Self {
        let (study, program, inputs) = (&facts.study, &facts.program, facts.inputs.as_slice());
        Self { study, program, inputs, simulated: None, rows: &facts.rows }
    }
}

/// The page's text, as Markdown.
pub(super) fn page(facts: &Reproduced<'_>, tables: &[Table], figures: &[Figure], mark: Option<&str>) -> String {
    let mut out = String::new();
    if let Some(mark) = mark {
        out.push_str(&format!("> **{mark}**\n\n"));
    }
    out.push_str(&format!("# How to reproduce: {}\n\n", markdown(&facts.study.title)));
    out.push_str(&format!(
        "Version {} of study `{}`, made by {} {}. The same config, templates, inputs and program give the same bytes on any \
         machine, with any number of threads, on any day.\n\n",
        markdown(&facts.study.version),
        facts.study.id.replace('`', ""),
        facts.program.name,
        facts.program.version
    ));
    push_commands(&mut out, facts);
    push_availability(&mut out, facts);
    push_exhibits(&mut out, facts, tables, figures);
    out
}

fn push_commands(out: &mut String, facts: &Reproduced<'_>) {
    let (name, version, seed) = (&facts.program.name, &facts.program.version, &facts.study.seed);
    // Where no file was read there is no folder of inputs to point at.
    let data = if facts.inputs.is_empty() { "" } else { " --data DIR" };
    let inputs =
        if facts.inputs.is_empty() { "" } else { ", and `DIR` is the folder that holds the inputs listed below" };
    out.push_str(&format!(
        "## Commands\n\nFrom a copy of the source of {name} {version}, where `FOLDER` is this folder{inputs}:\n\n```\ncargo run --release -- run --config FOLDER/config.yaml{data} --output OUTPUT\n```\n\n\
         This makes the folder again under `OUTPUT`. Where this folder is already there, the command says so if every byte is \
         the same, and stops with the names of the files that differ if not; it never overwrites. `manifest.json` holds the \
         size and SHA-256 of every file and of every input. Everything random starts from seed {seed} of the config.\n\n\
         To check instead of making, `cargo run --release -- verify FOLDER{data}` compares every hash and a re-run with this \
         folder, writes nothing, and says what differs and why.\n\n\
         Needed: a Rust toolchain (`rust-version` in the source's `Cargo.toml` says which), and the network only to fetch the \
         crates.\n\n"
    ));
}

fn push_availability(out: &mut String, facts: &Reproduced<'_>) {
    out.push_str("## Data\n\n");
    if let Some(simulated) = facts.simulated {
        out.push_str(&format!(
            "Simulated, not observed: {}. These are made again from the seed; they need no access.\n\n",
            markdown(simulated)
        ));
    }
    if !facts.inputs.is_empty() {
        out.push_str("| Source | File | Rows | Bytes | SHA-256 |\n|:---|:---|---:|---:|:---|\n");
        for input in facts.inputs {
            let (source, path) = (markdown(&input.source), code(&input.path));
            out.push_str(&format!(
                "| {source} | {path} | {} | {} | {} |\n",
                input.rows,
                input.bytes,
                code(&input.sha256)
            ));
        }
        out.push('\n');
    }
    for notice in &facts.study.notices {
        out.push_str(&format!("{}\n\n", markdown(notice)));
    }
    if !facts.study.citation.is_empty() {
        out.push_str(&format!("Mirrored paper: {}\n\n", markdown(&facts.study.citation)));
    }
}

fn push_exhibits(out: &mut String, facts: &Reproduced<'_>, tables: &[Table], figures: &[Figure]) {
    out.push_str("## Which file holds what\n\n| Exhibit | Files |\n|:---|:---|\n");
    for table in tables {
        let id = &table.id;
        out.push_str(&format!(
            "| Table {}. {} | `tables/{id}.csv`, `tables.xlsx` |\n",
            markdown(&table.number),
            markdown(&table.title)
        ));
    }
    for figure in figures {
        let id = &figure.id;
        let (number, title) = (markdown(&figure.number), markdown(&figure.title));
        out.push_str(&format!("| Figure {number}. {title} | `figures/{id}.svg`, `figures/{id}.csv` |\n"));
    }
    out.push_str("| Every estimate at full precision | `results.csv` |\n");
    out.push_str("| How each model was fitted: errors, factor, convergence, warnings | `models.csv` |\n");
    out.push_str(&format!("| From {0} received to {0} analysed | `flow.csv` |\n", markdown(facts.rows)));
    out.push_str("| Settings as read, hashes of everything | `config.yaml`, `manifest.json` |\n");
}
