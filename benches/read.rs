//! Writes a survey of 4,132,676 responses in six text files to a temporary folder and times reading
//! it with one thread and with two.
//!
//! `cargo bench --bench read -- [--one-file] [THREADS]`

#![expect(clippy::print_stdout, reason = "a bench talks to its user")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

#[path = "../tests/ingest/support.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "shared with the tests")]
mod support;

use offprint::config::Config;
use offprint::ingest;

const ROWS: usize = 4_132_676;
const ITEMS: usize = 18;
const WAVES: [i32; 6] = [2018, 2019, 2020, 2021, 2022, 2023];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("read_speed_{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let one_file = std::env::args().any(|argument| argument == "--one-file");
    let bytes = write(&folder, one_file)?;
    let config = config(one_file);
    println!("{ROWS} rows, {:.0} MB", bytes as f64 / 1e6);
    let chosen = std::env::args().filter_map(|argument| argument.parse().ok()).next();
    for threads in chosen.map_or(vec![1, 2], |threads: usize| vec![threads]) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let (mut best, before) = (f64::INFINITY, processor_seconds());
        for _ in 0..3 {
            let start = Instant::now();
            let (survey, records) = pool.install(|| ingest::read_survey(&config, &folder, &support::quiet))?;
            best = best.min(start.elapsed().as_secs_f64());
            assert_eq!((survey.practice.len(), records.len()), (ROWS, config.inputs.survey.files.len()));
        }
        let start = Instant::now();
        let (survey, _) = pool.install(|| ingest::read_survey(&config, &folder, &support::quiet))?;
        let read = start.elapsed();
        pool.install(|| ingest::check_codes(&config, &survey))?;
        println!("codes checked in {:.2} s", (start.elapsed() - read).as_secs_f64());
        let used = (processor_seconds() - before) / 4.0;
        println!("{threads} threads: {best:.2} s, best of three; {used:.2} s of processor; peak so far {} MB", peak());
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Processor time of this process in seconds, from the kernel's ticks of 10 ms.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Peak resident memory in MB, from the kernel.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Writes the files with codes from a small generator; gives their size.
fn write(folder: &Path, one_file: bool) -> std::io::Result<u64> {
    let mut bytes = 0;
    let mut state = 1_u64;
    let mut row = 0;
    let files = if one_file { 1 } else { WAVES.len() };
    for file in 0..files {
        let mut out = std::io::BufWriter::new(std::fs::File::create(folder.join(format!("survey{file}.csv")))?);
        let names: Vec<String> = (0..ITEMS).map(|item| format!("Q{item}")).collect();
        let mut text = format!("practice_code,wave,respondent,pcn_code,{},wt_new\n", names.join(","));
        while row < ROWS * (file + 1) / files {
            let (practice, wave) = (row * 6700 / ROWS, WAVES[row * 6 / ROWS]);
            let _ = write!(text, "A{practice:05},{wave},{row:012},U{:05}-{practice:08}-{wave}", practice / 5);
            for _ in 0..ITEMS {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str([",1", ",2", ",3", ",-3"][(state >> 62) as usize]);
            }
            let _ = writeln!(text, ",{}.{:09}", state >> 63, state >> 35);
            row += 1;
            if text.len() > 1 << 20 {
                bytes += text.len() as u64;
                out.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        bytes += text.len() as u64;
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(bytes)
}

/// A study with one outcome per item.
fn config(one_file: bool) -> Config {
    let mut config = support::config();
    config.waves = WAVES.to_vec();
    config.covariates.clear();
    config.outcomes = (0..ITEMS).map(|item| support::outcome("o", &format!("Q{item}"), &[1], &[2, 3])).collect();
    for outcome in &mut config.outcomes {
        outcome.items = vec![outcome.items[0].clone(); WAVES.len()];
    }
    let mut file = config.inputs.survey.files.remove(0);
    file.weight = Some("wt_new".to_owned());
    config.inputs.survey.files = (0..if one_file { 1 } else { WAVES.len() })
        .map(|at| {
            let mut file = file.clone();
            file.path = format!("survey{at}.csv");
            file.wave = (!one_file).then_some(at);
            file.wave_column = one_file.then(|| "wave".to_owned());
            file
        })
        .collect();
    config
}
