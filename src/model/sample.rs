//! What a model is fitted to: plain columns in blocks. Knows nothing of files or frames.

use std::ops::Range;

use rayon::prelude::*;

use super::design::distinct;
use super::failure::FitError;
use super::levels::PLACES;
use super::options::{At, Bootstrap, Covariance, Family, Members, Options, Place};
use super::through::raised;

/// One categorical covariate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Name of the covariate.
    pub name: String,
    /// Names of its levels; a pattern holds an index into them.
    pub levels: Vec<String>,
    /// Index of the level the others are compared with; of no account when absorbed.
    pub reference: usize,
    /// Whether it stands for effects that are controlled for and not reported, like the groups'.
    pub absorbed: bool,
}

/// The distinct combinations of the categorical covariates' levels, shared by all outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns {
    /// The covariates.
    pub factors: Vec<Factor>,
    /// Level indices, patterns x factors, row-major. Without factors: empty, and every row has
    /// pattern 0.
    pub levels: Vec<u16>,
}

impl Patterns {
    /// Number of patterns (one when there is no factor).
    pub fn len(&self) -> usize {
        if self.factors.is_empty() { 1 } else { self.levels.len() / self.factors.len() }
    }

    /// True when there are factors but no pattern.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The level indices of one pattern, one per factor.
    pub(crate) fn of(&self, pattern: usize) -> &[u16] {
        let width = self.factors.len();
        &self.levels[pattern * width..(pattern + 1) * width]
    }
}

/// A run of consecutive rows that share group, cluster and the block columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its rows. Blocks follow one another without overlap.
    pub rows: Range<usize>,
    /// The unit whose effect is absorbed; ascending over blocks, gaps allowed.
    pub group: u32,
    /// The unit within which errors are correlated.
    pub cluster: u32,
}

/// A numeric regressor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The level it is an indicator of, empty for a number.
    pub level: String,
    /// Its values: one per block for block columns, one per row for row-level columns.
    pub values: Vec<f64>,
}

/// One analysis sample.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    /// Blocks in order of group.
    pub blocks: Vec<Block>,
    /// Block-level regressors: exposure, wave indicators, practice-level covariates.
    pub columns: Vec<Column>,
    /// Row-level categorical covariates.
    pub patterns: &'a Patterns,
    /// Row-level numeric regressors; slower than the rest, usually none.
    pub numerics: Vec<Column>,
    /// Pattern of each row.
    pub pattern: Vec<u32>,
    /// Outcome of each row, 0 or 1 (any value when `outcome` is given).
    pub success: Vec<u8>,
    /// A numeric outcome instead, one value per row: linear family, or Poisson where none is negative.
    pub outcome: Option<Vec<f64>>,
    /// How many responses a row stands for; `None` means one each.
    pub count: Option<Vec<u32>>,
    /// Sampling weight of each response of a row.
    pub weight: Option<Vec<f64>>,
    /// Added to the linear predictor of each row, with no coefficient: the logarithm of the time or
    /// population at risk, say.
    pub offset: Option<Vec<f64>>,
    /// What a group is called in messages, `practice` say.
    pub group_name: String,
}

/// What rounding may do to a product, relatively.
const ROUNDING: f64 = 1e-9;
/// Most levels of a subgroup.
const LEVELS: usize = 1_000;

fn malformed(what: &str) -> Result<(), FitError> {
    Err(FitError::Malformed(what.into()))
}

impl Sample<'_> {
    /// Checks shapes and ranges, so that nothing after this can index out of bounds.
    pub(crate) fn check(&self, options: &Options) -> Result<(), FitError> {
        let bad = |what: String| Err(FitError::Malformed(what));
        let rows = self.pattern.len();
        if self.success.len() != rows
            || self.outcome.as_ref().is_some_and(|y| y.len() != rows)
            || self.count.as_ref().is_some_and(|c| c.len() != rows)
            || self.weight.as_ref().is_some_and(|w| w.len() != rows)
            || self.offset.as_ref().is_some_and(|o| o.len() != rows)
        {
            return bad("row columns differ in length".into());
        }
        if rows > u32::MAX as usize || self.patterns.len() >= 1 << 30 {
            return bad("more than 4 billion rows or 1 billion patterns".into());
        }
        if self.outcome.is_some() && options.family.binary() {
            return bad("a numeric outcome needs the linear or the Poisson family".into());
        }
        if let Some(at) = self.outcome.iter().flatten().position(|y| options.family == Family::Poisson && *y < 0.0) {
            return bad(format!("outcome of row {at} is negative, which the Poisson family cannot take"));
        }
        if let Some(at) = self.offset.iter().flatten().position(|o| !o.is_finite()) {
            return bad(format!("offset of row {at} is not a number"));
        }
        if let Some(at) = self.outcome.iter().flatten().position(|y| !y.is_finite()) {
            return bad(format!("outcome of row {at} is not a number"));
        }
        if let Some(at) = first_beyond(&self.success, 1) {
            return bad(format!("outcome of row {at} is neither 0 nor 1"));
        }
        let patterns = self.patterns.len() as u32;
        if let Some(at) =
            first_beyond(&self.pattern, patterns.saturating_sub(1)).or((patterns == 0 && rows > 0).then_some(0))
        {
            return bad(format!("pattern of row {at} is out of range"));
        }
        if let Some(at) = self.weight.iter().flatten().position(|w| !w.is_finite() || *w < 0.0) {
            return bad(format!("weight of row {at} is negative or not a number"));
        }
        if options.effect_of.is_some_and(|at| at >= self.columns.len()) {
            return bad("no column at the exposure's place".into());
        }
        self.check_options(options)?;
        self.check_blocks()?;
        self.check_columns()?;
        self.check_factors()?;
        self.check_through(options)?;
        self.check_subgroups(options)
    }

    fn check_options(&self, options: &Options) -> Result<(), FitError> {
        let bad = |what: &str| Err(FitError::Malformed(what.into()));
        if options.effect_of.is_none() && !options.contrasts.is_empty() {
            return bad("contrasts need an exposure");
        }
        if let Some(Bootstrap { draws, .. }) = options.bootstrap
            && (draws == 0 || options.effect_of.is_none() || options.covariance != Covariance::Cluster)
        {
            return bad("the bootstrap needs an exposure, one-way clusters and at least one draw");
        }
        let finite = |at: &At| !matches!(at, At::Value(value) if !value.is_finite());
        if !options.contrasts.iter().all(|(from, to)| finite(from) && finite(to)) {
            return bad("a contrast's value is not a number");
        }
        let placed = |(at, value): &(usize, f64)| *at < self.columns.len() && value.is_finite();
        if !options.scenarios.iter().flatten().all(placed) {
            return bad("a scenario names no column, or a value that is not a number");
        }
        let second = if options.covariance == Covariance::TwoWay { self.blocks.len() } else { 0 };
        if options.second_cluster.len() != second {
            return bad("two-way errors need a second cluster for each block, others none");
        }
        Ok(())
    }

    fn check_blocks(&self) -> Result<(), FitError> {
        let (mut end, mut group) = (0, 0);
        for (at, block) in self.blocks.iter().enumerate() {
            if block.rows.start != end || block.rows.end < end || block.rows.end > self.pattern.len() {
                return Err(FitError::Malformed(format!("block {at} does not follow the one before it")));
            }
            if block.group < group {
                return Err(FitError::Malformed(format!("block {at} is out of group order")));
            }
            (end, group) = (block.rows.end, block.group);
        }
        if end != self.pattern.len() {
            return Err(FitError::Malformed("the blocks do not cover all rows".into()));
        }
        Ok(())
    }

    fn check_columns(&self) -> Result<(), FitError> {
        let sized = self.columns.iter().map(|c| (c, self.blocks.len()));
        for (column, length) in sized.chain(self.numerics.iter().map(|c| (c, self.pattern.len()))) {
            if column.values.len() != length {
                return Err(FitError::Malformed(format!("column `{}` has the wrong length", column.name)));
            }
            if let Some(at) = column.values.iter().position(|v| !v.is_finite()) {
                return Err(FitError::Malformed(format!("column `{}` is not a number at {at}", column.name)));
            }
        }
        Ok(())
    }

    /// Columns that move with the exposure must be what they are said to be.
    fn check_through(&self, options: &Options) -> Result<(), FitError> {
        let Some(exposure) = options.effect_of.map(|at| &self.columns[at].values) else {
            return if options.through.is_empty() { Ok(()) } else { malformed("columns that move need an exposure") };
        };
        for (at, through) in options.through.iter().enumerate() {
            let (column, by_block) = match through.column {
                Place::Block(at) => (self.columns.get(at), true),
                Place::Row(at) => (self.numerics.get(at), false),
            };
            let again = options.through[..at].iter().any(|other| other.column == through.column);
            let own = through.column == Place::Block(options.effect_of.unwrap_or_default());
            let Some(column) = column.filter(|_| !again && !own && through.power > 0) else {
                return malformed("a column that moves with the exposure is none, is named twice or has power 0");
            };
            let name = &column.name;
            if through.other.len() != column.values.len() || through.other.iter().any(|v| !v.is_finite()) {
                return malformed(&format!("the other factor of column `{name}` has the wrong length or is no number"));
            }
            let bounds = self.blocks.iter().map(|block| block.rows.clone()).enumerate();
            for (block, rows) in bounds.map(|(at, rows)| (at, if by_block { at..at + 1 } else { rows })) {
                let power = raised(exposure[block], through.power);
                let off = |at: &usize| {
                    let (own, wanted) = (column.values[*at], through.other[*at] * power);
                    (own - wanted).is_nan() || (own - wanted).abs() > ROUNDING * own.abs().max(wanted.abs())
                };
                if let Some(at) = rows.clone().find(off) {
                    let what = format!("column `{name}` is not its other factor times the exposure's power at {at}");
                    return malformed(&what);
                }
            }
        }
        Ok(())
    }

    fn check_subgroups(&self, options: &Options) -> Result<(), FitError> {
        if options.effect_of.is_none() && !options.subgroups.is_empty() {
            return malformed("subgroups need an exposure");
        }
        for subgroup in &options.subgroups {
            let (fits, levels) = match &subgroup.of {
                Members::Factor(at) => {
                    let factor = self.patterns.factors.get(*at);
                    (factor.is_some(), factor.map_or(0, |factor| factor.levels.len()))
                }
                Members::Blocks(of) => (of.len() == self.blocks.len(), distinct(of.iter().copied()).len()),
                Members::Rows(of) => (of.len() == self.pattern.len(), distinct(of.iter().copied()).len()),
            };
            if !fits || levels > LEVELS {
                let name = &subgroup.name;
                return malformed(&format!("subgroup `{name}` has the wrong shape or more than {LEVELS} levels"));
            }
        }
        Ok(())
    }

    fn check_factors(&self) -> Result<(), FitError> {
        let width = self.patterns.factors.len();
        if width > 0 && !self.patterns.levels.len().is_multiple_of(width) {
            return Err(FitError::Malformed("pattern table is not patterns x factors".into()));
        }
        for (at, factor) in self.patterns.factors.iter().enumerate() {
            let levels = factor.levels.len();
            if levels > PLACES {
                return Err(FitError::TooWide { columns: levels as u64, most: PLACES as u64 });
            }
            if !factor.absorbed && factor.reference >= factor.levels.len() {
                return Err(FitError::Malformed(format!("`{}` has no level at its reference", factor.name)));
            }
            let mut levels = self.patterns.levels.iter().skip(at).step_by(width);
            if levels.any(|level| usize::from(*level) >= factor.levels.len()) {
                return Err(FitError::Malformed(format!("a pattern has an unknown level of `{}`", factor.name)));
            }
        }
        Ok(())
    }
}

/// The first place of a value larger than `most`. All are looked at side by side, since nearly always there is none.
fn first_beyond<T: Copy + Ord + Default + Sync + Send>(values: &[T], most: T) -> Option<usize> {
    let largest = |part: &[T]| part.iter().copied().fold(T::default(), T::max);
    if values.par_chunks(1 << 16).all(|part| largest(part) <= most) {
        return None;
    }
    values.iter().position(|value| *value > most)
}
