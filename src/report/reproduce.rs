//! REPRODUCE.md, after the template README of the Social Science Data Editors: where the data come from
//! and how to get them, what is needed, what to run, which file and which key of the config stand behind
//! which table and figure. Names no machine, no absolute path and no time.

use crate::config::{Access, Config, Dataset, Provenance};
use crate::figures::Figure;
use crate::tables::Table;

use super::escape::{code, markdown};
use super::provenance::{SourceLine, dataset_sources, survey_sources};
use super::{DatasetFacts, Facts, InputFacts, ProgramFacts, StudyFacts};

/// Stands where the config says nothing.
const MISSING: &str = "to be supplied by the authors";

/// What the page needs of a study of either form.
pub(super) struct Reproduced<'a> {
    study: &'a StudyFacts,
    program: &'a ProgramFacts,
    inputs: &'a [InputFacts],
    provenance: &'a Provenance,
    sources: Vec<SourceLine<'a>>,
    /// Names of the sources that are not real; none over real data.
    simulated: Option<&'a str>,
    /// What a row is called.
    rows: &'a str,
    /// Whether something random is drawn.
    seed: &'a str,
}

impl<'a> Reproduced<'a> {
    pub(super) fn survey(config: &'a Config, facts: &'a Facts) -> Self {
        let simulated = facts.simulated.then_some(facts.simulated_sources_text.as_str());
        let (study, program, inputs) = (&facts.study, &facts.program, facts.inputs.as_slice());
        let (provenance, sources) = (&config.study.provenance, survey_sources(config));
        Self { study, program, inputs, provenance, sources, simulated, rows: "responses", seed: &study.seed }
    }

    pub(super) fn dataset(dataset: &'a Dataset, facts: &'a DatasetFacts) -> Self {
        let (study, program, inputs) = (&facts.study, &facts.program, facts.inputs.as_slice());
        let (provenance, sources) = (&dataset.study.provenance, dataset_sources(dataset));
        Self { study, program, inputs, provenance, sources, simulated: None, rows: &facts.rows, seed: &study.seed }
    }

    fn files_of(&self, source: &SourceLine<'_>) -> impl Iterator<Item = &InputFacts> {
        let name = source.id.replace('_', " ");
        self.inputs.iter().filter(move |input| input.source == name)
    }
}

/// The page's text, as Markdown.
pub(super) fn page(facts: &Reproduced<'_>, tables: &[Table], figures: &[Figure], mark: Option<&str>) -> String {
    let mut out = String::new();
    if let Some(mark) = mark {
        out.push_str(&format!("> **{mark}**\n\n"));
    }
    out.push_str(&format!("# How to reproduce: {}\n\n", markdown(&facts.study.title)));
    push_overview(&mut out, facts);
    push_availability(&mut out, facts);
    push_files(&mut out, facts);
    push_requirements(&mut out, facts);
    push_instructions(&mut out, facts);
    push_exhibits(&mut out, facts, tables, figures);
    push_references(&mut out, facts);
    out
}

fn push_overview(out: &mut String, facts: &Reproduced<'_>) {
    out.push_str(&format!(
        "## Overview\n\nVersion {} of study `{}`, made by {} {}. The same config, templates, inputs and program give the same bytes on any \
         machine, with any number of threads, on any day.\n\nOne command reads the inputs, fits every model and writes every \
         table, figure and page of this folder. `config.yaml` here is the whole of its settings, `templates/` the words around the \
         numbers; no other code was written for this study.\n\n",
        markdown(&facts.study.version),
        facts.study.id.replace('`', ""),
        facts.program.name,
        facts.program.version
    ));
    let contact = &facts.provenance.contact;
    let contact = if contact.is_empty() { MISSING.to_string() } else { markdown(contact) };
    out.push_str(&format!("Contact: {contact}.\n\n"));
}

fn push_availability(out: &mut String, facts: &Reproduced<'_>) {
    out.push_str("## Data availability and provenance\n\n### Summary\n\n");
    let real: Vec<_> = facts.sources.iter().filter(|source| !source.simulated).collect();
    let access = |source: &&&SourceLine<'_>| facts.provenance.source(source.id).map(|stated| stated.access);
    let restricted = real.iter().filter(|source| access(source) == Some(Access::Restricted)).count();
    let unstated = real.iter().filter(|source| access(source).is_none()).count();
    out.push_str(&match (real.len(), restricted, unstated) {
        (0, ..) => "No access is needed: every source is simulated from the config and its seed.\n\n".to_string(),
        (_, 0, 0) => "All data are publicly available.\n\n".to_string(),
        (n, r, 0) if n == r => "No data can be made publicly available.\n\n".to_string(),
        (_, _, 0) => "Some data cannot be made publicly available.\n\n".to_string(),
        _ => format!(
            "Availability of {unstated} of {} sources is {MISSING} (`provenance.sources` in the config).\n\n",
            real.len()
        ),
    });
    if let Some(simulated) = facts.simulated.filter(|_| !real.is_empty()) {
        out.push_str(&format!("Simulated, and so in need of no access: {}.\n\n", markdown(simulated)));
    }
    out.push_str(&format!("This folder holds no input: it holds results that passed disclosure control (`disclosure` in the config), and the hash of each input. Rights in the report: {}.\n\n",
        if facts.provenance.licence.is_empty() { format!("licence {MISSING}") } else { markdown(&facts.provenance.licence) }));
    out.push_str("### Each source\n\n");
    facts.sources.iter().for_each(|source| push_source(out, facts, source));
    for notice in &facts.study.notices {
        out.push_str(&format!("{}\n\n", markdown(notice)));
    }
}

fn push_source(out: &mut String, facts: &Reproduced<'_>, source: &SourceLine<'_>) {
    out.push_str(&format!("**{}.**", markdown(&source.id.replace('_', " "))));
    let files = facts.files_of(source).count();
    if source.simulated {
        let made = if files > 0 {
            "written by the simulator (`simulate`) before the run"
        } else {
            "made by the simulator in the run"
        };
        out.push_str(&format!(" Simulated, not observed: {made}, from the truth and the seed in the config."));
    }
    match facts.provenance.source(source.id) {
        Some(stated) => {
            let access = match stated.access {
                Access::Public => "Public",
                Access::Restricted => "Restricted",
            };
            let real = if source.simulated { "The real source: " } else { "" };
            out.push_str(&format!(" {real}{access}. {}", markdown(stated.how.trim())));
            let more = [("Licence", &stated.licence), ("Address", &stated.url), ("Cite as", &stated.citation)];
            for (what, text) in more.iter().filter(|(_, text)| !text.is_empty()) {
                out.push_str(&format!(" {what}: {}.", markdown(text.trim().trim_end_matches('.'))));
            }
        }
        None if source.simulated => {}
        None => out.push_str(&format!(" How to get it: {MISSING}.")),
    }
    out.push_str(&format!(" Config: `{}.{}`.\n\n", source.key, source.id));
}

fn push_files(out: &mut String, facts: &Reproduced<'_>) {
    if facts.inputs.is_empty() {
        return;
    }
    out.push_str("### Data files\n\nRead in this order; paths start from the data folder. None of them is in this folder.\n\n| Source | File | Rows | Bytes | SHA-256 |\n|:---|:---|---:|---:|:---|\n");
    for input in facts.inputs {
        let (source, path) = (markdown(&input.source), code(&input.path));
        let hash = code(&input.sha256);
        out.push_str(&format!("| {source} | {path} | {} | {} | {hash} |\n", input.rows, input.bytes));
    }
    if facts.inputs.iter().any(|input| input.source == "power") {
        out.push_str("\n`power` is a stored run of small simulated studies: `offprint simulate --power` makes it from the config.\n");
    }
    out.push_str("\n`data_dictionary.csv` says which variable and code of which source becomes what.\n\n");
}

fn push_requirements(out: &mut String, facts: &Reproduced<'_>) {
    let (name, version) = (&facts.program.name, &facts.program.version);
    out.push_str(&format!(
        "## Computational requirements\n\n- Software: {name} {version}, built from its source with a Rust toolchain (`rust-version` \
         in its `Cargo.toml` says which; `Cargo.lock` fixes every crate, and `dependencies.csv` lists them with their licences). \
         The network is needed only to fetch the crates.\n- Randomness: everything random starts from seed {} of the config \
         (`study.seed`).\n",
        facts.seed
    ));
    if facts.provenance.requirements.is_empty() {
        out.push_str(&format!("- Memory, time and storage: {MISSING} (`provenance.requirements`); none is recorded here, as they depend on the machine.\n"));
    }
    for line in &facts.provenance.requirements {
        out.push_str(&format!("- {}\n", markdown(line)));
    }
    out.push('\n');
}

fn push_instructions(out: &mut String, facts: &Reproduced<'_>) {
    let (name, version) = (&facts.program.name, &facts.program.version);
    // Where no file was read there is no folder of inputs to point at.
    let data = if facts.inputs.is_empty() { "" } else { " --data DIR" };
    let inputs =
        if facts.inputs.is_empty() { "" } else { ", and `DIR` is the folder that holds the data files listed above" };
    out.push_str(&format!(
        "## Instructions\n\nFrom a copy of the source of {name} {version}, where `FOLDER` is this folder{inputs}:\n\n```\ncargo run --release -- verify FOLDER{data}\n```\n\n\
         This compares every hash and a re-run in memory with this folder, value by value and byte by byte, writes nothing, and \
         says what differs and why. To make the folder again instead:\n\n```\ncargo run --release -- run --config FOLDER/config.yaml{data} --output OUTPUT\n```\n\n\
         Where this folder is already under `OUTPUT`, the command says so if every byte is the same, and stops with the names of \
         the files that differ if not; it never overwrites. `manifest.json` holds the size and SHA-256 of every file and of every \
         input. Where the folder holds `changes.json`, that is a comparison with an earlier version of the study and an input of \
         the report; it is read from this folder, so that the earlier version need not be at hand.\n\n"
    ));
}

/// Keys of the config that stand behind a table or figure, besides its own.
fn keys(id: &str) -> &'static [&'static str] {
    match id {
        "respondents" => &["covariates"],
        "outcomes" => &["outcomes"],
        "provision" | "rollout" | "areas" => &["exposure", "inputs.workforce", "inputs.practices"],
        "main" | "forest" => &["models.main", "outcomes", "exposure"],
        "coefficients" => &["models.main", "covariates"],
        "tests" => &["tests", "models.main"],
        "contrasts" => &["models.main.contrasts"],
        "joint" => &["tests.joint"],
        "published" => &["published", "models.main"],
        "variants" => &["models.variants"],
        "flow" | "dropped" => &["outcomes", "models.main"],
        "subgroups" | "subgroup_tests" => &["analyses.subgroups", "models.main"],
        "inequality" => &["analyses.inequality"],
        "provision_need" | "concentration" => &["analyses.provision", "inputs.workforce"],
        "population" => &["analyses.population", "population"],
        "costs" | "tornado" | "acceptability" => &["analyses.costs"],
        "timing" | "placebos" => &["analyses.timing", "models.main"],
        "dose" | "dose_tests" => &["analyses.dose", "models.main"],
        "leave_out" => &["analyses.leave_out", "models.main"],
        "power" => &["analyses.power", "models.main", "simulate"],
        "public_route" | "adjustable" => &["analyses.public_route", "models.main"],
        id if id.starts_with("grid") => &["analyses.grid", "models.main"],
        _ => &[],
    }
}

fn push_exhibits(out: &mut String, facts: &Reproduced<'_>, tables: &[Table], figures: &[Figure]) {
    let command = "`run`";
    out.push_str("## Tables, figures and what makes them\n\nOne command makes all of them; the keys are those of `config.yaml`.\n\n| Exhibit | Files | Command | Config keys |\n|:---|:---|:---|:---|\n");
    let with = |kind: &str, id: &str| {
        let own = format!("`{kind}.{id}`");
        let more = keys(id).iter().map(|key| format!("`{key}`"));
        std::iter::once(own).chain(more).collect::<Vec<_>>().join(", ")
    };
    for table in tables {
        let id = &table.id;
        let (number, title) = (markdown(&table.number), markdown(&table.title));
        let keys = with("tables", id);
        out.push_str(&format!("| Table {number}. {title} | `tables/{id}.csv`, `tables.xlsx` | {command} | {keys} |\n"));
    }
    for figure in figures {
        let id = &figure.id;
        let (number, title) = (markdown(&figure.number), markdown(&figure.title));
        let keys = with("figures", id);
        out.push_str(&format!(
            "| Figure {number}. {title} | `figures/{id}.svg`, `figures/{id}.csv` | {command} | {keys} |\n"
        ));
    }
    let rows = markdown(facts.rows);
    let others: [(&str, &str, &str); 9] = [
        ("Every estimate at full precision", "`results.csv`", "`models`, `outcomes`"),
        ("How each model was fitted: errors, factor, convergence, warnings", "`models.csv`", "`models`"),
        (&format!("From {rows} received to {rows} analysed"), "`flow.csv`", "`outcomes`, `models.main`"),
        ("The report", "`report.html`, `report.md`", "`report`"),
        ("What becomes of each code", "`data_dictionary.csv`", "`outcomes`, `covariates` or `variables`"),
        ("STROBE and RECORD checklists", "`checklists.md`, `checklists.csv`", "`provenance.statements`"),
        (
            "How to cite, and the folder described for machines",
            "`CITATION.cff`, `ro-crate-metadata.json`",
            "`study`, `provenance`",
        ),
        ("Crates of the program with their licences", "`dependencies.csv`", "–"),
        ("Settings as read, hashes of everything", "`config.yaml`, `manifest.json`", "all"),
    ];
    for (what, files, keys) in others {
        out.push_str(&format!("| {what} | {files} | {command} | {keys} |\n"));
    }
    out.push('\n');
}

fn push_references(out: &mut String, facts: &Reproduced<'_>) {
    let cited = facts.provenance.sources.iter().map(|source| &source.citation).filter(|text| !text.is_empty());
    let all: Vec<&String> =
        Some(&facts.study.citation).filter(|text| !text.is_empty()).into_iter().chain(cited).collect();
    if all.is_empty() {
        return;
    }
    out.push_str("## References\n\n");
    all.iter().for_each(|text| out.push_str(&format!("- {}\n", markdown(text))));
}
