//! Inputs for the tests: every word the same, numbers from a function.

use super::*;

type Numbers<'a> = &'a dyn Fn(usize) -> Option<f64>;

pub(super) fn spread_input(words: &str, size: usize, number: Numbers) -> SpreadOverTime {
    let point = |k: usize| SpreadPoint {
        at: 2020.0 + k as f64 * 0.25,
        label: format!("M{k}"),
        group: format!("{}", 2020 + k / 4),
        p10: number(k),
        p25: number(k + 1),
        median: number(k + 2),
        mean: number(k + 3),
        p75: number(k + 4),
        p90: number(k + 5),
        share: number(k + 6),
        share_text: number(k + 6).map(|x| crate::format::fixed(x.clamp(-1e3, 1e3), 0)).unwrap_or_default(),
    };
    let w = || words.to_owned();
    SpreadOverTime {
        title: w(),
        share_title: w(),
        labels: SpreadLabels { p90: w(), p75: w(), median: w(), mean: w(), p25: w(), p10: w() },
        points: (0..size).map(point).collect(),
    }
}

fn estimate(k: usize, number: Numbers) -> Option<Estimate> {
    Some(Estimate { value: number(k)?, low: number(k + 1)?, high: number(k + 2)? })
}

pub(super) fn levels_input(words: &str, size: usize, number: Numbers) -> LevelsByWave {
    let series = (0..size.min(7)).map(|s| LevelSeries {
        name: format!("{words} {s}"),
        levels: (0..size).map(|k| estimate(k + s, number)).collect(),
    });
    LevelsByWave {
        title: words.into(),
        waves: (0..size).map(|k| Wave { at: 2018.0 + k as f64, label: format!("{}", 2018 + k) }).collect(),
        series: series.collect(),
        absent: Vec::new(),
        breaks: vec![
            Break { at: 2018.5, label: words.into(), series: Vec::new() },
            Break { at: 2020.5, label: words.into(), series: vec![1] },
        ],
        key: words.into(),
        remark: words.into(),
        digits: 1,
        limits: Some((0.0, 100.0)),
    }
}

pub(super) fn forest_input(words: &str, size: usize, number: Numbers) -> Forest {
    let mark = |k: usize| ForestMark { estimate: estimate(k, number), text: words.into() };
    let row = |k: usize| ForestRow {
        label: words.into(),
        note: words.into(),
        first: mark(k),
        second: k.is_multiple_of(2).then(|| mark(k + 1)),
    };
    Forest {
        row_title: words.into(),
        text_title: words.into(),
        axis_title: words.into(),
        reference: Some(1.0),
        directions: (words.into(), words.into()),
        first_name: words.into(),
        second_name: words.into(),
        rows: (0..size).map(row).collect(),
    }
}

pub(super) fn dots_input(words: &str, size: usize, number: Numbers) -> SortedDots {
    let row = |k: usize| DotRow {
        label: format!("{words} {k}"),
        value: number(k),
        quartiles: number(k + 1).zip(number(k + 2)),
        text: words.into(),
    };
    SortedDots {
        row_title: words.into(),
        text_title: words.into(),
        axis_title: words.into(),
        range_name: words.into(),
        dot_name: words.into(),
        mean: number(3),
        mean_text: words.into(),
        rows: (0..size).map(row).collect(),
    }
}

pub(super) fn flow_input(words: &str, size: usize, number: Numbers) -> Flow {
    let count = |k: usize| FlowCount {
        label: words.into(),
        value: number(k).map(|x| x as u64),
        text: number(k).map(|_| format!("n = {words}")).unwrap_or_default(),
    };
    let step = |k: usize| FlowStep {
        here: count(k),
        left_out: k.is_multiple_of(2).then(|| count(k + 1)),
        reasons: (0..k % 4).map(count).collect(),
    };
    let end = |k: usize| FlowBox { here: count(k), notes: (0..k % 3).map(count).collect() };
    Flow { steps: (0..size.min(6)).map(step).collect(), ends: (0..size).map(end).collect() }
}

pub(super) fn curve_input(words: &str, size: usize, number: Numbers) -> SpecificationCurve {
    let axis = |k: usize| Axis {
        id: format!("axis_{k}"),
        label: words.into(),
        levels: (0..=k).map(|level| format!("{words} {level}")).collect(),
        names: (0..=k).map(|level| level.to_string()).collect(),
    };
    let point = |k: usize| Point {
        name: format!("{words} {k}"),
        estimate: estimate(k, number),
        status: "ok".into(),
        choices: (0..3).map(|axis| k % (axis + 1)).collect(),
    };
    SpecificationCurve {
        axis_title: words.into(),
        main_name: words.into(),
        other_name: words.into(),
        points: (0..size * 5).map(point).collect(),
        axes: (0..3).map(axis).collect(),
    }
}

pub(super) fn multiples_input(words: &str, size: usize, number: Numbers) -> SmallMultiples {
    let heading = |k: usize| if k.is_multiple_of(3) { words.to_owned() } else { String::new() };
    let column = |k: usize| Multiple {
        title: words.into(),
        main: estimate(k, number),
        rows: (0..size).map(|row| estimate(k + row, number)).collect(),
    };
    SmallMultiples {
        main_name: words.into(),
        axis_title: words.into(),
        rows: (0..size).map(|k| (heading(k), format!("{words} {k}"))).collect(),
        columns: (0..size.min(7)).map(column).collect(),
    }
}
