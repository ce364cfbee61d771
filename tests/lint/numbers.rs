//! Where the numbers of a report stand, and of what kind they are: read on its own, not as the linter reads.

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Before an interval.
    Estimate,
    /// Of an interval.
    Bound,
    /// A whole number of 10 or more that is no year, percentage or unit.
    Count,
}

/// A number's bytes in a file, without its sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) kind: Kind,
    /// In a table, not in running text.
    pub(crate) tabled: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Numbers of a text: places of digits with points and commas among them.
fn tokens(line: &str) -> Vec<(usize, usize)> {
    let bytes = line.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        while digit(at) || (at > start && matches!(bytes.get(at), Some(b'.' | b',')) && digit(at + 1)) {
            at += 1;
        }
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '`';
        if at > start && !line[..start].ends_with(word) && !line[at..].starts_with(word) {
            found.push((start, at));
        }
        at = at.max(start + 1);
        while !line.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// Numbers of `report.md` by kind; notes, headings, captions and code left out.
pub(crate) fn of_text(text: &str) -> Vec<Number> {
    let (mut found, mut start, mut code) = (Vec::new(), 0, false);
    for line in text.split_inclusive('\n') {
        code ^= line.starts_with("```");
        let tabled = line.starts_with('|');
        let apart = ["#", "**Table", "**Figure", "[Values", "!["].iter().any(|start| line.starts_with(start));
        if !code && !apart {
            let all = tokens(line);
            for (at, &(from, to)) in all.iter().enumerate() {
                let between = |a: usize, b: usize| all.get(a).zip(all.get(b)).map_or("", |(a, b)| &line[a.1..b.0]);
                let joined = |a: usize| between(a, a + 1).trim_end_matches(['−', '+', '-']) == " to ";
                let level = |a: usize| line[all[a].0..].starts_with("95% CI ");
                let opens = |a: usize| between(a, a + 1).contains('(') && !between(a, a + 1).contains(')');
                let kind = if joined(at) || (at > 0 && joined(at - 1)) {
                    Kind::Bound
                } else if (opens(at) && joined(at + 1)) || (at + 1 < all.len() && level(at + 1) && !level(at)) {
                    Kind::Estimate
                } else if is_count(&line[from..to]) && !line[..from].ends_with("per ") && !line[to..].starts_with('%') {
                    Kind::Count
                } else {
                    continue;
                };
                found.push(Number { kind, tabled, start: start + from, end: start + to });
            }
        }
        start += line.len();
    }
    found
}

fn is_count(token: &str) -> bool {
    let value: f64 = token.replace(',', "").parse().unwrap_or(0.0);
    !token.contains('.') && value >= 10.0 && !(1900.0..2100.0).contains(&value)
}

/// Numbers of a CSV by kind, as its columns are named.
pub(crate) fn of_csv(text: &str) -> Vec<Number> {
    let (mut found, mut start) = (Vec::new(), 0);
    let names: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        // Quoted cells would need a reader of their own; their lines are left out.
        let mut from = start;
        for (cell, name) in line.trim_end().split(',').zip(&names).filter(|_| at > 0 && !line.contains('"')) {
            let counts = ["n", "rows", "responses", "clusters"];
            let kind = match *name {
                "estimate" | "effect" | "odds_ratio" | "ratio" | "average_marginal_effect" | "coefficient" => {
                    Kind::Estimate
                }
                name if name.contains("_low") || name.contains("_high") => Kind::Bound,
                name if counts.contains(&name) || name.starts_with("n_") => Kind::Count,
                _ => {
                    from += cell.len() + 1;
                    continue;
                }
            };
            let digits = cell.trim_start_matches('-');
            if digits.parse::<f64>().is_ok() && !digits.contains('e') {
                found.push(Number {
                    kind,
                    tabled: true,
                    start: from + cell.len() - digits.len(),
                    end: from + cell.len(),
                });
            }
            from += cell.len() + 1;
        }
        start += line.len();
    }
    found
}
