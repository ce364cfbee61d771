//! The config file as written: one serde struct per section, unknown keys rejected, defaults in
//! [`defaults`] with their reasons. Knows YAML shapes only; meaning is checked in `check`.

mod analyses;
mod analysis;
mod dataset;
mod inference;
mod lint;
mod provenance;

pub(in crate::config) use analyses::*;
pub(in crate::config) use analysis::*;
pub(in crate::config) use dataset::*;
pub(in crate::config) use inference::*;
pub(in crate::config) use lint::*;
pub(in crate::config) use provenance::*;

use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Defaults, each with its reason.
mod defaults {
    /// Public files without a declared encoding are UTF-8 more often than not; a wrong guess is an error, not mojibake.
    pub(in crate::config::raw) fn encoding() -> String {
        "utf-8".into()
    }
    /// Nothing is simulated unless the config says so.
    pub(in crate::config::raw) fn source() -> String {
        "real".into()
    }
    /// Person files are what analyses run on.
    pub(in crate::config::raw) fn reader() -> String {
        "person".into()
    }
    /// One person holds one post; job shares of over two posts are typing slips.
    pub(in crate::config::raw) fn largest() -> f64 {
        2.0
    }
    /// A closed practice's patients have registered elsewhere.
    pub(in crate::config::raw) fn closed() -> String {
        "no_patients".into()
    }
    /// A measured score beats an interpolated one.
    pub(in crate::config::raw) fn rule() -> String {
        "nearest".into()
    }
    /// Absence of a return is not absence of workers.
    pub(in crate::config::raw) fn not_reporting() -> String {
        "missing".into()
    }
    /// Below one half, codes of two files do not speak of the same practices.
    pub(in crate::config::raw) fn minimum_linked() -> f64 {
        0.5
    }
    /// A level of its own keeps the response.
    pub(in crate::config::raw) fn missing() -> String {
        "level".into()
    }
    /// Most outcomes are worded so that more is better.
    pub(in crate::config::raw) fn good() -> bool {
        true
    }
    /// One point of the score is too small a step to read.
    pub(in crate::config::raw) fn scale() -> f64 {
        1.0
    }
    /// Binary outcomes.
    pub(in crate::config::raw) fn family() -> String {
        "logit".into()
    }
    /// Compare each practice with itself.
    pub(in crate::config::raw) fn absorb() -> String {
        "practice".into()
    }
    /// National changes between waves are not the exposure's.
    pub(in crate::config::raw) fn effects() -> Vec<String> {
        vec!["wave".into()]
    }
    /// The exposure varies by cluster.
    pub(in crate::config::raw) fn cluster() -> super::RawCluster {
        super::RawCluster::One("pcn".into())
    }
    /// Responses of one cluster share what happens there.
    pub(in crate::config::raw) fn errors() -> String {
        "cluster".into()
    }
    /// Needs no assumption on how the tests are related.
    pub(in crate::config::raw) fn adjust() -> Vec<String> {
        vec!["holm".into()]
    }
    /// The level of 95 % intervals.
    pub(in crate::config::raw) fn alpha() -> f64 {
        0.05
    }
    /// The usual power that studies are planned for.
    pub(in crate::config::raw) fn power() -> f64 {
        0.8
    }
    /// See the assumptions of the default study.
    pub(in crate::config::raw) fn weights() -> String {
        "none".into()
    }
    /// The field works in Stata.
    pub(in crate::config::raw) fn vcov() -> String {
        "stata".into()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawConfig {
    pub offprint: u32,
    pub study: RawStudy,
    #[serde(default)]
    pub provenance: RawProvenance,
    #[serde(default)]
    pub lint: RawLint,
    pub terms: RawTerms,
    pub waves: Vec<i32>,
    pub inputs: RawInputs,
    pub exposure: RawExposure,
    pub linkage: RawLinkage,
    #[serde(default)]
    pub covariates: IndexMap<String, RawCovariate>,
    pub outcomes: IndexMap<String, RawOutcome>,
    pub models: RawModels,
    #[serde(default)]
    pub tests: RawTests,
    #[serde(default)]
    pub analyses: RawAnalyses,
    #[serde(default)]
    pub population: IndexMap<String, RawPopulation>,
    #[serde(default)]
    pub published: RawPublished,
    #[serde(default)]
    pub assumptions: Vec<RawAssumption>,
    pub disclosure: RawDisclosure,
    pub tables: IndexMap<String, RawExhibit>,
    pub figures: IndexMap<String, RawExhibit>,
    pub report: RawReport,
    pub simulate: Option<crate::config::Simulation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawStudy {
    pub id: String,
    pub version: String,
    pub title: String,
    pub authors: Vec<String>,
    #[serde(default)]
    pub date: String,
    #[serde(default)]
    pub mirrors: RawMirrors,
    pub seed: u64,
    #[serde(default)]
    pub notices: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawMirrors {
    pub doi: String,
    pub citation: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawTerms {
    pub response: [String; 2],
    pub practice: [String; 2],
    pub cluster: [String; 2],
    pub area: [String; 2],
    pub amount: String,
    pub exposure_unit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawInputs {
    pub survey: RawSurvey,
    pub workforce: RawWorkforce,
    pub practices: RawPractices,
    pub deprivation: Option<RawDeprivation>,
    pub list_sizes: Option<RawListSizes>,
}

/// One name or path for all waves, or one for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum PerWave {
    One(String),
    ByWave(BTreeMap<i32, String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawSurvey {
    #[serde(default = "defaults::source")]
    pub source: String,
    #[serde(default = "defaults::reader")]
    pub reader: String,
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub files: PerWave,
    pub columns: RawSurveyColumns,
    #[serde(default)]
    pub columns_by_wave: BTreeMap<i32, RawSurveyColumns>,
    #[serde(default)]
    pub missing: IndexMap<i8, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawSurveyColumns {
    pub practice: Option<String>,
    pub wave: Option<String>,
    pub weight: Option<String>,
    pub count: Option<String>,
    #[serde(default)]
    pub items: IndexMap<String, String>,
}

pub(in crate::config) type Where = IndexMap<String, Vec<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawWorkforce {
    #[serde(default = "defaults::source")]
    pub source: String,
    pub files: Vec<String>,
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub columns: RawWorkforceColumns,
    #[serde(rename = "where")]
    pub matching: Where,
    #[serde(default)]
    pub other: Where,
    #[serde(default = "defaults::largest")]
    pub largest: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawWorkforceColumns {
    pub year: String,
    pub month: String,
    pub pcn: String,
    pub pcn_name: String,
    pub area: String,
    pub area_name: String,
    pub region: Option<String>,
    pub region_name: Option<String>,
    pub amount: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPractices {
    #[serde(default = "defaults::source")]
    pub source: String,
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub files: BTreeMap<i32, String>,
    pub columns: RawPracticeColumns,
    #[serde(default)]
    pub columns_by_wave: BTreeMap<i32, RawPracticeColumns>,
    #[serde(default)]
    pub keep: Where,
    #[serde(default)]
    pub no_pcn: Vec<String>,
    #[serde(default)]
    pub missing: Vec<String>,
    #[serde(default = "defaults::closed")]
    pub closed: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPracticeColumns {
    pub practice: Option<String>,
    pub name: Option<String>,
    pub pcn: Option<String>,
    pub patients: Option<String>,
    pub rurality: Option<String>,
    pub closed: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawDeprivation {
    #[serde(default = "defaults::source")]
    pub source: String,
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub file: String,
    pub columns: RawDeprivationColumns,
    #[serde(default = "defaults::rule")]
    pub rule: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawDeprivationColumns {
    pub practice: String,
    pub year: String,
    pub score: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawListSizes {
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub files: BTreeMap<i32, String>,
    pub columns: RawListSizeColumns,
    #[serde(rename = "where", default)]
    pub matching: Where,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawListSizeColumns {
    pub practice: String,
    pub patients: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawExposure {
    pub label: String,
    pub per: f64,
    pub census_for_wave: BTreeMap<i32, String>,
    #[serde(default = "defaults::not_reporting")]
    pub not_reporting: String,
    #[serde(default)]
    pub before_start: f64,
    #[serde(default)]
    pub cap: RawCap,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawCap {
    Word(String),
    Cap(RawCapAt),
}

impl Default for RawCap {
    fn default() -> Self {
        Self::Word("none".into())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawCapAt {
    pub at: f64,
    pub action: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawLinkage {
    pub reference_wave: i32,
    #[serde(default = "defaults::minimum_linked")]
    pub minimum_linked: f64,
}
