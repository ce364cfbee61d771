//! Where in a text file a row stands, worked out only when a message needs it. Knows no columns.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::complaints::Place;
use super::csv_rows::LONGEST;
use super::open::Input;

/// The place of field `at` in a row, and about a hundred characters of the row with the field marked.
pub(crate) fn excerpt(line: u64, fields: &[Cow<'_, str>], at: usize) -> Place {
    let fields: Vec<_> = fields.iter().map(|field| as_written(field)).collect();
    let before: usize = fields.iter().take(at).map(|field| field.chars().count() + 1).sum();
    let width = fields.get(at).map_or(1, |field| field.chars().count().clamp(1, 40));
    let from = before.saturating_sub(40);
    let shown: String = fields.join(",").chars().skip(from).take(40 + width + 20).collect();
    let margin = " ".repeat(line.to_string().len());
    let dots = if from > 0 { "…" } else { "" };
    let marker = " ".repeat(before - from + dots.chars().count());
    let excerpt = format!(" {line} | {dots}{shown}\n {margin} | {marker}{}", "^".repeat(width));
    Place { line, column: before as u64 + 1, excerpt }
}

/// A field as nearly every program writes it: quoted where it must be.
fn as_written(field: &str) -> String {
    let field = field.replace(char::is_control, " ");
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

/// Number of the line that holds the row starting at `byte`, from 1: counted in the file, since a
/// row's position may stand at the line end or the blank lines before it. 0 when it cannot be read.
pub(crate) fn line_at(input: &Input, byte: u64) -> u64 {
    let Ok(mut file) = File::open(&input.path) else { return 0 };
    let (mut line, mut left, mut buffer) = (1, byte, vec![0; 1 << 16]);
    loop {
        let Ok(count) = file.read(&mut buffer) else { return 0 };
        if count == 0 {
            return line;
        }
        let whole = left.min(count as u64) as usize;
        line += buffer[..whole].iter().filter(|byte| **byte == b'\n').count() as u64;
        left -= whole as u64;
        if left == 0 {
            for byte in &buffer[whole..count] {
                match byte {
                    b'\n' => line += 1,
                    b'\r' => {}
                    _ => return line,
                }
            }
        }
    }
}

/// The last bytes of the file, from `byte` on.
pub(crate) fn tail(input: &Input, byte: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(&input.path)
        && file.seek(SeekFrom::Start(byte)).is_ok()
        && file.take(2 * LONGEST as u64).read_to_end(&mut bytes).is_err()
    {
        bytes.clear();
    }
    bytes
}

/// Whether comma-separated text that starts at a row's start ends inside a quoted field, which the
/// reader passes over in silence.
pub(crate) fn ends_inside_quote(bytes: &[u8]) -> bool {
    #[derive(Clone, Copy)]
    enum At {
        Start,
        Plain,
        Quoted,
        Quote,
    }
    let mut at = At::Start;
    for byte in bytes {
        at = match (at, byte) {
            (At::Start, b'"') | (At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (_, b',' | b'\n' | b'\r') => At::Start,
            _ => At::Plain,
        };
    }
    matches!(at, At::Quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_marked() {
        let fields = ["U1", "ABC PCN", "x1"].map(Cow::Borrowed);
        let place = excerpt(118, &fields, 2);
        assert_eq!(place.excerpt, " 118 | U1,ABC PCN,x1\n     |            ^^");
        assert_eq!((place.line, place.column), (118, 12));
        let place = excerpt(2, &["a, b", "x"].map(Cow::Borrowed), 1);
        assert_eq!((place.column, place.excerpt.as_str()), (8, " 2 | \"a, b\",x\n   |        ^"));
        let fields: Vec<_> = (0..1000).map(|_| Cow::Borrowed("abc")).collect();
        assert!(excerpt(2, &fields, 500).excerpt.chars().count() < 200);
    }

    #[test]
    fn open_quotes_at_the_end() {
        for text in ["a,\"b", "a,\"b\"\"", "\"a\nb,c\n"] {
            assert!(ends_inside_quote(text.as_bytes()), "{text}");
        }
        for text in ["a,b\n", "a,\"b\"", "a,\"b\"\"\"\r\n", "a,5\" nail\n", ""] {
            assert!(!ends_inside_quote(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn lines_count_breaks_before_and_at_the_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), "h\r\n\r\n\r\nx\r\ny").unwrap();
        let input = Input::new("survey", folder.path(), "a.csv");
        assert_eq!(line_at(&input, 0), 1);
        assert_eq!(line_at(&input, 2), 4);
        assert_eq!(line_at(&input, 7), 4);
        assert_eq!(line_at(&input, 10), 5);
    }
}
