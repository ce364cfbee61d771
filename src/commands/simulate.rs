//! `offprint simulate`: a whole study's files, with the truth beside them.

use super::study::ProgressLine;
use super::{DONE, init, power, study};
use crate::cli::{Common, FormWord, SimulateArgs, SizeWord};
use crate::error::{Problem, Result};
use crate::simulate::{self as room, Form, Size};
use crate::{config, files};
use std::io::Write;

/// Writes the input files, a config that reads them, and the templates.
pub(super) fn simulate(common: &Common, args: &SimulateArgs) -> Result<u8> {
    let Some(dir) = &args.dir else { return power::power(common, args.replications) };
    init::empty(dir)?;
    let study = study::open(common)?;
    let size = match args.size {
        SizeWord::Small => Size::Small,
        SizeWord::Full => Size::Full,
    };
    let form = match args.form {
        FormWord::Person => Form::Person,
        FormWord::Parquet => Form::Parquet,
        FormWord::Cells => Form::Cells,
        FormWord::Practice => Form::Practice,
    };
    let (text, gone) = room::config_for(&files::read_text(&common.config)?, form)?;
    let shown = dir.join("config.yaml").display().to_string();
    let written = config::load(&shown, &text)?;
    let progress = ProgressLine::new(common);
    progress.tell("simulating", 0, 0);
    let mut config = study.loaded.form.survey()?.clone();
    config.inputs = written.form.survey()?.inputs.clone();
    room::write_study(&config, dir, size, form)?;
    for (path, text) in [&study.templates.report, &study.templates.page] {
        let target = dir.join(path);
        let inside = target.parent().filter(|_| !path.contains("..") && !path.starts_with('/'));
        let parent = inside.ok_or_else(|| Problem::new(format!("template `{path}` is outside the study's folder")))?;
        files::create_dir(parent)?;
        files::write_new(&target, text.as_bytes())?;
    }
    // The stored run of small studies is of the same truth and models; where there is none, the report says so.
    if let Some(file) = written.form.survey()?.analyses.power.as_ref().map(|plan| &plan.file)
        && let Ok(stored) = files::read(&study.root.join(file))
    {
        let target = dir.join(file);
        target.parent().map(files::create_dir).transpose()?;
        files::write_new(&target, &stored)?;
    }
    files::write_new(&dir.join("config.yaml"), text.as_bytes())?;
    progress.finish();
    if !gone.is_empty() && !common.quiet {
        let told = format!("note: files of this form cannot answer, so the config leaves out: {}", gone.join(", "));
        let _ = writeln!(std::io::stderr(), "{told}");
    }
    super::print(&format!("{}", dir.display()))?;
    Ok(DONE)
}
