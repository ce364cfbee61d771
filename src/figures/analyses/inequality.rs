//! The slope index of inequality over waves: one panel per outcome.

use crate::config::Config;
use crate::disclosure::InequalityFound;
use crate::figures::build::Drawn;
use crate::figures::{Break, Caption, Estimate, LevelSeries, LevelsByWave, Wave, levels_by_wave};

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
    let mut breaks: Vec<Break> = Vec::new();
    for (index, outcome) in found.outcomes.iter().filter_map(|o| config.outcomes.get(o.outcome)).enumerate() {
        for (wave, text) in &outcome.breaks {
            let at = f64::from(config.waves[*wave] + config.waves[wave.saturating_sub(1)]) / 2.0;
            match breaks.iter_mut().find(|b| b.label == *text && b.at == at) {
                Some(known) => known.series.push(index),
                None => breaks.push(Break { at, label: text.clone(), series: vec![index] }),
            }
        }
    }
    breaks.sort_by(|a, b| a.at.total_cmp(&b.at));
    let input = LevelsByWave {
        title: format!("Slope index: {} less {} (percentage points)", ends[1], ends[0]),
        waves: config.waves.iter().map(|w| Wave { at: f64::from(*w), label: w.to_string() }).collect(),
        series: found.outcomes.iter().map(series).collect(),
        breaks,
        key: "Estimate with 95% confidence interval".into(),
        remark: String::new(),
        digits: 1,
        limits: None,
    };
    (levels_by_wave(caption, &input), Vec::new())
}
