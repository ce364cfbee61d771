//! Opens a study: config, templates, data root, and the progress line.

use crate::cli::Common;
use crate::config::{self, Loaded};
use crate::error::{Problem, Result};
use crate::files;
use crate::report::Templates;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// A study ready to run.
pub(super) struct Study {
    pub(super) loaded: Loaded,
    pub(super) templates: Templates,
    pub(super) root: PathBuf,
    /// Folder of the config.
    pub(super) home: PathBuf,
}

/// Reads config and templates.
pub(super) fn open(common: &Common) -> Result<Study> {
    let loaded = load(&common.config)?;
    let home = common.config.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
    let read = |path: &str| files::read_text(&home.join(path)).map(|text| (path.to_string(), text));
    let mut problems = crate::error::Problems::default();
    let report = problems.keep(read(&loaded.config.report.template));
    let page = problems.keep(read(&loaded.config.report.page));
    let (Some(report), Some(page)) = (report, page) else { return Err(problems) };
    let root = common.data.clone().unwrap_or_else(|| home.clone());
    if !root.is_dir() {
        return Err(Problem::new(format!("data folder `{}` is not a folder", root.display()))
            .hint("check `--data`")
            .into());
    }
    Ok(Study { loaded, templates: Templates { report, page }, root, home })
}

/// Reads a config.
pub(super) fn load(path: &Path) -> Result<Loaded> {
    let text = files::read_text(path)?;
    config::load(&path.display().to_string(), &text)
}

/// A line on stderr for anything that takes time; silent when asked, or when stderr is no terminal.
pub(super) struct ProgressLine {
    bar: ProgressBar,
    stage: Mutex<String>,
}

impl ProgressLine {
    pub(super) fn new(quiet: bool) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, stage: Mutex::new(String::new()) }
    }

    /// Tells that `done` of `total` of a stage are done.
    pub(super) fn tell(&self, stage: &str, done: u64, total: u64) {
        if self.bar.is_hidden() {
            return;
        }
        if total > 0 {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
        if let Ok(mut last) = self.stage.lock()
            && *last != stage
        {
            *last = stage.into();
            let template = if total > 0 {
                "{spinner} {msg} {wide_bar} {human_pos}/{human_len} {percent}% {elapsed}"
            } else {
                "{spinner} {msg} {elapsed}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
            self.bar.set_message(stage.to_string());
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
