//! The grid of specifications: axes of choices, and the combinations of them that are fitted.

use super::super::Model;

/// A choice with its alternatives; the first one is the main model's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridAxis {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Alternatives: id and label.
    pub levels: Vec<[String; 2]>,
}

/// One combination.
#[derive(Debug, Clone, PartialEq)]
pub struct Specification {
    /// Ids of the alternatives that differ from the main model's, joined by `+`; `main` where none does.
    pub id: String,
    /// Alternative taken of each axis.
    pub levels: Vec<usize>,
    /// The model that it makes.
    pub model: Model,
}

/// The grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Axes in order.
    pub axes: Vec<GridAxis>,
    /// Axes whose alternatives are fully crossed: indices into `axes`.
    pub cross: Vec<usize>,
    /// Axes crossed with everything else.
    pub with_all: Vec<usize>,
    /// Combinations, the main model's first.
    pub specifications: Vec<Specification>,
    /// Outcomes: indices into [`super::super::Config::outcomes`].
    pub outcomes: Vec<usize>,
}
