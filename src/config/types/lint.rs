//! What the linter over the finished report is told by the study.

/// The `lint` section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lint {
    /// Wordings of cause that an association does not support, compared without case by whole words.
    pub causal: Vec<String>,
    /// Passages of the report that no rule on text looks into, as they stand in it: quotations, say.
    pub allow: Vec<String>,
}
