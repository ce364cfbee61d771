//! The analyses beside the models: against other programs' numbers, and against the truth of
//! simulated studies made to contain something or nothing.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and what is measured is worth seeing")]

mod costs;
mod null;
mod oracle;
mod public_route;
mod truth;

use offprint::config::{Config, load};
use offprint::pipeline;

const QUIET: pipeline::Progress<'static> = &|_, _, _| {};

/// The shipped study with its main model and without exhibits.
fn shipped() -> Config {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut config = load("config.yaml", &text).unwrap().form.survey().unwrap().clone();
    config.models.truncate(1);
    config.models[0].contrasts.clear();
    config.tests.joint.clear();
    config.tables.clear();
    config.figures.clear();
    config.disclosure.threshold = 0;
    config
}

/// Only the analyses that `keep` leaves.
fn only(config: &mut Config, keep: impl FnOnce(&mut offprint::config::Analyses, offprint::config::Analyses)) {
    let all = std::mem::take(&mut config.analyses);
    keep(&mut config.analyses, all);
}
