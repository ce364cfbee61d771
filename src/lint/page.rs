//! The page against the text that it is made from: the same numbers, block by block. Knows the two
//! forms that this program writes; must not know any study.

use super::numbers::printed;
use super::{Finding, Files, error};
use std::collections::BTreeSet;

const FILE: &str = "report.html";

/// Every paragraph, item and row of the text stands with the same numbers in the page.
pub(super) fn check(lines: &[&str], files: &Files, found: &mut Vec<Finding>) {
    let Some(page) = files.get(FILE).and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return };
    let there: BTreeSet<Vec<String>> = blocks(page).iter().map(|block| numbers(block)).collect();
    let mut code = false;
    for (at, line) in lines.iter().enumerate() {
        code ^= line.starts_with("```");
        if code || ["![", "[Values of ", "**Table ", "**Figure ", ">"].iter().any(|start| line.starts_with(start)) {
            continue;
        }
        let here = numbers(&text_of(line));
        if !here.is_empty() && !there.contains(&here) {
            let what = format!("no part of the page has the numbers of line {} of report.md: {}", at + 1, here.join(", "));
            error(found, FILE, 1, what, "the page was changed, or the text: make the report again");
        }
    }
}

/// Numbers as they are written, with their signs.
fn numbers(text: &str) -> Vec<String> {
    printed(text).iter().map(|number| text[number.at.0..number.at.1].to_string()).collect()
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
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        while let Some(start) = rest.find(&open) {
            let Some(end) = rest[start..].find(&close) else { break };
            rest.replace_range(start..start + end + close.len(), "");
        }
    }
    let mut found = vec![String::new()];
    for piece in rest.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let inline = ["a", "b", "em", "strong", "code", "span", "sup", "abbr", "td", "th", "i", "time"];
        if !inline.contains(&name.as_str()) {
            found.push(String::new());
        }
        if let Some(last) = found.last_mut() {
            let between = if ["td", "th"].contains(&name.as_str()) { " " } else { "" };
            last.push_str(between);
            last.push_str(&plain(text));
        }
    }
    found
}

fn plain(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", " ")];
    let text = marks.iter().fold(text.replace('\n', " "), |text, (mark, sign)| text.replace(mark, sign));
    text.replace("&amp;", "&")
}
