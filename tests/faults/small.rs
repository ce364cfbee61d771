//! The smallest study: one public table of 420 rows, which runs in a fraction of a second.

use crate::study::{copy, offprint, tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The files of a folder by path.
pub(crate) type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// A private copy of the study in `studies/class-size.yaml`, version 1 on file, version 2 to come.
pub(crate) struct Small {
    folder: TempDir,
}

fn original() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let (folder, root) = (tempfile::tempdir().unwrap().keep(), Path::new(env!("CARGO_MANIFEST_DIR")));
        std::fs::copy(root.join("tests/fixtures/caschool.csv"), folder.join("caschool.csv")).unwrap();
        std::fs::copy(root.join("studies/class-size.yaml"), folder.join("config.yaml")).unwrap();
        assert!(offprint(&folder, &["run"]).status.success());
        std::fs::remove_dir_all(folder.join(".offprint")).unwrap();
        let text = std::fs::read_to_string(folder.join("config.yaml")).unwrap();
        std::fs::write(folder.join("config.yaml"), text.replacen("version: \"1\"", "version: \"2\"", 1)).unwrap();
        folder
    })
}

impl Small {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(original(), folder.path());
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub(crate) fn config(&self) -> String {
        std::fs::read_to_string(self.file("config.yaml")).unwrap()
    }

    /// Replaces the config.
    pub(crate) fn put(&self, config: &str) -> &Self {
        std::fs::write(self.file("config.yaml"), config).unwrap();
        self
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        offprint(self.path(), args)
    }

    /// What is on file.
    pub(crate) fn filed(&self) -> Tree {
        filed(&self.file("output"))
    }

    /// Runs the arguments, expects status 2, every fragment in a short message, and `output` as it was.
    pub(crate) fn refuses(&self, args: &[&str], fragments: &[&str]) {
        let before = self.filed();
        let ran = self.run(args);
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.starts_with("error: ") && told.len() < 20_000 && !told.contains("panicked"), "{told}");
        for fragment in fragments {
            assert!(told.contains(fragment), "`{fragment}` is not in:\n{told}");
        }
        assert!(before == self.filed(), "{args:?}: the output folder changed");
    }
}

/// The files of an output folder but the logs, which tell how long each run took.
pub(crate) fn filed(output: &Path) -> Tree {
    tree(output).into_iter().filter(|(path, _)| !path.starts_with("logs")).collect()
}

/// What filing version 2 without any fault comes to.
pub(crate) fn reference() -> &'static Tree {
    static MADE: OnceLock<Tree> = OnceLock::new();
    MADE.get_or_init(|| {
        let small = Small::new();
        assert!(small.run(&["run"]).status.success());
        small.filed()
    })
}

/// Version 1 as it was; version 2 whole or not there; nothing else but the lists.
pub(crate) fn assert_whole(now: &Tree, when: &str) {
    let part = |tree: &Tree, version: &str| -> Tree {
        tree.iter().filter(|(path, _)| path.starts_with(version)).map(|(p, b)| (p.clone(), b.clone())).collect()
    };
    let folder = |start: &str| -> String {
        let found = reference().keys().map(|path| path.iter().next().unwrap().to_string_lossy().into_owned());
        found.into_iter().find(|name| name.starts_with(start)).unwrap()
    };
    let (one, two) = (folder("1-"), folder("2-"));
    assert!(part(now, &one) == part(reference(), &one), "{when}: version 1 was touched");
    let new = part(now, &two);
    assert!(new.is_empty() || new == part(reference(), &two), "{when}: half of version 2 is in place");
}

/// After a fault: the next run completes, and the folder is what it would be without the fault.
pub(crate) fn assert_recovers(small: &Small, when: &str) {
    let ran = small.run(&["run"]);
    assert!(ran.status.success(), "{when}: {}", String::from_utf8_lossy(&ran.stderr));
    assert!(small.filed() == *reference(), "{when}: something was left behind");
    let kept = tree(&small.file(".offprint"));
    let litter = kept.iter().find(|(path, _)| path.extension().is_some_and(|ending| ending == "new"));
    assert!(litter.is_none(), "{when}: litter in .offprint: {:?}", litter.map(|(path, _)| path));
}
