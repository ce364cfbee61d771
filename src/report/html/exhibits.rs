//! Tables and figures as HTML: captions, header cells with scope, sections, scroll regions that
//! the keyboard reaches, inline drawings with their values beside them.

use std::fmt::Write;

use crate::figures::Figure;
use crate::tables::{Row, Table};

use super::super::markdown::stopped;
use super::text;

/// A table as a figure with a caption, a scroll region and notes.
pub(crate) fn table(table: &Table, mark: &str) -> String {
    let id = &table.id;
    let mut out = String::new();
    let _ = write!(
        out,
        "<figure class=\"table{}\" id=\"table-{id}\">\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" \
         aria-labelledby=\"table-{id}-caption\">\n<table>\n<caption id=\"table-{id}-caption\"><span>{}</span></caption>\n",
        if table.heads.len() >= 8 { " wide" } else { "" },
        caption("Table", &table.number, &table.title, mark)
    );
    out.push_str("<thead>\n<tr>");
    for head in &table.heads {
        // Only the bracket stays whole in a heading: the words before it may take several lines.
        let words = text(&head.text);
        let words = match words.rsplit_once(" (") {
            Some((before, bracket)) if bracket.len() <= 20 => {
                format!("{before} <span class=\"whole\">({bracket}</span>")
            }
            _ => words,
        };
        let _ = write!(out, "<th scope=\"col\"{}>{words}</th>", class(head.numeric));
    }
    out.push_str("</tr>\n</thead>\n");
    push_body(&mut out, table);
    out.push_str("</table>\n</div>\n");
    push_notes(&mut out, &table.notes);
    out.push_str("</figure>\n");
    out
}

fn caption(kind: &str, number: &str, title: &str, mark: &str) -> String {
    let mark = if mark.is_empty() { String::new() } else { format!(" <strong class=\"mark\">{}</strong>", text(mark)) };
    format!("<strong class=\"number\">{kind} {}.</strong> {}{mark}", text(number), text(&stopped(title)))
}

fn class(numeric: bool) -> &'static str {
    if numeric { " class=\"number\"" } else { "" }
}

/// One tbody per section, so that a section's heading spans exactly its rows.
fn push_body(out: &mut String, table: &Table) {
    out.push_str("<tbody>\n");
    for (at, row) in table.rows.iter().enumerate() {
        if !row.section.is_empty() {
            if at > 0 {
                out.push_str("</tbody>\n<tbody>\n");
            }
            let columns = table.heads.len();
            let section = text(&row.section);
            let _ = writeln!(
                out,
                "<tr class=\"section\"><th scope=\"rowgroup\" colspan=\"{columns}\"><span>{section}</span></th></tr>"
            );
        }
        push_row(out, table, row);
    }
    out.push_str("</tbody>\n");
}

fn push_row(out: &mut String, table: &Table, row: &Row) {
    out.push_str("<tr>");
    for (at, (cell, head)) in row.cells.iter().zip(&table.heads).enumerate() {
        let content = text(&cell.text);
        let _ = match at {
            // A header cell without text would leave its row nameless to a screen reader.
            0 if !content.trim().is_empty() => write!(out, "<th scope=\"row\">{content}</th>"),
            _ if head.numeric && content.contains('(') => {
                write!(out, "<td class=\"number\">{}</td>", in_pieces(&content))
            }
            _ => write!(out, "<td{}>{content}</td>", class(head.numeric)),
        };
    }
    out.push_str("</tr>\n");
}

/// Numbers break between estimate, bracket and what follows it, and nowhere else:
/// `81.8 | (81.7 to 81.9), | n 500,000`.
fn in_pieces(content: &str) -> String {
    let marked = content.replace(" (", "\n(").replace("), ", "),\n");
    let piece = |piece: &str| match piece.contains(' ') && piece.chars().count() <= 32 {
        true => format!("<span class=\"whole\">{piece}</span>"),
        false => piece.to_string(),
    };
    marked.split('\n').map(piece).collect::<Vec<_>>().join(" ")
}

fn push_notes(out: &mut String, notes: &[String]) {
    if !notes.is_empty() {
        let notes: Vec<_> = notes.iter().map(|note| format!("<p>{}</p>", text(note))).collect();
        let _ = writeln!(out, "<div class=\"notes\">{}</div>", notes.join("\n"));
    }
}

/// A figure: the drawing itself, its caption, and the plotted values behind a disclosure button.
pub(crate) fn figure(figure: &Figure, mark: &str) -> String {
    let id = &figure.id;
    let mut out = String::new();
    let caption = caption("Figure", &figure.number, &figure.title, mark);
    let _ = write!(
        out,
        "<figure class=\"drawing\" id=\"figure-{id}\">\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" \
         aria-labelledby=\"figure-{id}-caption\">\n{}\n</div>\n<figcaption id=\"figure-{id}-caption\">{caption}</figcaption>\n",
        drawing(&figure.svg)
    );
    push_notes(&mut out, &figure.notes);
    push_values(&mut out, figure);
    out.push_str("</figure>\n");
    out
}

/// The drawing without an XML declaration, which may not stand inside a page.
fn drawing(svg: &str) -> &str {
    svg.find("<svg").map_or(svg, |at| &svg[at..]).trim_end()
}

fn push_values(out: &mut String, figure: &Figure) {
    let Some((head, rows)) = figure.csv.split_first() else { return };
    let (id, number) = (&figure.id, text(&figure.number));
    let numeric: Vec<bool> = (0..head.len()).map(|at| is_numeric(rows, at)).collect();
    let _ = write!(
        out,
        "<details>\n<summary>Values shown in Figure {number}</summary>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" \
         aria-labelledby=\"figure-{id}-values\">\n<table class=\"values\">\n\
         <caption id=\"figure-{id}-values\"><span>Values shown in Figure {number}</span></caption>\n<thead>\n<tr>"
    );
    for (name, numeric) in head.iter().zip(&numeric) {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(*numeric), text(name));
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (at, (cell, numeric)) in row.iter().zip(&numeric).enumerate() {
            let content = text(cell);
            let _ = match at {
                0 if !content.trim().is_empty() => write!(out, "<th scope=\"row\">{content}</th>"),
                _ => write!(out, "<td{}>{content}</td>", class(*numeric)),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n</details>\n");
}

fn is_numeric(rows: &[Vec<String>], column: usize) -> bool {
    let mut cells = rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some() && cells.all(|cell| cell.parse::<f64>().is_ok())
}
