//! What the template of a dataset study may say: finished strings and yes/no answers. Rounds nothing
//! itself: numbers print as in the tables.

use serde::Serialize;

use super::words::{count, share, spelled};
use super::{
    AssumptionFacts, ChangeFacts, DisclosureFacts, DroppedFacts, FlowFacts, InputFacts, LinkageFacts, ProgramFacts,
    ReasonFacts, StudyFacts, fill, origins,
};
use crate::config::Dataset;
use crate::disclosure::{DatasetFindings, DatasetResult, Stage};
use crate::ingest::InputRecord;
use crate::tables;

/// Everything that the template sees, as `facts`.
#[derive(Debug, Clone, Serialize)]
pub struct DatasetFacts {
    /// The study.
    pub study: StudyFacts,
    /// The program that made the report.
    pub program: ProgramFacts,
    /// One row: practice.
    pub row: String,
    /// Rows: practices.
    pub rows: String,
    /// Rows on file.
    pub received: String,
    /// Rows that the main model analyses for at least one outcome.
    pub analysed: String,
    /// Those as a share: "79.6%".
    pub analysed_percent: String,
    /// The exposure: label.
    pub exposure: String,
    /// What one unit of it is.
    pub exposure_unit: String,
    /// Outcomes with the main model's results.
    pub outcomes: Vec<DatasetOutcomeFacts>,
    /// Number of outcomes in words or digits.
    pub outcome_count: String,
    /// The main model.
    pub model: DatasetModelFacts,
    /// The other models.
    pub variants: Vec<DatasetModelFacts>,
    /// Variables with what they are made of.
    pub variables: Vec<VariableFacts>,
    /// From received to analysed, by outcome.
    pub flow: Vec<FlowFacts>,
    /// What left within the estimator.
    pub dropped: Vec<DroppedFacts>,
    /// How the sources linked.
    pub linkage: Vec<LinkageFacts>,
    /// What was open and what was chosen.
    pub assumptions: Vec<AssumptionFacts>,
    /// Background, as paragraphs of the config.
    pub background: Vec<String>,
    /// Limits, as sentences of the config.
    pub limits: Vec<String>,
    /// Every file read.
    pub inputs: Vec<InputFacts>,
    /// What changed since the earlier version on file.
    pub changes: ChangeFacts,
    /// The disclosure regime.
    pub disclosure: DisclosureFacts,
    /// Name of what estimates are compared with; empty for none.
    pub published: String,
}

/// An outcome with the main model's result.
#[derive(Debug, Clone, Serialize)]
pub struct DatasetOutcomeFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Short label.
    pub short: String,
    /// Responses analysed.
    pub n: String,
    /// Mean.
    pub mean: String,
    /// What the estimate is: "odds ratio", "rate ratio", "coefficient".
    pub estimate_name: String,
    /// Estimate with its interval.
    pub estimate: String,
    /// Average marginal effect with its interval.
    pub effect: String,
    /// P value.
    pub p: String,
    /// `higher`, `lower`, `no clear difference` or `not released`.
    pub direction: String,
}

/// A model.
#[derive(Debug, Clone, Serialize)]
pub struct DatasetModelFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Family, terms, absorbed effects, offset, weights, as a sentence.
    pub what: String,
    /// How intervals were made, and cautions, as sentences.
    pub how: Vec<String>,
    /// Cautions alone.
    pub cautions: Vec<String>,
}

/// A variable.
#[derive(Debug, Clone, Serialize)]
pub struct VariableFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// What it is made of.
    pub origin: String,
    /// Why a row without it leaves.
    pub reason: String,
}

/// Facts of a dataset study, from released findings only.
pub fn dataset_facts(dataset: &Dataset, found: &DatasetFindings, records: &[InputRecord]) -> DatasetFacts {
    let exposure = &dataset.variables[dataset.models[0].exposure];
    let main: Vec<&DatasetResult> = found.models.iter().filter(|result| result.model == 0).collect();
    DatasetFacts {
        study: fill::study(&dataset.study),
        program: fill::program(),
        row: dataset.row[0].clone(),
        rows: dataset.row[1].clone(),
        received: count(&found.received),
        analysed: count(&found.analysed_any),
        analysed_percent: share(&found.analysed_any, &found.received),
        exposure: exposure.label.clone(),
        exposure_unit: exposure.unit.clone(),
        outcome_count: spelled(main.len()),
        outcomes: main.iter().map(|result| outcome(dataset, result)).collect(),
        model: model(dataset, found, 0),
        variants: (1..dataset.models.len()).map(|at| model(dataset, found, at)).collect(),
        variables: (0..dataset.variables.len()).map(|at| variable(dataset, at)).collect(),
        flow: flow(dataset, found),
        dropped: main.iter().flat_map(|result| dropped(dataset, result)).collect(),
        linkage: found.facts.iter().map(origins::linked).collect(),
        assumptions: origins::assumptions(&dataset.assumptions),
        background: dataset.background.clone(),
        limits: dataset.limits.clone(),
        inputs: records.iter().map(origins::input).collect(),
        changes: ChangeFacts::default(),
        disclosure: fill::disclosure(&dataset.disclosure),
        published: if dataset.published.is_empty() { String::new() } else { dataset.published_name.clone() },
    }
}

fn outcome(dataset: &Dataset, result: &DatasetResult) -> DatasetOutcomeFacts {
    let outcome = &dataset.outcomes[result.outcome];
    let texts = tables::result_texts(dataset, result);
    DatasetOutcomeFacts {
        id: outcome.id.clone(),
        label: outcome.label.clone(),
        short: outcome.short.clone(),
        n: texts.n,
        mean: texts.mean,
        estimate_name: texts.estimate_name,
        estimate: texts.estimate,
        effect: texts.effect,
        p: texts.p,
        direction: texts.direction.into(),
    }
}

fn model(dataset: &Dataset, found: &DatasetFindings, at: usize) -> DatasetModelFacts {
    let model = &dataset.models[at];
    let (what, how) = tables::model_texts(dataset, found, at);
    let cautions = how.iter().filter(|note| note.starts_with("Caution")).cloned().collect();
    DatasetModelFacts { id: model.id.clone(), label: model.label.clone(), what, how, cautions }
}

fn variable(dataset: &Dataset, at: usize) -> VariableFacts {
    let variable = &dataset.variables[at];
    VariableFacts {
        id: variable.id.clone(),
        label: variable.label.clone(),
        origin: tables::origin_text(dataset, at),
        reason: variable.reason.clone(),
    }
}

fn flow(dataset: &Dataset, found: &DatasetFindings) -> Vec<FlowFacts> {
    let one = |(at, outcome): (usize, &crate::config::DatasetOutcome)| {
        let rows = || found.flow.iter().filter(move |row| row.outcome == at);
        let received = rows().find(|row| row.stage == Stage::Received)?;
        let analysed = rows().find(|row| row.stage == Stage::Analysed)?;
        let left = rows().filter(|row| row.stage == Stage::Left);
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
    dataset.outcomes.iter().enumerate().filter_map(one).collect()
}

fn dropped(dataset: &Dataset, result: &DatasetResult) -> Vec<DroppedFacts> {
    let label = &dataset.outcomes[result.outcome].label;
    let one = |row: &crate::disclosure::DroppedRow| DroppedFacts {
        outcome: label.clone(),
        what: row.what.clone(),
        groups: count(&row.groups),
        rows: count(&row.rows),
    };
    result.dropped.iter().map(one).collect()
}
