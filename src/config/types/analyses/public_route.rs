//! The main model from published counts beside the one from answers of people.

/// How counts by practice and wave would be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicRoute {
    /// Bases below this are suppressed.
    pub suppress_below: u64,
    /// Outcomes: indices into [`super::super::Config::outcomes`].
    pub outcomes: Vec<usize>,
}
