//! People: which effects are scaled to which populations.

/// What is scaled to people.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// Populations, as indices into [`super::super::Config::populations`].
    pub bases: Vec<usize>,
    /// Outcomes, as indices.
    pub outcomes: Vec<usize>,
}
