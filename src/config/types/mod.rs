//! The checked configuration: what every other room sees. Built only by `check`; holds no YAML
//! and no file handles. Cross references (an outcome's population, a model's covariates) hold.

mod analyses;
mod analysis;
mod change;
mod dataset;
mod derived;
mod disclosure;
mod exposure;
mod inference;
mod inputs;
mod lint;
mod provenance;

pub use analyses::*;
pub use analysis::*;
pub use change::*;
pub use dataset::*;
pub use disclosure::*;
pub use exposure::*;
pub use inference::*;
pub use inputs::*;
pub use lint::*;
pub use provenance::*;

/// A whole study, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who, what, which version.
    pub study: Study,
    /// The words that generic tables and figures use for this study's units.
    pub terms: Terms,
    /// Wave labels in order (a year each).
    pub waves: Vec<i32>,
    /// Where the data come from.
    pub inputs: Inputs,
    /// How the exposure is made.
    pub exposure: Exposure,
    /// How responses find their cluster.
    pub linkage: Linkage,
    /// Covariates by id, in the order of the config.
    pub covariates: Vec<Covariate>,
    /// Outcomes by id, in the order of the config.
    pub outcomes: Vec<Outcome>,
    /// The main model first, then the variants.
    pub models: Vec<Model>,
    /// What is tested over the outcomes.
    pub tests: TestPlan,
    /// What is analysed beside the models.
    pub analyses: Analyses,
    /// Populations that effects are scaled to.
    pub populations: Vec<Population>,
    /// What the mirrored paper printed.
    pub published: Published,
    /// What the paper leaves open: the choice made and why.
    pub assumptions: Vec<Assumption>,
    /// Which disclosure regime results pass through.
    pub disclosure: Disclosure,
    /// Tables to make, in order.
    pub tables: Vec<Exhibit>,
    /// Figures to draw, in order.
    pub figures: Vec<Exhibit>,
    /// Template files, relative to the config's folder.
    pub report: Report,
    /// The simulator's truth, when any source is simulated or the study ships one.
    pub simulation: Option<crate::config::Simulation>,
}

/// Identity of the study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Short id, used nowhere but in names.
    pub id: String,
    /// Version of the evaluation, the first part of the folder's name.
    pub version: String,
    /// Title of the report.
    pub title: String,
    /// Authors, in order.
    pub authors: Vec<String>,
    /// Date shown in the report, as written; empty for none.
    pub date: String,
    /// DOI of the mirrored paper; empty for none.
    pub doi: String,
    /// Its citation; empty for none.
    pub citation: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Notices that must stand wherever the data are shown (licences).
    pub notices: Vec<String>,
    /// What the authors say about sources, licences and the like.
    pub provenance: Provenance,
    /// What the linter over the finished report is told.
    pub lint: Lint,
}

/// The study's words for its units, singular and plural.
#[derive(Debug, Clone)]
pub struct Terms {
    /// A row: response, responses.
    pub response: [String; 2],
    /// The surveyed unit: practice, practices.
    pub practice: [String; 2],
    /// The cluster: PCN, PCNs.
    pub cluster: [String; 2],
    /// The larger area: ICB, ICBs.
    pub area: [String; 2],
    /// The unit of the exposure's amount: FTE.
    pub amount: String,
    /// What one unit of the exposure is: "1 FTE per 50,000 registered patients".
    pub exposure_unit: String,
}

/// A population that effects are scaled to.
#[derive(Debug, Clone)]
pub struct Population {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Number of people.
    pub people: f64,
}

/// What the mirrored paper printed.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Short name of the paper for column heads.
    pub name: String,
    /// One per outcome that the paper reports.
    pub estimates: Vec<PublishedEstimate>,
    /// Number of responses analysed by the paper, if printed.
    pub n: Option<u64>,
}

/// One printed estimate.
#[derive(Debug, Clone)]
pub struct PublishedEstimate {
    /// Index into [`Config::outcomes`].
    pub outcome: usize,
    /// Odds ratio with its interval as printed; none where no number was printed.
    pub odds_ratio: Option<[f64; 3]>,
    /// Digits printed after the point.
    pub digits: usize,
    /// People, as printed.
    pub people: Option<f64>,
    /// Words printed in place of a number, or a note.
    pub note: String,
}

/// An open question of the paper with the choice made here.
#[derive(Debug, Clone)]
pub struct Assumption {
    /// What is open.
    pub about: String,
    /// Config key that holds the choice, as a dotted path.
    pub key: String,
    /// The choice as it stands in the config.
    pub choice: String,
    /// Why.
    pub because: String,
}

/// A table or figure to make.
#[derive(Debug, Clone)]
pub struct Exhibit {
    /// Id: which builder makes it.
    pub id: String,
    /// Number shown: `1`, `S1`.
    pub number: String,
    /// Title.
    pub title: String,
    /// Note below; empty for none.
    pub note: String,
}

/// The report's templates.
#[derive(Debug, Clone)]
pub struct Report {
    /// Markdown template.
    pub template: String,
    /// HTML page template.
    pub page: String,
}

impl Config {
    /// The words for what the survey adds up to over its outcomes, singular and plural: responses, or, in practice
    /// files, answers, of which one person may have given one to each outcome.
    pub fn counted(&self) -> [String; 2] {
        match self.inputs.survey.reader {
            SurveyReader::Practice => ["answer".into(), "answers".into()],
            _ => self.terms.response.clone(),
        }
    }

    /// True when any source is not real.
    pub fn simulated(&self) -> bool {
        !self.simulated_sources().is_empty()
    }

    /// The names of the sources that are not real.
    pub fn simulated_sources(&self) -> Vec<&'static str> {
        let inputs = &self.inputs;
        let mut names = Vec::new();
        let mut add = |source: Source, name| {
            if source != Source::Real {
                names.push(name);
            }
        };
        add(inputs.survey.source, "survey");
        add(inputs.workforce.source, "workforce");
        add(inputs.practices.source, "practices");
        if let Some(deprivation) = &inputs.deprivation {
            add(deprivation.source, "deprivation");
        }
        names
    }

    /// Outcomes that the exposure should not change; the panel has them after the study's own.
    pub fn controls(&self) -> &[Outcome] {
        self.analyses.timing.as_ref().map_or(&[], |timing| &timing.controls)
    }

    /// Every survey item that the study reads, sorted, each once.
    pub fn items(&self) -> Vec<String> {
        let mut items = std::collections::BTreeSet::new();
        for outcome in &self.outcomes {
            items.extend(outcome.items.iter().flatten().cloned());
            items.extend(outcome.base.iter().map(|(item, _)| item.clone()));
        }
        for control in self.controls() {
            items.extend(control.items.iter().flatten().cloned());
        }
        for covariate in &self.covariates {
            if let CovariateKind::Item { items: names, .. } = &covariate.kind {
                items.extend(names.iter().cloned());
            }
        }
        items.into_iter().collect()
    }
}
