//! Finished strings on outcomes, models and variants.

use serde::Serialize;

/// An outcome with the main model's results.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// The label within a sentence: first letter lowered unless it opens a name.
    pub phrase: String,
    /// Short label.
    pub short: String,
    /// Who is asked.
    pub asked: String,
    /// True when there is a released odds ratio.
    pub estimated: bool,
    /// `ok` or why there is none.
    pub status: String,
    /// Odds ratio: "1.006".
    pub odds_ratio: String,
    /// 95% interval: "1.001 to 1.010".
    pub ci: String,
    /// p value: "0.010" or "<0.001".
    pub p: String,
    /// p value with its sign: "p = 0.010" or "p < 0.001".
    pub p_text: String,
    /// Percentage points per unit of the exposure: "+0.12".
    pub points: String,
    /// 95% interval.
    pub points_ci: String,
    /// The size of the change in points without its sign, for "0.12 percentage points higher".
    pub points_size: String,
    /// True when effects on this outcome are scaled to people.
    pub has_people: bool,
    /// People per year, in words without a sign: "47,000".
    pub people_size: String,
    /// People per year with a sign: "+47,000".
    pub people: String,
    /// 95% interval.
    pub people_ci: String,
    /// Population the people are counted in; empty for none.
    pub population: String,
    /// Responses analysed.
    pub n: String,
    /// Practices analysed.
    pub practices: String,
    /// Clusters analysed.
    pub clusters: String,
    /// Practices that left because all answers are the same.
    pub practices_dropped: String,
    /// `higher`, `lower`, `no clear difference` or `not released`.
    pub direction: String,
    /// True when the interval excludes no difference.
    pub significant: bool,
    /// True when more of this outcome is better.
    pub more_is_better: bool,
    /// `favourable`, `unfavourable`, or `neither`.
    pub sense: String,
    /// E-value of the odds ratio.
    pub e_value: String,
    /// E-value of the interval's limit nearest 1.
    pub e_value_limit: String,
    /// Holm-adjusted p value.
    pub holm: String,
    /// True when that is below 0.05.
    pub holm_significant: bool,
    /// Hochberg-adjusted p value.
    pub hochberg: String,
    /// Benjamini-Hochberg-adjusted p value.
    pub benjamini_hochberg: String,
    /// True when that is below 0.05.
    pub discovered: bool,
    /// P value of two one-sided tests against the smallest effect that matters.
    pub equivalence: String,
    /// True when that is below the stated level.
    pub equivalent: bool,
    /// Minimum detectable effect in percentage points, without a sign: "0.12".
    pub minimum_detectable: String,
    /// P value of the bootstrap; empty without one.
    pub bootstrap: String,
    /// Level in each wave.
    pub levels: Vec<LevelFacts>,
    /// True when a first and a last level are released.
    pub has_levels: bool,
    /// First wave with a level; texts are empty when there is none.
    pub first_level: LevelFacts,
    /// Last wave with a level.
    pub last_level: LevelFacts,
    /// Breaks in series: "2021: reworded".
    pub breaks: Vec<String>,
    /// The same as a phrase; empty for none.
    pub breaks_text: String,
    /// Waves without a comparable item; empty for none.
    pub without_text: String,
    /// What the mirrored paper printed.
    pub published: PublishedFacts,
}

/// An outcome's level in a wave.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LevelFacts {
    /// Wave.
    pub wave: String,
    /// Share with the outcome: "83.8%".
    pub share: String,
    /// 95% interval.
    pub ci: String,
    /// Responses in the base.
    pub n: String,
}

/// What the mirrored paper printed for an outcome.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublishedFacts {
    /// True when the paper reports on this outcome.
    pub reported: bool,
    /// True when it prints an odds ratio.
    pub has_number: bool,
    /// Odds ratio with interval as printed, or the paper's words.
    pub text: String,
    /// People as printed; empty for none.
    pub people: String,
    /// Note, or words in place of a number.
    pub note: String,
    /// True when this run's odds ratio can be set beside it.
    pub comparable: bool,
    /// This run minus the paper, in odds ratios: "+0.001".
    pub difference: String,
    /// True when this run, rounded as printed, equals the printed number.
    pub same_digits: bool,
    /// True when this run's estimate lies in the printed interval.
    pub within: bool,
}

/// The main model in words.
#[derive(Debug, Clone, Serialize)]
pub struct ModelFacts {
    /// Label.
    pub label: String,
    /// True for logistic regression: effects come as odds ratios.
    pub odds_ratios: bool,
    /// `logistic regression`, `probit regression` or `linear probability model`.
    pub family: String,
    /// True when units are absorbed.
    pub has_absorbed: bool,
    /// Absorbed units, plural; empty for none.
    pub absorbed: String,
    /// One absorbed unit; empty for none.
    pub absorbed_one: String,
    /// True when waves have effects.
    pub wave_effects: bool,
    /// The study's clusters, plural.
    pub clusters: String,
    /// Which errors, as words that follow "standard": "errors clustered by PCN".
    pub errors: String,
    /// True when they are clustered by the study's clusters.
    pub by_cluster: bool,
    /// Distribution that statistics refer to: "the normal distribution" or "Student’s t".
    pub reference: String,
    /// Wave whose mapping decides the cluster.
    pub reference_wave: String,
    /// Adjusted for, as a phrase; "nothing else" for none.
    pub covariates: String,
    /// `unweighted` or `weighted by the survey weight`.
    pub weights: String,
    /// Covariance profile.
    pub profile: String,
    /// Small-sample factor; empty when not one and the same for all outcomes.
    pub factor: String,
}

/// A covariate.
#[derive(Debug, Clone, Serialize)]
pub struct CovariateFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Levels or unit.
    pub levels: String,
    /// Reference level; empty for numeric ones.
    pub reference: String,
    /// What happens to responses without a usable answer.
    pub missing: String,
    /// True when the main model adjusts for it.
    pub in_main: bool,
}

/// A variant.
#[derive(Debug, Clone, Serialize)]
pub struct VariantFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// What it changes, from the config.
    pub differs: String,
    /// For how many outcomes the direction is the main model's, in words or digits.
    pub agreeing: String,
    /// True when that is so for all.
    pub all_agree: bool,
    /// Outcomes with another direction, as a phrase; empty for none.
    pub disagreeing: String,
    /// Results by outcome.
    pub outcomes: Vec<VariantOutcomeFacts>,
}

/// A variant's result for one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct VariantOutcomeFacts {
    /// Outcome's id.
    pub id: String,
    /// Outcome's label.
    pub label: String,
    /// Outcome's short label.
    pub short: String,
    /// True for logistic regression.
    pub odds_ratios: bool,
    /// True when there is a released estimate.
    pub estimated: bool,
    /// Odds ratio; "–" for models that have none.
    pub odds_ratio: String,
    /// 95% interval.
    pub ci: String,
    /// p value of the exposure.
    pub p: String,
    /// Percentage points.
    pub points: String,
    /// 95% interval.
    pub points_ci: String,
    /// Same direction answer as the main model.
    pub agrees: bool,
}
