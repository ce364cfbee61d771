//! Tables and figures as Markdown: pipe tables, image links, captions and notes.

use crate::figures::Figure;
use crate::tables::Table;

use super::escape::markdown;

fn caption(kind: &str, number: &str, title: &str, mark: &str) -> String {
    let mark = if mark.is_empty() { String::new() } else { format!(" *{}*", markdown(mark)) };
    format!("**{kind} {}.** {}{mark}\n", markdown(number), markdown(&stopped(title)))
}

/// A title as a sentence: with a full stop unless it ends one already.
pub(super) fn stopped(title: &str) -> String {
    if title.ends_with(['.', '?', '!']) { title.into() } else { format!("{title}.") }
}

/// A table with its caption above and its notes below.
pub(super) fn table(table: &Table, mark: &str) -> String {
    let mut out = format!("\n\n{}\n", caption("Table", &table.number, &table.title, mark));
    let heads: Vec<_> = table.heads.iter().map(|head| markdown(&head.text)).collect();
    let lines: Vec<_> = table.heads.iter().map(|head| if head.numeric { "---:" } else { ":---" }).collect();
    out.push_str(&format!("| {} |\n|{}|\n", heads.join(" | "), lines.join("|")));
    for row in &table.rows {
        if !row.section.is_empty() {
            let rest = " |".repeat(table.heads.len().saturating_sub(1));
            out.push_str(&format!("| **{}** |{rest}\n", markdown(&row.section)));
        }
        let cells: Vec<_> = row.cells.iter().map(|cell| markdown(&cell.text)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
    push_notes(&mut out, &table.notes);
    out.push_str(&format!("[Values of Table {}](tables/{}.csv)\n\n", markdown(&table.number), table.id));
    out
}

/// A figure as an image link with its caption and notes below.
pub(super) fn figure(figure: &Figure, mark: &str) -> String {
    let mut out = format!("\n\n![{}](figures/{}.svg)\n\n", markdown(&figure.alt), figure.id);
    out.push_str(&caption("Figure", &figure.number, &figure.title, mark));
    out.push('\n');
    push_notes(&mut out, &figure.notes);
    out.push_str(&format!("[Values of Figure {}](figures/{}.csv)\n\n", markdown(&figure.number), figure.id));
    out
}

fn push_notes(out: &mut String, notes: &[String]) {
    if !notes.is_empty() {
        let notes: Vec<_> = notes.iter().map(|note| markdown(note)).collect();
        out.push_str(&format!("{}\n\n", notes.join(" ")));
    }
}

/// No line ends in blanks, no more than one empty line in a row, one line feed at the end.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            empty = true;
            continue;
        }
        if empty && !out.is_empty() {
            out.push('\n');
        }
        empty = false;
        out.push_str(line);
        out.push('\n');
    }
    out
}
