//! Controls beside the covariates, as block columns, and what a model's changes ask of the data. Must not
//! fit anything.

use crate::config::{Absorb, Config, Control, Model};
use crate::error::Problem;
use crate::model::Column;
use crate::panel::{FIRST_REASON, Made, Panel, SUCCESS};

/// Name of the other staff's amount among a model's terms.
pub(super) const OTHER_ROLES: &str = "other_roles";
/// Name of the baseline by wave.
pub(super) const BASELINE: &str = "baseline_by_wave";
/// Name of the regions by wave.
pub(super) const REGION: &str = "region_by_wave";
/// Level of clusters in no region.
const NO_REGION: &str = "no region";

/// The controls of a model for one outcome.
pub(super) struct Controls<'a> {
    panel: &'a Panel,
    model: &'a Model,
    made: Option<&'a Made>,
    /// Share with the outcome by practice at baseline; not-a-number without answers. Empty where not asked for.
    baseline: Vec<f64>,
}

impl<'a> Controls<'a> {
    /// What the model asks for.
    pub(super) fn new(config: &Config, panel: &'a Panel, model: &'a Model, outcome: usize) -> Self {
        let asked = model.change.controls.contains(&Control::BaselineByWave);
        Self {
            panel,
            model,
            made: panel.places.made_by(model.change.exposure.as_ref()),
            baseline: if asked { baseline(config, panel, model, outcome) } else { Vec::new() },
        }
    }

    /// Whether a block has every control: practices without an answer at baseline have none.
    pub(super) fn has(&self, block: usize) -> bool {
        let practice = self.panel.blocks[block].practice as usize;
        self.baseline.get(practice).is_none_or(|share| !share.is_nan())
    }

    /// The columns over the panel's blocks in `origin`.
    pub(super) fn columns(&self, config: &Config, origin: &[usize]) -> Vec<Column> {
        let mut columns = Vec::new();
        for control in &self.model.change.controls {
            match control {
                Control::OtherRoles => {
                    let other = |block: usize| self.made.map_or(0.0, |made| made.other[block]);
                    columns.push(column(OTHER_ROLES, "", origin, &other));
                }
                Control::BaselineByWave => columns.extend(self.baselines(config, origin)),
                Control::RegionByWave => columns.extend(self.regions(config, origin)),
            }
        }
        columns
    }

    /// The baseline, apart for each wave with a census. Where practices have no effects of their own
    /// also by itself.
    fn baselines(&self, config: &Config, origin: &[usize]) -> Vec<Column> {
        let of = |block: usize| self.baseline[self.panel.blocks[block].practice as usize];
        let mut columns = Vec::new();
        if self.model.absorb != Absorb::Practice {
            columns.push(column(BASELINE, "", origin, &of));
        }
        for (wave, census) in config.exposure.census_for_wave.iter().enumerate() {
            let is = |block: usize| usize::from(self.panel.blocks[block].wave) == wave;
            if census.is_some() && origin.iter().any(|block| is(*block)) {
                let value = |block: usize| if is(block) { of(block) } else { 0.0 };
                columns.push(column(BASELINE, &config.waves[wave].to_string(), origin, &value));
            }
        }
        columns
    }

    /// An indicator of each region but the first in each wave but the first; the regions themselves too
    /// where nothing is absorbed.
    fn regions(&self, config: &Config, origin: &[usize]) -> Vec<Column> {
        let places = &self.panel.places;
        let region = |block: usize| {
            let cluster = self.panel.blocks[block].cluster as usize;
            places.region.get(cluster).copied().flatten().map_or(places.regions.len(), |region| region as usize)
        };
        let wave = |block: usize| usize::from(self.panel.blocks[block].wave);
        let occurs = |n: usize, of: &dyn Fn(usize) -> usize| -> Vec<usize> {
            (0..n).filter(|at| origin.iter().any(|block| of(*block) == *at)).collect()
        };
        let regions = occurs(places.regions.len() + 1, &region);
        let waves = occurs(config.waves.len(), &wave);
        let mut columns = Vec::new();
        for at in regions.iter().skip(1) {
            let name = places.regions.get(*at).map_or(NO_REGION, |[_, name]| name);
            if self.model.absorb == Absorb::None {
                columns.push(column(REGION, name, origin, &|block| indicator(region(block) == *at)));
            }
            for year in waves.iter().skip(1) {
                let is = |block: usize| region(block) == *at && wave(block) == *year;
                if origin.iter().any(|block| is(*block)) {
                    let level = format!("{name}, {}", config.waves[*year]);
                    columns.push(column(REGION, &level, origin, &|block| indicator(is(block))));
                }
            }
        }
        columns
    }
}

fn indicator(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn column(name: &str, level: &str, origin: &[usize], value: &dyn Fn(usize) -> f64) -> Column {
    Column { name: name.into(), level: level.into(), values: origin.iter().map(|block| value(*block)).collect() }
}

/// Share with the outcome of each practice over the waves without a census that the model keeps.
fn baseline(config: &Config, panel: &Panel, model: &Model, outcome: usize) -> Vec<f64> {
    let mut sums = vec![(0u64, 0u64); panel.practices.len()];
    let class = &panel.outcomes[outcome].class;
    for block in &panel.blocks {
        let wave = usize::from(block.wave);
        if config.exposure.census_for_wave[wave].is_some() || model.change.without.contains(&wave) {
            continue;
        }
        let sum = &mut sums[block.practice as usize];
        for row in block.rows.clone().filter(|row| panel.speaks_of(*row, outcome) && class[*row] < FIRST_REASON) {
            let n = panel.responses(row);
            sum.0 += n * u64::from(class[row] == SUCCESS);
            sum.1 += n;
        }
    }
    sums.into_iter().map(|(success, all)| success as f64 / all as f64).collect()
}

/// Why the data cannot give what a model changes: a census on no file, a code that does not occur.
pub(super) fn problem(panel: &Panel, model: &Model) -> Option<String> {
    let change = &model.change;
    if let Some(census) = panel.made(model).and_then(|made| made.absent.first()) {
        return Some(format!("census {census} is in no workforce file"));
    }
    let unknown = |codes: &[String], names: &[[String; 2]]| {
        codes.iter().find(|code| !names.iter().any(|[known, _]| known == *code)).cloned()
    };
    let area =
        unknown(&change.without_areas, &panel.places.areas).map(|code| format!("no cluster is in area `{code}`"));
    area.or_else(|| {
        unknown(&change.without_regions, &panel.places.regions).map(|code| format!("no cluster is in region `{code}`"))
    })
}

/// The same for every model of the config, as problems.
pub(super) fn problems(config: &Config, panel: &Panel) -> Vec<Problem> {
    let one = |model: &Model| {
        let what = format!("model `{}`: {}", model.id, problem(panel, model)?);
        let codes = |names: &[[String; 2]]| names.iter().map(|[code, _]| code.as_str()).collect::<Vec<_>>().join(", ");
        let hint = match (&model.change.without_areas[..], &model.change.without_regions[..]) {
            ([], []) => "take a census that is on file".to_string(),
            ([], _) => format!("the regions are {}", codes(&panel.places.regions)),
            _ => format!("the areas are {}", codes(&panel.places.areas)),
        };
        Some(Problem::new(what).hint(hint))
    };
    config.models.iter().filter_map(one).collect()
}
