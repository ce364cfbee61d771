//! The disclosure regime as the config gives it: names, numbers, and what a person decided. What the
//! numbers do to a value is the disclosure room's.

/// Disclosure regime.
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosure {
    /// Name of the profile.
    pub profile: String,
    /// Results on fewer people than this are hidden.
    pub threshold: u64,
    /// Counts are shown as multiples of this; 1 shows them as they are.
    pub rounding: u64,
    /// Whether a count of zero is hidden like a small one.
    pub hide_zeros: bool,
    /// Whether totals over waves are the sums of their rounded parts; else they are rounded themselves.
    pub totals_of_parts: bool,
    /// Fewest residual degrees of freedom of a model that is shown; 0 for no such rule.
    pub residual_df: u64,
    /// Largest share of a total of amounts that its two largest contributors may have; 1 for no such
    /// rule.
    pub largest_two: f64,
    /// Smallest remainder of a total of amounts, without its two largest, as a share of the largest; 0
    /// for no such rule.
    pub p_percent: f64,
    /// Printed in tables in place of a hidden value.
    pub mark: String,
    /// Kinds of single units that may be described, by name.
    pub units: Vec<UnitKind>,
    /// What happens where the difference from a version on file would tell a small number.
    pub previous: Previous,
    /// Reasons that a person gives for an output that the rules do not pass: output, reason.
    pub exceptions: Vec<(String, String)>,
}

/// Kinds of units below which nothing is described unless it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    /// Practices: their numbers are shown as they are where those of people are rounded.
    Practice,
    /// Clusters of practices: amounts that rest on a single one, or on one or two above all, are shown.
    Cluster,
}

/// What happens where the difference from a version on file would tell a small number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Previous {
    /// It is filed, and listed for a person to look at.
    Review,
    /// It is not filed.
    Refuse,
}

impl Disclosure {
    /// The names of the regimes.
    pub const PROFILES: [&'static str; 6] = ["gpps", "nhs-digital", "opensafely", "acro", "custom", "none"];

    /// Whether single units of a kind may be described.
    pub fn shows(&self, kind: UnitKind) -> bool {
        self.profile == "none" || self.units.contains(&kind)
    }

    /// A regime that hides below a threshold and does nothing else.
    pub fn above(profile: &str, threshold: u64) -> Self {
        Self {
            profile: profile.into(),
            threshold,
            rounding: 1,
            hide_zeros: false,
            totals_of_parts: false,
            residual_df: 0,
            largest_two: 1.0,
            p_percent: 0.0,
            mark: "not released".into(),
            units: Vec::new(),
            previous: Previous::Review,
            exceptions: Vec::new(),
        }
    }

    /// A named regime. `custom` starts with the threshold of the usual one.
    pub fn named(profile: &str) -> Option<Self> {
        let above = |threshold| Self::above(profile, threshold);
        Some(match profile {
            "gpps" | "custom" => above(10),
            "none" => above(0),
            // 1 to 7 are hidden, others to the nearest 5; totals are taken before rounding.
            "nhs-digital" => Self { rounding: 5, mark: "*".into(), ..above(8) },
            // 7 or fewer, and so none at all, are hidden; others to the nearest 5.
            "opensafely" => Self { rounding: 5, hide_zeros: true, totals_of_parts: true, ..above(8) },
            // The defaults of that tool count zeros among small numbers.
            "acro" => {
                let limits = Self { hide_zeros: true, residual_df: 10, ..above(10) };
                Self { largest_two: 0.9, p_percent: 0.1, ..limits }
            }
            _ => return None,
        })
    }
}
