//! Run logs: lines added to `logs/<version's folder>.jsonl` beside the versions. Outside every version,
//! so that no hash covers them and no comparison sees them: times differ from run to run.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::Result;

use super::failed;

/// Adds lines to a version's log.
///
/// # Errors
/// A log that cannot be written; published versions are as before.
pub(super) fn append(output: &Path, version_folder: &str, lines: &str) -> Result<()> {
    let folder = output.join("logs");
    fs::create_dir_all(&folder).map_err(|error| failed("make the folder of run logs", &folder, &error))?;
    let path = folder.join(format!("{version_folder}.jsonl"));
    let file = File::options().create(true).append(true).open(&path);
    // One write: lines of two runs at once do not mix.
    let written = file.and_then(|mut file| file.write_all(lines.as_bytes()));
    written.map_err(|error| failed("write the run log", &path, &error))
}

/// The time of day, for logs and nothing else.
#[expect(clippy::disallowed_methods, reason = "a log says when a run was; no version does")]
pub(super) fn now() -> String {
    utc(SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default())
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
