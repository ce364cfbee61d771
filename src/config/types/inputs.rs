//! Where the data come from: files, columns, codes.

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
    /// Index into [`super::Config::waves`]; none when a wave column tells.
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
    /// Names of the config (items, count columns) that the file calls otherwise, with its headers.
    pub items: Vec<(String, String)>,
}

impl SurveyFile {
    /// The file's header of an item or count column that the config names.
    pub fn header<'a>(&'a self, name: &'a str) -> &'a str {
        self.items.iter().find(|(known, _)| known == name).map_or(name, |(_, header)| header)
    }
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
    /// Rows of other staff that models may adjust for, likewise; empty for none.
    pub other: Vec<(String, Vec<String>)>,
    /// Headers of the region's code and name, where regions are read.
    pub region: Option<[String; 2]>,
    /// Largest believable amount of one row.
    pub largest: f64,
}

/// One wave's practice file.
#[derive(Debug, Clone)]
pub struct PracticesFile {
    /// Index into [`super::Config::waves`].
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
