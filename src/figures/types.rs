//! A finished figure: drawing, the values it shows, and its words.

use serde::{Deserialize, Serialize};

/// A finished figure.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Figure {
    /// Id: file name and anchor.
    pub id: String,
    /// Number: `1`, `S1`.
    pub number: String,
    /// Title.
    pub title: String,
    /// Alternative text made from the numbers.
    pub alt: String,
    /// Notes below, in order.
    pub notes: Vec<String>,
    /// The drawing, inline-safe.
    pub svg: String,
    /// The plotted values, header first.
    pub csv: Vec<Vec<String>>,
}
