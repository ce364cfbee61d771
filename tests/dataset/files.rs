//! Files of a table's study: forms that must give the same table, and everything that can be wrong.

use crate::support::{Files, load, numbers, says};
use offprint::config::Dataset;
use offprint::ingest::MARKER;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

const SHOPS: &str = "code,town,sales,area\nA1,Ash,10.5,3\nA2,Ash,,4\nA3,Elm,n/a,5\nA4,Elm,-2,6\n";

/// A study of one file of shops.
fn study(source: &str) -> Dataset {
    load(&format!(
        "offprint: 1\nstudy: {{ id: t, version: \"1\", title: T, authors: [A], seed: 1 }}\nrow: [shop, shops]\n\
         sources: {{ shops: {source} }}\nrows: shops\n\
         variables: {{ code: {{ kind: key }}, town: {{ kind: category }}, sales: {{}}, area: {{}} }}\n\
         outcomes: {{ sales: {{ number: sales }} }}\nmodels: {{ main: {{ family: linear, exposure: area }} }}\n"
    ))
}

/// Everything that is wrong with `shops.csv`.
#[track_caller]
fn complaint(bytes: impl AsRef<[u8]>, source: &str) -> String {
    let problems = Files::new(&[("shops.csv", bytes.as_ref())]).frame(&study(source)).expect_err("read");
    assert!(problems.0.iter().all(|problem| problem.file.as_deref() == Some("shops.csv")), "{problems}");
    assert!(problems.0.iter().all(|problem| problem.hint.is_some()), "{problems}");
    problems.to_string()
}

const PLAIN: &str = "{ file: shops.csv, missing: [n/a] }";

#[test]
fn a_plain_file_is_read_with_its_record() {
    let (dataset, files) = (study(PLAIN), Files::new(&[("shops.csv", SHOPS.as_bytes())]));
    let (tables, records) = files.read(&dataset).unwrap();
    assert_eq!((tables[0].rows, tables[0].on_file), (4, 4));
    assert_eq!((records[0].source.as_str(), records[0].path.as_str(), records[0].rows), ("shops", "shops.csv", 4));
    let frame = files.frame(&dataset).unwrap();
    let sales = numbers(&dataset, &frame, "sales");
    assert_eq!((sales[0], sales[3]), (10.5, -2.0));
    assert!(sales[1].is_nan() && sales[2].is_nan());
    assert!(frame.facts.is_empty(), "nothing was looked up");
}

#[test]
fn marks_encodings_order_and_case_do_not_matter() {
    let dataset = study(PLAIN);
    let plain = Files::new(&[("shops.csv", SHOPS.as_bytes())]).frame(&dataset).unwrap();
    let marked = [b"\xef\xbb\xbf", SHOPS.as_bytes()].concat();
    let turned = "extra,AREA, Sales ,Town,Code\r\n1,3,10.5,Ash,A1\r\n2,4,,Ash,A2\r\n\r\n,5,n/a,Elm,A3\r\n\"a,b\",6,-2,Elm, A4\r\n";
    for bytes in [&marked[..], turned.as_bytes()] {
        assert_eq!(format!("{:?}", Files::new(&[("shops.csv", bytes)]).frame(&dataset).unwrap()), format!("{plain:?}"));
    }
    let windows = SHOPS.replace("Ash", "D\u{fc}n").chars().map(|c| c as u8).collect::<Vec<_>>();
    let dataset = study("{ file: shops.csv, missing: [n/a], encoding: windows-1252 }");
    let files = Files::new(&[("shops.csv", &windows)]);
    assert_eq!(crate::support::names(&dataset, &files.frame(&dataset).unwrap(), "town")[0], Some("D\u{fc}n"));
    assert_eq!(files.read(&dataset).unwrap().1[0].notes, ["2 values beyond ASCII read as Windows-1252"]);
}

#[test]
fn several_files_are_read_one_after_the_other() {
    let dataset = study("{ files: [\"b*.csv\", a.csv], missing: [n/a], where: { town: [Ash] } }");
    let second = SHOPS.replace("10.5", "7");
    let files = Files::new(&[("a.csv", SHOPS.as_bytes()), ("b2.csv", second.as_bytes()), ("b1.csv", SHOPS.as_bytes())]);
    let (tables, records) = files.read(&dataset).unwrap();
    assert_eq!(records.iter().map(|record| record.path.as_str()).collect::<Vec<_>>(), ["b1.csv", "b2.csv", "a.csv"]);
    assert!(records.iter().all(|record| record.notes == ["2 rows not kept"]));
    assert_eq!((tables[0].rows, tables[0].on_file), (6, 12));
    let frame = files.frame(&dataset).unwrap();
    let sales: Vec<String> = numbers(&dataset, &frame, "sales").iter().map(f64::to_string).collect();
    assert_eq!(sales, ["10.5", "NaN", "7", "NaN", "10.5", "NaN"]);
}

/// A Parquet file of two texts and two numbers per row.
fn parquet(rows: &[(&str, &str, Option<f64>, f64)]) -> Vec<u8> {
    let schema = "message shops { required binary code (UTF8); required binary town (UTF8); optional double sales; required double area; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for texts in [rows.iter().map(|row| row.0).collect::<Vec<_>>(), rows.iter().map(|row| row.1).collect()] {
        let texts: Vec<ByteArray> = texts.into_iter().map(ByteArray::from).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
        column.close().unwrap();
    }
    let (sales, levels): (Vec<f64>, Vec<i16>) =
        (rows.iter().filter_map(|row| row.2).collect(), rows.iter().map(|row| i16::from(row.2.is_some())).collect());
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&sales, Some(&levels), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&rows.iter().map(|row| row.3).collect::<Vec<_>>(), None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

const ROWS: [(&str, &str, Option<f64>, f64); 4] = [
    ("A1", "Ash", Some(10.5), 3.0),
    ("A2", "Ash", None, 4.0),
    ("A3", "Elm", Some(-99.0), 5.0),
    ("A4", "Elm", Some(-2.0), 6.0),
];

#[test]
fn parquet_is_csv() {
    let csv = Files::new(&[("shops.csv", SHOPS.as_bytes())]).frame(&study(PLAIN)).unwrap();
    let of = |source: &str, files: &[(&str, &[u8])]| Files::new(files).frame(&study(source)).unwrap();
    let bytes = parquet(&ROWS);
    let table = of("{ file: s.parquet, missing: [\"-99\"] }", &[("s.parquet", &bytes)]);
    assert_eq!(format!("{table:?}"), format!("{csv:?}"));
    // Rows are chosen by numbers as by texts, and files of both forms follow each other.
    let ash = of("{ file: s.parquet, where: { area: [3, 4] } }", &[("s.parquet", &bytes)]);
    let both = of(
        "{ files: [s.parquet, shops.csv], where: { area: [3, 4] } }",
        &[("s.parquet", &bytes), ("shops.csv", SHOPS.as_bytes())],
    );
    assert_eq!((ash.rows, both.rows), (2, 4));
    assert_eq!(format!("{:?}", both.values[2]), "Numbers([10.5, NaN, 10.5, NaN])");
    let problems =
        Files::new(&[("s.parquet", &bytes[..bytes.len() / 2])]).read(&study("{ file: s.parquet }")).unwrap_err();
    says(&problems.to_string(), &["`s.parquet` is damaged"]);
}

#[test]
fn columns_of_codes_in_numbers_are_codes() {
    let source = "{ file: s.parquet, missing: [\"-99\"] }";
    let text = |kind: &str| {
        format!(
            "offprint: 1\nstudy: {{ id: t, version: \"1\", title: T, authors: [A], seed: 1 }}\nrow: [shop, shops]\nsources: {{ s: {source} }}\nrows: s\n\
             variables: {{ area: {{ {kind} }}, y: {{ column: area }}, z: {{ log: y }} }}\noutcomes: {{ y: {{ number: y }} }}\nmodels: {{ main: {{ family: linear, exposure: z }} }}\n"
        )
    };
    let files = Files::new(&[("s.parquet", &parquet(&ROWS))]);
    for (kind, wanted) in
        [("kind: key", "3"), ("levels: { small: [3, 4], large: [5, 6] }", "small"), ("kind: category", "3")]
    {
        let dataset = load(&text(kind));
        let frame = files.frame(&dataset).unwrap();
        assert_eq!(crate::support::names(&dataset, &frame, "area")[0], Some(wanted), "{kind}");
    }
    let dataset = load(&text("values: { 3: 1, 4: 1, 5: 0, 6: 0 }"));
    assert_eq!(numbers(&dataset, &files.frame(&dataset).unwrap(), "area"), [1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn files_that_are_not_there() {
    let none = Files::new(&[("shop.csv", b"x")]);
    let message = |source: &str| none.read(&study(source)).unwrap_err().to_string();
    says(&message(PLAIN), &["no file `shops.csv`", "did you mean `shop.csv`?"]);
    says(&message("{ files: [\"shops*.csv\"] }"), &["no file matches `shops*.csv`", "hint"]);
    says(&message("{ file: shop.csv/x.csv }"), &["hint"]);
    let folder = Files::new(&[("shops.csv/a", b"")]);
    says(&folder.read(&study(PLAIN)).unwrap_err().to_string(), &["is a folder"]);
    let odd = Files::new(&[("shops.xlsx", b"x")]);
    says(&odd.read(&study("{ file: shops.xlsx }")).unwrap_err().to_string(), &["ending `xlsx`, expected `csv`"]);
    let twice = Files::new(&[("shops.csv", SHOPS.as_bytes())]);
    says(
        &twice.read(&study("{ files: [\"*.csv\", shops.csv] }")).unwrap_err().to_string(),
        &["listed twice among the shops files"],
    );
}

#[test]
fn files_of_the_simulator_are_no_data() {
    let files = Files::new(&[("shops.csv", SHOPS.as_bytes()), (MARKER, b"")]);
    let message = files.read(&study(PLAIN)).unwrap_err().to_string();
    says(&message, &["`shops` is declared real", MARKER, "put the real files in their place"]);
}

#[test]
fn files_that_are_damaged() {
    says(&complaint("", PLAIN), &["`shops.csv` is empty"]);
    says(&complaint("code,town,sales,area\n", PLAIN), &["has a header but no rows"]);
    says(&complaint("\n\n", PLAIN), &["no header line"]);
    says(&complaint(format!("{SHOPS}A5,Elm,1\n"), PLAIN), &["1 row with too few or too many fields (at line 6"]);
    says(&complaint(format!("{SHOPS}A5,\0,1,2\n"), PLAIN), &["1 row with NUL bytes (at line 6"]);
    says(&complaint(format!("{SHOPS}A5,\"Elm,1,2\n"), PLAIN), &["ends inside a quoted field"]);
    says(&complaint([SHOPS.as_bytes(), b"A5,D\xfcn,1,2\n"].concat(), PLAIN), &["not UTF-8", "windows-1252"]);
    says(&complaint(SHOPS.replace(',', ";"), PLAIN), &["no column `code`", "separated by commas?"]);
}

#[test]
fn columns_that_are_not_there_or_there_twice() {
    let message = complaint(SHOPS.replace("sales", "sale").replace("town", "city"), PLAIN);
    says(&message, &["no column `sales` in `shops.csv`", "did you mean `sale`?", "no column `town`"]);
    says(&complaint(SHOPS.replace("code", "area"), PLAIN), &["column `area` occurs 2 times", "no column `code`"]);
    says(
        &complaint(SHOPS, "{ file: shops.csv, where: { twon: [Ash] } }"),
        &["no column `twon`", "did you mean `town`?"],
    );
}

#[test]
fn rows_that_nothing_keeps() {
    let message = complaint(SHOPS, "{ file: shops.csv, where: { town: [Ash, Elf] } }");
    says(&message, &["value `Elf` never occurs in column `town` of `shops.csv`", "did you mean `Elm`?"]);
    let message = complaint(SHOPS, "{ file: shops.csv, where: { town: [Ash], area: [5] } }");
    says(&message, &["`where` of source `shops` keeps no row of `shops.csv`", "never in one row"]);
}

#[test]
fn texts_that_are_not_numbers() {
    let message = complaint(SHOPS, "{ file: shops.csv }");
    says(&message, &["variable `sales`: column `sales` has 1 value that is not a number: `n/a`", "go to `missing`"]);
    let message =
        complaint(SHOPS.replace("n/a", "1,5").replace("A3,Elm,1,5", "A3,Elm,\"1,5\"").replace("-2", "\"2,0\""), PLAIN);
    says(&message, &["has 2 values that are not numbers: first `1,5`", "digits and a point"]);
    says(&complaint(SHOPS.replace("-2", "1e300"), PLAIN), &["1 value of unbelievable size: `1e300`"]);
    says(&complaint(SHOPS.replace("-2", "inf"), PLAIN), &["not a number: `inf`"]);
}

#[test]
fn every_problem_of_every_file_comes_at_once() {
    let text = "offprint: 1\nstudy: { id: t, version: \"1\", title: T, authors: [A], seed: 1 }\nrow: [a, as]\n\
        sources: { one: { file: 1.csv }, two: { file: 2.csv } }\nrows: one\nvariables: { x: { kind: key }, y: { column: y, of: two, match: { x: x } }, z: { log: y } }\n\
        outcomes: { y: { number: y } }\nmodels: { main: { family: linear, exposure: z } }\n";
    let files = Files::new(&[("1.csv", b"z\n1\n"), ("2.csv", b"x\n1\n")]);
    let problems = files.read(&load(text)).unwrap_err();
    assert_eq!(problems.0.len(), 2, "{problems}");
}
