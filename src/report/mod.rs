//! The report: finished tables, figures and facts in, a bundle of named bytes out.
//!
//! Fills the templates, turns Markdown into one self-contained page, writes CSV and XLSX text.
//! Computes and rounds nothing, opens no file, knows no clock. Over simulated data every file
//! carries the mark. Entries: [`facts()`], [`render`], [`check_templates`].

mod audit;
mod changes;
mod check;
mod check_analyses;
mod csv;
mod escape;
mod facts;
mod html;
mod made_up;
mod markdown;
mod patience;
mod provenance;
mod reproduce;
mod template;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::config::{Config, Dataset};
use crate::error::{Problem, Problems, Result};
use crate::figures::Figure;
use crate::tables::Table;

pub use audit::{Audited, CELLS, Linked, ModelCheck, STATUSES, Status, audit, is_count};
pub use changes::{CHANGES, Changes, EstimateMoved, EstimateSide, OutcomeChanges, QUANTITIES};
pub use check::{check_dataset_templates, check_templates};
pub use csv::{csv_bytes, data_mark, mark_csv};
pub use facts::*;
pub use provenance::{Told, add as add_provenance};

use reproduce::Reproduced;
use template::{Exhibit, Exhibits};

/// A report in memory: paths with forward slashes, in order, each with its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle(pub BTreeMap<String, Vec<u8>>);

/// All tables in one workbook.
const WORKBOOK: &str = "tables.xlsx";

/// The two templates as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    /// The Markdown report: path shown in errors, text.
    pub report: (String, String),
    /// The HTML page: path shown in errors, text.
    pub page: (String, String),
}

/// Everything a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The checked config.
    pub config: &'a Config,
    /// Finished strings for the text.
    pub facts: &'a Facts,
    /// Finished tables, in order.
    pub tables: &'a [Table],
    /// Finished figures, in order.
    pub figures: &'a [Figure],
    /// The same tables and figures as files, where an earlier rendering has them.
    pub drawn: Option<&'a Bundle>,
}

/// What rendering needs of a study of either form.
struct Parts<'a> {
    /// What templates see as `facts`.
    facts: serde_json::Value,
    /// Title of the study.
    title: &'a str,
    /// The mark in captions; empty over real data.
    short: &'a str,
    /// The sentence that marks every file over simulated data.
    mark: Option<String>,
    /// The column `data` of CSV files over simulated data.
    data: Option<String>,
    /// `REPRODUCE.md`.
    reproduce: String,
    tables: &'a [Table],
    figures: &'a [Figure],
    drawn: Option<&'a Bundle>,
}

/// Makes `report.md`, `report.html`, `tables/`, `tables.xlsx`, `figures/` and `REPRODUCE.md`.
///
/// # Errors
/// Template problems with file, line and nearest name; tables whose rows do not fit their heads;
/// a page template that leaves out the body or the mark on simulated data.
pub fn render(input: &ReportInput<'_>, templates: &Templates) -> Result<Bundle> {
    let mark = mark(input.facts);
    let sources = Reproduced::survey(input.config, input.facts);
    let parts = Parts {
        facts: json!(input.facts),
        title: &input.facts.study.title,
        short: &input.facts.mark,
        reproduce: reproduce::page(&sources, input.tables, input.figures, mark.as_deref()),
        mark,
        data: data_mark(input.config),
        tables: input.tables,
        figures: input.figures,
        drawn: input.drawn,
    };
    files(&parts, templates)
}

/// The same for a dataset study, whose data are never simulated. `drawn` as in [`ReportInput`].
///
/// # Errors
/// As [`render`].
pub fn render_dataset(
    dataset: &Dataset,
    facts: &DatasetFacts,
    (tables, figures): (&[Table], &[Figure]),
    templates: &Templates,
    drawn: Option<&Bundle>,
) -> Result<Bundle> {
    let parts = Parts {
        facts: json!(facts),
        title: &facts.study.title,
        short: "",
        mark: None,
        data: None,
        reproduce: reproduce::page(&Reproduced::dataset(dataset, facts), tables, figures, None),
        tables,
        figures,
        drawn,
    };
    files(&parts, templates)
}

fn files(input: &Parts<'_>, templates: &Templates) -> Result<Bundle> {
    check_exhibits(input)?;
    let mark = input.mark.as_deref();
    // Side by side; what each makes does not depend on the others.
    let ((report, page), exhibits) = rayon::join(
        || rayon::join(|| markdown_report(input, templates, mark), || html_report(input, templates, mark)),
        || exhibit_files(input, mark),
    );
    let mut files = BTreeMap::new();
    files.insert("report.md".to_string(), report?.into_bytes());
    files.insert("report.html".to_string(), page?.into_bytes());
    files.extend(exhibits?);
    files.insert("REPRODUCE.md".to_string(), markdown::tidy(&input.reproduce).into_bytes());
    Ok(Bundle(files))
}

/// Tables and figures as files: those of an earlier rendering where there is one.
fn exhibit_files(input: &Parts<'_>, mark: Option<&str>) -> Result<BTreeMap<String, Vec<u8>>> {
    if let Some(drawn) = input.drawn {
        let of_exhibits = |path: &str| path == WORKBOOK || path.starts_with("tables/") || path.starts_with("figures/");
        let same = drawn.0.iter().filter(|(path, _)| of_exhibits(path));
        return Ok(same.map(|(path, bytes)| (path.clone(), bytes.clone())).collect());
    }
    let data = &input.data;
    let mut files = BTreeMap::new();
    for table in input.tables {
        files.insert(format!("tables/{}.csv", table.id), csv::table_csv(table, data.as_deref()));
    }
    files.insert(WORKBOOK.to_string(), xlsx::workbook(input.title, input.tables, mark)?);
    for figure in input.figures {
        files.insert(format!("figures/{}.svg", figure.id), svg_file(&figure.svg).into_bytes());
        files.insert(format!("figures/{}.csv", figure.id), csv_bytes(&mark_csv(figure.csv.clone(), data.as_deref())));
    }
    Ok(files)
}

/// The sentence that marks every file over simulated data.
fn mark(facts: &Facts) -> Option<String> {
    let sources = if facts.simulated_sources_text.is_empty() { "some sources" } else { &facts.simulated_sources_text };
    facts.simulated.then(|| {
        format!("Simulated data. Made by a simulator, not observed: {sources}. No result here describes real people or places.")
    })
}

fn markdown_report(input: &Parts<'_>, templates: &Templates, mark: Option<&str>) -> Result<String> {
    let short = input.short;
    let tables = input
        .tables
        .iter()
        .map(|t| exhibit(&t.id, markdown::table(t, short), format!("Table {}", escape::markdown(&t.number))));
    let figures = input
        .figures
        .iter()
        .map(|f| exhibit(&f.id, markdown::figure(f, short), format!("Figure {}", escape::markdown(&f.number))));
    let exhibits = Exhibits { tables: tables.collect(), figures: figures.collect() };
    let (name, text) = &templates.report;
    let body = template::fill(name, text, &json!({ "facts": input.facts }), exhibits)?;
    let banner = mark.map(|mark| format!("> **{}**\n\n", escape::markdown(mark))).unwrap_or_default();
    Ok(markdown::tidy(&format!("{banner}{body}")))
}

fn exhibit(id: &str, block: String, reference: String) -> (String, Exhibit) {
    (id.into(), Exhibit { block, reference })
}

fn html_report(input: &Parts<'_>, templates: &Templates, mark: Option<&str>) -> Result<String> {
    let (blocks, exhibits) = html_exhibits(input);
    let (name, text) = &templates.report;
    let context = json!({ "facts": input.facts });
    let filled = template::fill(name, text, &context, exhibits)?;
    let parts = html::parts(&filled, &blocks).map_err(|problems| in_file(problems, name))?;
    let (page_name, page) = &templates.page;
    let context = json!({
        "facts": input.facts,
        "title": parts.title,
        "contents": parts.contents,
        "banner": mark.unwrap_or_default(),
        "lead": "",
        "body": "",
    });
    let out = template::fill_page(page_name, page, &context, &parts.lead, &parts.body)?;
    check_page(&out, &parts, mark).map_err(|problems| in_file(problems, page_name))?;
    Ok(out)
}

fn html_exhibits(input: &Parts<'_>) -> (Vec<String>, Exhibits) {
    let mut blocks = Vec::new();
    let mut exhibits = Exhibits::default();
    for table in input.tables {
        let reference = format!("[Table {}](#table-{})", escape::markdown(&table.number), table.id);
        exhibits.tables.extend([exhibit(&table.id, html::token(blocks.len()), reference)]);
        blocks.push(html::table(table, input.short));
    }
    for figure in input.figures {
        let reference = format!("[Figure {}](#figure-{})", escape::markdown(&figure.number), figure.id);
        exhibits.figures.extend([exhibit(&figure.id, html::token(blocks.len()), reference)]);
        blocks.push(html::figure(figure, input.short));
    }
    (blocks, exhibits)
}

fn in_file(mut problems: Problems, name: &str) -> Problems {
    for problem in &mut problems.0 {
        problem.file.get_or_insert_with(|| name.into());
    }
    problems
}

/// A page template may leave out much, but not the report and not the mark.
fn check_page(page: &str, parts: &html::Parts, mark: Option<&str>) -> Result<()> {
    let mut problems = Problems::default();
    if !page.contains(&parts.body) || !page.contains(&parts.lead) {
        problems
            .push(Problem::new("the page template leaves out the report").hint("print `{{ lead }}` and `{{ body }}`"));
    }
    if mark.is_some_and(|mark| !page.contains(&escape::html(mark))) {
        let what = "the page template leaves out the mark on simulated data";
        problems.push(Problem::new(what).hint("print `{{ banner }}` near the top"));
    }
    problems.or(())
}

/// Ids become file names and anchors: letters, digits, `-` and `_`, each once per kind.
fn check_exhibits(input: &Parts<'_>) -> Result<()> {
    let mut problems = Problems::default();
    let mut seen = BTreeSet::new();
    let tables = input.tables.iter().map(|table| ("table", &table.id));
    for (kind, id) in tables.chain(input.figures.iter().map(|figure| ("figure", &figure.id))) {
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            problems.push(
                Problem::new(format!("{kind} id `{id}` is not a file name")).hint("use letters, digits, - and _"),
            );
        }
        if !seen.insert((kind, id)) {
            problems.push(Problem::new(format!("{kind} `{id}` is made twice")));
        }
    }
    for table in input.tables {
        problems.keep(csv::check_shape(table));
    }
    problems.or(())
}

/// A drawing as a file of its own, which needs the namespace that a page may leave out.
fn svg_file(svg: &str) -> String {
    let opening = svg.find("<svg").and_then(|at| svg[at..].find('>').map(|end| &svg[at..at + end]));
    match opening {
        Some(tag) if !tag.contains("xmlns=") => svg.replacen("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"", 1),
        _ => svg.to_string(),
    }
}
