//! A finished table: numbers for machines beside finished text for people.

use serde::{Deserialize, Serialize};

/// A value behind a cell.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub enum Value {
    /// A number at full precision.
    Number(f64),
    /// Words.
    Text(String),
    /// Nothing belongs here.
    Blank,
    /// Not released; the reason.
    Hidden(String),
}

/// One cell.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Cell {
    /// Text as printed (already rounded).
    pub text: String,
    /// The values behind it for CSV and XLSX, one per CSV column of this printed column
    /// (an odds ratio with its interval is one printed column and three CSV columns).
    pub values: Vec<Value>,
}

/// A printed column.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Head {
    /// Printed heading; never empty.
    pub text: String,
    /// CSV headers of its values, snake_case.
    pub names: Vec<String>,
    /// True for columns of numbers (right aligned).
    pub numeric: bool,
}

/// A row: the first cell is its header.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Row {
    /// Heading that opens a section before this row (spans the table); empty for none.
    pub section: String,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// A finished table.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Table {
    /// Id: file name and anchor.
    pub id: String,
    /// Number: `1`, `S1`.
    pub number: String,
    /// Title.
    pub title: String,
    /// Notes below, in order.
    pub notes: Vec<String>,
    /// Columns.
    pub heads: Vec<Head>,
    /// Rows.
    pub rows: Vec<Row>,
}
