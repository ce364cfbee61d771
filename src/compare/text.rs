//! Lines of two texts, and the numbers in them.

use serde::Serialize;

/// Above so many pairs of lines the middle of two texts is taken as replaced as a whole.
const MOST_PAIRS: usize = 4_000_000;

/// Lines that one text has and the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Lines {
    /// Lines of the first text only: number from 1, text.
    pub removed: Vec<(usize, String)>,
    /// Lines of the second text only: number from 1, text.
    pub added: Vec<(usize, String)>,
    /// Whether the numbers in them differ, too.
    pub numbers_differ: bool,
}

/// Compares two texts line by line. Numbers are compared after each side's own program version is
/// taken out, and with tags taken out where `tagged`.
pub(super) fn lines(before: &str, after: &str, versions: [&str; 2], tagged: bool) -> Lines {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let (removed, added) = changed(&a, &b);
    let picked = |at: &[usize], all: &[&str]| at.iter().map(|&i| (i + 1, all[i].to_string())).collect::<Vec<_>>();
    let seen = |text: &str, version: &str| {
        let text = if tagged { without_tags(text) } else { text.to_string() };
        numbers(&if version.is_empty() { text } else { text.replace(version, "") })
    };
    let numbers_differ = seen(before, versions[0]) != seen(after, versions[1]);
    Lines { removed: picked(&removed, &a), added: picked(&added, &b), numbers_differ }
}

/// Places in `a` and in `b` of what is not in their longest common subsequence.
pub(super) fn changed<T: PartialEq>(a: &[T], b: &[T]) -> (Vec<usize>, Vec<usize>) {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (middle_a, middle_b) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    let (rows, columns) = (middle_a.len(), middle_b.len());
    let shifted = |places: std::ops::Range<usize>| places.map(|at| at + start).collect::<Vec<_>>();
    if rows.saturating_mul(columns) > MOST_PAIRS {
        return (shifted(0..rows), shifted(0..columns));
    }
    // length[i][j]: of the longest common subsequence of a[i..] and b[j..].
    let mut length = vec![0u32; (rows + 1) * (columns + 1)];
    let at = |i: usize, j: usize| i * (columns + 1) + j;
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            length[at(i, j)] = if middle_a[i] == middle_b[j] {
                length[at(i + 1, j + 1)] + 1
            } else {
                length[at(i + 1, j)].max(length[at(i, j + 1)])
            };
        }
    }
    let (mut i, mut j, mut removed, mut added) = (0, 0, Vec::new(), Vec::new());
    while i < rows || j < columns {
        if i < rows && j < columns && middle_a[i] == middle_b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == columns || (i < rows && length[at(i + 1, j)] >= length[at(i, j + 1)]) {
            removed.push(i + start);
            i += 1;
        } else {
            added.push(j + start);
            j += 1;
        }
    }
    (removed, added)
}

/// The numbers of a text, in order, as written but for the form of the minus sign. A word with
/// letters (a code, a hash) is no number.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '-' | '\u{2212}' | '_');
    let mut found = Vec::new();
    for word in text.split(|c: char| !part(c)) {
        if word.chars().any(char::is_alphabetic) {
            continue;
        }
        let word = word.replace('\u{2212}', "-");
        let word = word.trim_end_matches(['.', ',', '-', '_']).trim_start_matches(['.', ',', '_']);
        if word.bytes().any(|b| b.is_ascii_digit()) {
            found.push(word.to_string());
        }
    }
    found
}

/// A text without `<...>`.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_named_with_their_numbers() {
        let found = lines("a\nb 1\nc\n", "a\nb 2\nx\nc\n", ["", ""], false);
        assert_eq!(found.removed, [(2, "b 1".to_string())]);
        assert_eq!(found.added, [(2, "b 2".to_string()), (3, "x".to_string())]);
        assert!(found.numbers_differ);
        assert!(!lines("one 1.5\n", "two 1.5\n", ["", ""], false).numbers_differ);
    }

    #[test]
    fn a_moved_line_is_one_removed_and_one_added() {
        let (removed, added) = changed(&["a", "b", "c", "d"], &["b", "c", "a", "d"]);
        assert_eq!((removed, added), (vec![0], vec![2]));
        assert_eq!(changed::<u8>(&[], &[]), (vec![], vec![]));
    }

    #[test]
    fn numbers_keep_signs_and_leave_codes_out() {
        assert_eq!(
            numbers("OR 1.006 (95% CI \u{2212}0.1, 1,010). Q7 0a1b2c -3."),
            ["1.006", "95", "-0.1", "1,010", "-3"]
        );
    }

    #[test]
    fn program_versions_and_tags_are_no_numbers() {
        assert!(!lines("by offprint 0.1.0", "by offprint 0.2.0", ["0.1.0", "0.2.0"], false).numbers_differ);
        assert!(!lines("<g x=\"1\">5</g>", "<g x=\"2\">5</g>", ["", ""], true).numbers_differ);
        assert!(lines("<g x=\"1\">5</g>", "<g x=\"1\">6</g>", ["", ""], true).numbers_differ);
    }
}
