//! The mark that the simulator leaves beside its files, so that they cannot pass for real ones.

use std::path::Path;

use super::open::Input;
use crate::config::Source;
use crate::error::{Problem, Problems};
use crate::files;

/// Name of the file that the simulator leaves beside the files it writes.
pub const MARKER: &str = "SIMULATED.txt";

/// A problem for each of `inputs` that stands in a folder of simulated files but is declared real,
/// each folder named once.
pub(crate) fn check_marker(root: &Path, declared: Source, inputs: &[Input], problems: &mut Problems) {
    if declared != Source::Real {
        return;
    }
    for (input, place) in marked(root, inputs) {
        // List sizes belong to the practices: they have no `source` of their own.
        let key = if input.source == "list_sizes" { "practices" } else { &input.source };
        problems.push(written_by_simulator(input, &place, format!("set `inputs.{key}.source: simulated_files`")));
    }
}

/// The same for sources that can only be real.
pub(crate) fn check_real(root: &Path, inputs: &[Input], problems: &mut Problems) {
    for (input, place) in marked(root, inputs) {
        problems.push(written_by_simulator(input, &place, "put the real files in their place".to_owned()));
    }
}

fn written_by_simulator(input: &Input, place: &str, hint: String) -> Problem {
    let what = format!(
        "`{}` is declared real, but these files were written by the simulator: `{place}` stands beside them",
        input.source
    );
    Problem::new(what).file(&input.shown).hint(hint)
}

/// The inputs beside or below the simulator's mark, with its place; each mark once.
fn marked<'a>(root: &Path, inputs: &'a [Input]) -> Vec<(&'a Input, String)> {
    let (mut named, mut found) = (Vec::new(), Vec::new());
    for input in inputs {
        let folders = input.path.ancestors().skip(1);
        let inside = input.path.starts_with(root);
        let up_to_root = folders.take_while(|folder| folder.starts_with(root)).collect::<Vec<_>>();
        let folders = if inside { up_to_root } else { input.path.parent().into_iter().collect() };
        let Some(marker) = folders.iter().map(|folder| folder.join(MARKER)).find(|marker| marker.is_file()) else {
            continue;
        };
        if named.contains(&marker) {
            continue;
        }
        found.push((input, files::shown(marker.strip_prefix(root).unwrap_or(&marker))));
        named.push(marker);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::ingest::open::expand;

    #[test]
    fn the_marker_is_found_up_to_the_root_and_named_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("work [1]")).unwrap();
        for name in ["a.csv", "b.csv"] {
            fs::write(folder.path().join("work [1]").join(name), "x").unwrap();
        }
        fs::write(folder.path().join(MARKER), "").unwrap();
        let inputs = expand("workforce", folder.path(), "work*/*.csv").unwrap();
        assert_eq!(inputs.len(), 2);
        let found = |root: &Path, declared, inputs: &[Input]| {
            let mut problems = Problems::default();
            check_marker(root, declared, inputs, &mut problems);
            problems
        };
        let problems = found(folder.path(), Source::Real, &inputs);
        assert_eq!(problems.0.len(), 1);
        let message = problems.to_string();
        assert!(message.contains("written by the simulator") && message.contains("`SIMULATED.txt`"), "{message}");
        assert!(message.contains("source: simulated_files"), "{message}");
        assert!(found(folder.path(), Source::SimulatedFiles, &inputs).is_empty());
        // Above the root nothing is looked at.
        let root = folder.path().join("work [1]");
        assert!(found(&root, Source::Real, &expand("workforce", &root, "*.csv").unwrap()).is_empty());
    }
}
