//! The sheet a figure is drawn on: escaped text, shapes with two-decimal coordinates, the frame of
//! the SVG with its title, description and ids.
//!
//! Knows no data and no axis. It keeps the box of every text it sets, so that tests can prove that
//! nothing overlaps and nothing is cut off. Entry: [`Canvas::new`], [`Canvas::finish`].

use super::Caption;
use super::markup::{blank, clean, escape, identifier, number};
use super::metrics::{CAP, DESCENT, text_width, wrap_even};

/// Width of every picture in user units (pixels at full size).
pub(super) const WIDTH: f64 = 680.0;
/// Free space at the left and right edge.
pub(super) const EDGE: f64 = 4.0;
/// Text and axes: the palette's dark grey, 10.9:1 on white.
pub(super) const INK: &str = "#3D3D3D";
/// First colour, 10.5:1 on white: data, and text that names it.
pub(super) const FIRST: &str = "#12436D";
/// Third colour, 9.9:1 on white: what the data are held against.
pub(super) const THIRD: &str = "#801650";
/// Grid lines: quiet on purpose, nothing is read from them alone.
pub(super) const GRID: &str = "#DCDCDC";
/// Family list of every text; all three have the widths of `metrics`.
const FAMILY: &str = "Arial, Helvetica, 'Liberation Sans', sans-serif";
/// Distance of baselines, in em.
const LEADING: f64 = 1.25;

/// Which point of a text sits at its x coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) fill: &'static str,
    pub(super) anchor: Anchor,
    /// White rim, for text that may lie over lines.
    pub(super) halo: bool,
}

/// Running text and row labels.
pub(super) const BODY: Face = Face { size: 14.0, bold: false, fill: INK, anchor: Anchor::Start, halo: false };
/// Titles of panels and columns.
pub(super) const HEAD: Face = Face { bold: true, ..BODY };
/// Tick labels, notes, values.
pub(super) const NOTE: Face = Face { size: 13.0, ..BODY };

impl Face {
    pub(super) const fn fill(self, fill: &'static str) -> Self {
        Self { fill, ..self }
    }
    pub(super) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    pub(super) const fn halo(self) -> Self {
        Self { halo: true, ..self }
    }
    /// Width of `text` in this face.
    pub(super) fn width(self, text: &str) -> f64 {
        text_width(&clean(text), self.size, self.bold)
    }
    /// Lines of `text` broken to `width`.
    pub(super) fn lines(self, text: &str, width: f64) -> Vec<String> {
        wrap_even(&clean(text), width.max(1.0), self.size, self.bold)
    }
    /// Distance from one baseline to the next.
    pub(super) fn leading(self) -> f64 {
        self.size * LEADING
    }
    /// Height of a capital.
    pub(super) fn cap(self) -> f64 {
        self.size * CAP
    }
    /// Height of `lines` lines, from the top of the first capital to the last baseline.
    pub(super) fn height(self, lines: usize) -> f64 {
        self.cap() + self.leading() * lines.saturating_sub(1) as f64
    }
}

/// Marker shapes, told apart without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Diamond,
}

/// The box a text fills on the sheet: left, top, right, bottom.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TextBox {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) text: String,
}

/// A sheet being drawn on.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    body: String,
    /// Boxes of all texts, in drawing order.
    pub(super) boxes: Vec<TextBox>,
}

impl Canvas {
    /// An empty sheet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds finished markup.
    pub(super) fn raw(&mut self, markup: &str) {
        self.body.push_str(markup);
        self.body.push('\n');
    }

    /// One line of text with its baseline at `y`. Blank text draws nothing.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, face: Face) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        let width = text_width(&text, face.size, face.bold);
        let (left, anchor) = match face.anchor {
            Anchor::Start => (x, ""),
            Anchor::Middle => (x - width / 2.0, r#" text-anchor="middle""#),
            Anchor::End => (x - width, r#" text-anchor="end""#),
        };
        let weight = if face.bold { r#" font-weight="bold""# } else { "" };
        let rim = r##" stroke="#FFFFFF" stroke-width="3" stroke-linejoin="round" paint-order="stroke""##;
        let halo = if face.halo { rim } else { "" };
        self.raw(&format!(
            r#"<text x="{}" y="{}" font-size="{}" fill="{}"{weight}{anchor}{halo}>{}</text>"#,
            number(x),
            number(y),
            number(face.size),
            face.fill,
            escape(&text)
        ));
        let (top, bottom) = (y - face.cap(), y + face.size * DESCENT);
        self.boxes.push(TextBox { left, top, right: left + width, bottom, text });
    }

    /// As [`Canvas::text`], but only where it is on the sheet and over no other text; says whether it was.
    pub(super) fn text_if_free(&mut self, x: f64, y: f64, text: &str, face: Face) -> bool {
        let width = face.width(text);
        let left = match face.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let (right, top, bottom) = (left + width, y - face.cap(), y + face.size * DESCENT);
        let gap = 2.0;
        let clash = |b: &TextBox| left < b.right + gap && b.left < right + gap && top < b.bottom && b.top < bottom;
        let free = left >= EDGE && right <= WIDTH - EDGE && top >= 0.0 && !self.boxes.iter().any(clash);
        if free {
            self.text(x, y, text, face);
        }
        free
    }

    /// Text broken to `width`, the top of its capitals at `top`; gives the last baseline.
    pub(super) fn block(&mut self, x: f64, top: f64, width: f64, text: &str, face: Face) -> f64 {
        let lines = face.lines(text, width);
        self.stack(x, top, &lines, face)
    }

    /// Ready lines under each other, the top of the first capitals at `top`; gives the last baseline.
    pub(super) fn stack(&mut self, x: f64, top: f64, lines: &[String], face: Face) -> f64 {
        for (at, line) in lines.iter().enumerate() {
            self.text(x, top + face.height(at + 1), line, face);
        }
        top + face.height(lines.len())
    }

    /// A straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, dash: &str) {
        let dash = if dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dash}""#) };
        self.raw(&format!(
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{colour}" stroke-width="{}"{dash}/>"#,
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            number(width)
        ));
    }

    /// A rectangle; `stroke` may be empty.
    pub(super) fn rect(&mut self, left: f64, top: f64, size: (f64, f64), fill: &str, stroke: &str) {
        let edge = if stroke.is_empty() { String::new() } else { format!(r#" stroke="{stroke}""#) };
        self.raw(&format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"{edge}/>"#,
            number(left),
            number(top),
            number(size.0.max(0.0)),
            number(size.1.max(0.0))
        ));
    }

    /// A closed shape.
    pub(super) fn polygon(&mut self, points: &[(f64, f64)], fill: &str, stroke: &str) {
        let list = points.iter().map(|p| format!("{},{}", number(p.0), number(p.1))).collect::<Vec<_>>().join(" ");
        self.raw(&format!(r#"<polygon points="{list}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>"#));
    }

    /// A marker of radius `r`; hollow ones are filled white.
    pub(super) fn marker(&mut self, at: (f64, f64), r: f64, shape: Shape, colour: &str, hollow: bool) {
        let fill = if hollow { "#FFFFFF" } else { colour };
        let (x, y) = at;
        match shape {
            Shape::Circle => self.raw(&format!(
                r#"<circle cx="{}" cy="{}" r="{}" fill="{fill}" stroke="{colour}" stroke-width="1.5"/>"#,
                number(x),
                number(y),
                number(r)
            )),
            Shape::Square => {
                let s = r * 0.9;
                self.polygon(&[(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)], fill, colour);
            }
            Shape::Diamond => {
                let s = r * 1.25;
                self.polygon(&[(x, y - s), (x + s, y), (x, y + s), (x - s, y)], fill, colour);
            }
        }
    }

    /// Opens the sheet: `heading` at the left, the stamp as a filled tag at the right. Gives the last
    /// baseline used, 0 when there is neither.
    pub(super) fn open(&mut self, caption: &Caption, heading: &str) -> f64 {
        let mut bottom: f64 = 0.0;
        let mut room = WIDTH - 2.0 * EDGE;
        if let Some(stamp) = caption.stamp.as_deref().map(clean).filter(|stamp| !stamp.is_empty()) {
            let face = NOTE.bold().fill("#FFFFFF").at(Anchor::Middle);
            let lines = face.lines(&stamp, 220.0);
            let width = lines.iter().map(|line| face.width(line)).fold(0.0, f64::max) + 16.0;
            let height = face.height(lines.len()) + 12.0;
            let left = WIDTH - EDGE - width;
            self.rect(left, 2.0, (width, height), THIRD, "");
            self.stack(left + width / 2.0, 8.0, &lines, face);
            bottom = height;
            room -= width + 16.0;
        }
        if !blank(heading) {
            bottom = bottom.max(self.block(EDGE, 6.0, room, heading, HEAD));
        }
        bottom
    }

    /// The whole document, `height` user units tall.
    pub(super) fn finish(&self, caption: &Caption, height: f64) -> String {
        let id = identifier(&caption.id);
        let height = number(height.ceil());
        let mut description = clean(&caption.description);
        if let Some(stamp) = caption.stamp.as_deref().map(clean).filter(|stamp| !stamp.is_empty()) {
            let stop = if stamp.ends_with(['.', '!', '?']) { "" } else { "." };
            description = format!("{stamp}{stop} {description}");
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\" \
             style=\"max-width:{WIDTH}px;height:auto\" font-family=\"{FAMILY}\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{}</svg>\n",
            escape(&clean(&caption.title)),
            escape(description.trim()),
            self.body
        )
    }
}
