//! Which items each wave needs, and where a file has them. Knows no rows and no format.

use crate::config::{Config, CovariateKind, SurveyFile, SurveyReader};
use crate::error::{Problem, Problems, Result};

/// What the study reads of a survey.
#[derive(Debug)]
pub(super) struct Plan {
    /// Item names, sorted.
    pub(super) items: Vec<String>,
    /// Wave labels.
    pub(super) labels: Vec<i32>,
    /// By wave: the items (indices into `items`) that an outcome or covariate uses there.
    needed: Vec<Vec<usize>>,
}

/// Where the wave of a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WaveFrom {
    /// The whole file is of one wave.
    File(u8),
    /// A column holds the label.
    Column(usize),
}

/// Positions of a file's columns.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) practice: usize,
    pub(super) wave: WaveFrom,
    pub(super) weight: Option<usize>,
    pub(super) count: Option<usize>,
    /// By wave: item and column.
    pub(super) present: Vec<Vec<(usize, usize)>>,
    /// By wave: items that other waves of the file use and this one does not.
    pub(super) absent: Vec<Vec<usize>>,
    /// By wave: what is wrong if the file holds rows of it.
    pub(super) missing: Vec<Vec<Problem>>,
}

impl Plan {
    /// From the outcomes and covariates.
    pub(super) fn new(config: &Config) -> Self {
        let items = config.items();
        let needed = (0..config.waves.len()).map(|wave| {
            let names = needed_names(config, wave);
            (0..items.len()).filter(|item| names.contains(&items[*item].as_str())).collect()
        });
        let needed = needed.collect();
        Self { items, labels: config.waves.clone(), needed }
    }

    /// Finds the columns of a file with the help of `find`, which looks a name up in its header.
    pub(super) fn layout(
        &self,
        file: &SurveyFile,
        reader: SurveyReader,
        find: &dyn Fn(&str) -> Result<usize>,
        problems: &mut Problems,
    ) -> Option<Layout> {
        let mut locate = |name: &str| problems.keep(find(name));
        let practice = locate(&file.practice);
        let weight = file.weight.as_deref().map(&mut locate);
        let count = file.count.as_deref().map(&mut locate);
        let wave_column = file.wave_column.as_deref().map(&mut locate);
        let wave = match (file.wave, wave_column) {
            (_, Some(column)) => column.map(WaveFrom::Column),
            (Some(wave), None) => u8::try_from(wave).ok().map(WaveFrom::File),
            (None, None) => {
                problems.push(Problem::new(format!("`{}` has neither a wave nor a wave column", file.path)));
                None
            }
        };
        if reader == SurveyReader::Cells && file.count.is_none() {
            problems.push(Problem::new(format!("`{}` holds cells, but no count column is named", file.path)));
        }
        let waves: Vec<usize> = match wave {
            Some(WaveFrom::File(wave)) => vec![usize::from(wave)],
            _ => (0..self.labels.len()).collect(),
        };
        let mut layout = self.items_of(&|name| find(file.header(name)), &waves);
        if let Some(WaveFrom::File(wave)) = wave {
            problems.0.append(&mut layout.missing[usize::from(wave)]);
        }
        let whole = problems.is_empty();
        let found = (practice?, wave?, weight, count);
        layout.practice = found.0;
        layout.wave = found.1;
        layout.weight = found.2.flatten();
        layout.count = found.3.flatten();
        whole.then_some(layout)
    }

    fn items_of(&self, find: &dyn Fn(&str) -> Result<usize>, waves: &[usize]) -> Layout {
        let found: Vec<_> = self.items.iter().map(|name| find(name)).collect();
        let labels = self.labels.len();
        let (mut present, mut absent, mut missing) =
            (vec![Vec::new(); labels], vec![Vec::new(); labels], vec![Vec::new(); labels]);
        let used = |item: &usize| waves.iter().any(|wave| self.needed[*wave].contains(item)) && found[*item].is_ok();
        let used: Vec<usize> = (0..self.items.len()).filter(used).collect();
        for wave in waves {
            for item in &self.needed[*wave] {
                match &found[*item] {
                    Ok(column) => present[*wave].push((*item, *column)),
                    Err(problems) => missing[*wave].extend(problems.0.iter().map(|problem| {
                        let what = format!("{}, and wave {} needs it", problem.what, self.labels[*wave]);
                        Problem { what, ..problem.clone() }
                    })),
                }
            }
            absent[*wave] = used.iter().copied().filter(|item| !self.needed[*wave].contains(item)).collect();
        }
        Layout { practice: 0, wave: WaveFrom::File(0), weight: None, count: None, present, absent, missing }
    }
}

impl Layout {
    /// Every column that is read, sorted, each once.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut columns = vec![self.practice];
        columns.extend(self.weight);
        columns.extend(self.count);
        if let WaveFrom::Column(column) = self.wave {
            columns.push(column);
        }
        columns.extend(self.present.iter().flatten().map(|(_, column)| *column));
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// Items that a wave needs: those of its outcomes, their bases, and covariates.
fn needed_names(config: &Config, wave: usize) -> Vec<&str> {
    let mut names = Vec::new();
    for outcome in &config.outcomes {
        if let Some(item) = outcome.items.get(wave).and_then(Option::as_deref) {
            names.push(item);
            names.extend(outcome.base.iter().map(|(item, _)| item.as_str()));
        }
    }
    names.extend(config.controls().iter().filter_map(|control| control.items.get(wave)?.as_deref()));
    for covariate in &config.covariates {
        if let CovariateKind::Item { items, .. } = &covariate.kind {
            names.extend(items.get(wave).map(String::as_str));
        }
    }
    names
}
