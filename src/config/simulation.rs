//! The simulator's truth as the config states it: sizes, levels, gradients, effects.
//!
//! Raw and checked in one: what serde cannot refuse, [`Simulation::check`] does. Must not know how
//! anything is drawn.

mod check;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the simulator is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// Size of the whole study.
    pub full: Scale,
    /// A small one of the same kind.
    pub small: Scale,
    /// Relative number of responders by wave label; [`Scale::responders`] is shared out in proportion.
    pub responders_by_wave: BTreeMap<i32, f64>,
    /// Codes and names of simulated units.
    pub names: Names,
    /// Practices by wave.
    pub practices: PracticeTruth,
    /// Deprivation by practice and year.
    pub deprivation: DeprivationTruth,
    /// Workforce by census.
    pub workforce: WorkforceTruth,
    /// Who responds.
    pub response: ResponseTruth,
    /// Survey weights; none writes no weight column.
    #[serde(default)]
    pub weights: Option<WeightTruth>,
    /// Code of an item that a responder was not asked.
    pub not_asked: i8,
    /// How the items of item covariates are drawn, by covariate id.
    pub covariates: BTreeMap<String, Draw>,
    /// How further items (bases of outcomes) are drawn, by item name.
    #[serde(default)]
    pub items: BTreeMap<String, Draw>,
    /// The truth of each outcome, by outcome id.
    pub outcomes: BTreeMap<String, OutcomeTruth>,
}

/// Size of a simulated study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Responders over all waves, exactly.
    pub responders: u64,
    /// Practices in the first practice file.
    pub practices: usize,
    /// Clusters.
    pub clusters: usize,
    /// Larger areas.
    pub areas: usize,
}

/// Patterns of codes and names: a run of `#` becomes the unit's number with leading zeros,
/// a run of `@` its number in capital letters (`AA`, `AB`, ...).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Practice codes.
    pub practice_code: String,
    /// Practice names.
    pub practice_name: String,
    /// Cluster codes.
    pub cluster_code: String,
    /// Cluster names.
    pub cluster_name: String,
    /// Area codes.
    pub area_code: String,
    /// Area names.
    pub area_name: String,
}

/// Practices by wave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeTruth {
    /// Mean list size in the first file.
    pub list_size: f64,
    /// Standard deviation of its logarithm.
    pub list_size_spread: f64,
    /// Growth of every list from one file to the next (0.007 is 0.7 %).
    pub growth: f64,
    /// Share that moves to a neighbouring cluster from one file to the next.
    pub moving: f64,
    /// Share that has a close date in a file and is gone from the next.
    pub closing: f64,
    /// Share in no cluster.
    pub unassigned: f64,
    /// Shares of the urban/rural texts; what is left to 1 is missing.
    pub rurality: BTreeMap<String, f64>,
    /// Rows per file that the reader must not keep, with their text in the columns of `keep`.
    #[serde(default)]
    pub not_kept: Option<NotKept>,
    /// Waves whose file opens with a byte order mark.
    #[serde(default)]
    pub bom: Vec<i32>,
    /// Further columns of the real format, each with one value.
    #[serde(default)]
    pub extra: BTreeMap<String, String>,
}

/// Rows that the reader must not keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotKept {
    /// Rows per file.
    pub rows: usize,
    /// Text in the columns that the reader filters on.
    pub value: String,
}

/// Deprivation score by practice: lognormal, with parts shared by area and cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeprivationTruth {
    /// Mean and standard deviation over practices by year. The last year's also turn a real or
    /// simulated score into the standardised score that the other parts refer to.
    pub years: BTreeMap<i32, MeanSd>,
    /// Share of the variance (of the logarithm) between areas.
    pub area_share: f64,
    /// Share between clusters within areas.
    pub cluster_share: f64,
    /// Standard deviation of the change between years, relative to that between practices.
    pub change: f64,
}

/// Mean and standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanSd {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// Workforce by census.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkforceTruth {
    /// The censuses, by label (`2020-12`).
    pub censuses: BTreeMap<String, CensusTruth>,
    /// Standard deviation of the logarithm of the amount per patient among clusters that have any.
    pub spread: f64,
    /// Share of that variance that stays with a cluster from census to census.
    pub persistence: f64,
    /// Share of returns that fail at a census although due.
    pub lapse: f64,
    /// Hours that make one unit of the amount; amounts come in whole hours.
    pub hours: f64,
    /// Staff that do not count towards the exposure.
    pub other_roles: Vec<Role>,
    /// Regions that the areas lie in, where the study reads them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Regions>,
    /// Values of further columns in rows that count.
    #[serde(default)]
    pub counting_values: BTreeMap<String, String>,
    /// Further columns of the real format, each with one value.
    #[serde(default)]
    pub extra: BTreeMap<String, String>,
}

/// One census.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CensusTruth {
    /// Share of clusters that sent a return.
    pub returns: f64,
    /// Share of those that have any amount.
    pub any: f64,
    /// Mean amount per cluster with a return, per [`super::Exposure::per`] patients.
    pub mean: f64,
    /// Change in the log amount per standard deviation of the cluster's deprivation.
    pub need: f64,
}

/// Regions: runs of areas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    /// How many.
    pub number: usize,
    /// Pattern of their codes.
    pub code: String,
    /// Pattern of their names.
    pub name: String,
}

/// Staff that do not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Column values (the columns of `matching`, and any further ones).
    pub values: BTreeMap<String, String>,
    /// Mean number of staff per cluster with a return.
    pub staff: f64,
}

/// Who responds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseTruth {
    /// Standard deviation of the log propensity across practices.
    pub spread: f64,
    /// Change in it per standard deviation of deprivation.
    pub deprivation: f64,
}

/// Survey weights: lognormal with mean 1, times a factor for codes of items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightTruth {
    /// Standard deviation of the logarithm.
    pub spread: f64,
    /// Factor by code, by covariate id or item name.
    #[serde(default)]
    pub by: BTreeMap<String, BTreeMap<i8, f64>>,
}

/// How one item is drawn: a multinomial logit. The log weight of a code is the log of its share,
/// plus a shift per standard deviation of the practice's deprivation, plus a shift for each code
/// of other items.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// Share of each code at average deprivation and without shifts (brought to sum 1).
    #[serde(default)]
    pub shares: BTreeMap<i8, f64>,
    /// Shares that replace them from a wave on.
    #[serde(default)]
    pub from: BTreeMap<i32, BTreeMap<i8, f64>>,
    /// Share of each missing code, among those asked; not shifted.
    #[serde(default)]
    pub missing: BTreeMap<i8, f64>,
    /// Shift of a code's log weight per standard deviation of deprivation.
    #[serde(default)]
    pub deprivation: BTreeMap<i8, f64>,
    /// Shift of a code's log weight by the code of another item: id or name, its code, this code.
    #[serde(default)]
    pub by: BTreeMap<String, BTreeMap<i8, BTreeMap<i8, f64>>>,
}

/// A number that is left unsaid.
fn none(x: &f64) -> bool {
    *x == 0.0
}

/// A bend of the association.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kink {
    /// Exposure from which on the odds ratio is another.
    pub at: f64,
    /// Odds ratio per unit above it.
    pub odds_ratio: f64,
}

/// The truth of an outcome: `logit P(success) = wave + practice + codes + ln(odds_ratio) * exposure`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeTruth {
    /// Odds ratio per unit of exposure.
    pub odds_ratio: f64,
    /// A bend: the odds ratio per unit of exposure above some exposure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kink: Option<Kink>,
    /// Log odds per year and unit of the practice's mean later exposure: what moves ahead of provision.
    #[serde(default, skip_serializing_if = "none")]
    pub trend: f64,
    /// Weighted share of successes among usable answers by wave label; the wave terms are solved to
    /// give it.
    pub levels: BTreeMap<i32, f64>,
    /// Standard deviation of the practice terms.
    pub practice_sd: f64,
    /// Change in the practice term per standard deviation of deprivation.
    #[serde(default)]
    pub deprivation: f64,
    /// Standard deviation of terms shared by a cluster's practices in one wave (beyond the model).
    #[serde(default)]
    pub cluster_wave_sd: f64,
    /// Log odds by code, by covariate id or item name; codes not named have none.
    #[serde(default)]
    pub effects: BTreeMap<String, BTreeMap<i8, f64>>,
    /// Log odds per unit of exposure added for codes, by covariate id or item name: an effect that differs
    /// between subgroups.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exposure_by: BTreeMap<String, BTreeMap<i8, f64>>,
    /// The same by the region of a practice's cluster, by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exposure_by_region: BTreeMap<String, f64>,
    /// Shares of the codes that count as success, among successes.
    pub success: BTreeMap<i8, f64>,
    /// Shares of the codes that count as failure, among failures.
    pub failure: BTreeMap<i8, f64>,
    /// Codes left out of the base, as shares of those asked; `missing` as everywhere. What is left
    /// to 1 is a usable answer, which the shifts are relative to.
    #[serde(default)]
    pub left_out: Draw,
}
