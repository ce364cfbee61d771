//! Parts of the sample that are left out in turn.

/// What one part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A wave.
    Wave,
    /// A region.
    Region,
    /// A larger area.
    Area,
}

/// Which parts are left out, one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveOut {
    /// Kinds of parts, in order.
    pub by: Vec<Part>,
    /// Outcomes: indices into [`super::super::Config::outcomes`].
    pub outcomes: Vec<usize>,
}
