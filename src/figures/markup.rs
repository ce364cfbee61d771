//! Text on its way into XML: coordinates, ids, escaping, and characters that do not belong there.
//!
//! Knows no picture. Entries: [`number`], [`clean`], [`escape`], [`identifier`].

/// A coordinate: two decimals at most, no trailing zeros, never `-0`.
pub(super) fn number(x: f64) -> String {
    if !x.is_finite() {
        return "0".into();
    }
    let text = format!("{x:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Text without what XML forbids or what would turn the reading direction: such characters and runs
/// of white space become one space.
pub(super) fn clean(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => ' ',
        _ => c,
    };
    let mapped: String = text.chars().map(plain).collect();
    mapped.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Nothing to be seen in it.
pub(super) fn blank(text: &str) -> bool {
    clean(text).is_empty()
}

/// Text made safe for XML content and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// An id that is valid everywhere: letters, digits, `-` and `_`, a letter first.
pub(super) fn identifier(id: &str) -> String {
    let safe: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    if safe.starts_with(|c: char| c.is_ascii_alphabetic()) { safe } else { format!("figure-{safe}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_never_negative_zero() {
        let short = [1.0, -0.001, 2.005, -3.456, 100.0, f64::NAN].map(number);
        assert_eq!(short, ["1", "0", "2", "-3.46", "100", "0"]);
    }

    #[test]
    fn text_is_inert() {
        assert_eq!(clean(" a\u{0}b \n c\u{202e} "), "a b c");
        assert_eq!(escape("<a b='c'>&\""), "&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
        assert_eq!(identifier("1 \"x"), "figure-1--x");
        assert_eq!(identifier("fig_a-1"), "fig_a-1");
        assert!(blank("\u{7f} \t"));
    }
}
