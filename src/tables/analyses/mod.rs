//! Tables, machine rows and alternative texts of the analyses beside the models: one file each. This
//! one only lists them.

mod costs;
mod dose;
mod grid;
mod inequality;
mod joint;
mod leave_out;
mod population;
mod power;
mod provision;
mod public_route;
mod subgroups;
mod timing;

use super::results::NONE;
use super::types::Table;
use crate::config::{Config, Exhibit};
use crate::disclosure::{Findings, Released};
use crate::format::plain;

/// The ids that [`build`] knows.
pub(super) const IDS: &[&str] = &[
    "subgroup_tests",
    "subgroups",
    "inequality",
    "provision_need",
    "population",
    "costs",
    "timing",
    "placebos",
    "dose",
    "dose_tests",
    "grid",
    "grid_specifications",
    "leave_out",
    "power",
    "public_route",
    "adjustable",
];

/// The table of an id; none for an id of another kind or an analysis that was not made.
pub(super) fn build(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Option<Table> {
    let (asked, found) = (&config.analyses, &findings.analyses);
    Some(match exhibit.id.as_str() {
        "subgroup_tests" => subgroups::tests(config, found.subgroups.as_ref()?, exhibit),
        "subgroups" => subgroups::levels(config, found.subgroups.as_ref()?, exhibit),
        "inequality" => inequality::inequality(config, found.inequality.as_ref()?, exhibit),
        "provision_need" => provision::provision(config, found.provision.as_ref()?, exhibit),
        "population" => population::population(config, found.population.as_ref()?, exhibit),
        "costs" => costs::costs(config, found.costs.as_ref()?, exhibit),
        "timing" => timing::timing(config, found.timing.as_ref()?, exhibit),
        "placebos" => timing::placebos(config, found.timing.as_ref()?, exhibit),
        "dose" => dose::dose(config, found.dose.as_ref()?, exhibit),
        "dose_tests" => dose::tests(config, found.dose.as_ref()?, exhibit),
        "grid" => grid::summary(config, asked.grid.as_ref()?, found.grid.as_ref()?, exhibit),
        "grid_specifications" => grid::specifications(config, asked.grid.as_ref()?, found.grid.as_ref()?, exhibit),
        "leave_out" => leave_out::leave_out(config, found.leave_out.as_ref()?, exhibit),
        "power" => power::power(config, asked.power.as_ref()?, found.power.as_ref()?, exhibit),
        "public_route" => public_route::public_route(config, found.public_route.as_ref()?, exhibit),
        "adjustable" => asked.public_route.as_ref().map(|_| public_route::adjustable(config, exhibit))?,
        _ => return None,
    })
}

/// Sentences that stand in for a figure; none for an id of another kind.
pub(super) fn alt(config: &Config, findings: &Findings, id: &str) -> Option<Vec<String>> {
    let found = &findings.analyses;
    Some(match id {
        "subgroups" => subgroups::alt(config, found.subgroups.as_ref()?),
        "inequality" => inequality::alt(config, found.inequality.as_ref()?),
        "provision_need" => provision::alt(config, found.provision.as_ref()?),
        "concentration" => provision::curve_alt(config, found.provision.as_ref()?),
        "tornado" => costs::tornado_alt(config, found.costs.as_ref()?),
        "acceptability" => costs::acceptability_alt(config, found.costs.as_ref()?),
        "timing" => timing::alt(config, found.timing.as_ref()?),
        "dose" => dose::alt(config, found.dose.as_ref()?),
        "leave_out" => leave_out::alt(config, findings, found.leave_out.as_ref()?),
        "power" => power::alt(config, config.analyses.power.as_ref()?, found.power.as_ref()?),
        "public_route" => public_route::alt(config, found.public_route.as_ref()?),
        id => grid::alt(config, found.grid.as_ref()?, id.strip_prefix("grid_")?)?,
    })
}

/// Whether a figure rests on real administrative data only, if those on workforce and practices are.
pub(super) fn administrative(config: &Config, id: &str) -> bool {
    id == "concentration" && !config.simulated_sources().contains(&"deprivation")
}

/// Rows of `results.csv`.
pub(super) fn results_rows(config: &Config, findings: &Findings) -> Vec<Vec<String>> {
    let (asked, found) = (&config.analyses, &findings.analyses);
    let mut rows = Vec::new();
    rows.extend(found.subgroups.iter().flat_map(|found| subgroups::results_rows(config, found)));
    rows.extend(found.inequality.iter().flat_map(|found| inequality::results_rows(config, found)));
    rows.extend(found.provision.iter().flat_map(|found| provision::results_rows(config, found)));
    rows.extend(found.population.iter().flat_map(|found| population::results_rows(config, found)));
    rows.extend(found.costs.iter().flat_map(|found| costs::results_rows(config, found)));
    rows.extend(found.timing.iter().flat_map(|found| timing::results_rows(config, found)));
    rows.extend(found.dose.iter().flat_map(|found| dose::results_rows(config, found)));
    rows.extend(asked.grid.iter().zip(&found.grid).flat_map(|(plan, found)| grid::results_rows(config, plan, found)));
    rows.extend(found.leave_out.iter().flat_map(|found| leave_out::results_rows(config, found)));
    rows.extend(found.power.iter().flat_map(|found| power::results_rows(config, found)));
    rows.extend(found.public_route.iter().flat_map(|found| public_route::results_rows(config, found)));
    rows
}

/// Where a row of `results.csv` belongs.
struct Key<'a> {
    analysis: &'a str,
    outcome: &'a str,
    subgroup: &'a str,
    term: &'a str,
    quantity: &'a str,
}

/// One row of `results.csv`. `n` and `clusters` are none where they are no part of the quantity.
fn line(
    key: Key,
    numbers: &Released<[f64; 6]>,
    n: Option<&Released<u64>>,
    clusters: Option<&Released<u64>>,
) -> Vec<String> {
    let hidden = n.filter(|n| n.hidden().is_some());
    let shown = numbers.shown().filter(|_| hidden.is_none());
    let mut row: Vec<String> =
        [key.analysis, key.outcome, key.subgroup, key.term, key.quantity].map(str::to_owned).to_vec();
    row.extend(shown.map_or_else(|| vec![String::new(); 6], |numbers| numbers.iter().map(|x| plain(*x)).collect()));
    row.extend([n, clusters].map(|count| count.map(super::results::count).unwrap_or_default()));
    row.push(String::new());
    let own = numbers.hidden().map(|_| numbers.status());
    row.push(own.or_else(|| hidden.map(|n| n.status())).unwrap_or_else(|| numbers.status()));
    row
}

/// A lone number as six.
fn alone(x: f64) -> [f64; 6] {
    [x, NONE, NONE, NONE, NONE, NONE]
}
