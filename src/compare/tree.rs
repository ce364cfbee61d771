//! Two configs as trees: which keys differ, by dotted path.

use crate::error::{Problem, Result};
use serde::Serialize;
use serde_yaml::Value;

/// A key that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyChange {
    /// Dotted path: `outcomes.confidence.success`.
    pub key: String,
    /// First value as JSON text; none where the key is new.
    pub before: Option<String>,
    /// Second value as JSON text; none where the key is gone.
    pub after: Option<String>,
}

/// Keys that differ between two YAML texts.
///
/// # Errors
/// A text that is no YAML.
pub(super) fn keys(before: (&str, &str), after: (&str, &str)) -> Result<Vec<KeyChange>> {
    let parse = |(shown, text): (&str, &str)| -> Result<Value> {
        serde_yaml::from_str(text).map_err(|error| Problem::new(format!("not YAML: {error}")).file(shown).into())
    };
    let mut found = Vec::new();
    walk("", Some(&parse(before)?), Some(&parse(after)?), &mut found);
    Ok(found)
}

fn walk(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<KeyChange>) {
    if before == after {
        return;
    }
    if let (Some(Value::Mapping(a)), Some(Value::Mapping(b))) = (before, after) {
        for (key, old) in a {
            walk(&join(path, key), Some(old), b.get(key), found);
        }
        for (key, new) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
            walk(&join(path, key), None, Some(new), found);
        }
        return;
    }
    // Lists of mappings pair off by place; lists of words and numbers are shown whole.
    if let (Some(Value::Sequence(a)), Some(Value::Sequence(b))) = (before, after)
        && a.iter().chain(b).any(|item| item.is_mapping())
    {
        for at in 0..a.len().max(b.len()) {
            walk(&format!("{path}[{at}]"), a.get(at), b.get(at), found);
        }
        return;
    }
    found.push(KeyChange { key: path.into(), before: before.map(shown), after: after.map(shown) });
}

fn join(path: &str, key: &Value) -> String {
    let key = key.as_str().map_or_else(|| shown(key), str::to_string);
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

fn shown(value: &Value) -> String {
    serde_json::to_string(value)
        .unwrap_or_else(|_| serde_yaml::to_string(value).unwrap_or_default().trim_end().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_by_their_path() {
        let before = "a: { b: [1, 2], c: x }\nm: [{ k: 1 }]\n2018: y\n";
        let after = "a: { b: [1, 3], d: z }\nm: [{ k: 2 }, { k: 3 }]\n2018: y\n";
        let found = keys(("a", before), ("b", after)).unwrap();
        let lines: Vec<String> = found.iter().map(|k| format!("{} {:?} {:?}", k.key, k.before, k.after)).collect();
        assert_eq!(
            lines,
            [
                r#"a.b Some("[1,2]") Some("[1,3]")"#,
                r#"a.c Some("\"x\"") None"#,
                r#"a.d None Some("\"z\"")"#,
                r#"m[0].k Some("1") Some("2")"#,
                r#"m[1] None Some("{\"k\":3}")"#,
            ]
        );
        assert!(keys(("a", "x: ["), ("b", "x: 1")).is_err());
        assert_eq!(keys(("a", "x: 1"), ("b", "# words\nx: 1")).unwrap(), []);
    }
}
