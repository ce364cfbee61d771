//! Provision by census. Arranges released sums, counts and quantiles; the only arithmetic is the
//! share of one shown count in another.

use super::cells::{self, both, capital, head, hidden, numbers, percent, row, words};
use super::notes::{Rests, finish};
use super::types::{Cell, Row, Table, Value};
use crate::config::{Config, Exhibit};
use crate::disclosure::{Findings, ProvisionRow, Released};
use crate::format;

/// Table of censuses (rows): amount, returns, distribution of the exposure.
pub(super) fn provision(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let [_, clusters] = &config.terms.cluster;
    let heads = vec![
        head("Census", &["census"], false),
        head(format!("{}, total", capital(&config.terms.amount)), &["amount"], true),
        head(
            format!("{} reporting, n (% of known)", capital(clusters)),
            &["reporting", "known", "reporting_share"],
            true,
        ),
        head("With any, n (% of reporting)", &["with_any", "with_any_share"], true),
        head("Exposure: median (quartiles)", &["exposure_median", "exposure_q25", "exposure_q75"], true),
        head("Exposure: mean", &["exposure_mean"], true),
        head(format!("{} behind the exposure, n", capital(clusters)), &["matched"], true),
    ];
    let rows: Vec<Row> = findings.provision.iter().map(census_row).collect();
    let own = vec![
        format!(
            "Exposure: {}; one unit is {}. Its distribution is over the {clusters} that sent a return and are on the {} \
             file.",
            config.exposure.label, config.terms.exposure_unit, config.terms.practice[0]
        ),
        format!(
            "Known: {clusters} on the {} file used for the census. A return without any is none, not missing.",
            config.terms.practice[0]
        ),
    ];
    finish(config, exhibit, Rests::Administrative, heads, rows, own)
}

fn census_row(found: &ProvisionRow) -> Row {
    let quantiles = cells::released(&found.quantiles, 3, |q| {
        let text = format!("{} ({})", format::fixed(q[2], 2), format::interval(q[1], q[3], 2));
        numbers(text, &[q[2], q[1], q[3]])
    });
    row(
        "",
        vec![
            words(found.census.clone(), &[&found.census]),
            cells::fixed(&found.amount, 1),
            part_of(&found.reporting, &found.known, true),
            part_of(&found.with_any, &found.reporting, false),
            quantiles,
            cells::fixed(&found.mean, 2),
            cells::count(&found.matched),
        ],
    )
}

/// `n (%)` of `whole`, with the whole as a value of its own if wanted; both or neither are shown.
fn part_of(part: &Released<u64>, whole: &Released<u64>, keep_whole: bool) -> Cell {
    let width = if keep_whole { 3 } else { 2 };
    let (part, whole) = match both(part, whole) {
        Ok((part, whole)) => (*part, *whole),
        Err(reason) => return hidden(&reason, width),
    };
    let share = if whole > 0 { part as f64 / whole as f64 } else { f64::NAN };
    let mut cell = numbers(format!("{} ({})", format::count(part), percent(share)), &[part as f64, share]);
    if keep_whole {
        cell.values.insert(1, Value::Number(whole as f64));
    }
    cell
}
