//! Checks of `sources`: files, encodings, and texts that YAML would read as something else.

use super::super::Checker;
use super::super::inputs::ENCODINGS;
use crate::config::raw;
use crate::config::types::*;
use indexmap::IndexMap;
use serde_yaml::Value;

impl Checker<'_> {
    pub(super) fn table_sources(&mut self, raw: &IndexMap<String, raw::RawSource>, tree: &Value) -> Vec<TableSource> {
        if raw.is_empty() || raw.len() > 100 {
            let what = format!("{} sources, expected 1 to 100", raw.len());
            self.fault(
                "sources",
                what,
                "name the file that the rows come from: `sources: { data: { file: data.csv } }`",
            );
        }
        let mut sources = Vec::new();
        for (id, source) in raw {
            let at = format!("sources.{id}");
            self.plain_name(&at, id);
            let files = match (&source.file, source.files.is_empty()) {
                (Some(file), true) => vec![file.clone()],
                (None, false) => source.files.clone(),
                _ => {
                    let hint = "name one `file`, or several `files` of the same columns";
                    self.fault(&at, "a source needs either `file` or `files`", hint);
                    Vec::new()
                }
            };
            if files.iter().any(|file| file.trim().is_empty()) {
                self.fault(&at, "a file has no name", "write its path, relative to the data folder");
            }
            let encoding = source.encoding.as_deref().unwrap_or("utf-8");
            let node = tree.get("sources").and_then(|sources| sources.get(id.as_str()));
            self.as_written(&at, node.and_then(|node| node.get("missing")), &source.missing);
            sources.push(TableSource {
                id: id.clone(),
                files,
                encoding: self.word(&format!("{at}.encoding"), encoding, &ENCODINGS),
                matching: self.accepted(&at, node, &source.matching),
                missing: source.missing.clone(),
            });
        }
        sources
    }

    /// Headers and accepted values of a `where` below the key at `at`.
    pub(super) fn accepted(&mut self, at: &str, node: Option<&Value>, raw: &raw::Where) -> Vec<(String, Vec<String>)> {
        let node = node.and_then(|node| node.get("where"));
        for (header, values) in raw {
            let node = node.and_then(|node| node.get(header.as_str()));
            self.as_written(&format!("{at}.where"), node, values);
        }
        self.matching(&format!("{at}.where"), raw.clone())
    }

    /// Texts must survive being written back: `1.10` without quotes is the number 1.1.
    pub(super) fn as_written(&mut self, at: &str, node: Option<&Value>, texts: &[String]) {
        let Some(Value::Sequence(values)) = node else { return };
        for (value, text) in values.iter().zip(texts) {
            let read = match value {
                Value::Null => "nothing".to_owned(),
                Value::Bool(bool) => bool.to_string(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            if read != *text {
                self.fault(at, format!("the text `{text}` is read as {read}"), format!("put it in quotes: \"{text}\""));
            }
        }
    }
}
