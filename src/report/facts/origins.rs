//! Facts on the flow, on what left, on linkage, assumptions, inputs and areas.

use crate::config::Config;
use crate::disclosure::{Findings, ModelResult, Released, Stage};
use crate::format;
use crate::ingest::InputRecord;

use super::words::{self, count, share, share_of};
use super::{AreaFacts, AssumptionFacts, DroppedFacts, FlowFacts, InputFacts, LinkageFacts, ReasonFacts};

pub(super) fn flow(config: &Config, findings: &Findings) -> Vec<FlowFacts> {
    let one = |(at, outcome): (usize, &crate::config::Outcome)| {
        let rows: Vec<_> = findings.flow.iter().filter(|row| row.outcome == at && row.wave.is_none()).collect();
        let received = rows.iter().find(|row| row.stage == Stage::Received)?;
        let analysed = rows.iter().find(|row| row.stage == Stage::Analysed)?;
        let left = rows.iter().filter(|row| row.stage == Stage::Left);
        Some(FlowFacts {
            id: outcome.id.clone(),
            label: outcome.label.clone(),
            short: outcome.short.clone(),
            received: count(&received.rows),
            analysed: count(&analysed.rows),
            percent: share(&analysed.rows, &received.rows),
            reasons: left.map(|row| ReasonFacts { reason: row.reason.clone(), rows: count(&row.rows) }).collect(),
        })
    };
    config.outcomes.iter().enumerate().filter_map(one).collect()
}

pub(super) fn dropped(config: &Config, main: &[&ModelResult]) -> Vec<DroppedFacts> {
    let label = |at: usize| config.outcomes.get(at).map(|o| o.label.clone()).unwrap_or_default();
    let rows = main.iter().flat_map(|result| result.dropped.iter().map(|row| (label(result.outcome), row)));
    rows.map(|(outcome, row)| DroppedFacts {
        outcome,
        what: row.what.clone(),
        groups: count(&row.groups),
        rows: count(&row.rows),
    })
    .collect()
}

pub(super) fn linkage(findings: &Findings) -> Vec<LinkageFacts> {
    findings.linkage.facts.iter().map(linked).collect()
}

/// How two sources linked.
pub(super) fn linked((what, part, of): &(String, Released<u64>, Released<u64>)) -> LinkageFacts {
    let percent = match (part.shown(), of.shown()) {
        (Some(part), Some(of)) => share_of(*part, *of),
        _ => "not released".to_string(),
    };
    LinkageFacts { what: what.clone(), count: count(part), of: count(of), percent }
}

pub(super) fn assumptions(assumptions: &[crate::config::Assumption]) -> Vec<AssumptionFacts> {
    let one = |a: &crate::config::Assumption| AssumptionFacts {
        about: a.about.clone(),
        key: a.key.clone(),
        choice: a.choice.clone(),
        because: a.because.clone(),
    };
    assumptions.iter().map(one).collect()
}

pub(super) fn input(record: &InputRecord) -> InputFacts {
    InputFacts {
        source: super::fill::source_name(&record.source),
        path: record.path.clone(),
        rows: format::count(record.rows),
        bytes: format::count(record.bytes),
        sha256: record.sha256.clone(),
        sha256_short: record.sha256.chars().take(12).collect(),
        notes: record.notes.join("; "),
    }
}

pub(super) fn areas(findings: &Findings) -> AreaFacts {
    let mut rows: Vec<_> = findings.areas.iter().filter_map(|a| a.exposure.shown().map(|x| (*x, a))).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.code.cmp(&b.1.code)));
    match rows.as_slice() {
        [most, .., least] => AreaFacts {
            any: true,
            census: findings.areas_census.clone(),
            month: words::month(&findings.areas_census),
            count: format::count(rows.len() as u64),
            most: most.1.name.clone(),
            most_exposure: format::fixed(most.0, 1),
            least: least.1.name.clone(),
            least_exposure: format::fixed(least.0, 1),
        },
        _ => AreaFacts::default(),
    }
}
