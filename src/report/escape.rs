//! Escaping: text from data and config becomes Markdown or HTML that shows exactly that text.
//!
//! Knows the two syntaxes and nothing of tables, figures or templates.

/// First private-use character of a placeholder; never survives in text from data.
pub(super) const TOKEN_START: char = '\u{E000}';
/// Last character of a placeholder.
pub(super) const TOKEN_END: char = '\u{E001}';

/// Text as HTML, for elements and for attributes in double quotes.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other if hidden(other) => {}
            other => out.push(other),
        }
    }
    out
}

/// Text as Markdown on one line, safe in paragraphs, headings, table cells and image texts.
/// Only what would be read as syntax gets a backslash, so that the file stays pleasant to read.
pub(super) fn markdown(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|c| !hidden(*c)).map(one_line).collect();
    let digits = letters.iter().take_while(|c| c.is_ascii_digit()).count();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or(' ');
        let after = letters.get(at + 1).copied();
        let syntax = match letter {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => true,
            '_' => !(before.is_alphanumeric() && after.is_some_and(char::is_alphanumeric)),
            '<' => !after.is_some_and(|c| c.is_ascii_digit() || c == ' '),
            '&' => entity_follows(&letters[at + 1..]),
            '#' | '+' | '-' | '=' | '>' => at == 0 && !after.is_some_and(|c| c.is_ascii_digit()),
            '.' | ')' => digits > 0 && at == digits && after.is_none_or(|c| c == ' '),
            _ => false,
        };
        if syntax {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Breaks of any kind become blanks; blanks that do not break stay.
fn one_line(letter: char) -> char {
    if letter.is_whitespace() && letter != '\u{A0}' { ' ' } else { letter }
}

/// Text as a code span; text that a code span cannot hold is escaped instead.
pub(super) fn code(text: &str) -> String {
    let plain =
        !text.is_empty() && text.chars().all(|c| !c.is_control() && !matches!(c, '`' | '|' | '\\') && !hidden(c));
    if plain && text.trim() == text { format!("`{text}`") } else { markdown(text) }
}

/// Control characters and the placeholders' own characters never reach a page.
fn hidden(letter: char) -> bool {
    matches!(letter, TOKEN_START | TOKEN_END) || (letter.is_control() && !letter.is_whitespace())
}

fn entity_follows(rest: &[char]) -> bool {
    let name = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
    name > 0 && rest.get(name) == Some(&';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays_readable() {
        for text in ["1.006", "mental_health", "A&E attendances", "<0.001", "-0.5", "p (two-sided)", "2023.1"] {
            assert_eq!(markdown(text), text);
        }
        assert_eq!(code("item_9"), "`item_9`");
        assert_eq!(code("a`b|c"), "a\\`b\\|c");
    }

    #[test]
    fn syntax_becomes_text() {
        assert_eq!(markdown("a|b\n# <b>*x*_y_ &lt; [l](u)"), "a\\|b # \\<b>\\*x\\*\\_y\\_ \\&lt; \\[l\\](u)");
        assert_eq!(markdown("# top"), "\\# top");
        assert_eq!(markdown("1. one"), "1\\. one");
        assert_eq!(html("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
        assert_eq!(html("a\u{E000}0\u{E001}"), "a0");
    }
}
