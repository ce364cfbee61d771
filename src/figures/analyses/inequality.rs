//! The slope index of inequality over waves: one panel per outcome.

use crate::config::Config;
use crate::disclosure::InequalityFound;
use crate::figures::breaks;
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate, LevelSeries, LevelsByWave, Wave, levels_by_wave};

pub(super) fn inequality(config: &Config, found: &InequalityFound, caption: &Caption) -> Drawn {
    let ends = config.analyses.inequality.as_ref().map(|plan| plan.ends.clone()).unwrap_or_default();
    let series = |outcome: &crate::disclosure::InequalityOutcome| {
        let level = |wave: usize| {
            let e = outcome.waves.iter().find(|row| row.wave == wave)?.slope.shown()?;
            Some(Estimate { value: 100.0 * e.estimate, low: 100.0 * e.low, high: 100.0 * e.high })
        };
        let name = config.outcomes.get(outcome.outcome).map_or_else(String::new, |outcome| outcome.short.clone());
        LevelSeries { name, levels: (0..config.waves.len()).map(level).collect() }
    };
    let input = LevelsByWave {
        title: format!("Slope index: {} less {} (percentage points)", ends[1], ends[0]),
        waves: config.waves.iter().map(|w| Wave { at: f64::from(*w), label: w.to_string() }).collect(),
        series: found.outcomes.iter().map(series).collect(),
        breaks: breaks::of(config, found.outcomes.iter().map(|outcome| outcome.outcome)),
        absent: breaks::absent(config, found.outcomes.iter().map(|outcome| outcome.outcome)),
        key: "Estimate with 95% confidence interval".into(),
        remark: String::new(),
        digits: 1,
        limits: None,
    };
    (levels_by_wave(caption, &input), Vec::new())
}
