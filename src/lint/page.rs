//! The page against the text that it is made from: the same numbers in the same order. Knows the two
//! forms that this program writes; must not know any study.

use super::numbers::printed;
use super::{Files, Finding, error};

const FILE: &str = "report.md";
const HINT: &str = "the page or the text was changed by hand: make the report again";
/// Elements of the page that stand within a line of text.
const INLINE: [&str; 13] = ["a", "b", "em", "strong", "code", "span", "sup", "abbr", "td", "th", "i", "time", "br"];

/// Every paragraph, item and row of the text stands with the same numbers in one part of the page. Notes to
/// tables are put together otherwise there, so each of their sentences is looked for.
pub(super) fn check(lines: &[&str], files: &Files, found: &mut Vec<Finding>) {
    let Some(page) = files.get("report.html").and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return };
    let there: String = blocks(page).iter().map(|block| format!("¶{}", numbers(block))).collect();
    let (mut code, mut exhibit, mut last) = (false, false, 0);
    for (at, line) in lines.iter().enumerate() {
        code ^= line.starts_with("```");
        let begins = line.starts_with("**Table ") || line.starts_with("**Figure ");
        exhibit = begins || (exhibit && !line.starts_with(['[', '#']));
        let apart = ["![", "[Values of ", "**Table ", "**Figure ", ">"].iter().any(|start| line.starts_with(start));
        if code || apart {
            continue;
        }
        let text = text_of(line);
        let note = exhibit && !line.starts_with('|');
        let cut = ["; ", ": ", "("].into_iter().fold(text.clone(), |text, mark| text.replace(mark, ". "));
        let parts: Vec<&str> = if note { cut.split(". ").collect() } else { vec![&text] };
        for here in parts.into_iter().map(numbers) {
            // Most lines stand soon after the one before.
            match there[last..].find(here.as_str()).map(|at| at + last).or_else(|| there.find(here.as_str())) {
                Some(at) => last = at,
                None => {
                    let shown = here.trim_matches('|').replace('|', ", ");
                    let what = format!("no part of report.html has these numbers together: {shown}");
                    error(found, FILE, at + 1, what, HINT);
                }
            }
        }
    }
}

/// Numbers as they are written, with their signs, each between bars.
fn numbers(text: &str) -> String {
    let all: String = printed(text).iter().map(|number| format!("|{}|", &text[number.at.0..number.at.1])).collect();
    all.replace("||", "|")
}

/// A line of Markdown without its marks and addresses.
fn text_of(line: &str) -> String {
    let mut text = line.trim_start_matches(['-', '#', ' ', '|']).replace(['`', '*', '\\'], "");
    while let Some(start) = text.find("](") {
        let Some(end) = text[start..].find(')') else { break };
        text.replace_range(start..=start + end, "");
    }
    text
}

/// The texts between the page's block tags, drawings and styles left out.
fn blocks(page: &str) -> Vec<String> {
    let mut rest = page.to_string();
    for name in ["svg", "style", "script", "head"] {
        rest = without(&rest, name);
    }
    let mut found = vec![String::new()];
    for piece in rest.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if !INLINE.contains(&name.as_str()) {
            found.push(String::new());
        }
        if let Some(last) = found.last_mut() {
            let between = if ["td", "th", "br"].contains(&name.as_str()) { " " } else { "" };
            last.push_str(between);
            last.push_str(&plain(text));
        }
    }
    found
}

/// A page without an element and all within it.
fn without(page: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut kept, mut rest) = (String::with_capacity(page.len()), page);
    while let Some(start) = rest.find(&open) {
        let Some(end) = rest[start..].find(&close) else { break };
        kept.push_str(&rest[..start]);
        rest = &rest[start + end + close.len()..];
    }
    kept + rest
}

fn plain(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", " ")];
    let text = marks.iter().fold(text.replace('\n', " "), |text, (mark, sign)| text.replace(mark, sign));
    text.replace("&amp;", "&")
}
