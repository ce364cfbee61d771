//! offprint's part of `benches/peers.py`: five models on columns that script wrote, from columns in memory to
//! estimates, as often as asked. `cargo bench --bench peers -- FOLDER REPEATS`; without a folder it says so.
#![expect(clippy::print_stdout, reason = "a bench talks to the terminal")]

use std::io;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use offprint::model::{Block, Column, Factor, Fit, Options, Patterns, Profile, Sample, fit};

/// What is not known.
const MISSING: u8 = 255;

/// The columns as they are in the folder.
struct Data {
    /// Per block.
    rows: Vec<u32>,
    group: Vec<u32>,
    cluster: Vec<u32>,
    wave: Vec<u8>,
    exposure: Vec<f64>,
    /// Per row.
    levels: Vec<Vec<u8>>,
    outcomes: Vec<Vec<u8>>,
}

fn read(folder: &Path) -> io::Result<Data> {
    let bytes = |name: &str| std::fs::read(folder.join(name));
    let whole = |name: &str| -> io::Result<Vec<u32>> {
        Ok(bytes(name)?.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect())
    };
    let numbered = |stem: &str| -> io::Result<Vec<Vec<u8>>> {
        (0..)
            .map(|at| format!("{stem}{at}.u8"))
            .take_while(|name| folder.join(name).exists())
            .map(|n| bytes(&n))
            .collect()
    };
    Ok(Data {
        rows: whole("rows.u32")?,
        group: whole("group.u32")?,
        cluster: whole("cluster.u32")?,
        wave: bytes("wave.u8")?,
        exposure: bytes("exposure.f64")?.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        levels: numbered("level")?,
        outcomes: numbered("y")?,
    })
}

/// Every combination of levels (fewer than 65,536), and that of each row: the sum of its levels, each times its
/// place value.
fn patterns(data: &Data) -> (Patterns, Vec<u16>) {
    let sizes: Vec<u32> = data.levels.iter().map(|l| u32::from(l.iter().copied().max().unwrap_or(0)) + 1).collect();
    let factors = sizes.iter().enumerate().map(|(at, n)| Factor {
        absorbed: false,
        name: format!("level{at}"),
        levels: (0..*n).map(|level| level.to_string()).collect(),
        reference: 0,
    });
    let mut place = 1_u32;
    let mut places = Vec::new();
    for n in &sizes {
        places.push(place);
        place *= n;
    }
    let of = |pattern: u32| places.iter().zip(&sizes).map(move |(place, n)| (pattern / place % n) as u16);
    let levels = (0..place).flat_map(of).collect();
    let mut rows = vec![0; data.levels.first().map_or(0, Vec::len)];
    rows.par_chunks_mut(1 << 16).enumerate().for_each(|(at, rows)| {
        for (column, place) in data.levels.iter().zip(&places) {
            let column = &column[at << 16..];
            rows.iter_mut().zip(column).for_each(|(row, level)| *row += u16::from(*level) * *place as u16);
        }
    });
    (Patterns { factors: factors.collect(), levels }, rows)
}

/// The responses that have this outcome.
fn sample<'a>(data: &Data, patterns: &'a Patterns, codes: &[u16], outcome: &[u8]) -> Sample<'a> {
    let known = outcome.iter().filter(|value| **value != MISSING).count();
    let mut out = Sample {
        blocks: Vec::with_capacity(data.rows.len()),
        columns: Vec::new(),
        patterns,
        numerics: Vec::new(),
        // One place more for what is written and not kept.
        pattern: vec![0; known + 1],
        success: vec![0; known + 1],
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "group".into(),
    };
    let (mut row, mut next) = (0, 0);
    for (at, rows) in data.rows.iter().enumerate() {
        let (start, rows) = (next, row..row + *rows as usize);
        row = rows.end;
        for (code, value) in codes[rows.clone()].iter().zip(&outcome[rows]) {
            (out.pattern[next], out.success[next]) = (u32::from(*code), *value);
            next += usize::from(*value != MISSING);
        }
        out.blocks.push(Block { rows: start..next, group: data.group[at], cluster: data.cluster[at] });
    }
    out.pattern.truncate(next);
    out.success.truncate(next);
    out.columns.push(Column { name: "exposure".into(), level: String::new(), values: data.exposure.clone() });
    let last = data.wave.iter().copied().max().unwrap_or(0);
    out.columns.extend((1..=last).map(|wave| Column {
        name: "wave".into(),
        level: wave.to_string(),
        values: data.wave.iter().map(|w| f64::from(u8::from(*w == wave))).collect(),
    }));
    out
}

/// Processor seconds this process has used (Linux; elsewhere not a number).
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<f64> = text.split_whitespace().skip(13).take(2).filter_map(|t| t.parse().ok()).collect();
    if ticks.len() == 2 { (ticks[0] + ticks[1]) / 100.0 } else { f64::NAN }
}

fn show(fits: &[Fit]) {
    for (at, fit) in fits.iter().enumerate() {
        for (place, term) in fit.terms.iter().enumerate() {
            let level = if term.level.is_empty() { String::new() } else { format!("={}", term.level) };
            println!("estimate {at} {}{level} {:e} {:e}", term.name, fit.coefficient[place], fit.std_error[place]);
        }
        println!("responses {at} {}", fit.responses);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    println!("peak {}", peak.trim());
    println!("version {}", env!("CARGO_PKG_VERSION"));
    println!("threads {}", rayon::current_num_threads());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(folder) = arguments.first() else {
        println!("run by benches/peers.py, which writes the data");
        return;
    };
    let repeats = arguments.get(1).and_then(|count| count.parse().ok()).unwrap_or(1);
    let data = match read(Path::new(folder)) {
        Ok(data) => data,
        Err(error) => {
            println!("{folder}: {error}");
            std::process::exit(1);
        }
    };
    let options = Options { effect_of: Some(0), vcov: Profile::Fixest013, ..Options::default() };
    let mut fits = Vec::new();
    for _ in 0..repeats {
        let (start, used) = (Instant::now(), processor());
        let (patterns, codes) = patterns(&data);
        let one = |outcome: &Vec<u8>| fit(&sample(&data, &patterns, &codes, outcome), &options);
        match data.outcomes.iter().map(one).collect::<Result<_, _>>() {
            Ok(all) => fits = all,
            Err(error) => println!("{error}"),
        }
        println!("seconds {}", start.elapsed().as_secs_f64());
        println!("processor {}", processor() - used);
    }
    show(&fits);
}
