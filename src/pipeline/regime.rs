//! The config's regime as a gate, and what else of the inputs passes it. Must not decide on a value.

use crate::config::{Disclosure, UnitKind};
use crate::disclosure::{Gate, Released, Rules};
use crate::ingest::InputRecord;

/// The gate of a config's regime.
pub(super) fn gate(disclosure: &Disclosure) -> Gate {
    Gate::under(Rules {
        threshold: disclosure.threshold,
        rounding: disclosure.rounding,
        hide_zeros: disclosure.hide_zeros,
        totals_of_parts: disclosure.totals_of_parts,
        residual_df: disclosure.residual_df,
        largest_two: disclosure.largest_two,
        p_percent: disclosure.p_percent,
        clusters: disclosure.shows(UnitKind::Cluster),
        practices: disclosure.shows(UnitKind::Practice),
    })
}

/// Records of files read, whose rows are people: their numbers like any others.
pub(super) fn rounded(gate: &Gate, mut records: Vec<InputRecord>) -> Vec<InputRecord> {
    records.iter_mut().for_each(|record| record.rows = gate.rounded(record.rows));
    records
}

/// How sources linked, through the gate: these are counts of practices and clusters, no people.
pub(super) fn linked(gate: &Gate, (what, n, of): &(String, u64, u64)) -> (String, Released<u64>, Released<u64>) {
    (what.clone(), gate.units(*n), gate.units(*of))
}
