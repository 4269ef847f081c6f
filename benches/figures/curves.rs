//! Curves over the size of the set, which stands on a logarithmic scale: panels in rows of two.

use std::fmt::Write;

const WIDTH: f64 = 470.0;
const HEIGHT: f64 = 360.0;
const COLUMNS: usize = 2;
/// The room around a panel's field: left, top, and what the legend takes below.
const LEFT: f64 = 62.0;
const TOP: f64 = 40.0;
const RIGHT: f64 = 14.0;
const BELOW: f64 = 40.0;
const LEGEND: f64 = 44.0;
/// A color for each spread, a dash for each fault: curves come in groups of three.
const COLORS: [&str; 2] = ["#3b6ea5", "#c8641e"];
const DASHES: [&str; 3] = ["", "6 3", "2 3"];

/// A line through points.
pub(crate) struct Curve {
    name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

impl Curve {
    pub(crate) const fn new(name: String) -> Self {
        Self { name, points: Vec::new() }
    }
}

/// How the values of a panel stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// From one power of ten to another, a mark at each.
    Logarithmic,
    /// From 0, a mark at each whole number.
    Linear,
}

/// Curves of one quantity.
pub(crate) struct Panel {
    title: &'static str,
    scale: Scale,
    pub(crate) curves: Vec<Curve>,
}

impl Panel {
    pub(crate) const fn logarithmic(title: &'static str) -> Self {
        Self { title, scale: Scale::Logarithmic, curves: Vec::new() }
    }

    /// For values of which the largest is below about ten.
    pub(crate) const fn linear(title: &'static str) -> Self {
        Self { title, scale: Scale::Linear, curves: Vec::new() }
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.curves.iter().flat_map(|curve| curve.points.iter().copied())
    }

    /// The marks of the values, from the lowest to the highest.
    fn marks(&self) -> Vec<f64> {
        let (low, high) = bounds(self.points().map(|(_, value)| value));
        match self.scale {
            Scale::Linear => {
                let below = (0u32..).map(f64::from).take_while(|mark| *mark < high);
                below.chain([high.ceil()]).collect()
            }
            Scale::Logarithmic => {
                let (low, high) = (low.log10().floor() as i32, high.log10().ceil() as i32);
                (low..=high.max(low + 1)).map(|power| 10f64.powi(power)).collect()
            }
        }
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), it| (low.min(it), high.max(it)))
}

/// The panels in rows, and below them which curve is which.
pub(crate) fn plot(panels: &[Panel]) -> String {
    let rows = panels.len().div_ceil(COLUMNS) as f64;
    let (width, height) = (WIDTH * panels.len().min(COLUMNS) as f64, HEIGHT * rows + LEGEND);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (at, panel) in panels.iter().enumerate() {
        let (left, top) = (WIDTH * (at % COLUMNS) as f64, HEIGHT * (at / COLUMNS) as f64);
        let _ = writeln!(svg, "<g transform=\"translate({left} {top})\">");
        field(&mut svg, panel);
        svg.push_str("</g>\n");
    }
    for (at, curve) in panels.first().map_or(&[][..], |panel| &panel.curves).iter().enumerate() {
        let (x, y) = (LEFT + (at % 3) as f64 * 250.0, HEIGHT * rows + 14.0 + (at / 3) as f64 * 18.0);
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" {}/><text x=\"{}\" y=\"{y}\">{}</text>",
            x + 36.0,
            y - 4.0,
            y - 4.0,
            style(at),
            x + 44.0,
            curve.name
        );
    }
    svg + "</svg>\n"
}

fn style(curve: usize) -> String {
    let (color, dash) = (COLORS[curve / 3 % COLORS.len()], DASHES[curve % 3]);
    format!("stroke=\"{color}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" fill=\"none\"")
}

/// One panel, its corner at 0.
fn field(svg: &mut String, panel: &Panel) {
    let (x_low, x_high) = bounds(panel.points().map(|(size, _)| size));
    let x = |size: f64| LEFT + (WIDTH - LEFT - RIGHT) * (size / x_low).ln() / (x_high / x_low).ln();
    let marks = panel.marks();
    let (low, high) = (marks[0], marks[marks.len() - 1]);
    let y = |value: f64| {
        let share = match panel.scale {
            Scale::Logarithmic => (value / low).ln() / (high / low).ln(),
            Scale::Linear => (value - low) / (high - low),
        };
        HEIGHT - BELOW - (HEIGHT - BELOW - TOP) * share
    };
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"20\" font-weight=\"bold\">{}</text>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">members</text>",
        panel.title,
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 6.0
    );
    for mark in marks {
        let _ = writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{mark}</text>",
            WIDTH - RIGHT,
            y(mark),
            y(mark),
            LEFT - 6.0,
            y(mark) + 4.0
        );
    }
    for (size, _) in panel.curves.first().map_or(&[][..], |curve| &curve.points) {
        let _ = writeln!(
            svg,
            "<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{TOP}\" y2=\"{}\" stroke=\"#eee\"/>\
             <text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{size}</text>",
            x(*size),
            x(*size),
            HEIGHT - BELOW,
            x(*size),
            HEIGHT - BELOW + 16.0
        );
    }
    for (at, curve) in panel.curves.iter().enumerate() {
        let points: Vec<String> =
            curve.points.iter().map(|(size, value)| format!("{:.1},{:.1}", x(*size), y(*value))).collect();
        let _ = writeln!(svg, "<polyline points=\"{}\" {}/>", points.join(" "), style(at));
    }
}
