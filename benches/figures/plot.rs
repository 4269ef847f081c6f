//! Horizontal bars on a logarithmic scale: how many times ours each peer takes.

use std::fmt::Write;

use crate::{measure::Figure, page::times};

const WIDTH: f64 = 760.0;
/// Where the scale begins and ends; to the right of it stands the ratio of the longest bar.
const LEFT: f64 = 150.0;
const RIGHT: f64 = 700.0;
/// The height of a line.
const LINE: f64 = 18.0;
/// What stands above the first work.
const HEAD: f64 = 54.0;
const MARKS: [f64; 13] = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];

/// The works in the order of the table, under each its peers in the order of the columns.
pub(crate) fn plot(figures: &[Figure]) -> String {
    let figures: Vec<&Figure> = figures.iter().filter(|figure| !figure.peers.is_empty()).collect();
    let ratios = figures.iter().flat_map(|figure| figure.peers.values().map(|peer| figure.ratio(*peer)));
    let (low, high) =
        ratios.fold((0.8, 2.0), |(low, high): (f64, f64), ratio| (low.min(ratio), high.max(ratio)));
    let (low, high) = (low.max(MARKS[0]), high.min(1000.0));
    let at = |ratio: f64| LEFT + (RIGHT - LEFT) * (ratio.clamp(low, high) / low).ln() / (high / low).ln();
    let lines: usize = figures.iter().map(|figure| figure.peers.len()).sum();
    let height = HEAD + LINE * lines as f64 + (LINE + 8.0) * figures.len() as f64 + 8.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"18\" font-size=\"13\">How many times ours each peer takes: 1 is as much as ours, to the right is more \
         (logarithmic)</text>\n"
    );
    marks(&mut svg, low..=high, height, at);
    let mut y = HEAD;
    for figure in figures {
        let _ = writeln!(
            svg,
            "<text x=\"10\" y=\"{}\" font-weight=\"bold\" stroke=\"white\" stroke-width=\"4\" paint-order=\"stroke\">{}</text>",
            y + 13.0,
            figure.work
        );
        y += LINE;
        for (peer, value) in &figure.peers {
            bar(&mut svg, y, peer, figure.ratio(*value), at);
            y += LINE;
        }
        y += 8.0;
    }
    svg + "</svg>\n"
}

/// Lines down the picture; that of 1 is dark.
fn marks(svg: &mut String, scale: std::ops::RangeInclusive<f64>, height: f64, at: impl Fn(f64) -> f64) {
    for mark in MARKS.into_iter().filter(|mark| scale.contains(mark)) {
        let (x, y) = (at(mark), HEAD - 6.0);
        let color = if mark == 1.0 { "#222" } else { "#ddd" };
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{y}\" y2=\"{height}\" stroke=\"{color}\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#222\">{mark} ×</text>",
            y - 5.0
        );
    }
}

/// From 1 to the ratio: blue where the peer takes more than ours, orange where it takes less.
fn bar(svg: &mut String, y: f64, peer: &str, ratio: f64, at: impl Fn(f64) -> f64) {
    let (one, end) = (at(1.0), at(ratio));
    let (x, width) = (one.min(end), (end - one).abs());
    let color = if ratio < 1.0 { "#c8641e" } else { "#3b6ea5" };
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{peer}</text>\
         <rect x=\"{x:.1}\" y=\"{}\" width=\"{width:.1}\" height=\"13\" fill=\"{color}\"/>\
         <text x=\"{:.1}\" y=\"{}\">{} ×</text>",
        LEFT - 10.0,
        y + 13.0,
        y + 2.0,
        one.max(end) + 5.0,
        y + 13.0,
        times(ratio)
    );
}
