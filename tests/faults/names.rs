//! Names and labels from data and config that are markup, formulas or templates elsewhere: they come
//! out as text in HTML, Markdown, SVG, CSV and XLSX.

use crate::small::Small;
use crate::study::{Study, tree};
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Text that means something else somewhere.
const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "]]>&amp;<!-- <svg onload=x>",
    "</td></table><h1>owned",
    "**bold** [l](http://e.example) ![i](http://e.example/i.png)",
    "<http://e.example> `code` ~~gone~~ | cell",
    "# heading",
    "1. item",
    "{{ 7*7 }}{% include \"x\" %}",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://e.example\")",
    "+1+cmd",
    "-1+cmd",
    "@SUM(1)",
    "\t=1+1",
    "\u{ff1d}1+1",
];

/// The names of all tags in HTML or SVG text, and whether any has a handler of events.
fn tags(text: &str) -> (BTreeSet<String>, bool) {
    let (mut names, mut handlers) = (BTreeSet::new(), false);
    for piece in text.split('<').skip(1) {
        let name: String =
            piece.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '/').collect();
        names.insert(name);
        let inside = piece.split('>').next().unwrap();
        // Attributes in quotes are text; what is left are names.
        let bare: String = inside.split('"').step_by(2).collect();
        handlers |= bare.split_whitespace().any(|word| word.to_lowercase().starts_with("on"));
    }
    (names, handlers)
}

/// Nothing in a report's folder does what a hostile name asks for; `known` are an ordinary report's tags.
fn harmless(folder: &Path, known: &BTreeSet<String>) {
    for (path, bytes) in tree(folder) {
        let (shown, ending) = (path.display().to_string(), path.extension().unwrap_or_default().to_string_lossy());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match ending.as_ref() {
            "html" | "svg" => {
                let (names, handlers) = tags(&text);
                let strange: Vec<_> = names.difference(known).collect();
                assert!(strange.is_empty() && !handlers, "{shown}: {strange:?}, handlers {handlers}");
                assert!(!text.contains("href=\"http://e.example"), "{shown}: a link");
                if ending == "svg" {
                    roxmltree::Document::parse(&text).unwrap();
                }
            }
            "csv" => table(&shown, &bytes),
            "md" => markdown(&shown, &text),
            "xlsx" => workbook(&shown, &bytes),
            _ => {}
        }
    }
}

fn table(shown: &str, bytes: &[u8]) {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    for field in rows.records().map(Result::unwrap).flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()) {
        let formula =
            field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
        assert!(!formula || field.parse::<f64>().is_ok(), "{shown}: `{field}`");
    }
}

fn markdown(shown: &str, text: &str) {
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = html.trim_start().starts_with("<a id=") || html.trim() == "</a>" || html.trim() == "<br>";
                assert!(own, "{shown}: HTML `{html}`");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                assert!(!dest_url.contains("e.example"), "{shown}: a link to {dest_url}");
            }
            Event::Start(Tag::Strikethrough) => panic!("{shown}: struck through"),
            _ => {}
        }
    }
    assert!(!text.contains("owned\n==="), "{shown}");
}

fn workbook(shown: &str, bytes: &[u8]) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        roxmltree::Document::parse(&text).unwrap();
        assert!(!text.contains("<f>") && !text.contains("<f "), "{shown}, {name}: a formula");
        assert!(!text.contains("<hyperlink"), "{shown}, {name}: a link");
    }
}

/// The tags of an ordinary report and of the list of versions.
fn known(output: &Path) -> BTreeSet<String> {
    let pages =
        tree(output).into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "html" || e == "svg"));
    pages.flat_map(|(_, bytes)| tags(&String::from_utf8_lossy(&bytes)).0).collect()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn in_levels_labels_and_titles_of_a_table() {
    let small = Small::new();
    let mut known = known(&small.file("output"));
    let text = std::fs::read_to_string(small.file("caschool.csv")).unwrap();
    // Each row gets a level; written in the data as the hostile text itself.
    let rows = text.lines().enumerate().map(|(at, row)| match at {
        0 => format!("{row},grp"),
        at => format!("{row},\"{}\"", HOSTILE[at % HOSTILE.len()].replace('"', "\"\"")),
    });
    std::fs::write(small.file("caschool.csv"), rows.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let levels = |names: &[String]| {
        let pairs = names.iter().zip(HOSTILE).map(|(name, value)| format!("{}: [{}]", quoted(name), quoted(value)));
        pairs.collect::<Vec<_>>().join(", ")
    };
    let good = small.config();
    let config = |names: &[String], label: &dyn Fn(usize) -> String| {
        good.replacen("title: Class size and test scores in California", &format!("title: {}", quoted(&label(0))), 1)
            .replacen("The offprint authors", &quoted(&label(9)), 1)
            .replacen("label: Test score", &format!("label: {}", quoted(&label(10))), 1)
            .replacen("label: English learners (%)", &format!("label: {}", quoted(&label(4))), 1)
            .replacen("label: Class size alone", &format!("label: {}", quoted(&label(2))), 1)
            .replacen("name: Stock and Watson", &format!("name: {}", quoted(&label(1))), 1)
            .replacen("row: [district, districts]", &format!("row: [{}, {}]", quoted(&label(3)), quoted(&label(5))), 1)
            .replacen("terms: [elpct]", "terms: [elpct, grp]", 1)
            .replacen(
                "  mealpct:",
                &format!(
                    "  grp: {{ label: {}, levels: {{ {} }}, reference: {} }}\n  mealpct:",
                    quoted(&label(11)),
                    levels(names),
                    quoted(&names[0])
                ),
                1,
            )
    };
    // First with harmless names: which tags such a report has.
    let plain: Vec<String> = (0..HOSTILE.len()).map(|at| format!("level {at}")).collect();
    small.put(&config(&plain, &|at| format!("label {at}")));
    let run = |small: &Small| {
        let ran = small.run(&["run"]);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        small.file(String::from_utf8(ran.stdout).unwrap().trim())
    };
    run(&small);
    known.extend(self::known(&small.file("output")));
    small.put(&config(&HOSTILE.map(str::to_owned), &|at| HOSTILE[at].to_owned()));
    let folder = run(&small);
    harmless(&folder, &known);
    let index = std::fs::read_to_string(small.file("output/index.html")).unwrap();
    assert!(tags(&index).0.is_subset(&known) && index.contains("&lt;script&gt;"), "{index}");
    // As text they are there, in full.
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    for text in ["&lt;script&gt;alert(1)", "{{ 7*7 }}{% include", "=cmd|", "@SUM(1)", "+1+cmd", "# heading"] {
        assert!(page.contains(text), "`{text}` is not on the page");
    }
    let csv = std::fs::read_to_string(folder.join("tables/coefficients.csv")).unwrap();
    assert!(csv.contains("'=cmd|' /C calc'!A0") && csv.contains("'@SUM(1)") && csv.contains("'\t=1+1"), "{csv}");
    let verified = small.run(&["verify", folder.to_str().unwrap()]);
    // Names full of digits and marks may look like contradictions to the linter; every byte is the same.
    let told = String::from_utf8_lossy(&verified.stdout);
    assert!(told.contains(" the same, byte for byte\n") && told.contains("verdict: full"), "{told}");
}

#[test]
fn in_practices_clusters_and_areas_of_a_survey() {
    let study = Study::new();
    let known = known(&study.file("output"));
    study.edit("config.yaml", "version: \"2023.1\"", "version: \"2023.2\"");
    let mut met = BTreeSet::new();
    for folder in ["workforce", "payments"] {
        for entry in std::fs::read_dir(study.file(folder)).unwrap().map(Result::unwrap) {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            let mut change = |field: &str| {
                let number: usize = field.rsplit(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0);
                let kind = ["Simulated ICB", "Simulated PCN", "Simulated Practice", "Simulated practice"]
                    .into_iter()
                    .find(|kind| field.trim_matches('"').starts_with(kind))?;
                met.insert(kind.to_lowercase());
                let text = HOSTILE[..15][number % 15].replace('"', "\"\"");
                Some(format!("\"{text} {number}\""))
            };
            let text = study.text(&path);
            let row = |row: &str| {
                let fields = row.split(',').map(|field| change(field).unwrap_or_else(|| field.to_owned()));
                fields.collect::<Vec<_>>().join(",")
            };
            let changed: Vec<String> = text.split('\n').map(row).collect();
            let bytes: Vec<u8> = changed.join("\n").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
            std::fs::write(study.file(&path), bytes).unwrap();
        }
    }
    assert!(met.len() >= 3, "the simulated files name only {met:?}");
    let ran = study.run(&["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    harmless(&study.file(String::from_utf8(ran.stdout).unwrap().trim()), &known);
}
