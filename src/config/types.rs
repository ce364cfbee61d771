//! The checked configuration: what every other room sees. Built only by `check`; holds no YAML
//! and no file handles. Cross references (an outcome's population, a model's covariates) hold.

use std::fmt;

/// A whole study, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who, what, which version.
    pub study: Study,
    /// The words that generic tables and figures use for this study's units.
    pub terms: Terms,
    /// Wave labels in order (a year each).
    pub waves: Vec<i32>,
    /// Where the data come from.
    pub inputs: Inputs,
    /// How the exposure is made.
    pub exposure: Exposure,
    /// How responses find their cluster.
    pub linkage: Linkage,
    /// Covariates by id, in the order of the config.
    pub covariates: Vec<Covariate>,
    /// Outcomes by id, in the order of the config.
    pub outcomes: Vec<Outcome>,
    /// The main model first, then the variants.
    pub models: Vec<Model>,
    /// Populations that effects are scaled to.
    pub populations: Vec<Population>,
    /// What the mirrored paper printed.
    pub published: Published,
    /// What the paper leaves open: the choice made and why.
    pub assumptions: Vec<Assumption>,
    /// Which disclosure regime results pass through.
    pub disclosure: Disclosure,
    /// Tables to make, in order.
    pub tables: Vec<Exhibit>,
    /// Figures to draw, in order.
    pub figures: Vec<Exhibit>,
    /// Template files, relative to the config's folder.
    pub report: Report,
    /// The simulator's truth, when any source is simulated or the study ships one.
    pub simulation: Option<super::Simulation>,
}

/// Identity of the study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Short id, used nowhere but in names.
    pub id: String,
    /// Version of the evaluation, the first part of the folder's name.
    pub version: String,
    /// Title of the report.
    pub title: String,
    /// Authors, in order.
    pub authors: Vec<String>,
    /// Date shown in the report, as written; empty for none.
    pub date: String,
    /// DOI of the mirrored paper; empty for none.
    pub doi: String,
    /// Its citation; empty for none.
    pub citation: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Notices that must stand wherever the data are shown (licences).
    pub notices: Vec<String>,
}

/// The study's words for its units, singular and plural.
#[derive(Debug, Clone)]
pub struct Terms {
    /// A row: response, responses.
    pub response: [String; 2],
    /// The surveyed unit: practice, practices.
    pub practice: [String; 2],
    /// The cluster: PCN, PCNs.
    pub cluster: [String; 2],
    /// The larger area: ICB, ICBs.
    pub area: [String; 2],
    /// The unit of the exposure's amount: FTE.
    pub amount: String,
    /// What one unit of the exposure is: "1 FTE per 50,000 registered patients".
    pub exposure_unit: String,
}

/// Whether data are real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Real files.
    Real,
    /// Made by the simulator in this process.
    Simulated,
    /// Files that the simulator wrote earlier.
    SimulatedFiles,
}

/// The sources.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// Survey responses.
    pub survey: SurveyInput,
    /// Workforce rows by census.
    pub workforce: WorkforceInput,
    /// Practices by wave.
    pub practices: PracticesInput,
    /// Deprivation score by practice and year.
    pub deprivation: Option<DeprivationInput>,
    /// List sizes that replace the practice files' own, by wave.
    pub list_sizes: Option<ListSizeInput>,
}

/// Form of the survey files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurveyReader {
    /// One row per responder.
    Person,
    /// One row per practice with counts per answer.
    Practice,
    /// Rows with a count column.
    Cells,
}

/// Text encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with or without a byte order mark.
    Utf8,
    /// Windows-1252.
    Windows1252,
}

/// A survey file of one wave (or of all waves when `wave` is none).
#[derive(Debug, Clone)]
pub struct SurveyFile {
    /// Index into [`Config::waves`]; none when a wave column tells.
    pub wave: Option<usize>,
    /// Path relative to the data root. The ending chooses the format: csv, parquet, sav.
    pub path: String,
    /// Header of the practice column.
    pub practice: String,
    /// Header of the wave column, for files that hold several waves.
    pub wave_column: Option<String>,
    /// Header of the weight column.
    pub weight: Option<String>,
    /// Header of the count column (cells).
    pub count: Option<String>,
}

/// Survey responses.
#[derive(Debug, Clone)]
pub struct SurveyInput {
    /// Real or simulated.
    pub source: Source,
    /// Form of the files.
    pub reader: SurveyReader,
    /// The files.
    pub files: Vec<SurveyFile>,
    /// Their encoding (text formats).
    pub encoding: Encoding,
    /// Codes that mean "no usable answer", each with its reason for the ledger, in config order.
    pub missing: Vec<(i8, String)>,
}

/// Workforce rows, one per member of staff and census.
#[derive(Debug, Clone)]
pub struct WorkforceInput {
    /// Real or simulated.
    pub source: Source,
    /// Paths or globs relative to the data root.
    pub files: Vec<String>,
    /// Encoding.
    pub encoding: Encoding,
    /// Header of the census year.
    pub year: String,
    /// Header of the census month (1..=12).
    pub month: String,
    /// Header of the cluster's code.
    pub pcn: String,
    /// Header of the cluster's name.
    pub pcn_name: String,
    /// Header of the larger area's code.
    pub area: String,
    /// Header of the larger area's name.
    pub area_name: String,
    /// Header of the amount (full-time equivalents).
    pub amount: String,
    /// Rows that count towards the exposure: header and accepted values. Rows that do not match
    /// still show that the cluster sent a return.
    pub matching: Vec<(String, Vec<String>)>,
    /// Largest believable amount of one row.
    pub largest: f64,
}

/// One wave's practice file.
#[derive(Debug, Clone)]
pub struct PracticesFile {
    /// Index into [`Config::waves`].
    pub wave: usize,
    /// Path relative to the data root.
    pub path: String,
    /// Header of the practice code.
    pub practice: String,
    /// Header of the practice name.
    pub name: String,
    /// Header of the cluster's code.
    pub pcn: String,
    /// Header of registered patients.
    pub patients: String,
    /// Header of the urban/rural field.
    pub rurality: Option<String>,
    /// Header of the close date; a practice with one is closed.
    pub closed: Option<String>,
    /// Rows kept: header and accepted values (GP practices, not walk-in centres).
    pub keep: Vec<(String, Vec<String>)>,
}

/// What a practice with a close date still counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Everything.
    Keep,
    /// It keeps its mapping; its patients leave the denominator.
    NoPatients,
    /// Nothing.
    Drop,
}

/// Practices by wave.
#[derive(Debug, Clone)]
pub struct PracticesInput {
    /// Real or simulated.
    pub source: Source,
    /// One file per wave that has one; other waves take the nearest (the earlier one on a tie).
    pub files: Vec<PracticesFile>,
    /// Encoding.
    pub encoding: Encoding,
    /// Cluster codes that mean "in none".
    pub no_pcn: Vec<String>,
    /// Values that mean missing in any column.
    pub missing: Vec<String>,
    /// Practices with a close date.
    pub closed: Closed,
}

/// How a wave's deprivation score is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeprivationRule {
    /// The nearest year on file (the earlier one on a tie).
    Nearest,
    /// Linear between years, the end values outside.
    Interpolate,
}

/// Deprivation by practice and year.
#[derive(Debug, Clone)]
pub struct DeprivationInput {
    /// Real or simulated.
    pub source: Source,
    /// Path relative to the data root.
    pub path: String,
    /// Encoding.
    pub encoding: Encoding,
    /// Header of the practice code.
    pub practice: String,
    /// Header of the year.
    pub year: String,
    /// Header of the score.
    pub score: String,
    /// Rule for waves between years.
    pub rule: DeprivationRule,
}

/// Registered patients by practice, replacing the practice files' figure for a wave.
#[derive(Debug, Clone)]
pub struct ListSizeInput {
    /// `(wave index, path)`.
    pub files: Vec<(usize, String)>,
    /// Encoding.
    pub encoding: Encoding,
    /// Header of the practice code.
    pub practice: String,
    /// Header of the number of patients.
    pub patients: String,
    /// Rows used: header and accepted values.
    pub matching: Vec<(String, Vec<String>)>,
}

/// A workforce census.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Census {
    /// Calendar year.
    pub year: i32,
    /// Month, 1..=12.
    pub month: u32,
}

impl Census {
    /// Months since year 0, for interpolation.
    pub fn months(self) -> i32 {
        self.year * 12 + self.month as i32 - 1
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What to do for a cluster that sent no return at a census.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReporting {
    /// Its responses leave, in the ledger.
    Missing,
    /// Taken as none.
    Zero,
    /// Its last return before.
    CarryForward,
    /// Its first return after.
    CarryBack,
    /// Linear in time between the returns on both sides.
    Interpolate,
}

/// What to do with exposures above a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapAction {
    /// Set to the cap.
    Limit,
    /// The cluster's responses leave, in the ledger.
    Drop,
}

/// How the exposure is made.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Label of the exposure.
    pub label: String,
    /// Patients that the amount is per.
    pub per: f64,
    /// Census for each wave, in the order of [`Config::waves`]; none where the exposure is
    /// [`Exposure::before_start`] by definition.
    pub census_for_wave: Vec<Option<Census>>,
    /// Clusters that sent no return.
    pub not_reporting: NotReporting,
    /// The exposure before the scheme started.
    pub before_start: f64,
    /// Cap on the exposure of tiny clusters.
    pub cap: Option<(f64, CapAction)>,
}

/// How responses find their cluster.
#[derive(Debug, Clone)]
pub struct Linkage {
    /// Wave index whose practice file decides the cluster that errors are clustered by.
    pub reference_wave: usize,
    /// Least share of responses whose practice must be on a practice file.
    pub minimum_linked: f64,
}

/// What happens to a response without a usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRule {
    /// A level of its own.
    Level,
    /// It leaves, in the ledger.
    Drop,
}

/// Where a covariate's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum CovariateKind {
    /// A survey item, one name per wave (in the order of [`Config::waves`]).
    Item {
        /// Item name per wave.
        items: Vec<String>,
        /// Level labels with their codes.
        levels: Vec<(String, Vec<i8>)>,
        /// Index of the reference level.
        reference: usize,
        /// Responses without a usable answer.
        missing: MissingRule,
    },
    /// The practice file's urban/rural field.
    Rurality {
        /// Level labels with the texts of the file.
        levels: Vec<(String, Vec<String>)>,
        /// Index of the reference level.
        reference: usize,
        /// Practices without a value.
        missing: MissingRule,
    },
    /// The practice's deprivation score, numeric, divided by `scale`.
    Deprivation {
        /// Units of the score that one unit of the covariate stands for.
        scale: f64,
    },
}

/// A covariate.
#[derive(Debug, Clone)]
pub struct Covariate {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Where it comes from.
    pub kind: CovariateKind,
    /// Whether Table 1 describes it.
    pub describe: bool,
}

/// An outcome.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Label for figures.
    pub short: String,
    /// Who is asked, for tables: "has a long-term condition".
    pub asked: String,
    /// Item name per wave; none where the wave has no comparable item.
    pub items: Vec<Option<String>>,
    /// Codes that count as success.
    pub success: Vec<i8>,
    /// Codes that count as failure.
    pub failure: Vec<i8>,
    /// Codes left out of the base, each with its reason for the ledger.
    pub left_out: Vec<(i8, String)>,
    /// Conditions for being asked: item and accepted codes, with the reason for the ledger.
    pub base: Vec<(String, Vec<i8>)>,
    /// Text for the ledger when the base is not met.
    pub base_reason: String,
    /// Columns of practice files: those that add up to the successes, and the base.
    pub counts: Option<OutcomeCounts>,
    /// Whether more is better (for the words of the report).
    pub good: bool,
    /// Index into [`Config::populations`]; none where effects are not scaled to people.
    pub population: Option<usize>,
    /// Break in series before a wave, with a short reason: `(wave index, text)`.
    pub breaks: Vec<(usize, String)>,
}

/// An outcome's columns in a practice file.
#[derive(Debug, Clone)]
pub struct OutcomeCounts {
    /// Columns that add up to the successes.
    pub success: Vec<String>,
    /// Column with the number of answers in the base.
    pub base: String,
}

/// Likelihood of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Logistic regression.
    Logit,
    /// Linear probability model.
    Linear,
}

/// The units whose effects are absorbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absorb {
    /// Practice effects.
    Practice,
    /// Cluster effects.
    Cluster,
    /// An intercept only.
    None,
}

/// Small-sample profile of the clustered covariance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vcov {
    /// G/(G-1), normal quantiles.
    Stata,
    /// G/(G-1) (N-1)/(N-K), t quantiles with G-1 degrees of freedom.
    Fixest,
    /// No factor, normal quantiles.
    Plain,
}

/// A model: applied to every outcome.
#[derive(Debug, Clone)]
pub struct Model {
    /// `main` or the variant's id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Likelihood.
    pub family: Family,
    /// Indices into [`Config::covariates`].
    pub covariates: Vec<usize>,
    /// Absorbed effects.
    pub absorb: Absorb,
    /// Wave dummies.
    pub wave_effects: bool,
    /// Whether survey weights are used.
    pub weighted: bool,
    /// Covariance profile.
    pub vcov: Vcov,
}

/// A population that effects are scaled to.
#[derive(Debug, Clone)]
pub struct Population {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Number of people.
    pub people: f64,
}

/// What the mirrored paper printed.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Short name of the paper for column heads.
    pub name: String,
    /// One per outcome that the paper reports.
    pub estimates: Vec<PublishedEstimate>,
    /// Number of responses analysed by the paper, if printed.
    pub n: Option<u64>,
}

/// One printed estimate.
#[derive(Debug, Clone)]
pub struct PublishedEstimate {
    /// Index into [`Config::outcomes`].
    pub outcome: usize,
    /// Odds ratio with its interval as printed; none where no number was printed.
    pub odds_ratio: Option<[f64; 3]>,
    /// Digits printed after the point.
    pub digits: usize,
    /// People, as printed.
    pub people: Option<f64>,
    /// Words printed in place of a number, or a note.
    pub note: String,
}

/// An open question of the paper with the choice made here.
#[derive(Debug, Clone)]
pub struct Assumption {
    /// What is open.
    pub about: String,
    /// Config key that holds the choice, as a dotted path.
    pub key: String,
    /// The choice as it stands in the config.
    pub choice: String,
    /// Why.
    pub because: String,
}

/// Disclosure regime.
#[derive(Debug, Clone)]
pub struct Disclosure {
    /// Name of the profile.
    pub profile: String,
    /// Results on fewer people than this are hidden.
    pub threshold: u64,
}

/// A table or figure to make.
#[derive(Debug, Clone)]
pub struct Exhibit {
    /// Id: which builder makes it.
    pub id: String,
    /// Number shown: `1`, `S1`.
    pub number: String,
    /// Title.
    pub title: String,
    /// Note below; empty for none.
    pub note: String,
}

/// The report's templates.
#[derive(Debug, Clone)]
pub struct Report {
    /// Markdown template.
    pub template: String,
    /// HTML page template.
    pub page: String,
}

impl Config {
    /// True when any source is not real.
    pub fn simulated(&self) -> bool {
        !self.simulated_sources().is_empty()
    }

    /// The names of the sources that are not real.
    pub fn simulated_sources(&self) -> Vec<&'static str> {
        let inputs = &self.inputs;
        let mut names = Vec::new();
        let mut add = |source: Source, name| {
            if source != Source::Real {
                names.push(name);
            }
        };
        add(inputs.survey.source, "survey");
        add(inputs.workforce.source, "workforce");
        add(inputs.practices.source, "practices");
        if let Some(deprivation) = &inputs.deprivation {
            add(deprivation.source, "deprivation");
        }
        names
    }

    /// Every survey item that the study reads, sorted, each once.
    pub fn items(&self) -> Vec<String> {
        let mut items = std::collections::BTreeSet::new();
        for outcome in &self.outcomes {
            items.extend(outcome.items.iter().flatten().cloned());
            items.extend(outcome.base.iter().map(|(item, _)| item.clone()));
        }
        for covariate in &self.covariates {
            if let CovariateKind::Item { items: names, .. } = &covariate.kind {
                items.extend(names.iter().cloned());
            }
        }
        items.into_iter().collect()
    }
}
