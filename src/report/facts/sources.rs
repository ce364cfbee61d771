//! Finished strings on the mirrored paper, the flow, the sources and the assumptions.

use serde::Serialize;

/// The mirrored paper.
#[derive(Debug, Clone, Serialize)]
pub struct PaperFacts {
    /// True when there is one.
    pub any: bool,
    /// Short name.
    pub name: String,
    /// Responses it analysed; empty when not printed.
    pub n: String,
    /// Number of its printed odds ratios that can be set beside this run, in words or digits.
    pub comparable: String,
    /// How many of those intervals contain this run's estimate, in words or digits.
    pub within: String,
    /// True when all do.
    pub all_within: bool,
    /// Outcomes whose estimate lies outside the printed interval, as a phrase; empty for none.
    pub outside: String,
}

/// From received to analysed.
#[derive(Debug, Clone, Serialize)]
pub struct FlowFacts {
    /// Outcome's id.
    pub id: String,
    /// Outcome's label.
    pub label: String,
    /// Outcome's short label.
    pub short: String,
    /// Responses on file.
    pub received: String,
    /// Responses analysed.
    pub analysed: String,
    /// Share analysed.
    pub percent: String,
    /// Reasons for leaving, in order.
    pub reasons: Vec<ReasonFacts>,
}

/// A reason for leaving.
#[derive(Debug, Clone, Serialize)]
pub struct ReasonFacts {
    /// Why.
    pub reason: String,
    /// Responses that left.
    pub rows: String,
}

/// What left within the estimator.
#[derive(Debug, Clone, Serialize)]
pub struct DroppedFacts {
    /// Outcome's label.
    pub outcome: String,
    /// What left.
    pub what: String,
    /// Groups or levels.
    pub groups: String,
    /// Responses.
    pub rows: String,
}

/// A fact on linkage.
#[derive(Debug, Clone, Serialize)]
pub struct LinkageFacts {
    /// What is counted.
    pub what: String,
    /// How many.
    pub count: String,
    /// Of how many.
    pub of: String,
    /// As a percentage.
    pub percent: String,
}

/// An assumption.
#[derive(Debug, Clone, Serialize)]
pub struct AssumptionFacts {
    /// What is open.
    pub about: String,
    /// Config key.
    pub key: String,
    /// The choice.
    pub choice: String,
    /// Why.
    pub because: String,
}

/// A file that was read.
#[derive(Debug, Clone, Serialize)]
pub struct InputFacts {
    /// Source.
    pub source: String,
    /// Path as the config gives it.
    pub path: String,
    /// Rows.
    pub rows: String,
    /// Bytes.
    pub bytes: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// First 12 digits of it.
    pub sha256_short: String,
    /// What was noticed, as one text; empty for none.
    pub notes: String,
}

/// The ends of the range of areas.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AreaFacts {
    /// True when at least two areas are released.
    pub any: bool,
    /// Census, "2022-03".
    pub census: String,
    /// The same in words: "March 2022".
    pub month: String,
    /// Number of areas.
    pub count: String,
    /// Name of the area with the most.
    pub most: String,
    /// Its exposure.
    pub most_exposure: String,
    /// Name of the area with the least.
    pub least: String,
    /// Its exposure.
    pub least_exposure: String,
}

/// The disclosure regime.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosureFacts {
    /// Profile.
    pub profile: String,
    /// Results on fewer people than this are hidden.
    pub threshold: String,
    /// Small numbers of practices are shown where counts of people are rounded.
    pub practices: bool,
    /// Amounts that rest on a single cluster are shown.
    pub clusters: bool,
}
