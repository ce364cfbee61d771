//! Small studies written out by hand.

use crate::common;
use offprint::config::{Absorb, ClusterUnit, Config, Errors, Family, Model, Vcov};
use offprint::error::Result;
use offprint::ingest::{ABSENT, Data, Item, Survey};
use offprint::panel::{self, Panel, Provision, Unexposed};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

/// One response: practice, wave index, codes by item (others are absent), weight, count.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) practice: String,
    pub(crate) wave: usize,
    pub(crate) codes: Vec<(&'static str, i8)>,
    pub(crate) count: u32,
}

pub(crate) fn row(practice: &str, wave: usize, codes: &[(&'static str, i8)]) -> Row {
    Row { practice: practice.into(), wave, codes: codes.to_vec(), count: 1 }
}

/// A row of a practice file; an empty cluster or rurality is none, and so are negative patients.
#[derive(Debug, Clone)]
pub(crate) struct OnFile {
    pub(crate) wave: usize,
    pub(crate) practice: String,
    pub(crate) cluster: String,
    pub(crate) patients: f64,
    pub(crate) rurality: &'static str,
    pub(crate) closed: bool,
}

pub(crate) fn on_file(wave: usize, practice: &str, cluster: &str, patients: f64) -> OnFile {
    OnFile { wave, practice: practice.into(), cluster: cluster.into(), patients, rurality: "Urban", closed: false }
}

/// A study whose config may be changed before it is built.
#[derive(Clone)]
pub(crate) struct Study {
    pub(crate) config: Config,
    pub(crate) practices: Vec<OnFile>,
    /// Census, cluster, amount, whether the row counts.
    pub(crate) workforce: Vec<(&'static str, String, f64, bool)>,
    /// Practice, year, score.
    pub(crate) deprivation: Vec<(&'static str, i32, f64)>,
    /// Wave, practice, patients.
    pub(crate) list_sizes: Vec<(usize, &'static str, f64)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) counted: bool,
}

/// The main model over covariates.
pub(crate) fn model(covariates: &[usize]) -> Model {
    Model {
        id: "main".into(),
        label: "main".into(),
        family: Family::Logit,
        covariates: covariates.to_vec(),
        absorb: Absorb::Practice,
        wave_effects: true,
        weighted: false,
        vcov: Vcov::Stata,
        errors: Errors::Cluster,
        cluster: ClusterUnit::Cluster,
        cluster_waves: false,
        bootstrap: None,
        contrasts: vec![],
        change: Default::default(),
    }
}

impl Study {
    /// Two outcomes, `confidence` (asked of `Q30_recoded` = 1) and `isolation`; two covariates, age and
    /// gender; censuses 2020-12, 2021-12, 2022-12 for the last three waves; nothing else.
    pub(crate) fn new() -> Self {
        let mut config = common::config();
        config.outcomes.retain(|outcome| ["confidence", "isolation"].contains(&outcome.id.as_str()));
        config.outcomes.iter_mut().for_each(|outcome| outcome.population = None);
        config.outcomes[0].base_reason = "not asked".into();
        config.covariates.truncate(2);
        config.models = vec![model(&[])];
        config.linkage.minimum_linked = 0.0;
        Self {
            config,
            practices: Vec::new(),
            workforce: Vec::new(),
            deprivation: Vec::new(),
            list_sizes: Vec::new(),
            rows: Vec::new(),
            counted: false,
        }
    }

    /// Every census of a wave has a return of a cluster that no practice is in.
    pub(crate) fn elsewhere(mut self) -> Self {
        for census in ["2020-12", "2021-12", "2022-12"] {
            self.workforce.push((census, "ELSEWHERE".into(), 1.0, true));
        }
        self
    }

    /// A success and a failure of both outcomes for each practice in each wave.
    pub(crate) fn answers(mut self, practices: &[&str]) -> Self {
        for practice in practices {
            for wave in 0..self.config.waves.len() {
                let codes = |confident, isolated| [("Q30_recoded", 1), ("Q94", confident), ("Q91_3", isolated)];
                self.rows.push(row(practice, wave, &codes(1, 1)));
                self.rows.push(row(practice, wave, &codes(4, 0)));
            }
        }
        self
    }

    pub(crate) fn data(&self) -> Data {
        Data {
            survey: self.survey(),
            workforce: self.workforce_frame(),
            practices: self.practices_frame(),
            deprivation: frame(vec![
                text("practice", self.deprivation.iter().map(|row| Some(row.0))),
                Series::new("year".into(), self.deprivation.iter().map(|row| row.1).collect::<Vec<_>>()),
                number("score", self.deprivation.iter().map(|row| Some(row.2))),
            ]),
            list_sizes: frame(vec![
                Series::new("wave".into(), self.list_sizes.iter().map(|row| row.0 as i32).collect::<Vec<_>>()),
                text("practice", self.list_sizes.iter().map(|row| Some(row.1))),
                number("patients", self.list_sizes.iter().map(|row| Some(row.2))),
            ]),
            records: Vec::new(),
        }
    }

    pub(crate) fn build(&self) -> Result<(Panel, Provision)> {
        panel::build(&self.config, self.data())
    }

    pub(crate) fn panel(&self) -> Panel {
        self.build().unwrap().0
    }

    fn survey(&self) -> Survey {
        let mut practices: Vec<String> = self.rows.iter().map(|row| row.practice.clone()).collect();
        practices.sort();
        practices.dedup();
        let place = |row: &Row| practices.binary_search(&row.practice).unwrap() as u32;
        let code = |row: &Row, item: &str| row.codes.iter().find(|(name, _)| *name == item).map_or(ABSENT, |(_, c)| *c);
        let items = self.config.items().into_iter();
        Survey {
            practice: self.rows.iter().map(place).collect(),
            wave: self.rows.iter().map(|row| row.wave as u8).collect(),
            items: items
                .map(|name| Item { codes: self.rows.iter().map(|row| code(row, &name)).collect(), name })
                .collect(),
            weight: None,
            count: self.counted.then(|| self.rows.iter().map(|row| row.count).collect()),
            outcome: None,
            withheld: Vec::new(),
            practices,
        }
    }

    fn workforce_frame(&self) -> DataFrame {
        let rows = &self.workforce;
        frame(vec![
            text("census", rows.iter().map(|row| Some(row.0))),
            text("pcn", rows.iter().map(|row| Some(row.1.as_str()))),
            text("pcn_name", rows.iter().map(|_| Some("name"))),
            text("area", rows.iter().map(|_| Some("Q1"))),
            text("area_name", rows.iter().map(|_| Some("area"))),
            number("amount", rows.iter().map(|row| Some(row.2))),
            Series::new("counts".into(), rows.iter().map(|row| row.3).collect::<Vec<_>>()),
        ])
    }

    fn practices_frame(&self) -> DataFrame {
        let rows = &self.practices;
        frame(vec![
            Series::new("wave".into(), rows.iter().map(|row| row.wave as i32).collect::<Vec<_>>()),
            text("practice", rows.iter().map(|row| Some(row.practice.as_str()))),
            text("name", rows.iter().map(|_| Some("name"))),
            text("pcn", rows.iter().map(|row| Some(row.cluster.as_str()).filter(|c| !c.is_empty()))),
            number("patients", rows.iter().map(|row| Some(row.patients).filter(|p| *p >= 0.0))),
            text("rurality", rows.iter().map(|row| Some(row.rurality).filter(|r| !r.is_empty()))),
            Series::new("closed".into(), rows.iter().map(|row| row.closed).collect::<Vec<_>>()),
        ])
    }
}

fn frame(columns: Vec<Series>) -> DataFrame {
    DataFrame::new_infer_height(columns.into_iter().map(Column::from).collect()).unwrap()
}

fn text<'a>(name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Series {
    Series::new(name.into(), values.collect::<Vec<_>>())
}

fn number(name: &str, values: impl Iterator<Item = Option<f64>>) -> Series {
    Series::new(name.into(), values.collect::<Vec<_>>())
}

/// Exposure of a practice in a wave.
pub(crate) fn exposure(panel: &Panel, practice: &str, wave: usize) -> std::result::Result<f64, Unexposed> {
    let at = panel.practices.iter().position(|code| code == practice).unwrap() as u32;
    panel.blocks.iter().find(|block| block.practice == at && usize::from(block.wave) == wave).unwrap().exposure
}

/// Exposures of a practice in all six waves.
pub(crate) fn exposures(panel: &Panel, practice: &str) -> Vec<std::result::Result<f64, Unexposed>> {
    (0..6).map(|wave| exposure(panel, practice, wave)).collect()
}

/// Cluster of a practice, the same in every wave.
pub(crate) fn cluster<'a>(panel: &'a Panel, practice: &str) -> &'a str {
    let at = panel.practices.iter().position(|code| code == practice).unwrap() as u32;
    let mut clusters: Vec<u32> = panel.blocks.iter().filter(|b| b.practice == at).map(|b| b.cluster).collect();
    clusters.dedup();
    assert_eq!(clusters.len(), 1, "{practice} is in several clusters");
    &panel.clusters[clusters[0] as usize]
}
