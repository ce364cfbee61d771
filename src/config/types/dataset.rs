//! The second form of study: any table of rows, alone or with values looked up in other tables, and
//! models of it. Built only by `check`; every index is in range and refers backwards where it says so.

use super::{Assumption, Disclosure, Encoding, Exhibit, ModelContrast, Population, Report, Study, Vcov};

/// A study of one table, checked.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Who, what, which version.
    pub study: Study,
    /// What one row is, singular and plural: practice, practices.
    pub row: [String; 2],
    /// The files, by id, in the order of the config.
    pub sources: Vec<TableSource>,
    /// Index into [`Dataset::sources`]: one row of the analysis per row of this source.
    pub rows: usize,
    /// Variables in the order of the config. A variable refers to earlier ones only.
    pub variables: Vec<Variable>,
    /// Outcomes in the order of the config.
    pub outcomes: Vec<DatasetOutcome>,
    /// The main model first, then the variants.
    pub models: Vec<DatasetModel>,
    /// Tests over the outcomes of the main model.
    pub tests: DatasetTests,
    /// Populations that effects are scaled to.
    pub populations: Vec<Population>,
    /// Estimates printed elsewhere, to compare with.
    pub published: Vec<PublishedTerm>,
    /// Name of the publication for column heads.
    pub published_name: String,
    /// What was open and how it was chosen.
    pub assumptions: Vec<Assumption>,
    /// Why the study is made, as paragraphs; the first stands in the abstract.
    pub background: Vec<String>,
    /// What a reader must know about the limits of the study, as sentences.
    pub limits: Vec<String>,
    /// Which disclosure regime results pass through.
    pub disclosure: Disclosure,
    /// Tables to make, in order.
    pub tables: Vec<Exhibit>,
    /// Figures to draw, in order.
    pub figures: Vec<Exhibit>,
    /// Template files, relative to the config's folder.
    pub report: Report,
}

/// A table on file. Several files of the same columns are read one after the other.
#[derive(Debug, Clone)]
pub struct TableSource {
    /// Id.
    pub id: String,
    /// Paths or globs relative to the data root. The ending chooses the format: csv or parquet.
    pub files: Vec<String>,
    /// Encoding (text formats).
    pub encoding: Encoding,
    /// Rows used: header and accepted values.
    pub matching: Vec<(String, Vec<String>)>,
    /// Texts that mean missing in any column; an empty field always does.
    pub missing: Vec<String>,
}

/// A named column of the analysis.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Id, as models write it.
    pub id: String,
    /// Label for tables.
    pub label: String,
    /// What one unit is, for sentences on effects: "1 FTE per 50,000 registered patients".
    pub unit: String,
    /// Where values come from.
    pub origin: Origin,
    /// What they are.
    pub kind: VariableKind,
    /// Why a row without a value leaves, for the ledger.
    pub reason: String,
}

/// Where a variable's values come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A column of a source.
    Column {
        /// Which rows of which source.
        from: Lookup,
        /// Header.
        column: String,
        /// Texts that mean missing in this column, besides the source's.
        missing: Vec<String>,
    },
    /// The sum of a column over all rows of a source that match (number of rows where `column` is none).
    Sum {
        /// Which rows of which source; never the row's own source without a match.
        from: Lookup,
        /// Header of what is added up; none counts rows.
        column: Option<String>,
        /// Rows that count: header and accepted values. Rows that do not match still show that the
        /// key is on file: its sum is zero.
        matching: Vec<(String, Vec<String>)>,
        /// Value of a key that is not on file at all; none is missing.
        absent: Option<f64>,
    },
    /// One variable over another, times a constant. Missing where the denominator is not above zero.
    Ratio {
        /// Numerator, an earlier variable.
        numerator: usize,
        /// Denominator, an earlier variable.
        denominator: usize,
        /// Constant.
        times: f64,
    },
    /// Natural logarithm of an earlier variable; missing where it is not above zero.
    Log(usize),
}

/// How a row finds its values in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Index into [`Dataset::sources`].
    pub source: usize,
    /// Headers of the source and the earlier variables (keys or categories) that they must equal.
    /// Empty: the row's own source.
    pub matching: Vec<(String, usize)>,
}

/// What a variable's values are.
#[derive(Debug, Clone, PartialEq)]
pub enum VariableKind {
    /// Numbers, divided by `scale`. Texts named in `values` stand for numbers.
    Number {
        /// Units of the file that one unit of the variable stands for.
        scale: f64,
        /// Text of the file and the number it stands for; all other texts must be numbers where this
        /// is empty, and are errors where it is not.
        values: Vec<(String, f64)>,
    },
    /// Levels.
    Category {
        /// Label and texts of the file; empty: every text is a level of its own, in order of text
        /// (numbers in order of size).
        levels: Vec<(String, Vec<String>)>,
        /// Label of the level that others are compared with; none: the first.
        reference: Option<String>,
        /// Whether rows without a value get a level of their own; else they leave.
        missing_level: bool,
    },
    /// A code that names a unit: to look up, to cluster, to absorb.
    Key,
}

/// An outcome.
#[derive(Debug, Clone)]
pub struct DatasetOutcome {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Label for figures.
    pub short: String,
    /// What is measured.
    pub measure: Measure,
    /// Index into [`Dataset::populations`]; none where effects are not scaled.
    pub population: Option<usize>,
}

/// What an outcome measures. Indices into [`Dataset::variables`], numbers all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// 0 or 1 per row.
    Binary(usize),
    /// Successes of a number of trials per row, whole numbers.
    Grouped {
        /// Successes.
        successes: usize,
        /// Trials.
        trials: usize,
    },
    /// A whole number from 0 per row.
    Count(usize),
    /// Any number per row.
    Number(usize),
}

/// Likelihood of a model of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatasetFamily {
    /// Logistic regression; binary and grouped outcomes.
    Logit,
    /// Probit; binary and grouped outcomes.
    Probit,
    /// Least squares: the linear probability model for binary and grouped outcomes.
    Linear,
    /// Poisson with log link; counts, and numbers that are not negative.
    Poisson,
}

/// Which correlations the errors allow for. Indices into [`Dataset::variables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatasetErrors {
    /// None.
    Iid,
    /// None, any variance.
    Hc1,
    /// Within clusters.
    Cluster(usize),
    /// Within clusters of either kind.
    TwoWay(usize, usize),
    /// Within clusters, by leaving out one at a time.
    Cr3(usize),
}

/// A term: the product of powers of variables. One factor with power 1 is the variable itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermSpec {
    /// Index into [`Dataset::variables`] and power from 1; each variable once, ascending.
    pub factors: Vec<(usize, u32)>,
}

/// Weights of rows. Indices into [`Dataset::variables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// The row stands for so many equal ones.
    Frequency(usize),
    /// Sampling weight.
    Sampling(usize),
}

/// Coefficients tested together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetJoint {
    /// Label.
    pub label: String,
    /// Indices into [`DatasetModel::terms`].
    pub terms: Vec<usize>,
}

/// A model: applied to its outcomes.
#[derive(Debug, Clone)]
pub struct DatasetModel {
    /// `main` or the variant's id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Indices into [`Dataset::outcomes`].
    pub outcomes: Vec<usize>,
    /// Likelihood.
    pub family: DatasetFamily,
    /// The variable whose effect the report is about: a number.
    pub exposure: usize,
    /// The other terms; those with the exposure in them are its interactions and powers. Main effects
    /// of interactions stand here too.
    pub terms: Vec<TermSpec>,
    /// Variables (keys or categories) with an effect per value that is not reported.
    pub absorb: Vec<usize>,
    /// DatasetErrors.
    pub errors: DatasetErrors,
    /// Small-sample profile.
    pub vcov: Vcov,
    /// Added to the linear predictor: a variable, and whether its logarithm is meant.
    pub offset: Option<(usize, bool)>,
    /// Weights.
    pub weights: Option<Weights>,
    /// Draws of the bootstrap test of the exposure.
    pub bootstrap: Option<u64>,
    /// Contrasts of mean predictions.
    pub contrasts: Vec<ModelContrast>,
    /// Categories within whose levels the exposure's average marginal effect is wanted.
    pub subgroups: Vec<usize>,
    /// Joint tests.
    pub joint: Vec<DatasetJoint>,
}

/// EffectScale of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectScale {
    /// The coefficient itself.
    Coefficient,
    /// Its exponential: odds ratio, rate ratio.
    Ratio,
    /// The average marginal effect, in the outcome's units (a probability for binary outcomes).
    Effect,
}

/// Tests over the main model's outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetTests {
    /// Level of tests.
    pub alpha: f64,
    /// Power of the minimum detectable effect.
    pub power: f64,
    /// Smallest effect that matters, above zero (a ratio: above one), for the test of equivalence.
    pub smallest_effect: Option<(f64, EffectScale)>,
}

/// An estimate printed elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedTerm {
    /// Index into [`Dataset::models`].
    pub model: usize,
    /// Index into [`Dataset::outcomes`].
    pub outcome: usize,
    /// Id of the variable, or the term as the model writes it.
    pub term: String,
    /// Level of a category; empty for numbers.
    pub level: String,
    /// EffectScale of `estimate`, `low` and `high`.
    pub scale: EffectScale,
    /// Estimate as printed.
    pub estimate: f64,
    /// Standard error as printed (on the coefficient's scale).
    pub std_error: Option<f64>,
    /// Interval as printed.
    pub interval: Option<[f64; 2]>,
    /// Digits printed after the point.
    pub digits: usize,
}
