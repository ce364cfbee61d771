//! Strict templates: the minijinja environment, the functions a template may call, and errors
//! that name the template, the line, the unknown name and the nearest known one.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde_json::Value as Json;

use crate::error::{Problem, Problems, Result};

use super::{escape, patience};

/// What `table`, `figure`, `ref_table` and `ref_figure` give, by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Exhibits {
    /// Tables.
    pub(super) tables: BTreeMap<String, Exhibit>,
    /// Figures.
    pub(super) figures: BTreeMap<String, Exhibit>,
}

/// One table or figure in one output format.
#[derive(Debug, Clone)]
pub(super) struct Exhibit {
    /// The whole of it.
    pub(super) block: String,
    /// How the text refers to it.
    pub(super) reference: String,
}

/// Most steps of one rendering, many times what a long report takes: a template that loops
/// without end stops with its line instead.
const STEPS: u64 = 2_000_000;

/// Most characters of a line shown in a message.
const SHOWN: usize = 160;

/// Functions that templates may call.
const FUNCTIONS: [&str; 6] = ["table", "figure", "ref_table", "ref_figure", "has_table", "has_figure"];

/// Fills one template with `context`; `name` is the path shown in errors. Values are escaped for
/// Markdown.
///
/// # Errors
/// Syntax errors, unknown names, functions, filters and exhibits, each with its line.
pub(super) fn fill(name: &str, text: &str, context: &Json, exhibits: Exhibits) -> Result<String> {
    let (named, text, context) = (name.to_owned(), text.to_owned(), context.clone());
    patience::within(patience::LONGEST, name, move || {
        let (name, text, context) = (named.as_str(), text.as_str(), &context);
        let environment = environment(exhibits);
        let told = |error: &Error| Problems::from(problem(error, name, text, context));
        let template = environment.template_from_named_str(name, text).map_err(|error| told(&error))?;
        check_names(&template, name, text, context)?;
        template.render(Serde(context)).map_err(|error| told(&error))
    })
}

/// Fills the page template; `lead` and `body` are finished HTML and are not escaped again.
///
/// # Errors
/// As [`fill`].
pub(super) fn fill_page(name: &str, text: &str, context: &Json, lead: &str, body: &str) -> Result<String> {
    let (named, text, context) = (name.to_owned(), text.to_owned(), context.clone());
    let finished = |html: &str| Value::from_safe_string(html.to_string());
    let (lead, body) = (finished(lead), finished(body));
    patience::within(patience::LONGEST, name, move || {
        let (name, text, context) = (named.as_str(), text.as_str(), &context);
        let mut environment = environment(Exhibits::default());
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        let told = |error: &Error| Problems::from(problem(error, name, text, context));
        let template = environment.template_from_named_str(name, text).map_err(|error| told(&error))?;
        check_names(&template, name, text, context)?;
        let values = minijinja::context! { lead, body, ..Value::from(Serde(context)) };
        template.render(values).map_err(|error| told(&error))
    })
}

fn environment(exhibits: Exhibits) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.set_fuel(Some(STEPS));
    // Without custom delimiters there is nothing in a syntax that could be refused.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(write_value);
    environment.add_filter("code", |text: String| Value::from_safe_string(escape::code(&text)));
    environment.add_filter("initial", |text: String| {
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    let exhibits = Arc::new(exhibits);
    for kind in ["table", "figure"] {
        add(&mut environment, &exhibits, kind, kind, |exhibit| exhibit.block.clone());
        add(&mut environment, &exhibits, kind, &format!("ref_{kind}"), |exhibit| exhibit.reference.clone());
        let all = Arc::clone(&exhibits);
        environment.add_function(format!("has_{kind}"), move |id: String| of_kind(&all, kind).contains_key(&id));
    }
    environment
}

fn of_kind<'a>(exhibits: &'a Exhibits, kind: &str) -> &'a BTreeMap<String, Exhibit> {
    if kind == "table" { &exhibits.tables } else { &exhibits.figures }
}

fn add(
    environment: &mut Environment<'static>,
    exhibits: &Arc<Exhibits>,
    kind: &'static str,
    name: &str,
    text: fn(&Exhibit) -> String,
) {
    let all = Arc::clone(exhibits);
    environment.add_function(name.to_string(), move |id: String| {
        let known = of_kind(&all, kind);
        known.get(&id).map(|exhibit| Value::from_safe_string(text(exhibit))).ok_or_else(|| {
            let ids: Vec<_> = known.keys().collect();
            let problem = Problem::new(format!("no {kind} `{id}` in this report")).nearest(&id, &ids);
            Error::new(ErrorKind::InvalidOperation, format!("no {kind} `{id}`")).with_source(Problems::from(problem))
        })
    });
}

/// Writes a value with the escapes of the template's format. Numbers and yes/no answers pass.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> std::result::Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let text = value.to_string();
    let written = match state.auto_escape() {
        _ if value.is_safe() => out.write_str(&text),
        AutoEscape::Html => out.write_str(&escape::html(&text)),
        _ => out.write_str(&escape::markdown(&text)),
    };
    written.map_err(Error::from)
}

/// Names that stand in branches that this render would not take are found here, before it.
fn check_names(template: &minijinja::Template<'_, '_>, name: &str, text: &str, context: &Json) -> Result<()> {
    let mut used: Vec<String> = template.undeclared_variables(true).into_iter().collect();
    used.sort();
    let mut problems = Problems::default();
    for path in used {
        if let Some((unknown, known)) = unknown_step(&path, context) {
            let problem = Problem::new(format!("`{path}` is not something the report knows")).nearest(unknown, &known);
            problems.push(place(problem, name, text, &path));
        }
    }
    problems.or(())
}

/// The first step of a dotted path that does not exist, with the names that do; none when the
/// path holds or leads into a list, whose items have names of their own.
fn unknown_step<'a>(path: &'a str, context: &Json) -> Option<(&'a str, Vec<String>)> {
    let mut here = context;
    for (depth, step) in path.split('.').enumerate() {
        let Json::Object(fields) = here else { return None };
        match fields.get(step) {
            Some(next) => here = next,
            None if depth == 0 && FUNCTIONS.contains(&step) => return None,
            None if depth == 0 && matches!(step, "range" | "dict" | "debug" | "namespace" | "loop" | "caller") => {
                return None;
            }
            None => {
                let functions = FUNCTIONS.iter().filter(|_| depth == 0).map(ToString::to_string);
                return Some((step, fields.keys().cloned().chain(functions).collect()));
            }
        }
    }
    None
}

/// Puts the file and the first line that holds `word` on a problem.
fn place(problem: Problem, name: &str, text: &str, word: &str) -> Problem {
    let problem = problem.file(name);
    match text.lines().enumerate().find_map(|(at, line)| line.find(word).map(|column| (at, line, column))) {
        None => problem,
        Some((at, line, column)) => {
            let column = line[..column].chars().count();
            with_excerpt(problem, at + 1, line, column, word.chars().count())
        }
    }
}

fn with_excerpt(problem: Problem, number: usize, line: &str, column: usize, width: usize) -> Problem {
    let margin = " ".repeat(number.to_string().len());
    let mut problem = problem.line(number as u64).column(column as u64 + 1);
    // Of a line beyond all measure the part around the place is enough.
    let from = if line.chars().count() > SHOWN { column.saturating_sub(SHOWN / 4) } else { 0 };
    let part: String = line.chars().skip(from).take(SHOWN).collect();
    let width = width.clamp(1, SHOWN);
    problem.excerpt = format!("{number} | {part}\n{margin} | {}{}", " ".repeat(column - from), "^".repeat(width));
    problem
}

/// An engine's error in this program's words.
fn problem(error: &Error, name: &str, text: &str, context: &Json) -> Problem {
    let own = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Problems>());
    let detail = error.detail().unwrap_or_default();
    let problem = match (own.and_then(|problems| problems.0.first()), error.kind()) {
        (Some(own), _) => own.clone(),
        (None, ErrorKind::UndefinedError) => undefined(detail, context),
        (None, ErrorKind::UnknownFunction) => Problem::new(detail).nearest(quoted(detail), &FUNCTIONS),
        (None, ErrorKind::SyntaxError) => Problem::new(format!("template syntax: {detail}"))
            .hint("`{{ ... }}` prints a value, `{% ... %}` is a statement, every `if` and `for` needs its end"),
        (None, ErrorKind::OutOfFuel) => Problem::new(format!("the template takes more than {STEPS} steps"))
            .hint("look for loops within loops, and ranges that are too long"),
        (None, kind) => {
            let words = if detail.is_empty() { kind.to_string() } else { format!("{kind}: {detail}") };
            Problem::new(words).hint(advice(kind))
        }
    };
    let problem = problem.file(name);
    let Some(number) = error.line() else { return problem };
    let Some(line) = text.lines().nth(number.saturating_sub(1)) else { return problem.line(number as u64) };
    let before: usize = text.split_inclusive('\n').take(number - 1).map(str::len).sum();
    let (start, end) = match error.range() {
        Some(range) if range.start >= before => (range.start - before, range.end - before),
        _ => (0, 0),
    };
    let chars = |upto: usize| line.char_indices().take_while(|(at, _)| *at < upto).count();
    with_excerpt(problem, number, line, chars(start), chars(end).saturating_sub(chars(start)))
}

/// What to do about an engine's error of a kind.
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::TemplateNotFound => "templates cannot take other files in: put the text into this one",
        ErrorKind::MissingArgument | ErrorKind::TooManyArguments => {
            "`table`, `figure` and their kin take one id in quotes, like `{{ table(\"main\") }}`"
        }
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest => {
            "filters and tests are those of Jinja, with `code` and `initial`"
        }
        _ => "correct the expression; the shipped templates show what is in use",
    }
}

/// An undefined name; for fields of list items every field of the context is a candidate.
fn undefined(detail: &str, context: &Json) -> Problem {
    let path = quoted(detail);
    let problem = Problem::new(format!("`{path}` is not something the report knows"));
    match unknown_step(path, context) {
        Some((step, known)) if !path.contains('.') || path.starts_with("facts.") => problem.nearest(step, &known),
        _ => {
            let mut known = Vec::new();
            collect_fields(context, &mut known);
            known.sort();
            known.dedup();
            let step = path.rsplit('.').next().unwrap_or(path);
            match crate::error::nearest(step, &known) {
                Some(name) => problem.hint(format!("did you mean `{name}`?")),
                None => {
                    problem.hint("the names a template may use are the fields of Facts in the program's documentation")
                }
            }
        }
    }
}

fn quoted(detail: &str) -> &str {
    detail.split('`').nth(1).or_else(|| detail.split_whitespace().nth(1)).unwrap_or(detail)
}

fn collect_fields(value: &Json, known: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            for (name, field) in fields {
                known.push(name.clone());
                collect_fields(field, known);
            }
        }
        Json::Array(items) => {
            if let Some(first) = items.first() {
                collect_fields(first, known);
            }
        }
        _ => {}
    }
}
