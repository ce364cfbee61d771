//! Opens a study: config, templates, data root, and the progress line.

use super::init;
use crate::cli::Common;
use crate::compare::Folder;
use crate::config::{self, Loaded};
use crate::error::{Problem, Result};
use crate::files;
use crate::ingest;
use crate::pipeline::Results;
use crate::report::Templates;
use crate::store::{self, Identity};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Largest config or template read, in bytes; no real one comes near.
const LARGEST: u64 = 4 << 20;

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
    let home = home(&common.config);
    let read = |path: &str| template(&home, path, common.allow_outside).map(|text| (path.to_string(), text));
    let mut problems = crate::error::Problems::default();
    let report = problems.keep(read(&loaded.form.report().template));
    let page = problems.keep(read(&loaded.form.report().page));
    let (Some(report), Some(page)) = (report, page) else { return Err(problems) };
    let root = common.data.clone().unwrap_or_else(|| home.clone());
    if !root.is_dir() {
        return Err(Problem::new(format!("data folder `{}` is not a folder", root.display()))
            .hint("check `--data`")
            .into());
    }
    if !common.allow_outside {
        ingest::contained(&loaded.form, &root)?;
    }
    Ok(Study { loaded, templates: Templates { report, page }, root, home })
}

/// A template's text: the file beside the config, or the shipped one where there is no such file and
/// the config asks for one of the shipped paths.
fn template(home: &Path, path: &str, allow_outside: bool) -> Result<String> {
    if !allow_outside && files::leads_out(home, path) {
        let what = format!("template `{path}` leads out of the config's folder");
        let hint = "put it beside the config (one named like a shipped one, `templates/report.md.j2`, need not be \
                    there), or trust the config with `--allow-outside`";
        return Err(Problem::new(what).file(path).hint(hint).into());
    }
    let shipped = init::TEMPLATES.iter().find(|(shipped, _)| *shipped == path);
    let file = home.join(path);
    match shipped {
        Some((_, text)) if !file.exists() => Ok((*text).to_string()),
        _ => files::read_text_up_to(&file, LARGEST),
    }
}

/// The folder of a config.
pub(super) fn home(config: &Path) -> PathBuf {
    config.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// The study in a version's folder; its inputs start from `root`.
pub(super) fn filed(folder: &Folder, root: &Path, common: &Common) -> Result<Study> {
    let text = |path: &str| -> Result<(String, String)> {
        let shown = files::shown(&folder.path.join(path));
        match folder.text(path) {
            Some(text) => Ok((shown, text.to_string())),
            None => Err(Problem::new(format!("the folder has no text `{path}`")).file(shown).into()),
        }
    };
    let (shown, config) = text("config.yaml")?;
    let loaded = config::load(&shown, &config)?;
    if !common.allow_outside {
        ingest::contained(&loaded.form, root)?;
    }
    // Wherever an edited config may point, templates are those of the folder.
    let template = |path: &str| -> Result<(String, String)> {
        text(&config::filed_template(path)).map(|(_, text)| (path.to_string(), text))
    };
    let report = loaded.form.report();
    let templates = Templates { report: template(&report.template)?, page: template(&report.page)? };
    Ok(Study { loaded, templates, root: root.to_path_buf(), home: folder.path.clone() })
}

impl Study {
    /// What a version's name is made from.
    pub(super) fn identity(&self, results: &Results) -> Identity {
        let template = |role: &str, (_, text): &(String, String)| (role.to_string(), text.clone());
        let program = store::program();
        Identity {
            title: self.loaded.form.study().title.clone(),
            simulated: self.loaded.form.simulated_sources().into_iter().map(str::to_string).collect(),
            config: self.loaded.canonical.clone(),
            templates: vec![template("report", &self.templates.report), template("page", &self.templates.page)],
            inputs: results.records.clone(),
            program: program.version,
            commit: program.commit,
            previous: None,
        }
    }
}

/// Reads a config.
pub(super) fn load(path: &Path) -> Result<Loaded> {
    let text = files::read_text_up_to(path, LARGEST)?;
    config::load(&path.display().to_string(), &text)
}

/// A line on stderr for anything that takes time; silent when asked, or when stderr is no terminal.
/// With `--explain` each stage also gets a line that stays: `stage: NAME`.
pub(super) struct ProgressLine {
    bar: ProgressBar,
    stage: Mutex<String>,
    /// Whether each stage is named on a line of its own as it begins.
    lines: bool,
    /// Each stage that was told of, and when it began.
    begun: Mutex<Vec<(String, Instant)>>,
    start: Instant,
}

impl ProgressLine {
    pub(super) fn new(common: &Common) -> Self {
        let bar = if common.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Self {
            bar,
            stage: Mutex::new(String::new()),
            lines: common.explain,
            begun: Mutex::new(Vec::new()),
            start: Instant::now(),
        }
    }

    /// Tells that `done` of `total` of a stage are done.
    pub(super) fn tell(&self, stage: &str, done: u64, total: u64) {
        self.note(stage);
        if self.bar.is_hidden() && !self.lines {
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
            self.begin(stage, total > 0);
        }
    }

    fn begin(&self, stage: &str, counted: bool) {
        if self.lines {
            let _ = self.bar.suspend(|| writeln!(std::io::stderr(), "stage: {stage}"));
        }
        let template = if counted {
            "{spinner} {msg} {wide_bar} {human_pos}/{human_len} {percent}% {elapsed}"
        } else {
            "{spinner} {msg} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(stage.to_string());
    }

    /// Notes when a stage begins. Stages that are told of in turns (several at once) count as one.
    fn note(&self, stage: &str) {
        if let Ok(mut begun) = self.begun.lock()
            && begun.iter().all(|(known, _)| known != stage)
        {
            begun.push((stage.into(), Instant::now()));
        }
    }

    /// How long each stage took until the next one began, in order, and all together.
    pub(super) fn stages(&self) -> (Vec<(String, Duration)>, Duration) {
        let begun = self.begun.lock().map(|begun| begun.clone()).unwrap_or_default();
        let end = Instant::now();
        let next = begun.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let took =
            begun.iter().zip(next).map(|((stage, at), next)| (stage.clone(), next.duration_since(*at))).collect();
        (took, end.duration_since(self.start))
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
