//! offprint's part of `benches/peers.py`: five models on columns that script wrote, from columns in memory to
//! estimates, as often as asked. `cargo bench --bench peers -- FOLDER REPEATS`; without a folder it says so.
#![expect(clippy::print_stdout, reason = "a bench talks to the terminal")]

use std::io;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use offprint::model::{Block, Column, Factor, Fit, Options, Patterns, Profile, Sample, fit};

/// What is not known.
const MISSING: u8 = 255;
/// Blocks whose responses are copied together.
const PART: usize = 512;

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

/// The responses that have this outcome, in memory that the sample before may have left.
fn sample<'a>(
    data: &Data,
    patterns: &'a Patterns,
    codes: &[u16],
    outcome: &[u8],
    (mut pattern, mut success): (Vec<u32>, Vec<u8>),
) -> Sample<'a> {
    let mut row = 0;
    let ranges = data.rows.iter().map(|rows| {
        row += *rows as usize;
        row - *rows as usize..row
    });
    let ranges: Vec<Range<usize>> = ranges.collect();
    let known = |rows: &Range<usize>| outcome[rows.clone()].iter().map(|value| usize::from(*value != MISSING)).sum();
    let known: Vec<usize> = ranges.par_iter().map(known).collect();
    let (mut blocks, mut next) = (Vec::with_capacity(known.len()), 0);
    for (at, known) in known.iter().enumerate() {
        blocks.push(Block { rows: next..next + known, group: data.group[at], cluster: data.cluster[at] });
        next += known;
    }
    pattern.resize(next, 0);
    success.resize(next, 0);
    // Parts of many blocks are filled side by side.
    let (mut patterns_left, mut successes_left) = (pattern.as_mut_slice(), success.as_mut_slice());
    let mut work = Vec::new();
    for (rows, known) in ranges.chunks(PART).zip(known.chunks(PART)) {
        let (codes_to, rest) = patterns_left.split_at_mut(known.iter().sum());
        let (values_to, others) = successes_left.split_at_mut(codes_to.len());
        (patterns_left, successes_left) = (rest, others);
        work.push((rows[0].start..rows[rows.len() - 1].end, codes_to, values_to));
    }
    work.into_par_iter().for_each(|(rows, codes_to, values_to)| {
        let mut next = 0;
        for (code, value) in codes[rows.clone()].iter().zip(&outcome[rows]) {
            // What is not known is written over by what follows: no branch that half of them take.
            let Some((code_to, value_to)) = codes_to.get_mut(next).zip(values_to.get_mut(next)) else { break };
            (*code_to, *value_to) = (u32::from(*code), *value);
            next += usize::from(*value != MISSING);
        }
    });
    let mut columns = vec![Column { name: "exposure".into(), level: String::new(), values: data.exposure.clone() }];
    let last = data.wave.iter().copied().max().unwrap_or(0);
    columns.extend((1..=last).map(|wave| Column {
        name: "wave".into(),
        level: wave.to_string(),
        values: data.wave.iter().map(|w| f64::from(u8::from(*w == wave))).collect(),
    }));
    Sample {
        blocks,
        columns,
        patterns,
        numerics: Vec::new(),
        pattern,
        success,
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "group".into(),
    }
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
        let mut memory = Default::default();
        let one = |outcome: &Vec<u8>| {
            let sample = sample(&data, &patterns, &codes, outcome, std::mem::take(&mut memory));
            let fit = fit(&sample, &options);
            memory = (sample.pattern, sample.success);
            fit
        };
        match data.outcomes.iter().map(one).collect::<Result<_, _>>() {
            Ok(all) => fits = all,
            Err(error) => println!("{error}"),
        }
        println!("seconds {}", start.elapsed().as_secs_f64());
        println!("processor {}", processor() - used);
    }
    show(&fits);
}
