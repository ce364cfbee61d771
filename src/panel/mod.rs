//! From files to one sorted panel: who belongs to which cluster, with which exposure, which answer
//! counts as what, and why a response leaves.
//!
//! The last room that knows polars; hands on plain columns. Must not fit anything or word a
//! report: it keeps reasons as short texts from the config. Entry: [`build`].

mod clusters;
mod dataset;
mod frames;
mod ledger;
mod link;
mod places;
mod provision;
mod recode;

pub use clusters::ClusterProvision;
pub use dataset::{Frame, NONE, Values, frame};
pub use ledger::{Ledger, LedgerLine};
pub use places::{Made, Places};
pub use provision::{AreaProvision, CensusProvision, Provision, quantile};

use crate::config::Config;
use crate::error::Result;
use crate::ingest::{Data, Withheld};
use std::ops::Range;

/// Why a block of responses has no exposure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unexposed {
    /// Its practice is on no practice file of the wave.
    NoPractice,
    /// Its practice is in no cluster.
    NoCluster,
    /// Its cluster has no registered patients on file.
    NoPatients,
    /// Its cluster sent no return at the census.
    NoReturn,
    /// Its cluster's exposure is above the cap.
    AboveCap,
}

/// A practice in a wave: a run of consecutive rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelBlock {
    /// Index into [`Panel::practices`].
    pub practice: u32,
    /// Index into the config's waves.
    pub wave: u8,
    /// Its rows.
    pub rows: Range<usize>,
    /// Cluster of the reference mapping: index into [`Panel::clusters`].
    pub cluster: u32,
    /// Amount per the stated number of patients, or why there is none.
    pub exposure: std::result::Result<f64, Unexposed>,
}

/// A covariate for every row or block.
#[derive(Debug, Clone, PartialEq)]
pub enum Levels {
    /// Level index per row; the index past the config's levels is the missing level.
    Rows(Vec<u8>),
    /// Level index per block; the index past the config's levels is the missing level.
    Blocks(Vec<u8>),
    /// A number per block; not-a-number where missing.
    Numbers(Vec<f64>),
}

/// An outcome's classes: 0 failure, 1 success, 2 + k left out for `reasons[k]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    /// Class of each row.
    pub class: Vec<u8>,
    /// Reasons for leaving, in the order in which the ledger lists them.
    pub reasons: Vec<String>,
}

/// Class of a failure.
pub const FAILURE: u8 = 0;
/// Class of a success.
pub const SUCCESS: u8 = 1;
/// First class of the reasons for leaving.
pub const FIRST_REASON: u8 = 2;

/// Responses sorted by practice and wave, recoded, linked.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Practice codes, sorted.
    pub practices: Vec<String>,
    /// Cluster codes, sorted; a practice that is in no cluster is its own.
    pub clusters: Vec<String>,
    /// Practices in waves, sorted by practice, then wave.
    pub blocks: Vec<PanelBlock>,
    /// Number of rows.
    pub rows: usize,
    /// The config's covariates, in its order.
    pub covariates: Vec<Levels>,
    /// The config's outcomes, in its order, then those that the exposure should not change.
    pub outcomes: Vec<Classes>,
    /// Survey weight per row.
    pub weight: Option<Vec<f64>>,
    /// Responses that a row stands for.
    pub count: Option<Vec<u32>>,
    /// Outcome that a row counts answers to (practice files).
    pub only: Option<Vec<u8>>,
    /// Counts that practice files withhold.
    pub withheld: Vec<Withheld>,
    /// Exposure of every practice in every wave, with or without responses: practices x waves, row-major.
    pub exposures: Vec<std::result::Result<f64, Unexposed>>,
    /// Facts on how the sources linked: what, how many, of how many.
    pub facts: Vec<(String, u64, u64)>,
    /// Areas and regions of clusters, and what models may use in place of the exposure or beside it.
    pub places: Places,
}

impl Panel {
    /// Responses that row `row` stands for.
    pub fn responses(&self, row: usize) -> u64 {
        self.count.as_ref().map_or(1, |count| u64::from(count[row]))
    }

    /// Whether row `row` speaks of outcome `outcome`.
    pub fn speaks_of(&self, row: usize, outcome: usize) -> bool {
        self.only.as_ref().is_none_or(|only| usize::from(only[row]) == outcome)
    }
}

/// Builds the panel and the description of provision.
///
/// # Errors
/// A practice in two clusters, a census that is in no file, too few responses linked, an outcome
/// with one value only: each with what to do.
pub fn build(config: &Config, data: Data) -> Result<(Panel, Provision)> {
    let tables = frames::tables(config, &data)?;
    let survey = data.survey;
    drop((data.workforce, data.practices, data.deprivation, data.list_sizes));
    frames::check_levels(config, &tables)?;
    let links = link::link(config, &tables, &survey)?;
    let provision = provision::describe(config, &tables);
    let panel = recode::recode(config, &tables, links, survey)?;
    Ok((panel, provision))
}
