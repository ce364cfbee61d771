//! The plotters side: a `DrawingBackend` that writes SVG, and the frame that maps data to the sheet.
//!
//! plotters counts whole pixels; the backend's pixel is a twentieth of ours, so nothing visible is
//! rounded away. plotters maps and draws the data; axes and words are drawn elsewhere, so the
//! backend is never asked for text. Entry: [`Frame`].

use std::cell::RefCell;
use std::convert::Infallible;
use std::ops::Range;
use std::rc::Rc;

use plotters::coord::types::RangedCoordf64;
use plotters::element::{Drawable, PointCollection};
use plotters::prelude::{Cartesian2d, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBColor, Rectangle};
use plotters::style::{Color, ShapeStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::canvas::{Canvas, WIDTH};
use super::markup::number;

/// Backend units per user unit of the SVG.
const FINE: f64 = 20.0;
/// Height the backend claims, in user units: more than any figure needs.
const TALL: f64 = 50_000.0;

type Plane = Cartesian2d<RangedCoordf64, RangedCoordf64>;
type Outcome = Result<(), DrawingErrorKind<Infallible>>;

/// Markup shared with the plotters area that draws into it.
type Sink = Rc<RefCell<String>>;

/// The backend: every shape becomes one SVG element with the dash it was made with.
struct Ink {
    out: Sink,
    dash: &'static str,
}

impl Ink {
    fn add(&mut self, shape: &str, style: &impl BackendStyle, fill: bool) -> Outcome {
        let BackendColor { rgb: (r, g, b), alpha } = style.color();
        let colour = format!("#{r:02X}{g:02X}{b:02X}");
        let paint = if fill {
            let opacity = if alpha < 1.0 { format!(r#" fill-opacity="{}""#, number(alpha)) } else { String::new() };
            format!(r#" fill="{colour}"{opacity}"#)
        } else {
            let dash =
                if self.dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{}""#, self.dash) };
            let width = number(f64::from(style.stroke_width()) / FINE);
            format!(r#" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{dash}"#)
        };
        let mut out = self.out.borrow_mut();
        out.push_str(&format!("<{shape}{paint}/>\n"));
        Ok(())
    }
}

fn user(units: i32) -> String {
    number(f64::from(units) / FINE)
}

fn points(coords: impl IntoIterator<Item = BackendCoord>) -> String {
    coords.into_iter().map(|(x, y)| format!("{},{}", user(x), user(y))).collect::<Vec<_>>().join(" ")
}

impl DrawingBackend for Ink {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        ((WIDTH * FINE) as u32, (TALL * FINE) as u32)
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, fill: bool) -> Outcome {
        let (left, top) = (a.0.min(b.0), a.1.min(b.1));
        let (width, height) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        let shape =
            format!(r#"rect x="{}" y="{}" width="{}" height="{}""#, user(left), user(top), user(width), user(height));
        self.add(&shape, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.add(&format!(r#"polyline points="{}""#, points(path)), style, false)
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Outcome {
        let r = number(f64::from(radius) / FINE);
        self.add(&format!(r#"circle cx="{}" cy="{}" r="{r}""#, user(at.0), user(at.1)), style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, vert: I, style: &S) -> Outcome {
        self.add(&format!(r#"polygon points="{}""#, points(vert)), style, true)
    }
}

/// A line's colour (`#RRGGBB`), width in user units and dash pattern (empty: solid).
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub(super) colour: &'static str,
    pub(super) width: f64,
    pub(super) dash: &'static str,
}

/// A plot's place on the sheet and the data it shows.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    /// Data at the left and right edge; `start < end`.
    pub(super) x: Range<f64>,
    /// Data at the bottom and top edge; `start < end`.
    pub(super) y: Range<f64>,
}

impl Frame {
    fn plane(&self) -> Plane {
        let units = |px: f64| (px * FINE).round() as i32;
        let across = units(self.left)..units(self.right);
        let up = units(self.bottom)..units(self.top);
        Cartesian2d::new(self.x.clone(), self.y.clone(), (across, up))
    }

    /// Where the data point lies on the sheet.
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        use plotters::coord::CoordTranslate;
        let (px, py) = self.plane().translate(&(x, y));
        (f64::from(px) / FINE, f64::from(py) / FINE)
    }

    fn draw<E>(&self, canvas: &mut Canvas, element: &E, dash: &'static str)
    where
        for<'a> &'a E: PointCollection<'a, (f64, f64)>,
        E: Drawable<Ink>,
    {
        let sink = Sink::default();
        let area: DrawingArea<Ink, Plane> =
            Ink { out: Rc::clone(&sink), dash }.into_drawing_area().apply_coord_spec(self.plane());
        // The backend's error type has no values and nobody else borrows it, so this cannot fail.
        let outcome = area.draw(element);
        debug_assert!(outcome.is_ok());
        canvas.raw(sink.borrow().trim_end());
    }

    /// A line through `points`; fewer than two draw nothing.
    pub(super) fn line(&self, canvas: &mut Canvas, points: &[(f64, f64)], pen: Pen) {
        if points.len() > 1 {
            self.draw(canvas, &PathElement::new(points, stroke(pen)), pen.dash);
        }
    }

    /// The area between two lines over the same x.
    pub(super) fn band(&self, canvas: &mut Canvas, lower: &[(f64, f64)], upper: &[(f64, f64)], tint: &str) {
        if lower.len() > 1 {
            let outline: Vec<_> = lower.iter().chain(upper.iter().rev()).copied().collect();
            self.draw(canvas, &Polygon::new(outline, rgb(tint).filled()), "");
        }
    }

    /// A filled box between two corners in data units.
    pub(super) fn block(&self, canvas: &mut Canvas, from: (f64, f64), to: (f64, f64), fill: &str) {
        self.draw(canvas, &Rectangle::new([from, to], rgb(fill).filled()), "");
    }
}

fn stroke(pen: Pen) -> ShapeStyle {
    Color::stroke_width(&rgb(pen.colour), (pen.width * FINE).round() as u32)
}

fn rgb(hex: &str) -> RGBColor {
    let part = |at: usize| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or(0);
    RGBColor(part(1), part(3), part(5))
}
