//! The second form of study as written: one serde struct per section, unknown keys rejected.
//! Nearly every key may be left out; `check` knows what then holds.

use super::{
    RawAssumption, RawDisclosure, RawDraws, RawExhibit, RawPlace, RawPopulation, RawProvenance, RawReport, RawStudy,
    Where,
};
use indexmap::IndexMap;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawDataset {
    pub offprint: u32,
    pub study: RawStudy,
    #[serde(default)]
    pub provenance: RawProvenance,
    #[serde(default)]
    pub lint: super::RawLint,
    pub row: [String; 2],
    pub sources: IndexMap<String, RawSource>,
    pub rows: String,
    pub variables: IndexMap<String, Option<RawVariable>>,
    pub outcomes: IndexMap<String, RawMeasure>,
    pub models: RawFits,
    #[serde(default)]
    pub tests: RawPlainTests,
    #[serde(default)]
    pub population: IndexMap<String, RawPopulation>,
    pub published: Option<RawPublishedTerms>,
    #[serde(default)]
    pub assumptions: Vec<RawAssumption>,
    #[serde(default)]
    pub background: Vec<String>,
    #[serde(default)]
    pub limits: Vec<String>,
    pub disclosure: Option<RawDisclosure>,
    pub tables: Option<IndexMap<String, RawExhibit>>,
    pub figures: Option<IndexMap<String, RawExhibit>>,
    pub report: Option<RawReport>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawSource {
    pub file: Option<String>,
    #[serde(default)]
    pub files: Vec<String>,
    pub encoding: Option<String>,
    #[serde(rename = "where", default)]
    pub matching: Where,
    #[serde(default)]
    pub missing: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawVariable {
    pub label: Option<String>,
    pub unit: Option<String>,
    pub kind: Option<String>,
    pub column: Option<String>,
    pub sum: Option<String>,
    pub count: Option<String>,
    pub of: Option<String>,
    #[serde(rename = "match", default)]
    pub keys: IndexMap<String, String>,
    #[serde(rename = "where", default)]
    pub matching: Where,
    pub absent: Option<f64>,
    #[serde(default)]
    pub missing: Vec<String>,
    pub ratio: Option<[String; 2]>,
    pub times: Option<f64>,
    pub log: Option<String>,
    pub scale: Option<f64>,
    #[serde(default)]
    pub values: IndexMap<String, f64>,
    #[serde(default)]
    pub levels: IndexMap<String, Vec<String>>,
    pub reference: Option<String>,
    pub if_missing: Option<String>,
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawMeasure {
    pub label: Option<String>,
    pub short: Option<String>,
    pub binary: Option<String>,
    pub successes: Option<String>,
    pub of: Option<String>,
    pub count: Option<String>,
    pub number: Option<String>,
    pub population: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawFits {
    pub main: RawFit,
    #[serde(default)]
    pub variants: Vec<RawFit>,
}

/// A model as written: a variant holds what differs from the main model.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawFit {
    pub id: Option<String>,
    pub label: Option<String>,
    pub outcomes: Option<Vec<String>>,
    pub family: Option<String>,
    pub exposure: Option<String>,
    pub terms: Option<Vec<String>>,
    pub absorb: Option<Vec<String>>,
    pub errors: Option<String>,
    pub cluster: Option<OneOrTwo>,
    pub vcov: Option<String>,
    pub offset: Option<RawOffset>,
    pub weights: Option<RawWeights>,
    pub bootstrap: Option<RawDraws>,
    pub contrasts: Option<IndexMap<String, RawPlaces>>,
    pub subgroups: Option<Vec<String>>,
    pub joint: Option<Vec<RawTogether>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum OneOrTwo {
    One(String),
    Two([String; 2]),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawOffset {
    Word(String),
    Log(RawLog),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawLog {
    pub log: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawWeights {
    Word(String),
    By(RawWeightsBy),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawWeightsBy {
    pub frequency: Option<String>,
    pub sampling: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPlaces {
    pub label: Option<String>,
    pub from: RawPlace,
    pub to: RawPlace,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawTogether {
    pub label: Option<String>,
    pub terms: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPlainTests {
    pub alpha: Option<f64>,
    pub power: Option<f64>,
    pub smallest_effect: Option<RawLeastEffect>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawLeastEffect {
    pub value: f64,
    pub scale: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPublishedTerms {
    pub name: String,
    pub estimates: Vec<RawPublishedTerm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPublishedTerm {
    pub model: Option<String>,
    pub outcome: Option<String>,
    pub term: String,
    #[serde(default)]
    pub level: String,
    pub coefficient: Option<f64>,
    pub ratio: Option<f64>,
    pub effect: Option<f64>,
    pub std_error: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub digits: Option<usize>,
}
