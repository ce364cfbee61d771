//! How the exposure is made and how responses find their cluster.

use std::fmt;

/// A workforce census.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Census {
    /// Calendar year.
    pub year: i32,
    /// Month, 1..=12.
    pub month: u32,
}

impl Census {
    /// Months since year 0, for interpolation.
    pub fn months(self) -> i32 {
        self.year * 12 + self.month as i32 - 1
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What to do for a cluster that sent no return at a census.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReporting {
    /// Its responses leave, in the ledger.
    Missing,
    /// Taken as none.
    Zero,
    /// Its last return before.
    CarryForward,
    /// Its first return after.
    CarryBack,
    /// Linear in time between the returns on both sides.
    Interpolate,
}

/// What to do with exposures above a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapAction {
    /// Set to the cap.
    Limit,
    /// The cluster's responses leave, in the ledger.
    Drop,
}

/// How the exposure is made.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Label of the exposure.
    pub label: String,
    /// Patients that the amount is per.
    pub per: f64,
    /// Census for each wave, in the order of [`super::Config::waves`]; none where the exposure is
    /// [`Exposure::before_start`] by definition.
    pub census_for_wave: Vec<Option<Census>>,
    /// Clusters that sent no return.
    pub not_reporting: NotReporting,
    /// The exposure before the scheme started.
    pub before_start: f64,
    /// Cap on the exposure of tiny clusters.
    pub cap: Option<(f64, CapAction)>,
}

/// How responses find their cluster.
#[derive(Debug, Clone)]
pub struct Linkage {
    /// Wave index whose practice file decides the cluster that errors are clustered by.
    pub reference_wave: usize,
    /// Least share of responses whose practice must be on a practice file.
    pub minimum_linked: f64,
}
