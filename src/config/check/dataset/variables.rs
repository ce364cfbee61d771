//! Checks of `variables`: one way to get values, keys that go with it, and earlier variables only.
//! A variable with a problem still stands in the list, so that others do not complain of its absence.

use super::super::Checker;
use super::listed;
use crate::config::raw::{RawSource, RawVariable};
use crate::config::types::*;
use indexmap::IndexMap;
use serde_yaml::Value;

/// Name of the level that `if_missing: level` makes.
const MISSING: &str = "Missing";

/// What the checks of one variable need.
struct Context<'a> {
    at: String,
    id: &'a str,
    /// All ids, for those that stand later.
    ids: &'a [String],
    /// Earlier variables.
    before: &'a [Variable],
    sources: &'a IndexMap<String, RawSource>,
    rows: Option<usize>,
    node: Option<&'a Value>,
}

impl Checker<'_> {
    pub(super) fn variables(
        &mut self,
        raw: IndexMap<String, Option<RawVariable>>,
        sources: &IndexMap<String, RawSource>,
        rows: Option<usize>,
        tree: &Value,
    ) -> Vec<Variable> {
        if raw.is_empty() || raw.len() > 1000 {
            let what = format!("{} variables, expected 1 to 1,000", raw.len());
            self.fault("variables", what, "name the columns to use: `age: {}` is the column `age`");
        }
        let ids: Vec<String> = raw.keys().cloned().collect();
        let mut variables: Vec<Variable> = Vec::new();
        for (id, v) in raw {
            let at = format!("variables.{id}");
            self.term_name(&at, &id);
            let node = tree.get("variables").and_then(|variables| variables.get(id.as_str()));
            let context = Context { at, id: &id, ids: &ids, before: &variables, sources, rows, node };
            let v = v.unwrap_or_default();
            let origin = self.origin(&context, &v);
            let kind = self.kind(&context, &v);
            let label = v.label.clone().unwrap_or_else(|| id.clone());
            let unit = v.unit.clone().unwrap_or_else(|| format!("1 unit of {label}"));
            let reason = v.reason.clone().unwrap_or_else(|| match &origin {
                Origin::Log(of) => {
                    variables.get(*of).map_or_else(String::new, |v| format!("{} not above zero", v.label))
                }
                _ => format!("no {label}"),
            });
            variables.push(Variable { id, label, unit, origin, kind, reason });
        }
        variables
    }

    /// An id that can stand in a term.
    fn term_name(&mut self, at: &str, id: &str) {
        let fine = id.chars().all(|c| c.is_alphanumeric() || c == '_') && id.starts_with(char::is_alphabetic);
        if !fine || id.chars().count() > 60 {
            let what = format!("`{id}` cannot be the id of a variable");
            self.fault(at, what, "begin with a letter and use letters, digits and `_`; the header goes to `column:`");
        }
    }

    fn origin(&mut self, context: &Context<'_>, v: &RawVariable) -> Origin {
        let ways = [
            ("column", v.column.is_some()),
            ("sum", v.sum.is_some()),
            ("count", v.count.is_some()),
            ("ratio", v.ratio.is_some()),
            ("log", v.log.is_some()),
        ];
        let given: Vec<&str> = ways.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        if given.len() > 1 {
            self.fault(
                &context.at,
                format!("values come from one place, not from {}", listed(&given)),
                "keep one of them",
            );
        }
        let way = given.first().copied().unwrap_or("column");
        self.keys_of_way(context, v, way);
        let from = self.lookup(context, v, way);
        match (way, &v.ratio, &v.log) {
            ("ratio", Some([numerator, denominator]), _) => Origin::Ratio {
                numerator: self.earlier_number(context, "ratio", numerator),
                denominator: self.earlier_number(context, "ratio", denominator),
                times: self.range(&format!("{}.times", context.at), v.times.unwrap_or(1.0), 1e-12, 1e12),
            },
            ("log", _, Some(of)) => Origin::Log(self.earlier_number(context, "log", of)),
            ("sum" | "count", ..) => {
                if let Some(word) = &v.count {
                    self.word(&format!("{}.count", context.at), word, &[("rows", ())]);
                }
                let absent = v.absent.map(|x| self.range(&format!("{}.absent", context.at), x, -1e12, 1e12));
                let matching = self.accepted(&context.at, context.node, &v.matching);
                Origin::Sum { from, column: v.sum.clone(), matching, absent }
            }
            _ => {
                let node = context.node.and_then(|node| node.get("missing"));
                self.as_written(&format!("{}.missing", context.at), node, &v.missing);
                let column = v.column.clone().unwrap_or_else(|| context.id.to_owned());
                Origin::Column { from, column, missing: v.missing.clone() }
            }
        }
    }

    /// Keys that say nothing about this way of getting values.
    fn keys_of_way(&mut self, context: &Context<'_>, v: &RawVariable, way: &str) {
        let adds = ["sum", "count"].contains(&way);
        let made = ["ratio", "log"].contains(&way);
        let keys = [
            (
                "where",
                !v.matching.is_empty(),
                adds,
                "it chooses the rows that `sum` and `count` add up; rows of a source are chosen by the source's own `where`",
            ),
            ("absent", v.absent.is_some(), adds, "it is for `sum` and `count`"),
            ("times", v.times.is_some(), way == "ratio", "it is for `ratio`"),
            ("of", v.of.is_some(), !made, "it names the source of a column, sum or count"),
            ("match", !v.keys.is_empty(), !made, "it finds rows for a column, sum or count"),
            ("missing", !v.missing.is_empty(), way == "column", "it is for columns; a source has `missing` of its own"),
            ("values", !v.values.is_empty(), way == "column", "it is for columns"),
            ("levels", !v.levels.is_empty(), way == "column", "it is for columns"),
        ];
        for (key, given, fits, hint) in keys {
            if given && !fits {
                self.fault(&format!("{}.{key}", context.at), format!("`{key}` does not go with `{way}`"), hint);
            }
        }
    }

    fn lookup(&mut self, context: &Context<'_>, v: &RawVariable, way: &str) -> Lookup {
        let names: Vec<&String> = context.sources.keys().collect();
        let source = match &v.of {
            None => context.rows,
            Some(name) => {
                let found = context.sources.get_index_of(name);
                if found.is_none() {
                    self.unknown(&format!("{}.of", context.at), "source", name, &names);
                }
                found
            }
        };
        let mut matching = Vec::new();
        for (header, id) in &v.keys {
            let at = format!("{}.match", context.at);
            let Some(found) = self.earlier(context, &at, id) else { continue };
            if matches!(context.before[found].kind, VariableKind::Number { .. }) {
                let what = format!("`{id}` is a number, and rows are matched by codes");
                self.fault(&at, what, format!("give variable `{id}` `kind: key`"));
            }
            matching.push((header.clone(), found));
        }
        let own = source.is_none() || source == context.rows;
        if v.keys.is_empty() && (way == "sum" || way == "count" || (way == "column" && !own)) {
            let hint = "add `match: { HEADER: VARIABLE }`: the column of the source that equals a key of the row";
            self.fault(&context.at, "nothing says which rows of the source belong to a row", hint);
        }
        Lookup { source: source.unwrap_or(0), matching }
    }

    /// Index of an earlier variable.
    fn earlier(&mut self, context: &Context<'_>, at: &str, id: &str) -> Option<usize> {
        let found = context.before.iter().position(|variable| variable.id == id);
        if found.is_none() && context.ids.iter().any(|known| known == id) {
            let what = format!("`{}` is made from `{id}`, which stands after it", context.id);
            self.fault(at, what, "a variable refers to earlier ones only: move it down");
        } else if found.is_none() {
            let known: Vec<&str> = context.before.iter().map(|variable| variable.id.as_str()).collect();
            self.unknown(at, "variable", id, &known);
        }
        found
    }

    fn earlier_number(&mut self, context: &Context<'_>, key: &str, id: &str) -> usize {
        let at = format!("{}.{key}", context.at);
        let found = self.earlier(context, &at, id);
        if let Some(variable) = found.map(|at| &context.before[at])
            && !matches!(variable.kind, VariableKind::Number { .. })
        {
            self.fault(&at, format!("`{id}` is not a number"), "a ratio and a logarithm are made of numbers");
        }
        found.unwrap_or(0)
    }

    fn kind(&mut self, context: &Context<'_>, v: &RawVariable) -> VariableKind {
        let at = format!("{}.kind", context.at);
        let word = v.kind.as_deref().unwrap_or(if v.levels.is_empty() { "number" } else { "category" });
        let kind = self.word(&at, word, &[("number", 'n'), ("category", 'c'), ("key", 'k')]);
        let keys = [
            ("scale", v.scale.is_some(), kind == 'n', "number"),
            ("values", !v.values.is_empty(), kind == 'n', "number"),
            ("unit", v.unit.is_some(), kind == 'n', "number"),
            ("levels", !v.levels.is_empty(), kind == 'c', "category"),
            ("reference", v.reference.is_some(), kind == 'c', "category"),
            ("if_missing", v.if_missing.is_some(), kind == 'c', "category"),
        ];
        for (key, given, fits, of) in keys {
            if given && !fits {
                let at = format!("{}.{key}", context.at);
                self.fault(
                    &at,
                    format!("`{key}` is for a {of}, and `{}` is a {word}", context.id),
                    "remove it, or change `kind:`",
                );
            }
        }
        let counted = v.sum.is_some() || v.count.is_some() || v.ratio.is_some() || v.log.is_some();
        if counted && kind != 'n' {
            self.fault(&at, format!("`{}` is worked out, so it is a number", context.id), "remove `kind:`");
            return VariableKind::Number { scale: 1.0, values: Vec::new() };
        }
        match kind {
            'k' => VariableKind::Key,
            'c' => self.category(context, v),
            _ => VariableKind::Number {
                scale: self.range(&format!("{}.scale", context.at), v.scale.unwrap_or(1.0), 1e-12, 1e12),
                values: self.values(context, v),
            },
        }
    }

    fn values(&mut self, context: &Context<'_>, v: &RawVariable) -> Vec<(String, f64)> {
        let at = format!("{}.values", context.at);
        for (text, value) in &v.values {
            self.range(&at, *value, -1e12, 1e12);
            self.not_missing_too(context, &at, text, v);
        }
        v.values.iter().map(|(text, value)| (text.trim().to_owned(), *value)).collect()
    }

    fn not_missing_too(&mut self, context: &Context<'_>, at: &str, text: &str, v: &RawVariable) {
        let source = v.of.as_ref().and_then(|name| context.sources.get(name));
        let own = context.rows.and_then(|at| context.sources.get_index(at)).map(|(_, source)| source);
        let of_source = source.or(own).map(|source| source.missing.as_slice()).unwrap_or_default();
        if v.missing.iter().chain(of_source).any(|missing| missing.trim() == text.trim()) {
            self.fault(at, format!("`{text}` has a meaning here and is listed as `missing`"), "keep one of the two");
        }
    }

    fn category(&mut self, context: &Context<'_>, v: &RawVariable) -> VariableKind {
        let at = format!("{}.levels", context.at);
        if !v.levels.is_empty() && !(2..=200).contains(&v.levels.len()) {
            let what = format!("{} levels, expected 2 to 200", v.levels.len());
            self.fault(&at, what, "list the levels with the texts of the file, or leave `levels` out: as found");
        }
        let mut seen = std::collections::BTreeMap::new();
        for (label, texts) in &v.levels {
            let node = context.node.and_then(|node| node.get("levels")).and_then(|node| node.get(label.as_str()));
            self.as_written(&at, node, texts);
            if texts.is_empty() {
                self.fault(&at, format!("level `{label}` has no text"), "list the texts of the file that belong to it");
            }
            for text in texts {
                self.not_missing_too(context, &at, text, v);
                if let Some(other) = seen.insert(text.trim(), label) {
                    let what = format!("text `{text}` is in `{other}` and in `{label}`");
                    self.fault(&at, what, "give each text to one level");
                }
            }
        }
        if let Some(reference) = v.reference.as_ref().filter(|r| !v.levels.is_empty() && !v.levels.contains_key(*r)) {
            let names: Vec<&String> = v.levels.keys().collect();
            self.unknown(&format!("{}.reference", context.at), "level", reference, &names);
        }
        let rules = [("drop", false), ("level", true)];
        let word = v.if_missing.as_deref().unwrap_or("drop");
        let missing_level = self.word(&format!("{}.if_missing", context.at), word, &rules);
        if missing_level && v.levels.contains_key(MISSING) {
            self.fault(&at, format!("level `{MISSING}` is made by `if_missing: level`"), "call it something else");
        }
        let trimmed = |texts: &Vec<String>| texts.iter().map(|text| text.trim().to_owned()).collect();
        let levels = v.levels.iter().map(|(label, texts)| (label.clone(), trimmed(texts))).collect();
        VariableKind::Category { levels, reference: v.reference.clone(), missing_level }
    }
}
