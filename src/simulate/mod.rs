//! Data of a whole study from known truth: practices, deprivation, workforce and survey, in memory
//! as the readers would return them or on disk in the real formats. Real data never need this room.
//!
//! Everything random comes from streams named by the study's seed and the unit, so the same config
//! gives the same bytes for any number of threads, and one unit's data do not hang on another's.

mod allocate;
mod calibrate;
mod counts;
mod deprivation;
mod draw;
mod frame;
mod person;
mod plan;
mod practices;
mod random;
mod responders;
mod study;
mod survey;
mod tables;
mod truth;
mod workforce;
mod world;
mod write;

pub use study::{Form, complete, config_for, write_study};
pub use survey::survey_of;
pub use tables::{Size, survey, survey_telling, tables};
pub use truth::{Truth, TruthValue, truth};
pub use world::{Place, World, WorldPractice};
pub use write::{cells, write, write_cells, write_person, write_practice, write_survey};
