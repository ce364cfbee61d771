//! Costs: what the exposure costs, how sure that is, what an additional person may be worth.

/// How an uncertain number is drawn. Its `low` and `high` are the 95 % limits (of a uniform: the ends).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// Not drawn.
    Fixed,
    /// Normal with the value as its mean and a fourth of the range (in normal quantiles) as its sd.
    Normal,
    /// Gamma with the same two moments.
    Gamma,
    /// Uniform between the limits.
    Uniform,
}

impl Distribution {
    /// The word in the config.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Normal => "normal",
            Self::Gamma => "gamma",
            Self::Uniform => "uniform",
        }
    }
}

/// A number that is known with some uncertainty.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Label.
    pub label: String,
    /// Best value.
    pub value: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// How it is drawn.
    pub distribution: Distribution,
}

/// Where the amount in post comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum InPost {
    /// The last census that a wave uses, scaled up to all registered patients.
    Census,
    /// Stated.
    Stated(Quantity),
}

/// A share of people who were referred.
#[derive(Debug, Clone, PartialEq)]
pub struct Referred {
    /// Label.
    pub label: String,
    /// The share, 0..1.
    pub share: f64,
}

/// What is asked of costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// Sign or code before amounts of money.
    pub currency: String,
    /// Cost of a year.
    pub total: Quantity,
    /// Amount in post that it paid for.
    pub in_post: InPost,
    /// Registered patients.
    pub patients: Quantity,
    /// Draws of the probabilistic analysis.
    pub draws: u64,
    /// What an additional person may be worth, ascending from zero.
    pub worth: Vec<f64>,
    /// Outcomes with a population, as indices.
    pub outcomes: Vec<usize>,
    /// Outcome of the one-way figure.
    pub figure: usize,
    /// Share of patients referred, as context.
    pub referred: Option<Referred>,
}
