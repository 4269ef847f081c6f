//! Curves over the size of the set, both scales logarithmic: one panel beside the other.

use std::fmt::Write;

const WIDTH: f64 = 470.0;
const HEIGHT: f64 = 360.0;
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

/// Curves of one quantity.
pub(crate) struct Panel {
    title: &'static str,
    pub(crate) curves: Vec<Curve>,
}

impl Panel {
    pub(crate) const fn new(title: &'static str) -> Self {
        Self { title, curves: Vec::new() }
    }
}

/// The panels in a row, and below them which curve is which.
pub(crate) fn plot(panels: &[Panel]) -> String {
    let (width, height) = (WIDTH * panels.len() as f64, HEIGHT + LEGEND);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (at, panel) in panels.iter().enumerate() {
        field(&mut svg, WIDTH * at as f64, panel);
    }
    for (at, curve) in panels.first().map_or(&[][..], |panel| &panel.curves).iter().enumerate() {
        let (x, y) = (LEFT + (at % 3) as f64 * 250.0, HEIGHT + 14.0 + (at / 3) as f64 * 18.0);
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

fn field(svg: &mut String, left: f64, panel: &Panel) {
    let points = || panel.curves.iter().flat_map(|curve| &curve.points);
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        points().map(of).fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), it| (low.min(it), high.max(it)))
    };
    let ((x_low, x_high), (y_low, y_high)) = (bounds(|point| point.0), bounds(|point| point.1));
    let (y_low, y_high) = (10f64.powf(y_low.log10().floor()), 10f64.powf(y_high.log10().ceil()));
    let x = |value: f64| {
        let share = (value / x_low).ln() / (x_high / x_low).ln();
        left + LEFT + (WIDTH - LEFT - RIGHT) * share
    };
    let y = |value: f64| {
        let share = (value / y_low).ln() / (y_high / y_low).ln();
        HEIGHT - BELOW - (HEIGHT - BELOW - TOP) * share
    };
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"20\" font-weight=\"bold\">{}</text>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">members</text>",
        left + LEFT,
        panel.title,
        left + (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 6.0
    );
    let mut mark = y_low;
    while mark <= y_high * 1.01 {
        let _ = writeln!(
            svg,
            "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{mark}</text>",
            left + LEFT,
            left + WIDTH - RIGHT,
            y(mark),
            y(mark),
            left + LEFT - 6.0,
            y(mark) + 4.0
        );
        mark *= 10.0;
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
