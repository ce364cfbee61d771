//! The stored run of small simulated studies: its form as CSV, read and written. Knows nothing of how
//! the studies were made.

use super::open::{Input, digest};
use super::types::InputRecord;
use crate::config::{Config, Power};
use crate::error::{Problem, Result};
use crate::files;
use crate::format::plain;
use std::path::Path;

/// Largest stored run read, in bytes; 20 effects of 100 outcomes come nowhere near.
const LARGEST: u64 = 4 << 20;
/// Header of the file.
const HEADER: &str =
    "key,effect,outcome,odds_ratio,replications,fitted,detected,covered,mean_estimate,sd_estimate,mean_std_error";
/// What to do about a file that cannot be used.
pub const AGAIN: &str = "`offprint simulate --power` makes one that fits";

/// Studies of one outcome under one effect.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRow {
    /// Name of the effect: `truth`, or the odds ratio.
    pub effect: String,
    /// Outcome id.
    pub outcome: String,
    /// Odds ratio per unit of exposure that the studies were made with.
    pub odds_ratio: f64,
    /// Studies made.
    pub replications: u64,
    /// Those in which the model could be fitted.
    pub fitted: u64,
    /// Of these, those whose p value is below the level of the tests.
    pub detected: u64,
    /// Of these, those whose 95 % interval holds the truth; none where the model has no odds ratios.
    pub covered: Option<u64>,
    /// Mean of the coefficients.
    pub mean_estimate: Option<f64>,
    /// Their standard deviation.
    pub sd_estimate: Option<f64>,
    /// Root of the mean squared standard error.
    pub mean_std_error: Option<f64>,
}

/// A stored run.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPower {
    /// Key of the config that it belongs to.
    pub key: String,
    /// By effect, then outcome.
    pub rows: Vec<StoredRow>,
}

impl StoredPower {
    /// The file's text.
    pub fn csv(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for row in &self.rows {
            let number = |x: Option<f64>| x.map(plain).unwrap_or_default();
            let covered = row.covered.map(|n| n.to_string()).unwrap_or_default();
            let StoredRow { effect, outcome, replications, fitted, detected, .. } = row;
            let key = &self.key;
            text += &format!("{key},{effect},{outcome},{},", plain(row.odds_ratio));
            text += &format!("{replications},{fitted},{detected},{covered},");
            let moments = [row.mean_estimate, row.sd_estimate, row.mean_std_error].map(number);
            text += &format!("{}\n", moments.join(","));
        }
        text
    }

    /// The run in a file's text.
    ///
    /// # Errors
    /// The first line that is not as [`StoredPower::csv`] writes it.
    pub fn parse(shown: &str, text: &str) -> Result<Self> {
        let wrong = |number: usize, what: &str| {
            let problem = Problem::new(format!("this is no stored run: {what}")).file(shown).line(number as u64 + 1);
            Err(problem.hint(AGAIN).into())
        };
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return wrong(0, "its header is another");
        }
        let (mut key, mut rows) = (String::new(), Vec::new());
        for (number, line) in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let Some(row) = row(&cells) else { return wrong(number, "the row has other or impossible values") };
            if rows.is_empty() {
                key = cells[0].into();
            } else if key != cells[0] {
                return wrong(number, "rows have different keys");
            }
            if rows.iter().any(|known: &StoredRow| known.effect == row.effect && known.outcome == row.outcome) {
                return wrong(number, "a row is there twice");
            }
            rows.push(row);
        }
        if rows.is_empty() { wrong(0, "it has no rows") } else { Ok(Self { key, rows }) }
    }
}

fn row(cells: &[&str]) -> Option<StoredRow> {
    let [_, effect, outcome, odds_ratio, replications, fitted, detected, covered, moments @ ..] = cells else {
        return None;
    };
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let moment = |text: &str| if text.is_empty() { Some(None) } else { number(text).map(Some) };
    let [mean, sd, error] = moments else { return None };
    let covered = if covered.is_empty() { None } else { Some(covered.parse().ok()?) };
    let row = StoredRow {
        effect: (*effect).into(),
        outcome: (*outcome).into(),
        odds_ratio: number(odds_ratio).filter(|ratio| *ratio > 0.0)?,
        replications: replications.parse().ok()?,
        fitted: fitted.parse().ok()?,
        detected: detected.parse().ok()?,
        covered,
        mean_estimate: moment(mean)?,
        sd_estimate: moment(sd)?,
        mean_std_error: moment(error)?,
    };
    let possible = row.fitted <= row.replications
        && row.detected <= row.fitted
        && row.covered.is_none_or(|covered| covered <= row.fitted)
        && [row.sd_estimate, row.mean_std_error].iter().flatten().all(|x| *x >= 0.0)
        && (row.fitted > 0) == row.mean_estimate.is_some();
    possible.then_some(row)
}

/// The stored run's file, if the config asks for one and it is there.
pub(super) fn input(config: &Config, root: &Path) -> Option<Input> {
    let power = config.analyses.power.as_ref()?;
    let input = Input::new("power", root, &power.file);
    // What is there but no file is for the reader to say.
    std::fs::symlink_metadata(&input.path).is_ok().then_some(input)
}

/// Reads the stored run that the config names; none where there is no such file.
///
/// # Errors
/// A file that cannot be read, or that is no stored run.
pub fn read_power(config: &Config, root: &Path) -> Result<Option<(StoredPower, InputRecord)>> {
    let Some(input) = input(config, root) else { return Ok(None) };
    let (mut file, length) = input.open()?;
    let read = digest(&input, &mut file)?;
    let text = files::read_text_up_to(&input.path, LARGEST)?;
    if files::sha256_hex(text.as_bytes()) != read.sha256 {
        let what = format!("`{}` has a byte order mark, or changed while it was being read", input.shown);
        return Err(Problem::new(what).file(&input.shown).hint(AGAIN).into());
    }
    let stored = StoredPower::parse(&input.shown, &text)?;
    let record = input.record(length, read, stored.rows.len() as u64, Vec::new())?;
    Ok(Some((stored, record)))
}

/// Why a stored run cannot be used for a config, in words; none where it can.
pub fn unfit(config: &Config, plan: &Power, stored: Option<&StoredPower>) -> Option<String> {
    let file = &plan.file;
    let Some(stored) = stored else { return Some(format!("there is no stored run {file}")) };
    if stored.key != plan.key {
        return Some(format!("the stored run {file} belongs to another config or another version of this program"));
    }
    let here = |effect: &str, outcome: &str| stored.rows.iter().any(|r| r.effect == effect && r.outcome == outcome);
    let all = plan.effects.iter().all(|effect| config.outcomes.iter().all(|o| here(&effect.name(), &o.id)));
    (!all).then(|| format!("the stored run {file} lacks an effect or outcome"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> StoredPower {
        let row = |effect: &str, fitted: u64| StoredRow {
            effect: effect.into(),
            outcome: "a".into(),
            odds_ratio: 1.05,
            replications: 20,
            fitted,
            detected: fitted / 2,
            covered: Some(fitted),
            mean_estimate: (fitted > 0).then_some(0.1),
            sd_estimate: (fitted > 1).then_some(0.2),
            mean_std_error: (fitted > 0).then_some(0.3),
        };
        StoredPower { key: "k".into(), rows: vec![row("truth", 20), row("1.05", 0)] }
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(StoredPower::parse("f", &stored().csv()).unwrap(), stored());
    }

    #[test]
    fn impossible_files_are_refused() {
        let text = stored().csv();
        let edits = [
            ("key,effect", "clef,effect"),
            ("k,1.05", "l,1.05"),
            ("k,1.05,a", "k,truth,a"),
            (",20,20,10,20,", ",20,21,10,20,"),
            (",20,20,10,20,", ",20,20,21,20,"),
            (",20,20,10,20,", ",20,20,10,x,"),
            ("0.3\n", "NaN\n"),
            ("0.3\n", "\n"),
            ("1.05,20", "-1.05,20"),
        ];
        for (from, to) in edits {
            let other = text.replacen(from, to, 1);
            assert_ne!(other, text, "{from}");
            // A lone moment may be missing; all else is refused.
            assert_eq!(StoredPower::parse("f", &other).is_ok(), to == "\n", "{to}");
        }
        assert!(StoredPower::parse("f", HEADER).is_err());
        assert!(StoredPower::parse("f", "").is_err());
        // A file cut short has lost cells.
        assert!(StoredPower::parse("f", &text[..text.len() - 12]).is_err());
    }
}
