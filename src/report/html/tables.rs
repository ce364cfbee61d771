//! Tables that a template writes in Markdown itself, given what a plain Markdown writer leaves
//! out: a caption from the heading above, scopes, a scroll region.

use std::fmt::Write;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd, html};

use super::text;

/// Names for the tables met so far.
#[derive(Debug, Default)]
pub(super) struct Labels {
    heading: String,
    count: usize,
    tables: usize,
}

impl Labels {
    fn next(&mut self) -> (usize, String) {
        self.tables += 1;
        self.count += 1;
        let heading = if self.heading.is_empty() { "Table" } else { self.heading.as_str() };
        let again = if self.count > 1 { format!(" ({})", self.count) } else { String::new() };
        (self.tables, format!("{heading}{again}"))
    }
}

/// HTML of the events, tables done by this file and all else by the Markdown crate.
pub(super) fn to_html(events: Vec<Event<'_>>, labels: &mut Labels) -> String {
    let mut out = String::new();
    let mut plain: Vec<Event<'_>> = Vec::new();
    let mut in_heading = false;
    let mut events = events.into_iter();
    while let Some(event) = events.next() {
        match &event {
            Event::Start(Tag::Table(alignments)) => {
                html::push_html(&mut out, plain.drain(..));
                push_table(&mut out, alignments.clone(), &mut events, labels);
                continue;
            }
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                labels.heading.clear();
                labels.count = 0;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(text) | Event::Code(text) if in_heading => labels.heading.push_str(text),
            _ => {}
        }
        plain.push(event);
    }
    html::push_html(&mut out, plain.drain(..));
    out
}

/// Reads events up to the table's end and writes it with scopes and a caption.
fn push_table<'a>(
    out: &mut String,
    alignments: Vec<Alignment>,
    events: &mut impl Iterator<Item = Event<'a>>,
    labels: &mut Labels,
) {
    let (number, label) = labels.next();
    let _ = write!(
        out,
        "<div class=\"scroll plain\" role=\"region\" tabindex=\"0\" aria-labelledby=\"list-{number}-caption\">\n<table>\n\
         <caption class=\"quiet\" id=\"list-{number}-caption\">{}</caption>\n",
        text(&label)
    );
    let mut cell: Vec<Event<'a>> = Vec::new();
    let (mut column, mut head) = (0, false);
    for event in events {
        match event {
            Event::End(TagEnd::Table) => break,
            Event::Start(Tag::TableHead) => {
                head = true;
                column = 0;
                out.push_str("<thead>\n<tr>");
            }
            Event::End(TagEnd::TableHead) => {
                head = false;
                out.push_str("</tr>\n</thead>\n<tbody>\n");
            }
            Event::Start(Tag::TableRow) => {
                column = 0;
                out.push_str("<tr>");
            }
            Event::End(TagEnd::TableRow) => out.push_str("</tr>\n"),
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::TableCell) => {
                let mut content = String::new();
                html::push_html(&mut content, cell.drain(..));
                let numeric = alignments.get(column) == Some(&Alignment::Right);
                push_cell(out, &content, head, column, numeric);
                column += 1;
            }
            other => cell.push(other),
        }
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

fn push_cell(out: &mut String, content: &str, head: bool, column: usize, numeric: bool) {
    let class = if numeric { " class=\"number\"" } else { "" };
    let _ = match (head, column, content.trim().is_empty()) {
        (true, _, false) => write!(out, "<th scope=\"col\"{class}>{content}</th>"),
        (false, 0, false) => write!(out, "<th scope=\"row\"{class}>{content}</th>"),
        _ => write!(out, "<td{class}>{content}</td>"),
    };
}
