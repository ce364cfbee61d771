//! Dose: how the outcome goes with the amount of exposure, without a straight line.

/// Where a spline's knots are.
#[derive(Debug, Clone, PartialEq)]
pub enum Knots {
    /// At these exposures.
    At(Vec<f64>),
    /// At these quantiles of the exposures above none.
    Quantiles(Vec<f64>),
}

/// What is asked of the dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Dose {
    /// Outcomes, as indices.
    pub outcomes: Vec<usize>,
    /// Upper ends of the categories between none and the last, which is open.
    pub cuts: Vec<f64>,
    /// Knots of the restricted cubic spline.
    pub knots: Knots,
    /// Bins of equal size behind the curve, besides none.
    pub bins: usize,
}
