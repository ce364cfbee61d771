//! What only the authors can say about where things come from. Every part may be absent; what is
//! absent is said to be missing, never made up.

/// The `provenance` section.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// Licence of the report: an SPDX identifier or an address; empty for none stated.
    pub licence: String,
    /// Whom to ask; empty for none stated.
    pub contact: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Memory, time and storage as the authors measured them, as sentences.
    pub requirements: Vec<String>,
    /// How each source is got, in the order of the config.
    pub sources: Vec<Availability>,
    /// Statements for reporting checklists, by one of [`STATEMENTS`].
    pub statements: Vec<(String, String)>,
}

/// How a source is got.
#[derive(Debug, Clone)]
pub struct Availability {
    /// Source, as the config names it under its inputs.
    pub source: String,
    /// Who may have it.
    pub access: Access,
    /// How to get it.
    pub how: String,
    /// Its licence: an SPDX identifier, an address or words; empty for none stated.
    pub licence: String,
    /// Where it is; empty for none stated.
    pub url: String,
    /// How it is cited; empty for none stated.
    pub citation: String,
}

/// Who may have a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Those who are granted it.
    Restricted,
}

/// What authors may state for checklists, besides what the report says.
pub const STATEMENTS: [&str; 16] = [
    "abstract",
    "background",
    "protocol",
    "setting",
    "participants",
    "bias",
    "sample_size",
    "validation",
    "database_access",
    "cleaning",
    "interpretation",
    "generalisability",
    "limits",
    "funding",
    "ethics",
    "supplementary",
];

/// Licences known by their SPDX identifier, each with its name.
pub const LICENCES: [(&str, &str); 9] = [
    ("CC-BY-4.0", "Creative Commons Attribution 4.0 International"),
    ("CC-BY-SA-4.0", "Creative Commons Attribution Share Alike 4.0 International"),
    ("CC-BY-NC-4.0", "Creative Commons Attribution Non Commercial 4.0 International"),
    ("CC-BY-ND-4.0", "Creative Commons Attribution No Derivatives 4.0 International"),
    ("CC-BY-NC-ND-4.0", "Creative Commons Attribution Non Commercial No Derivatives 4.0 International"),
    ("CC0-1.0", "Creative Commons Zero v1.0 Universal"),
    ("OGL-UK-3.0", "Open Government Licence v3.0"),
    ("MIT", "MIT License"),
    ("Apache-2.0", "Apache License 2.0"),
];

impl Provenance {
    /// The statement of a kind, if the authors made it.
    pub fn statement(&self, kind: &str) -> Option<&str> {
        self.statements.iter().find(|(name, _)| name == kind).map(|(_, text)| text.as_str())
    }

    /// What is stated about a source.
    pub fn source(&self, name: &str) -> Option<&Availability> {
        self.sources.iter().find(|source| source.source == name)
    }
}
