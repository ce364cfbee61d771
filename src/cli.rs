//! The command line: what can be asked for. Words for `--help` and nothing else.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// One config.yaml in, one versioned evaluation report out.
#[derive(Debug, Parser)]
#[command(name = "offprint", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The study's config
    #[arg(long, global = true, value_name = "FILE", default_value = "config.yaml")]
    pub config: PathBuf,
    /// Folder that input paths start from [default: the config's folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder that versions are filed in
    #[arg(long, global = true, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,
    /// Let paths lead out of the folder that they start from (`..`, absolute, links): only for a config
    /// that you trust
    #[arg(long, global = true)]
    pub allow_outside: bool,
    /// Threads to use [default: all]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// No progress on stderr
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Say why results are recomputed or reused
    #[arg(long, global = true)]
    pub explain: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the report and file it; prints the version's folder
    Run,
    /// Check config, inputs and templates without fitting: finds all problems in one go
    Check,
    /// Write a whole simulated study: its input files, its config, and the truth beside them; or, with
    /// `--power`, make many small ones in memory
    Simulate(SimulateArgs),
    /// Check a version's folder: hashes, a re-run compared value by value and byte by byte, the
    /// published numbers; writes nothing
    Verify(VerifyArgs),
    /// Look for contradictions within a version's folder: numbers against numbers, text against tables,
    /// references, wording; writes nothing
    Lint(LintArgs),
    /// Say what changed between two versions, in numbers and causes; writes nothing
    Diff(DiffArgs),
    /// List the versions on file
    List,
    /// Start a new study: config, templates, .gitignore
    Init {
        /// Folder to start it in; must be empty or new
        dir: PathBuf,
    },
}

/// Flags of `verify`.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// The version's folder
    pub dir: PathBuf,
    /// Check hashes only, re-run nothing
    #[arg(long)]
    pub hashes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Flags of `lint`.
#[derive(Debug, Clone, Args)]
pub struct LintArgs {
    /// The version's folder
    pub dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Flags of `diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// The first version's folder
    pub first: PathBuf,
    /// The second version's folder
    pub second: PathBuf,
    /// Print JSON instead of Markdown
    #[arg(long)]
    pub json: bool,
}

/// Flags of `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    /// Folder to write to; must be empty or new
    #[arg(required_unless_present = "power")]
    pub dir: Option<PathBuf>,
    /// Make the small studies of `analyses.power` instead: power and coverage, stored beside the config;
    /// goes on where it was stopped
    #[arg(long, conflicts_with_all = ["dir", "size", "form"])]
    pub power: bool,
    /// Studies per effect [default: `analyses.power.replications`]
    #[arg(long, value_name = "N", requires = "power", value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub replications: Option<u64>,
    /// How large
    #[arg(long, value_enum, default_value_t = SizeWord::Full)]
    pub size: SizeWord,
    /// Form of the survey files
    #[arg(long, value_enum, default_value_t = FormWord::Person)]
    pub form: FormWord,
}

/// Sizes of a simulated study, as in the config's `simulate` section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SizeWord {
    /// `simulate.small`
    Small,
    /// `simulate.full`
    Full,
}

/// Forms of survey files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormWord {
    /// One row per responder, CSV
    Person,
    /// One row per responder, Parquet
    Parquet,
    /// Rows with a count, CSV
    Cells,
    /// Counts per practice, CSV
    Practice,
}
