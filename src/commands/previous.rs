//! The earlier version that a new one compares itself with: found in the output folder once, recorded
//! in the manifest as an input, and from then on read from where it was recorded. Words nothing.

use super::study::Study;
use crate::compare::{self, Folder};
use crate::error::Result;
use crate::files;
use crate::pipeline::{self, Results};
use crate::report::{Bundle, CHANGES, Changes};
use crate::store::{self, Identity, Listed, Manifest, PreviousEntry};
use serde_yaml::Value;
use std::path::Path;

/// The report of `study` with its comparison, and what it is made from. `say` hears of versions that
/// had to be passed over.
///
/// # Errors
/// A template that cannot be rendered, an output folder that cannot be read, a filed comparison that
/// was damaged.
pub(super) fn compared(
    output: &Path,
    study: &Study,
    results: &Results,
    say: &dyn Fn(&str),
) -> Result<(Bundle, Identity)> {
    let identity = study.identity(results);
    let bundle = pipeline::bundle(&study.loaded, results, &study.templates)?;
    let filed = if study.home.join("manifest.json").is_file() { Some(Folder::read(&study.home)) } else { None };
    if let Some(Ok(filed)) = filed.filter(|filed| filed.as_ref().is_ok_and(|filed| filed.manifest.is_of(&identity))) {
        // The config of a version on file makes that version again, its comparison with it.
        return with(study, results, identity, bundle, recorded(&filed)?);
    }
    let version = &study.loaded.form.study().version;
    let on_file = store::up_to(output, version)?;
    let known = on_file.iter().find(|listed| {
        let manifest = Manifest::read(&output.join(&listed.name));
        manifest.is_ok_and(|manifest| &manifest.version == version && manifest.is_of(&identity))
    });
    let changes = match known {
        Some(listed) => {
            let filed = Folder::read(&output.join(&listed.name))?;
            again(study, &filed, output, &identity, &bundle)?
        }
        None => match earlier(output, study, &on_file, say) {
            Some(previous) => Some(against(study, &previous, &identity, &bundle)?),
            None => None,
        },
    };
    with(study, results, identity, bundle, changes)
}

/// The report of a version on file with the comparison that was filed with it; made again where the
/// earlier version lies beside it, as it was.
///
/// # Errors
/// As [`compared`].
pub(super) fn as_filed(folder: &Folder, study: &Study, results: &Results) -> Result<(Bundle, Identity)> {
    let identity = study.identity(results);
    let bundle = pipeline::bundle(&study.loaded, results, &study.templates)?;
    let beside = folder.path.join("..");
    let changes = again(study, folder, &beside, &identity, &bundle)?;
    with(study, results, identity, bundle, changes)
}

/// The comparison of a version on file: made again from the earlier version under `output` if that is
/// still what it was, else as it was filed.
fn again(
    study: &Study,
    filed: &Folder,
    output: &Path,
    identity: &Identity,
    bundle: &Bundle,
) -> Result<Option<Changes>> {
    let Some(entry) = &filed.manifest.previous else { return Ok(None) };
    let is_name = store::is_inside(&entry.folder) && !entry.folder.contains('/');
    let beside = is_name.then(|| Folder::read(&output.join(&entry.folder)));
    match beside {
        Some(Ok(previous)) if sealed(&previous) == entry.manifest_sha256 && whole(&previous) => {
            against(study, &previous, identity, bundle).map(Some)
        }
        _ => recorded(filed),
    }
}

/// The comparison as a version holds it.
fn recorded(filed: &Folder) -> Result<Option<Changes>> {
    match (&filed.manifest.previous, filed.files.get(CHANGES)) {
        (Some(_), Some(bytes)) => Changes::read(bytes).map(Some),
        _ => Ok(None),
    }
}

/// The newest earlier version of the same study that is whole.
fn earlier(output: &Path, study: &Study, on_file: &[Listed], say: &dyn Fn(&str)) -> Option<Folder> {
    for listed in on_file {
        let folder = match Folder::read(&output.join(&listed.name)) {
            Ok(folder) if whole(&folder) => folder,
            _ => {
                say(&format!("not compared with {}: it is damaged", listed.name));
                continue;
            }
        };
        let same = folder.config().and_then(crate::config::study_id);
        if same.as_deref() != Some(study.loaded.form.study().id.as_str()) {
            continue;
        }
        // What was shown under another regime may be more than this one shows.
        if folder.config().and_then(regime) != regime(&study.loaded.canonical) {
            say(&format!("not compared with {}: it was made under another disclosure regime", listed.name));
            continue;
        }
        return Some(folder);
    }
    None
}

/// The rules by which a config's report is released.
fn regime(config: &str) -> Option<Value> {
    let mut rules = serde_yaml::from_str::<Value>(config).ok()?.get("disclosure")?.clone();
    if let Value::Mapping(rules) = &mut rules {
        ["exceptions", "previous"].iter().for_each(|key| drop(rules.remove(*key)));
    }
    Some(rules)
}

/// Whether the files that are compared are those that were filed.
fn whole(folder: &Folder) -> bool {
    let same = |path: &str| {
        let held = folder.files.get(path).map(|bytes| files::sha256_hex(bytes));
        let filed = folder.manifest.files.iter().find(|file| file.path == path).map(|file| file.sha256.clone());
        held.is_some() && held == filed
    };
    same("results.csv") && same("config.yaml")
}

fn sealed(folder: &Folder) -> String {
    folder.files.get("manifest.json").map(|bytes| files::sha256_hex(bytes)).unwrap_or_default()
}

fn against(study: &Study, previous: &Folder, identity: &Identity, bundle: &Bundle) -> Result<Changes> {
    let form = &study.loaded.form;
    let manifest = store::manifest(&form.study().version, identity, bundle)?;
    compare::changes(previous, manifest, bundle.0.clone(), &|analysis| form.exposure_term(analysis).to_string())
}

/// The report with a comparison, and the identity that names it as an input.
fn with(
    study: &Study,
    results: &Results,
    mut identity: Identity,
    bundle: Bundle,
    changes: Option<Changes>,
) -> Result<(Bundle, Identity)> {
    let Some(changes) = changes else { return Ok((bundle, identity)) };
    identity.previous = Some(PreviousEntry {
        folder: changes.previous.clone(),
        manifest_sha256: changes.manifest_sha256.clone(),
        changes_sha256: files::sha256_hex(&changes.bytes()?),
    });
    let bundle = pipeline::bundle_after(&study.loaded, results, &study.templates, &changes, &bundle)?;
    Ok((bundle, identity))
}
