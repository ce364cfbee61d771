//! The STROBE and RECORD checklists, filled: where the finished page or a file of the folder answers an
//! item, a link to that place; where the authors state something, their words; else "author to supply".
//!
//! Reads ids and headings off the finished page, so that no link can point at nothing. Whether the text
//! there is good enough is for people to judge.

use std::collections::BTreeSet;

use super::super::escape::markdown;
use super::Told;
use super::items::{ITEMS, Item};

/// Stands where nothing answers an item.
const MISSING: &str = "author to supply";
/// Most places named for one item.
const PLACES: usize = 3;

/// An item with what answers it.
pub(super) struct Filled {
    item: &'static Item,
    /// Links into the folder, each with its words.
    places: Vec<(String, String)>,
    /// The authors' statement; empty for none.
    stated: String,
}

impl Filled {
    fn status(&self) -> &'static str {
        match (self.places.is_empty(), self.stated.is_empty()) {
            (false, true) => "in the report",
            (false, false) => "in the report and stated",
            (true, false) => "stated by the authors",
            (true, true) => MISSING,
        }
    }
}

/// Fills both checklists for a finished page.
pub(super) fn fill(told: &Told<'_>, page: &str) -> Vec<Filled> {
    let ids = ids(page);
    let one = |item: &'static Item| {
        let in_page = item.anchors.iter().filter(|id| ids.contains(**id)).take(PLACES);
        let links = in_page.map(|id| (format!("report.html#{id}"), words(told, page, id)));
        let files = item.files.iter().map(|file| ((*file).to_string(), (*file).to_string()));
        let stated = told.provenance().statement(item.statement).unwrap_or_default().to_string();
        Filled { item, places: links.chain(files).collect(), stated }
    };
    ITEMS.iter().map(one).collect()
}

/// Every id of the page.
fn ids(page: &str) -> BTreeSet<&str> {
    page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What a place is called: its table's or figure's number, or its heading.
fn words(told: &Told<'_>, page: &str, id: &str) -> String {
    if let Some(table) = id.strip_prefix("table-").and_then(|id| told.tables.iter().find(|table| table.id == id)) {
        return format!("Table {}", table.number);
    }
    if let Some(figure) = id.strip_prefix("figure-").and_then(|id| told.figures.iter().find(|figure| figure.id == id)) {
        return format!("Figure {}", figure.number);
    }
    let heading = page.split_once(&format!(" id=\"{id}\"")).and_then(|(_, rest)| rest.split_once('>'));
    let text = heading.and_then(|(_, rest)| rest.split('<').next()).unwrap_or(id);
    text.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"")
}

/// `checklists.csv`, header first.
pub(super) fn rows(filled: &[Filled]) -> Vec<Vec<String>> {
    let head = ["checklist", "item", "section", "recommendation", "status", "where", "statement"].map(str::to_string);
    let row = |one: &Filled| {
        let item = one.item;
        let mut cells: Vec<String> =
            [item.checklist, item.number, item.section, item.asks].map(str::to_string).to_vec();
        let places: Vec<&str> = one.places.iter().map(|(link, _)| link.as_str()).collect();
        cells.extend([one.status().to_string(), places.join(" "), one.stated.clone()]);
        cells
    };
    std::iter::once(head.to_vec()).chain(filled.iter().map(row)).collect()
}

/// `checklists.md`.
pub(super) fn page(filled: &[Filled], title: &str, mark: Option<&str>) -> String {
    let mut out = mark.map_or_else(String::new, |mark| format!("> **{}**\n\n", markdown(mark)));
    let missing = filled.iter().filter(|one| one.status() == MISSING).count();
    out.push_str(&format!(
        "# Reporting checklists: {}\n\nItems of STROBE (von Elm and others, 2007) and of RECORD (Benchimol and others, 2015), \
         shortened. Links lead to where this version answers an item; whether it does so well enough is for its authors and \
         readers to judge. {missing} of {} items wait for the authors, who can answer them under `provenance.statements` in the \
         config.\n",
        markdown(title),
        filled.len()
    ));
    for checklist in ["STROBE", "RECORD"] {
        out.push_str(&format!(
            "\n## {checklist}\n\n| Item | Section | Recommendation | Where |\n|:---|:---|:---|:---|\n"
        ));
        for one in filled.iter().filter(|one| one.item.checklist == checklist) {
            let mut answers: Vec<String> =
                one.places.iter().map(|(link, words)| format!("[{}]({link})", markdown(words))).collect();
            if !one.stated.is_empty() {
                answers.push(markdown(&one.stated));
            }
            if answers.is_empty() {
                answers.push(format!("**{MISSING}**"));
            }
            let item = one.item;
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                markdown(item.number),
                markdown(item.section),
                markdown(item.asks),
                answers.join("; ")
            ));
        }
    }
    out
}
