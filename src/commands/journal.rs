//! The run log: what the pipeline tells of its rows, with the time that each stage took. The only place
//! of a run that reads a clock; nothing of it enters a version.

use super::study::{ProgressLine, Study};
use crate::error::Result;
use crate::pipeline::{self, Results};
use crate::store::{self, Filed};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Adds a run to the log of the version that it made.
///
/// # Errors
/// A log that cannot be written.
pub(super) fn keep(
    output: &Path,
    study: &Study,
    results: &Results,
    filed: &Filed,
    progress: &ProgressLine,
) -> Result<()> {
    let name = filed.folder().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let program = store::program();
    let (stages, total) = progress.stages();
    let ended = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    let mut lines = vec![json!({
        "event": "run", "version": name, "program": program.version, "commit": program.commit,
        "threads": rayon::current_num_threads(), "ended": utc(ended), "seconds": seconds(total.as_secs_f64()),
    })];
    lines.extend(
        stages
            .iter()
            .map(|(stage, took)| json!({ "event": "stage", "stage": stage, "seconds": seconds(took.as_secs_f64()) })),
    );
    lines.extend(pipeline::journal(&study.loaded.form, results));
    lines.push(json!({ "event": "filed", "version": name, "already": filed.already() }));
    let text: String = lines.iter().map(|line: &Value| format!("{line}\n")).collect();
    store::log(output, &name, &text)
}

/// To the millisecond.
fn seconds(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

/// Seconds since 1970 as `2026-01-31T12:00:00Z` (days to dates by Howard Hinnant's `civil_from_days`).
fn utc(since: u64) -> String {
    let (days, rest) = (since / 86_400 + 719_468, since % 86_400);
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: `date -u -d @N +%FT%TZ` of GNU coreutils.
    #[test]
    fn times_are_those_of_the_calendar() {
        for (since, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (4_102_444_800, "2100-01-01T00:00:00Z"),
        ] {
            assert_eq!(utc(since), text);
        }
    }
}
