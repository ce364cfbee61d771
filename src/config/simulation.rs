//! placeholder until the simulate room lands
/// Placeholder.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Simulation {}
