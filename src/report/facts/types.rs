//! What a template may say: finished strings and yes/no answers, nothing else.
//!
//! Every number is already rounded; a value that is not released reads "not released". Templates
//! choose words, they never round, add or compare numbers. Lists keep the order of the config.

use serde::Serialize;

use super::{
    AnalysisFacts, AreaFacts, AssumptionFacts, ChangeFacts, ContrastFacts, CovariateFacts, DisclosureFacts,
    DroppedFacts, FlowFacts, InputFacts, JointFacts, LinkageFacts, ModelFacts, OutcomeFacts, PaperFacts, TestFacts,
    VariantFacts,
};

/// Everything the report template sees, as `facts`.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// The study: title, version, authors.
    pub study: StudyFacts,
    /// The program that made the report.
    pub program: ProgramFacts,
    /// The study's words for its units.
    pub terms: TermFacts,
    /// True when any source is not real.
    pub simulated: bool,
    /// The mark in captions: "Simulated data." or, where some sources are real, "Simulated in
    /// this report: survey."; empty over real data.
    pub mark: String,
    /// Names of the sources that are not real.
    pub simulated_sources: Vec<String>,
    /// The same as a phrase: "survey, workforce and practices"; empty when all are real.
    pub simulated_sources_text: String,
    /// Names of the sources that are real, as a phrase; empty when none is.
    pub real_sources_text: String,
    /// Responses on file.
    pub responses: String,
    /// Responses analysed for at least one outcome.
    pub analysed_any: String,
    /// Those as a share of the responses on file: "89.9%".
    pub analysed_percent: String,
    /// Practices with a response.
    pub practices: String,
    /// Waves in order.
    pub waves: Vec<WaveFacts>,
    /// Number of waves in words or digits: "six".
    pub wave_count: String,
    /// First wave.
    pub first_wave: String,
    /// Last wave.
    pub last_wave: String,
    /// Workforce censuses in order.
    pub censuses: Vec<CensusFacts>,
    /// True when there is at least one census.
    pub has_censuses: bool,
    /// First census on file; every text is empty when there is none.
    pub first_census: CensusFacts,
    /// Last census on file.
    pub last_census: CensusFacts,
    /// How the exposure is made.
    pub exposure: ExposureFacts,
    /// Outcomes in the order of the config, with the main model's results.
    pub outcomes: Vec<OutcomeFacts>,
    /// Number of outcomes in words or digits: "five".
    pub outcome_count: String,
    /// Outcomes whose interval lies above no difference.
    pub higher: Group,
    /// Outcomes whose interval lies below no difference.
    pub lower: Group,
    /// Outcomes whose interval includes no difference.
    pub unclear: Group,
    /// Outcomes without a released estimate.
    pub hidden: Group,
    /// Outcomes that stay below 0.05 after Holm's adjustment.
    pub holm: Group,
    /// Outcomes that stay below 0.05 after Benjamini and Hochberg's adjustment.
    pub discovered: Group,
    /// Outcomes whose effect is shown to be smaller than the smallest that matters.
    pub equivalent: Group,
    /// What is tested over the outcomes.
    pub tests: TestFacts,
    /// Contrasts of the main model's predictions.
    pub contrasts: Vec<ContrastFacts>,
    /// Joint tests.
    pub joint: Vec<JointFacts>,
    /// What the fits warn of: "main model, confidence: …".
    pub warnings: Vec<String>,
    /// What was analysed beside the models.
    pub analyses: AnalysisFacts,
    /// The main model in words.
    pub model: ModelFacts,
    /// The other models, each with its results by outcome.
    pub variants: Vec<VariantFacts>,
    /// Covariates of the config, used in a model or only described.
    pub covariates: Vec<CovariateFacts>,
    /// Populations that effects are scaled to.
    pub populations: Vec<PopulationFacts>,
    /// The mirrored paper.
    pub paper: PaperFacts,
    /// From received to analysed, by outcome over all waves.
    pub flow: Vec<FlowFacts>,
    /// What left within the estimator of the main model.
    pub dropped: Vec<DroppedFacts>,
    /// How the sources linked.
    pub linkage: Vec<LinkageFacts>,
    /// What the paper leaves open and what was chosen.
    pub assumptions: Vec<AssumptionFacts>,
    /// Every file read.
    pub inputs: Vec<InputFacts>,
    /// What changed since the earlier version on file.
    pub changes: ChangeFacts,
    /// The areas with the most and the least provision.
    pub areas: AreaFacts,
    /// The disclosure regime.
    pub disclosure: DisclosureFacts,
    /// True when shares are weighted.
    pub weighted: bool,
}

/// The study.
#[derive(Debug, Clone, Serialize)]
pub struct StudyFacts {
    /// Short id.
    pub id: String,
    /// Version of the evaluation.
    pub version: String,
    /// Title.
    pub title: String,
    /// Authors.
    pub authors: Vec<String>,
    /// Authors as a phrase.
    pub authors_text: String,
    /// Date as the config writes it; empty for none.
    pub date: String,
    /// DOI of the mirrored paper; empty for none.
    pub doi: String,
    /// Address of the DOI; empty for none.
    pub doi_url: String,
    /// Citation of the mirrored paper; empty for none.
    pub citation: String,
    /// Seed of everything random.
    pub seed: String,
    /// Notices that must stand wherever the data are shown.
    pub notices: Vec<String>,
}

/// The program.
#[derive(Debug, Clone, Serialize)]
pub struct ProgramFacts {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
}

/// The study's words for its units.
#[derive(Debug, Clone, Serialize)]
pub struct TermFacts {
    /// One row of the survey.
    pub response: String,
    /// Rows of the survey.
    pub responses: String,
    /// What sums over outcomes count: rows of the survey, or answers in practice files.
    pub counted: String,
    /// One surveyed unit.
    pub practice: String,
    /// Surveyed units.
    pub practices: String,
    /// One cluster.
    pub cluster: String,
    /// Clusters.
    pub clusters: String,
    /// One larger area.
    pub area: String,
    /// Larger areas.
    pub areas: String,
    /// Unit of the exposure's amount.
    pub amount: String,
    /// What one unit of the exposure is.
    pub exposure_unit: String,
}

/// One wave.
#[derive(Debug, Clone, Serialize)]
pub struct WaveFacts {
    /// Label, a year.
    pub wave: String,
    /// Responses on file.
    pub responses: String,
    /// Census that the exposure comes from; "none" where it is set by definition.
    pub census: String,
}

/// One census.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CensusFacts {
    /// Census, "2020-12".
    pub census: String,
    /// The same in words: "December 2020".
    pub month: String,
    /// Sum of the amount that counts.
    pub amount: String,
    /// Clusters that sent a return.
    pub reporting: String,
    /// Clusters on the practice file.
    pub known: String,
    /// Share of them that sent a return: "61.2%".
    pub reporting_percent: String,
    /// Reporting clusters with any amount.
    pub with_any: String,
    /// Mean exposure.
    pub mean: String,
    /// Median exposure.
    pub median: String,
    /// Quartiles of the exposure: "0.5 to 2.0".
    pub quartiles: String,
    /// 10th to 90th percentile of the exposure.
    pub tenths: String,
}

/// How the exposure is made.
#[derive(Debug, Clone, Serialize)]
pub struct ExposureFacts {
    /// Label.
    pub label: String,
    /// What one unit is.
    pub unit: String,
    /// Patients that the amount is per: "50,000".
    pub per: String,
    /// What happens to clusters that sent no return, a clause.
    pub not_reporting: String,
    /// The exposure before the scheme started.
    pub before_start: String,
    /// Waves that take it, as a phrase; empty for none.
    pub waves_before: String,
    /// Waves with their censuses: "2021 (December 2020) and 2022 (December 2021)".
    pub waves_after: String,
    /// What happens above the cap, a clause; empty without a cap.
    pub cap: String,
}

/// A list of outcomes that share an answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Group {
    /// True when there is at least one.
    pub any: bool,
    /// True when all outcomes are in it.
    pub all: bool,
    /// How many, in words or digits; "no" for none.
    pub count: String,
    /// True when there is exactly one.
    pub one: bool,
    /// The labels as a phrase, first letters lowered.
    pub text: String,
    /// The ids.
    pub ids: Vec<String>,
}

/// A population.
#[derive(Debug, Clone, Serialize)]
pub struct PopulationFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Number of people.
    pub people: String,
}
