//! From rendered Markdown to the parts of one page: lead, body, contents list.
//!
//! Raw HTML in the Markdown comes out as text; tables and figures arrive as placeholders and are
//! put in as finished HTML. Knows nothing of templates, facts or files.

mod exhibits;
mod tables;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use crate::error::{Problem, Result};

use super::escape::{self, TOKEN_END, TOKEN_START};

pub(super) use exhibits::{figure, table};

/// A heading of the contents list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    /// Anchor.
    pub(super) id: String,
    /// Text.
    pub(super) text: String,
    /// Headings below this one.
    pub(super) children: Vec<Entry>,
}

/// A page in parts, ready for the page template.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// Text of the only h1, plain.
    pub(super) title: String,
    /// HTML from the h1 up to the first h2.
    pub(super) lead: String,
    /// HTML from the first h2 on.
    pub(super) body: String,
    /// Contents list of h2 and h3.
    pub(super) contents: Vec<Entry>,
}

/// The placeholder for exhibit number `at`.
pub(super) fn token(at: usize) -> String {
    format!("\n\n{TOKEN_START}{at}{TOKEN_END}\n\n")
}

/// Turns Markdown with placeholders into page parts; `blocks` are the exhibits' HTML by number.
///
/// # Errors
/// No or several h1, a heading level skipped, a placeholder inside other text.
pub(super) fn parts(markdown: &str, blocks: &[String]) -> Result<Parts> {
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(as_text).collect();
    let headings = name_headings(&mut events);
    let title = check_headings(&headings)?;
    let first =
        events.iter().position(|event| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. })));
    let rest = events.split_off(first.unwrap_or(events.len()));
    let mut seen = tables::Labels::default();
    let lead = with_blocks(tables::to_html(events, &mut seen), blocks)?;
    let body = with_blocks(sections(rest, &headings, &mut seen), blocks)?;
    Ok(Parts { title, lead, body, contents: contents(&headings) })
}

/// Each h2 with all below it as a section, with the heading's id as its class for styling. No
/// name of its own: a dozen more landmarks would bury those that help.
fn sections(mut events: Vec<Event<'_>>, headings: &[Heading], seen: &mut tables::Labels) -> String {
    let opens = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }));
    let mut out = String::new();
    for heading in headings.iter().filter(|heading| heading.level == 2) {
        let end = events.iter().skip(1).position(opens).map_or(events.len(), |at| at + 1);
        let rest = events.split_off(end);
        let inside = tables::to_html(std::mem::replace(&mut events, rest), seen);
        out.push_str(&format!("<section class=\"{}\">\n{inside}</section>\n", heading.id));
    }
    out
}

fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    }
}

struct Heading {
    level: u8,
    id: String,
    text: String,
}

/// Gives every heading an id made from its text, unique on the page.
fn name_headings(events: &mut [Event<'_>]) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut start = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { level, .. }) => {
                start = Some(at);
                headings.push(Heading { level: *level as u8, id: String::new(), text: String::new() });
            }
            Event::Text(text) | Event::Code(text) if start.is_some() => {
                if let Some(heading) = headings.last_mut() {
                    heading.text.push_str(text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let (Some(begin), Some(mut heading)) = (start.take(), headings.pop()) else { continue };
                heading.id = unique(&slug(&heading.text), &headings);
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[begin] {
                    *id = Some(CowStr::from(heading.id.clone()));
                }
                headings.push(heading);
            }
            _ => {}
        }
    }
    headings
}

fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    // A prefix of its own keeps headings apart from the ids of tables, figures and drawings.
    format!("section-{}", words.collect::<Vec<_>>().join("-")).trim_end_matches('-').into()
}

fn unique(base: &str, taken: &[Heading]) -> String {
    let free = |id: &str| taken.iter().all(|heading| heading.id != id);
    let mut id = base.to_string();
    let mut again = 1;
    while !free(&id) {
        again += 1;
        id = format!("{base}-{again}");
    }
    id
}

/// The h1's text; headings go down one level at a time.
fn check_headings(headings: &[Heading]) -> Result<String> {
    let tops = headings.iter().filter(|heading| heading.level == 1).count();
    let (Some(first), 1) = (headings.first(), tops) else {
        return Err(Problem::new(format!(
            "the report has {tops} headings of level 1, expected one, before all others"
        ))
        .hint("begin the report template with `# {{ facts.study.title }}`")
        .into());
    };
    if first.level != 1 {
        let what = format!("heading `{}` stands before the heading of level 1", first.text);
        return Err(Problem::new(what).hint("move the line that starts with `# ` to the top").into());
    }
    match headings.windows(2).find(|pair| pair[1].level > pair[0].level + 1) {
        None => Ok(first.text.clone()),
        Some(pair) => {
            let what = format!("heading `{}` of level {} follows level {}", pair[1].text, pair[1].level, pair[0].level);
            Err(Problem::new(what).hint("go down one heading level at a time").into())
        }
    }
}

fn contents(headings: &[Heading]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for heading in headings {
        let entry = Entry { id: heading.id.clone(), text: heading.text.clone(), children: Vec::new() };
        match (heading.level, entries.last_mut()) {
            (2, _) => entries.push(entry),
            (3, Some(parent)) => parent.children.push(entry),
            _ => {}
        }
    }
    entries
}

/// Puts the exhibits where their placeholders stand as paragraphs of their own.
fn with_blocks(html: String, blocks: &[String]) -> Result<String> {
    let mut out = String::with_capacity(html.len() + blocks.iter().map(String::len).sum::<usize>());
    let open = format!("<p>{TOKEN_START}");
    let close = format!("{TOKEN_END}</p>\n");
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once(&open) {
        let found = after
            .split_once(&close)
            .and_then(|(number, after)| Some((blocks.get(number.parse::<usize>().ok()?)?, after)));
        let Some((block, after)) = found else { break };
        out.push_str(before);
        out.push_str(block);
        rest = after;
    }
    if rest.contains([TOKEN_START, TOKEN_END]) {
        return Err(Problem::new("a table or figure stands inside other text")
            .hint("give `{{ table(\"...\") }}` and `{{ figure(\"...\") }}` a paragraph of their own")
            .into());
    }
    out.push_str(rest);
    Ok(out)
}

/// Text as HTML.
pub(super) fn text(text: &str) -> String {
    escape::html(text)
}
