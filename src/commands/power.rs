//! `offprint simulate --power`: small simulated studies, kept as they are made, so that a run that was
//! stopped goes on where it was.

use super::study::{self, ProgressLine};
use super::{DONE, cache};
use crate::cli::Common;
use crate::error::{Problem, Result};
use crate::files;
use crate::pipeline::{self, PowerFit, PowerStudies};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Studies that are made at once and kept together.
const CHUNK: u64 = 16;

/// Makes the studies that are missing, prints what they come to and stores it.
pub(super) fn power(common: &Common, replications: Option<u64>) -> Result<u8> {
    let study = study::open(common)?;
    let config = study.loaded.form.survey()?;
    let studies = PowerStudies::new(config)?;
    if cache::published(&study) {
        let problem = Problem::new("the config is that of a published version, beside which nothing is written");
        return Err(problem.hint("copy the config to a folder of your own").into());
    }
    let replications = replications.unwrap_or(studies.plan().replications);
    let mut log = Log::open(&study.home, &studies)?;
    let (all, progress) = (studies.count(replications), ProgressLine::new(common));
    let mut next = log.fits.len() as u64 / studies.outcomes().max(1) as u64;
    if next > 0 && common.explain {
        let _ = writeln!(std::io::stderr(), "power: {} of {all} studies reused", next.min(all));
    }
    while next < all {
        progress.tell("simulating studies", next, all);
        let end = (next + CHUNK).min(all);
        log.add(studies.run(next..end))?;
        next = end;
    }
    progress.finish();
    let stored = studies.summary(replications, &log.fits);
    for line in pipeline::power_table(&stored) {
        super::print(&line)?;
    }
    let target = study.root.join(&studies.plan().file);
    files::replace(&target, stored.csv().as_bytes())?;
    super::print(&format!("{}", target.display()))?;
    Ok(DONE)
}

/// The studies made so far, in memory and on disk.
struct Log {
    path: PathBuf,
    fits: Vec<PowerFit>,
}

impl Log {
    /// Reads what is there of the same config and program. From the first study that is not whole on, the
    /// file is cut off.
    fn open(home: &Path, studies: &PowerStudies) -> Result<Self> {
        let folder = home.join(cache::FOLDER);
        files::create_private_dir(&folder)?;
        let key = &studies.plan().key;
        let path = folder.join(format!("power-{}.log", key.get(..24).unwrap_or(key)));
        let first = format!("offprint power {key} {}\n", cache::program().map_err(Problem::new)?);
        let text = std::fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let rest = text.strip_prefix(&first).unwrap_or_default();
        let fits = whole(rest, studies.outcomes());
        let mut kept = first;
        fits.iter().for_each(|fit| kept += &format!("{}\n", fit.line()));
        if kept != text {
            files::replace(&path, kept.as_bytes())?;
        }
        Ok(Self { path, fits })
    }

    fn add(&mut self, fits: Vec<PowerFit>) -> Result<()> {
        let text: String = fits.iter().map(|fit| format!("{}\n", fit.line())).collect();
        let file = OpenOptions::new().append(true).open(&self.path);
        file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_data()))
            .map_err(|error| files::failed("write", &self.path, &error))?;
        self.fits.extend(fits);
        Ok(())
    }
}

/// The fits of the studies that are there whole and in order.
fn whole(text: &str, outcomes: usize) -> Vec<PowerFit> {
    let mut fits: Vec<PowerFit> = Vec::new();
    for line in text.split_inclusive('\n') {
        let fit = line.strip_suffix('\n').and_then(PowerFit::parse);
        let place = (fits.len() as u64 / outcomes.max(1) as u64, fits.len() % outcomes.max(1));
        match fit.filter(|fit| (fit.study, fit.outcome) == place) {
            Some(fit) => fits.push(fit),
            None => break,
        }
    }
    fits.truncate(fits.len() / outcomes.max(1) * outcomes);
    fits
}
