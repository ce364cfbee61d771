//! The report as its readers meet it: Markdown and page of a made-up study, strictness, marks.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use offprint::figures::Figure;
use offprint::report::{ReportInput, Templates, check_templates, render};
use offprint::tables::{Table, Value};
use support::{bundle, config, figures, records, some_facts, tables, templates, text};

const PAGE: (&str, &str) = ("page.html.j2", "<p>{{ banner }}</p>{{ lead }}{{ body }}");

fn with_report(report: &str) -> Templates {
    Templates { report: ("report.md.j2".into(), report.into()), page: (PAGE.0.into(), PAGE.1.into()) }
}

fn errors(report: &str) -> String {
    bundle(false, &with_report(report)).unwrap_err().to_string()
}

#[test]
fn a_tiny_report_in_markdown_and_html() {
    let report = "# {{ facts.study.id }}\n\n## One & two\n\nSee {{ ref_table(\"main\") }}.\n\n{{ table(\"main\") }}\n\n| a | b |\n|--|--:|\n| x | 1 |\n";
    let bundle = bundle(true, &with_report(report)).unwrap();
    golden("tests/golden/tiny.md", &text(&bundle, "report.md"));
    golden("tests/golden/tiny.html", &text(&bundle, "report.html"));
    golden("tests/golden/main.csv", &text(&bundle, "tables/main.csv"));
    golden("tests/golden/coefficients.csv", &text(&bundle, "tables/coefficients.csv"));
    golden("tests/golden/REPRODUCE.md", &text(&bundle, "REPRODUCE.md"));
}

#[test]
fn the_shipped_report_in_markdown() {
    golden("tests/golden/report.md", &text(&bundle(false, &templates()).unwrap(), "report.md"));
}

/// Compares with a stored file; `OFFPRINT_BLESS=1` stores instead.
fn golden(path: &str, got: &str) {
    if std::env::var_os("OFFPRINT_BLESS").is_some() {
        std::fs::write(path, got).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == got, "{path} differs; run with OFFPRINT_BLESS=1 and read the change\n{got}");
}

#[test]
fn an_undefined_name_is_named_with_its_line_and_the_nearest() {
    assert_eq!(
        errors("# T\n\n{{ facts.respones }}\n").lines().take(4).collect::<Vec<_>>(),
        [
            "error: `facts.respones` is not something the report knows",
            "  --> report.md.j2:3:4",
            "3 | {{ facts.respones }}",
            "  |    ^^^^^^^^^^^^^^"
        ]
    );
    assert!(errors("# T\n{{ facts.respones }}").contains("did you mean `responses`?"));
    let loops = errors("# T\n{% for o in facts.outcomes %}\n{{ o.odds_ration }}\n{% endfor %}");
    assert!(
        loops.contains("`o.odds_ration`")
            && loops.contains("report.md.j2:3:4")
            && loops.contains("did you mean `odds_ratio`?"),
        "{loops}"
    );
    let untaken = errors("# T\n{% if facts.simulated %}{{ facts.study.titel }}{% endif %}");
    assert!(untaken.contains("`facts.study.titel`") && untaken.contains("did you mean `title`?"), "{untaken}");
    let bare = errors("# T\n{{ fact }}");
    assert!(bare.contains("`fact`") && bare.contains("did you mean `facts`?"), "{bare}");
}

#[test]
fn unknown_exhibits_functions_and_broken_syntax_are_named_with_their_line() {
    let table = errors("# T\n\n{{ table(\"mian\") }}");
    assert!(
        table.contains("no table `mian`") && table.contains("report.md.j2:3") && table.contains("did you mean `main`?"),
        "{table}"
    );
    let function = errors("# T\n{{ tabel(\"main\") }}");
    assert!(function.contains("did you mean `table`?") && function.contains(":2"), "{function}");
    let syntax = errors("# T\n\n{% if facts.simulated %}\nx\n");
    assert!(syntax.contains("template syntax") && syntax.contains("report.md.j2:"), "{syntax}");
    let filter = errors("# T\n{{ facts.responses | uper }}");
    assert!(filter.contains("uper") && filter.contains("report.md.j2:2"), "{filter}");
}

#[test]
fn headings_go_down_one_level_at_a_time_from_one_title() {
    assert!(errors("# T\n\n### Deep\n").contains("`Deep` of level 3 follows level 1"));
    assert!(errors("no title\n").contains("0 headings of level 1"));
    assert!(errors("# A\n\n# B\n").contains("2 headings of level 1"));
}

#[test]
fn a_page_without_report_or_mark_is_refused() {
    let mut templates = with_report("# T\n\n## A\n\ntext\n");
    templates.page.1 = "{{ lead }}{{ body }}".into();
    assert!(bundle(true, &templates).unwrap_err().to_string().contains("leaves out the mark"));
    assert!(bundle(false, &templates).is_ok());
    templates.page.1 = "{{ banner }}{{ lead }}".into();
    assert!(bundle(true, &templates).unwrap_err().to_string().contains("leaves out the report"));
}

#[test]
fn hostile_names_are_text_everywhere() {
    let evil = "</caption><script>alert(1)</script> | `x` **b** [l](javascript:x) &amp; \u{E000}0\u{E001}";
    let (mut config, mut tables, mut figures) = (config(true), tables(), figures());
    config.study.title = format!("# {evil}");
    config.study.authors = vec![evil.into()];
    config.outcomes[0].label = evil.into();
    config.assumptions[0].because = evil.into();
    tables[0].title = evil.into();
    tables[0].heads[0].text = evil.into();
    tables[0].rows[0].cells[0].text = evil.into();
    tables[1].rows[0].section = evil.into();
    figures[0].title = evil.into();
    figures[0].csv[1][0] = evil.into();
    let mut records = records();
    records[0].path = evil.into();
    let facts = offprint::report::facts(&config, &support::findings(), &records);
    let input = ReportInput { config: &config, facts: &facts, tables: &tables, figures: &figures, drawn: None };
    let bundle = render(&input, &templates()).unwrap();
    let page = text(&bundle, "report.html");
    assert!(!page.contains("<script") && !page.contains("href=\"javascript") && !page.contains('\u{E000}'));
    assert!(page.matches("&lt;script&gt;").count() >= 6);
    check_structure(&page);
    let shown = "&lt;/caption&gt;&lt;script&gt;alert(1)&lt;/script&gt; | `x` **b** [l](javascript:x) &amp;amp;";
    assert!(page.replace("&#39;", "'").contains(shown), "shown as written");
}

#[test]
fn the_page_is_well_built_and_self_contained() {
    for simulated in [false, true] {
        let page = text(&bundle(simulated, &templates()).unwrap(), "report.html");
        check_structure(&page);
        for outside in ["<script", "<link", "@import", "url(", "src=", "http://"] {
            assert!(!page.contains(outside), "{outside}");
        }
        let links = page.split("href=\"").skip(1).filter(|rest| !rest.starts_with('#')).count();
        assert_eq!(links, 1, "the DOI is the only address");
    }
}

/// Ids once each and every reference met; headings in order; scopes; no empty header cell.
fn check_structure(page: &str) {
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "ids are unique");
    for attribute in [" href=\"#", " aria-labelledby=\""] {
        for target in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(target.split(' ').all(|id| unique.contains(id)), "{attribute}{target}");
        }
    }
    let main = page.split_once("<main").unwrap().1;
    let levels: Vec<u8> =
        main.split("<h").skip(1).filter_map(|rest| rest.bytes().next()).filter(u8::is_ascii_digit).collect();
    assert_eq!(levels.iter().filter(|level| **level == b'1').count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1));
    for cell in page.split("<th").skip(1).filter(|rest| !rest.starts_with("ead")) {
        assert!(cell.starts_with(" scope=\""), "{}", &cell[..40]);
        assert!(!cell.split_once('>').unwrap().1.starts_with("</th>"), "no empty header cell");
    }
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
    assert_eq!(
        page.matches("class=\"scroll").count(),
        page.matches("role=\"region\" tabindex=\"0\" aria-labelledby=").count()
    );
    assert!(page.contains("<html lang=\"en-GB\">") && page.contains("class=\"skip\" href=\"#report\""));
    for tag in ["section", "figure", "table", "tbody", "tr", "details", "div", "main", "nav", "ol", "ul"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn every_file_over_simulated_data_says_so_and_none_over_real_data() {
    let marked = |simulated| {
        let bundle = bundle(simulated, &templates()).unwrap();
        let says = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).to_lowercase().contains("simulated data");
        let column = |bytes: &Vec<u8>| {
            String::from_utf8_lossy(bytes).lines().skip(1).all(|line| line.ends_with(",simulated: survey"))
        };
        // The drawing carries a stamp from the room that draws it; the workbook has a test of its own.
        let files = bundle.0.iter().filter(|(path, _)| !path.ends_with(".svg") && !path.ends_with(".xlsx"));
        files
            .map(|(path, bytes)| (path.clone(), if path.ends_with(".csv") { column(bytes) } else { says(bytes) }))
            .collect::<Vec<_>>()
    };
    assert!(marked(true).iter().all(|(_, says)| *says), "{:?}", marked(true));
    assert!(marked(false).iter().all(|(_, says)| !says), "{:?}", marked(false));
    let page = text(&bundle(true, &templates()).unwrap(), "report.html");
    let captions = page.matches("<strong class=\"mark\">Simulated in this report: survey.</strong>").count();
    assert_eq!(captions, tables().len() + figures().len());
}

/// The parts of a workbook, by name.
fn workbook(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        parts.insert(name, text);
    }
    parts
}

#[test]
fn the_workbook_has_a_sheet_per_table_a_mark_on_each_and_no_formula() {
    let (config, facts, mut tables) = (config(true), some_facts(true), tables());
    tables[0].rows[0].cells[0].values = vec![Value::Text("=1+1".into())];
    let input = ReportInput { config: &config, facts: &facts, tables: &tables, figures: &[], drawn: None };
    let parts = workbook(&render(&input, &with_report("# T\n\n## A\n")).unwrap().0["tables.xlsx"]);
    assert!(
        parts["xl/workbook.xml"].contains("name=\"Table 4\"") && parts["xl/workbook.xml"].contains("name=\"Table S1\"")
    );
    assert!(
        parts["docProps/core.xml"].contains("(simulated data)")
            && parts["docProps/core.xml"].contains("2000-01-01T00:00:00Z")
    );
    let strings: Vec<&str> = parts["xl/sharedStrings.xml"].split("<si>").skip(1).collect();
    let mark = strings.iter().position(|text| text.contains("Simulated data. Made by a simulator")).unwrap();
    assert!(strings.iter().any(|text| text.contains("=1+1")));
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let text = &parts[sheet];
        let first = text.split_once("<c r=\"A1\"").unwrap().1;
        assert!(first.split_once("</c>").unwrap().0.ends_with(&format!("<v>{mark}</v>")), "{sheet}");
        assert!(!text.contains("<f>") && text.contains("state=\"frozen\""), "{sheet}");
    }
    assert!(parts["xl/worksheets/sheet1.xml"].contains("<v>1.00612</v>"), "full precision, as a number");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (bundle(true, &templates()).unwrap(), bundle(true, &templates()).unwrap());
    assert_eq!(one, two);
    let paths: Vec<_> = one.0.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "REPRODUCE.md",
            "figures/forest.csv",
            "figures/forest.svg",
            "report.html",
            "report.md",
            "tables.xlsx",
            "tables/coefficients.csv",
            "tables/main.csv"
        ]
    );
    assert!(text(&one, "figures/forest.svg").starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" "));
}

#[test]
fn check_finds_template_problems_without_data_and_passes_the_shipped_ones() {
    let config = config(false);
    check_templates(&config, &templates()).unwrap();
    let mut bad = templates();
    bad.report.1.push_str("\n{% for v in facts.variants %}{{ v.lable }}{% endfor %}\n");
    let found = check_templates(&config, &bad).unwrap_err();
    assert_eq!(found.0.len(), 1, "each problem once: {found}");
    assert!(found.to_string().contains("did you mean `label`?"), "{found}");
}

#[test]
fn tables_that_do_not_fit_their_heads_and_ids_that_are_no_names_are_refused() {
    let (config, facts) = (config(false), some_facts(false));
    let run = |tables: &[Table], figures: &[Figure]| {
        render(
            &ReportInput { config: &config, facts: &facts, tables, figures, drawn: None },
            &with_report("# T\n\n## A\n"),
        )
        .unwrap_err()
        .to_string()
    };
    let mut broken = tables();
    broken[0].rows[1].cells[1].values.pop();
    assert!(run(&broken, &[]).contains("table `main`, row 2: 2 values under `Odds ratio (95% CI)`, expected 3"));
    let mut broken = tables();
    broken[1].rows[0].cells.pop();
    assert!(run(&broken, &[]).contains("table `coefficients`, row 1: 3 cells under 4 headings"));
    let mut broken = figures();
    broken[0].id = "../x".into();
    assert!(run(&[], &broken).contains("figure id `../x` is not a file name"));
    assert!(run(&[tables(), tables()].concat(), &[]).contains("table `main` is made twice"));
}

#[test]
fn the_words_follow_the_results() {
    let report = text(&bundle(false, &templates()).unwrap(), "report.md");
    assert!(report.contains("was 0.11 percentage points higher"));
    assert!(report.contains("no clear difference"));
    assert!(report.contains("no estimate is released (suppressed: small count)"));
    assert!(!report.contains("not released percentage points") && !report.contains("Simulated"));
    let causal =
        ["effect of link workers", "caused", "led to", "improved", "because of link workers", "impact of link workers"];
    assert!(causal.iter().all(|word| !report.contains(word)));
}
