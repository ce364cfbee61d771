//! Regressors in the form the passes want: block columns centred within groups and scaled, levels
//! as slots of a small table, groups and clusters numbered without gaps. Knows no likelihood.

use rayon::prelude::*;

use super::absorbed;
use super::cells::{Packed, Run};
use super::failure::FitError;
use super::options::{Covariance, Options, Place, Through};
use super::prune::Pruned;
use super::result::{AbsorbedEffect, Term};
use super::sample::Sample;

/// Most columns where their information is factored once per cluster.
const WIDEST_AGAIN: usize = 500;

/// The regressors of one model. Dense regressors are block columns, then row-level numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Design {
    /// Names: dense regressors, then dummies.
    pub(crate) terms: Vec<Term>,
    /// Levels without a response.
    pub(crate) unobserved: Vec<Term>,
    /// The block columns in use: indices in `Sample::columns`.
    pub(crate) used: Vec<usize>,
    /// Number of block columns in use.
    pub(crate) blocks: usize,
    /// Number of row-level numbers.
    pub(crate) numerics: usize,
    /// Number of dummies.
    pub(crate) dummies: usize,
    /// How many coefficients are reported: all but the last, which belong to absorbed covariates.
    pub(crate) reported: usize,
    /// The absorbed covariates beside the groups.
    pub(crate) absorbed: Vec<AbsorbedEffect>,
    /// These have too many levels for a square of them: [`super::crossed`] solves for them.
    pub(crate) wide: bool,
    /// How many of their levels the groups and the other levels determine and are in the design all the same.
    pub(crate) redundant: usize,
    /// Covariates per pattern.
    pub(crate) factors: usize,
    /// Dummy of each pattern and factor, absorbed ones last, patterns x factors; `dummies + factor` stands for none
    /// (one such place per factor: a place shared by all would be a queue for the processor).
    pub(crate) slots: Vec<u16>,
    /// Per dense regressor: what its values were divided by.
    pub(crate) scale: Vec<f64>,
    /// Per dense regressor: what was subtracted in the first group (the only one unless absorbed).
    pub(crate) centre: Vec<f64>,
    /// Place of the exposure among the terms.
    pub(crate) exposure: Option<usize>,
    /// Places of the columns that move with it, as `Options::through` lists them.
    pub(crate) through: Vec<usize>,
    /// Per chunk.
    pub(crate) chunks: Vec<ChunkDesign>,
    /// Effects in use: one per group, or one in all when nothing is absorbed.
    pub(crate) groups: usize,
    /// Groups with responses, absorbed or not.
    pub(crate) sampled_groups: usize,
    /// What the effects are called in messages.
    pub(crate) within: String,
    /// Finest units of correlated errors: clusters, or intersections of two kinds.
    pub(crate) units: usize,
    /// The kinds of clusters, of which the covariance is the signed sum.
    pub(crate) ways: Vec<Way>,
}

/// One kind of clusters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Way {
    /// Cluster of each unit.
    pub(crate) of: Vec<u32>,
    /// Clusters in use.
    pub(crate) clusters: usize,
    /// Whether every group lies in one cluster.
    pub(crate) nested: bool,
    /// -1 for intersections, else 1.
    pub(crate) sign: f64,
}

/// What belongs to one chunk of cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ChunkDesign {
    /// Group of each run, 0..groups, ascending.
    pub(crate) group: Vec<u32>,
    /// Unit of each run, 0..units.
    pub(crate) unit: Vec<u32>,
    /// The patterns of its cells, ascending, where all patterns are too many for a table per chunk.
    pub(crate) present: Vec<u32>,
    /// Place of each cell's pattern among them.
    pub(crate) places: Vec<u32>,
    /// Runs x block columns.
    pub(crate) columns: Vec<f64>,
    /// Cells x numerics.
    pub(crate) numerics: Vec<f64>,
}

impl ChunkDesign {
    /// How many patterns a table for this chunk has, of `all`.
    pub(crate) fn tabulated(&self, all: usize) -> usize {
        if self.places.is_empty() { all } else { self.present.len() }
    }

    /// The pattern at a place of such a table.
    pub(crate) fn pattern(&self, place: usize) -> usize {
        self.present.get(place).map_or(place, |pattern| *pattern as usize)
    }
}

impl Design {
    /// Number of coefficients without absorbed effects and intercept.
    pub(crate) fn width(&self) -> usize {
        self.dense() + self.dummies
    }

    /// Number of values a slot can have.
    pub(crate) fn places(&self) -> usize {
        self.dummies + self.factors
    }

    /// Number of dense regressors.
    pub(crate) fn dense(&self) -> usize {
        self.blocks + self.numerics
    }

    /// Numbers everything, drops what is unobserved and checks that every regressor varies.
    /// More than `widest` coefficients with the absorbed levels are [`Design::wide`].
    pub(crate) fn new(
        sample: &Sample,
        options: &Options,
        packed: &Packed,
        pruned: &Pruned,
        widest: usize,
    ) -> Result<Self, FitError> {
        let mut design = Self::numbered(sample, options, packed);
        let fewest = design.ways.iter().map(|way| way.clusters).min().unwrap_or(0);
        if options.covariance.clustered() && fewest < 2 {
            return Err(FitError::FewClusters { clusters: fewest as u64 });
        }
        let used = design.choose_columns(sample, options, packed, pruned);
        design.blocks = used.len();
        design.numerics = sample.numerics.len();
        let place = |through: &Through| match through.column {
            Place::Block(at) => used.iter().position(|used| *used == at).unwrap_or_default(),
            Place::Row(at) => used.len() + at,
        };
        design.through = options.through.iter().map(place).collect();
        design.terms.extend(sample.numerics.iter().map(|column| Term::new(&column.name, &column.level)));
        design.reported = design.dense();
        design.choose_levels(sample, packed, pruned, widest)?;
        design.locate(packed);
        design.chunks.par_iter_mut().zip(&packed.chunks).for_each(|(chunk, cells)| {
            let values = cells.runs.iter().flat_map(|run| used.iter().map(|at| sample.columns[*at].values[run.block]));
            chunk.columns = values.collect();
            chunk.numerics.clone_from(&cells.numerics);
        });
        if let Err(at) = design.centre_and_scale(packed) {
            return Err(FitError::Collinear {
                term: design.terms[at].clone(),
                with: Vec::new(),
                within: Some(design.within),
            });
        }
        design.used = used;
        if !design.absorbed.is_empty() && !design.wide {
            absorbed::thin(&mut design, sample, packed)?;
        }
        let again = options.covariance == Covariance::Cr3 || options.bootstrap.is_some();
        if again && design.width() > WIDEST_AGAIN {
            return Err(FitError::TooWide { columns: design.width() as u64, most: WIDEST_AGAIN as u64 });
        }
        Ok(design)
    }

    fn numbered(sample: &Sample, options: &Options, packed: &Packed) -> Self {
        let runs = || packed.chunks.iter().flat_map(|chunk| &chunk.runs);
        let second = |run: &Run| options.second_cluster.get(run.block).copied().unwrap_or(0);
        let ids = distinct(runs().map(|run| (run.cluster, second(run))));
        let sampled_groups = distinct(runs().map(|run| run.group)).len();
        let way = |sign: f64, part: fn((u32, u32)) -> (u32, u32)| {
            let id = |run: &Run| part((run.cluster, second(run)));
            let clusters = distinct(runs().map(id));
            let of = ids.iter().map(|unit| clusters.partition_point(|c| *c < part(*unit)) as u32).collect();
            let nested = distinct(runs().map(|run| (run.group, id(run)))).len() == sampled_groups;
            Way { of, clusters: clusters.len(), nested, sign }
        };
        let mut ways = vec![way(1.0, |unit| (unit.0, 0))];
        if options.covariance == Covariance::TwoWay {
            ways.push(way(1.0, |unit| (unit.1, 0)));
            ways.push(way(-1.0, |unit| unit));
        }
        let (mut groups, mut last, mut unit) = (0_usize, None, 0_usize);
        let mut chunks = Vec::with_capacity(packed.chunks.len());
        for cells in &packed.chunks {
            let mut chunk = ChunkDesign::default();
            for run in &cells.runs {
                if last.is_none() || (options.absorb && last != Some(run.group)) {
                    groups += 1;
                    last = Some(run.group);
                }
                chunk.group.push(groups as u32 - 1);
                let id = (run.cluster, second(run));
                if ids.get(unit) != Some(&id) {
                    unit = ids.partition_point(|known| *known < id);
                }
                chunk.unit.push(unit as u32);
            }
            chunks.push(chunk);
        }
        Self {
            terms: Vec::new(),
            unobserved: Vec::new(),
            used: Vec::new(),
            blocks: 0,
            numerics: 0,
            dummies: 0,
            reported: 0,
            absorbed: Vec::new(),
            wide: false,
            redundant: 0,
            factors: sample.patterns.factors.len(),
            slots: Vec::new(),
            scale: Vec::new(),
            centre: Vec::new(),
            exposure: None,
            through: Vec::new(),
            chunks,
            groups,
            sampled_groups,
            within: if options.absorb { format!("`{}`", sample.group_name) } else { "the sample".into() },
            units: ids.len(),
            ways,
        }
    }

    /// The block columns that stay; an indicator of a level that nobody has is only listed.
    fn choose_columns(&mut self, sample: &Sample, options: &Options, packed: &Packed, pruned: &Pruned) -> Vec<usize> {
        let mut used = Vec::new();
        for (at, column) in sample.columns.iter().enumerate().filter(|(at, _)| !pruned.columns[*at]) {
            let mut runs = packed.chunks.iter().flat_map(|chunk| &chunk.runs);
            let term = Term::new(&column.name, &column.level);
            let is_exposure = options.effect_of == Some(at);
            if !is_exposure
                && !moves(options, at)
                && !column.level.is_empty()
                && runs.all(|run| column.values[run.block] == 0.0)
            {
                self.unobserved.push(term);
                continue;
            }
            if is_exposure {
                self.exposure = Some(used.len());
            }
            used.push(at);
            self.terms.push(term);
        }
        used
    }
}

/// Whether a block column moves with the exposure.
pub(crate) fn moves(options: &Options, column: usize) -> bool {
    options.through.iter().any(|through| through.column == Place::Block(column))
}

/// The distinct values, ascending.
pub(crate) fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    // Blocks come in order, so most repetitions stand side by side: out before sorting.
    let mut few: Vec<T> = Vec::new();
    values.for_each(|value| {
        if few.last() != Some(&value) {
            few.push(value);
        }
    });
    let mut values = few;
    values.sort_unstable();
    values.dedup();
    values
}
