//! Facts: from released findings to finished strings, the only place where the report's words
//! meet its numbers. Reads the config, the findings and the input records; knows no template,
//! no Markdown and no HTML, and never sees an unreleased value. Entry: [`facts()`].

mod analyses;
mod changes;
mod dataset;
mod fill;
mod model;
mod origins;
mod outcome;
mod results;
mod sources;
mod tested;
mod types;
mod words;

pub use analyses::*;
pub(super) use changes::change_row;
pub use changes::{ChangeFacts, ChangeRowFacts, change_facts};
pub use dataset::*;
pub use fill::facts;
pub use results::*;
pub use sources::*;
pub use tested::{ContrastFacts, ContrastOutcomeFacts, JointFacts, JointOutcomeFacts, TestFacts};
pub use types::*;
