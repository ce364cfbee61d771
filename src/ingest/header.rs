//! Columns by name, never by position. Knows no rows.

use crate::error::{Problem, Result, nearest};

/// Position of the column called `wanted`: the exact name, else the only one that is equal after
/// trimming and without regard to case.
///
/// # Errors
/// When there is no such column or more than one.
pub(crate) fn position(file: &str, headers: &[String], wanted: &str) -> Result<usize> {
    let same = |test: &dyn Fn(&str) -> bool| -> Vec<usize> {
        headers.iter().enumerate().filter(|(_, name)| test(name)).map(|(at, _)| at).collect()
    };
    let loose = wanted.trim().to_lowercase();
    let mut found = same(&|name| name == wanted);
    if found.is_empty() {
        found = same(&|name| name.trim().to_lowercase() == loose);
    }
    match found[..] {
        [at] => Ok(at),
        [] => Err(missing(file, headers, wanted).into()),
        [..] => {
            let places: Vec<_> = found.iter().map(|at| (at + 1).to_string()).collect();
            let what = format!("column `{wanted}` occurs {} times in `{file}`", places.len());
            let hint = format!("it is in positions {}: rename all but one", places.join(", "));
            Err(Problem::new(what).file(file).line(1).hint(hint).into())
        }
    }
}

fn missing(file: &str, headers: &[String], wanted: &str) -> Problem {
    let problem = Problem::new(format!("no column `{wanted}` in `{file}`")).file(file).line(1);
    if let [only] = headers {
        return problem.hint(format!("the file has one column, `{only}`: are its fields separated by commas?"));
    }
    // A file with a thousand columns: those that look alike first, so that the list helps.
    let mut known: Vec<&str> = headers.iter().map(String::as_str).collect();
    if known.len() > 40 {
        let start: String = wanted.chars().take(3).collect::<String>().to_lowercase();
        known.sort_by_key(|name| (nearest(wanted, &[name]).is_none(), !name.to_lowercase().starts_with(&start)));
    }
    problem.nearest(wanted, &known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn exact_before_loose_and_never_by_place() {
        let names = headers(&["fte", "FTE", " Practice type "]);
        assert_eq!(position("a.csv", &names, "FTE").unwrap(), 1);
        assert_eq!(position("a.csv", &names, "Practice Type").unwrap(), 2);
        let message = position("a.csv", &names, "Fte").unwrap_err().to_string();
        assert!(message.contains("column `Fte` occurs 2 times in `a.csv`") && message.contains("positions 1, 2"));
        let message = position("a.csv", &headers(&["A", "A"]), "A").unwrap_err().to_string();
        assert!(message.contains("column `A` occurs 2 times"), "{message}");
    }

    #[test]
    fn a_missing_column_names_the_nearest_and_those_present() {
        let message = position("a.csv", &headers(&["AGE", "SEX"]), "AGF").unwrap_err().to_string();
        assert_eq!(
            message,
            "error: no column `AGF` in `a.csv`\n  --> a.csv:1\n  hint: did you mean `AGE`? present: `AGE`, `SEX`"
        );
        let many: Vec<_> = (0..500).map(|at| format!("v{at}")).collect();
        let message = position("a.csv", &many, "v28_12pct").unwrap_err().to_string();
        assert!(message.contains("present: `v28`") && message.contains("460 more"), "{message}");
        let message = position("a.csv", &headers(&["a;b;c"]), "b").unwrap_err().to_string();
        assert!(message.contains("separated by commas?"), "{message}");
    }
}
