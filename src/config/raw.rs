//! The config file as written: one serde struct per section, unknown keys rejected, defaults in
//! [`defaults`] with their reasons. Knows YAML shapes only; meaning is checked in `check`.

use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Defaults, each with its reason.
mod defaults {
    /// Public files without a declared encoding are UTF-8 more often than not; a wrong guess is an error, not mojibake.
    pub(super) fn encoding() -> String {
        "utf-8".into()
    }
    /// Nothing is simulated unless the config says so.
    pub(super) fn source() -> String {
        "real".into()
    }
    /// Person files are what analyses run on.
    pub(super) fn reader() -> String {
        "person".into()
    }
    /// One person holds one post; job shares of over two posts are typing slips.
    pub(super) fn largest() -> f64 {
        2.0
    }
    /// A closed practice's patients have registered elsewhere.
    pub(super) fn closed() -> String {
        "no_patients".into()
    }
    /// A measured score beats an interpolated one.
    pub(super) fn rule() -> String {
        "nearest".into()
    }
    /// Absence of a return is not absence of workers.
    pub(super) fn not_reporting() -> String {
        "missing".into()
    }
    /// Below one half, codes of two files do not speak of the same practices.
    pub(super) fn minimum_linked() -> f64 {
        0.5
    }
    /// A level of its own keeps the response.
    pub(super) fn missing() -> String {
        "level".into()
    }
    /// Most outcomes are worded so that more is better.
    pub(super) fn good() -> bool {
        true
    }
    /// One point of the score is too small a step to read.
    pub(super) fn scale() -> f64 {
        1.0
    }
    /// Binary outcomes.
    pub(super) fn family() -> String {
        "logit".into()
    }
    /// Compare each practice with itself.
    pub(super) fn absorb() -> String {
        "practice".into()
    }
    /// National changes between waves are not the exposure's.
    pub(super) fn effects() -> Vec<String> {
        vec!["wave".into()]
    }
    /// The exposure varies by cluster.
    pub(super) fn cluster() -> String {
        "pcn".into()
    }
    /// See the assumptions of the default study.
    pub(super) fn weights() -> String {
        "none".into()
    }
    /// The field works in Stata.
    pub(super) fn vcov() -> String {
        "stata".into()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub offprint: u32,
    pub study: RawStudy,
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
    pub population: IndexMap<String, RawPopulation>,
    #[serde(default)]
    pub published: RawPublished,
    #[serde(default)]
    pub assumptions: Vec<RawAssumption>,
    pub disclosure: RawDisclosure,
    pub tables: IndexMap<String, RawExhibit>,
    pub figures: IndexMap<String, RawExhibit>,
    pub report: RawReport,
    pub simulate: Option<super::Simulation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStudy {
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
pub(super) struct RawMirrors {
    pub doi: String,
    pub citation: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerms {
    pub response: [String; 2],
    pub practice: [String; 2],
    pub cluster: [String; 2],
    pub area: [String; 2],
    pub amount: String,
    pub exposure_unit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInputs {
    pub survey: RawSurvey,
    pub workforce: RawWorkforce,
    pub practices: RawPractices,
    pub deprivation: Option<RawDeprivation>,
    pub list_sizes: Option<RawListSizes>,
}

/// One name or path for all waves, or one for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum PerWave {
    One(String),
    ByWave(BTreeMap<i32, String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSurvey {
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
pub(super) struct RawSurveyColumns {
    pub practice: Option<String>,
    pub wave: Option<String>,
    pub weight: Option<String>,
    pub count: Option<String>,
}

pub(super) type Where = IndexMap<String, Vec<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWorkforce {
    #[serde(default = "defaults::source")]
    pub source: String,
    pub files: Vec<String>,
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub columns: RawWorkforceColumns,
    #[serde(rename = "where")]
    pub matching: Where,
    #[serde(default = "defaults::largest")]
    pub largest: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWorkforceColumns {
    pub year: String,
    pub month: String,
    pub pcn: String,
    pub pcn_name: String,
    pub area: String,
    pub area_name: String,
    pub amount: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPractices {
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
pub(super) struct RawPracticeColumns {
    pub practice: Option<String>,
    pub name: Option<String>,
    pub pcn: Option<String>,
    pub patients: Option<String>,
    pub rurality: Option<String>,
    pub closed: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDeprivation {
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
pub(super) struct RawDeprivationColumns {
    pub practice: String,
    pub year: String,
    pub score: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListSizes {
    #[serde(default = "defaults::encoding")]
    pub encoding: String,
    pub files: BTreeMap<i32, String>,
    pub columns: RawListSizeColumns,
    #[serde(rename = "where", default)]
    pub matching: Where,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListSizeColumns {
    pub practice: String,
    pub patients: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposure {
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
pub(super) enum RawCap {
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
pub(super) struct RawCapAt {
    pub at: f64,
    pub action: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLinkage {
    pub reference_wave: i32,
    #[serde(default = "defaults::minimum_linked")]
    pub minimum_linked: f64,
}

/// A code or a word.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Code(i64),
    Word(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCovariate {
    pub label: String,
    pub item: Option<PerWave>,
    pub from: Option<String>,
    #[serde(default)]
    pub levels: IndexMap<String, Vec<Scalar>>,
    pub reference: Option<String>,
    #[serde(default = "defaults::missing")]
    pub missing: String,
    #[serde(default = "defaults::scale")]
    pub scale: f64,
    #[serde(default = "defaults::good")]
    pub describe: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOutcome {
    pub label: String,
    pub short: Option<String>,
    #[serde(default)]
    pub asked: String,
    pub item: PerWave,
    pub success: Vec<i8>,
    pub failure: Vec<i8>,
    #[serde(default)]
    pub left_out: IndexMap<i8, String>,
    #[serde(default)]
    pub base: IndexMap<String, Vec<i8>>,
    pub base_reason: Option<String>,
    pub counts: Option<RawCounts>,
    #[serde(default = "defaults::good")]
    pub good: bool,
    pub population: Option<String>,
    #[serde(default)]
    pub breaks: BTreeMap<i32, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCounts {
    pub success: Vec<String>,
    pub base: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawModels {
    pub main: RawModel,
    #[serde(default)]
    pub variants: Vec<RawVariant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawModel {
    pub label: Option<String>,
    #[serde(default = "defaults::family")]
    pub family: String,
    #[serde(default)]
    pub covariates: Vec<String>,
    #[serde(default = "defaults::absorb")]
    pub absorb: String,
    #[serde(default = "defaults::effects")]
    pub effects: Vec<String>,
    #[serde(default = "defaults::cluster")]
    pub cluster: String,
    #[serde(default = "defaults::weights")]
    pub weights: String,
    #[serde(default = "defaults::vcov")]
    pub vcov: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVariant {
    pub id: String,
    pub label: String,
    pub family: Option<String>,
    pub covariates: Option<Vec<String>>,
    pub absorb: Option<String>,
    pub effects: Option<Vec<String>>,
    pub cluster: Option<String>,
    pub weights: Option<String>,
    pub vcov: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPopulation {
    pub label: String,
    pub people: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPublished {
    pub name: String,
    pub n: Option<u64>,
    #[serde(default)]
    pub estimates: IndexMap<String, RawPublishedEstimate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPublishedEstimate {
    pub odds_ratio: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub digits: Option<usize>,
    pub people: Option<f64>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAssumption {
    pub about: String,
    pub key: String,
    pub because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDisclosure {
    pub profile: String,
    pub threshold: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExhibit {
    pub number: String,
    pub title: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReport {
    pub template: String,
    pub page: String,
}
