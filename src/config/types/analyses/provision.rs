//! Provision against need: what need is, what is adjusted for.

/// What stands between clusters beside need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvisionAdjust {
    /// Mean deprivation score of the cluster's patients.
    Deprivation,
    /// Registered patients.
    Patients,
    /// An effect for each larger area.
    Area,
}

/// What is asked of provision.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvisionNeed {
    /// What need is called.
    pub label: String,
    /// The outcome whose answers show need, as an index.
    pub outcome: usize,
    /// The baseline wave, as an index.
    pub wave: usize,
    /// Whether a success shows need; otherwise a failure does.
    pub success: bool,
    /// Patients that provision is stated per.
    pub per: f64,
    /// What the adjusted slope holds constant.
    pub adjust: Vec<ProvisionAdjust>,
}
