//! The list of versions: read from the folders themselves, written as `index.html` and
//! `index.json`, in an order that needs no clock.

use std::cmp::Ordering;
use std::fmt;
use std::fs;
use std::path::Path;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use crate::error::{Problem, Result};

use super::disk::{Disk, Temporary};
use super::failed;
use super::manifest::Manifest;

/// One version on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Folder's name under the output folder.
    pub name: String,
    /// Version of the evaluation.
    pub version: String,
    /// Title of the study; empty when damaged.
    pub title: String,
    /// `simulated`, `real`, or empty when damaged.
    pub data: String,
    /// Program version and commit; empty when damaged.
    pub program: String,
    /// Number of files, the manifest among them.
    pub files: u64,
    /// Bytes of all files but the manifest.
    pub bytes: u64,
    /// What is wrong with the folder; empty when nothing is.
    pub problem: String,
}

impl fmt::Display for Listed {
    /// One line: folder, whether simulated, program, title; or what is wrong.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.problem.is_empty() {
            write!(f, "{}  {} data  program {}  {}", self.name, self.data, self.program, self.title)
        } else {
            write!(f, "{}  damaged: {}", self.name, self.problem)
        }
    }
}

/// Files of the list, written but not yet in place, each with its name.
pub(super) type Listing = Vec<(Temporary, &'static str)>;

const PAGE: &str = include_str!("../../templates/index.html.j2");

/// The versions under `output`, newest first.
pub(super) fn scan(output: &Path) -> Result<Vec<Listed>> {
    let entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read the output folder", output, &error)),
    };
    let mut versions = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed("read the output folder", output, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(version) = version_of(&name).filter(|_| entry.path().is_dir()) {
            versions.push(match Manifest::read(&entry.path()) {
                Ok(manifest) => listed(&name, &manifest),
                Err(problems) => damaged(&name, version, &problems.0),
            });
        }
    }
    sort(&mut versions, &read_order(output));
    Ok(versions)
}

/// The version in `<version>-<8 hex>`.
fn version_of(name: &str) -> Option<&str> {
    let (version, hex) = name.rsplit_once('-')?;
    let is_hash = hex.len() == 8 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (is_hash && !version.is_empty() && !version.starts_with('.')).then_some(version)
}

fn listed(name: &str, manifest: &Manifest) -> Listed {
    let program = &manifest.program;
    Listed {
        name: name.into(),
        version: manifest.version.clone(),
        title: manifest.title.clone(),
        data: manifest.data.clone(),
        program: format!("{} {}", program.version, program.commit).trim_end().into(),
        files: manifest.files.len() as u64 + 1,
        bytes: manifest.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add),
        problem: String::new(),
    }
}

fn damaged(name: &str, version: &str, problems: &[Problem]) -> Listed {
    let problem = problems.first().map_or_else(|| "damaged".into(), |problem| problem.what.clone());
    let empty = String::new;
    Listed {
        name: name.into(),
        version: version.into(),
        title: empty(),
        data: empty(),
        program: empty(),
        files: 0,
        bytes: 0,
        problem,
    }
}

/// Names in the order they were filed, oldest first.
fn read_order(output: &Path) -> Vec<String> {
    let text = fs::read_to_string(output.join(".order")).unwrap_or_default();
    text.lines().map(str::to_string).collect()
}

/// Newest first. Folders that the order does not know (copied in by hand) count as oldest of
/// their version, by name.
fn sort(versions: &mut [Listed], order: &[String]) {
    let place = |listed: &Listed| order.iter().rposition(|name| *name == listed.name);
    versions.sort_by(|a, b| {
        let newer = natural(&b.version, &a.version).then_with(|| place(b).cmp(&place(a)));
        newer.then_with(|| b.name.cmp(&a.name))
    });
}

/// Compares texts with their runs of digits as numbers: `2023.9` before `2023.10`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        match (a.chars().next(), b.chars().next()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (m, n) = (digits(&mut a), digits(&mut b));
                let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
                if order.is_ne() {
                    return order;
                }
            }
            (Some(x), Some(y)) if x == y => {
                a = &a[x.len_utf8()..];
                b = &b[y.len_utf8()..];
            }
            (Some(x), Some(y)) => return x.cmp(&y),
        }
    }
}

/// Takes the run of digits at the start, without leading zeros.
fn digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at(end);
    *text = rest;
    run.trim_start_matches('0')
}

/// Writes the list as it will be once `name` is in place. Files that would not change are left.
pub(super) fn prepare(
    output: &Path,
    name: &str,
    manifest: &Manifest,
    staging: &str,
    disk: &dyn Disk,
) -> Result<Listing> {
    let mut order = read_order(output);
    if !order.iter().any(|known| known == name) {
        order.push(name.into());
    }
    let mut versions = scan(output)?;
    if !versions.iter().any(|listed| listed.name == name) {
        versions.push(listed(name, manifest));
    }
    sort(&mut versions, &order);
    let order_text = order.iter().map(|name| format!("{name}\n")).collect::<String>();
    let mut json = serde_json::to_string_pretty(&versions)
        .map_err(|error| Problem::new(format!("cannot list the versions: {error}")))?;
    json.push('\n');
    let mut listing = Vec::new();
    for (file, text) in [(".order", order_text), ("index.json", json), ("index.html", page(&versions)?)] {
        let target = output.join(file);
        if fs::read(&target).is_ok_and(|now| now == text.as_bytes()) {
            continue;
        }
        let temporary = Temporary::new(output.join(format!("{staging}-{}", file.trim_start_matches('.'))));
        let written = disk.write(temporary.path(), text.as_bytes());
        written.map_err(|error| failed("write the list of versions", &target, &error))?;
        listing.push((temporary, file));
    }
    Ok(listing)
}

/// Puts the prepared list in place, each file by one rename.
pub(super) fn install(output: &Path, listing: Listing, disk: &dyn Disk) -> Result<()> {
    for (temporary, file) in listing {
        let target = output.join(file);
        temporary
            .rename(&target, disk)
            .map_err(|error| failed("put the list of versions in place", &target, &error))?;
    }
    Ok(())
}

fn page(versions: &[Listed]) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let context = Serde(serde_json::json!({ "versions": versions }));
    environment
        .render_str(PAGE, context)
        .map_err(|error| Problem::new(format!("cannot make the list of versions: {error}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_people_count() {
        let mut names = vec!["2023.10", "2023.9", "2023.1", "2024", "2023.1-rc", "2023.01"];
        names.sort_by(|a, b| natural(a, b).then_with(|| a.cmp(b)));
        assert_eq!(names, ["2023.01", "2023.1", "2023.1-rc", "2023.9", "2023.10", "2024"]);
    }
}
