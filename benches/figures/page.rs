//! `docs/performance.md`: one table and one plot for each name, renewed by every run.

use std::{fmt::Write, fs, io, path::Path, process::Command};

use crate::measure::Figure;

/// Renews the part of the page that belongs to `name`, and its plot.
pub(crate) fn renew(root: &Path, name: &str, figures: &[Figure]) -> io::Result<()> {
    let path = root.join("docs/performance.md");
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let old = fs::read_to_string(&path).unwrap_or_else(|_| format!("# Performance\n\n{begin}{end}"));
    let (before, rest) = old.split_once(&begin).unwrap_or((&old, &end));
    let after = rest.split_once(&end).map_or("", |(_, after)| after);
    let section = section(name, figures);
    fs::write(&path, format!("{before}{begin}{section}{end}{after}"))?;
    fs::create_dir_all(root.join("docs/performance"))?;
    fs::write(root.join(format!("docs/performance/{name}.svg")), plot(figures))
}

fn section(name: &str, figures: &[Figure]) -> String {
    let mut peers: Vec<&str> = figures.iter().flat_map(|figure| figure.peers.keys().copied()).collect();
    peers.sort_unstable();
    peers.dedup();
    let mut text = format!(
        "## {name}\n\nMade by `cargo xtask figures {name}` on {}, {}, commit {}. Medians of interleaved runs in one process.\n\n",
        machine(),
        said("rustc", &["--version"]),
        said("git", &["describe", "--always", "--dirty"])
    );
    let _ = writeln!(text, "| work | unit | ours | limit | {} |", peers.join(" | "));
    let _ = writeln!(text, "|---|---|---|---|{}", "---|".repeat(peers.len()));
    for figure in figures {
        let limit = figure.limit.map_or_else(String::new, shown);
        let _ = write!(text, "| `{}` | {} | {} | {limit} |", figure.work, figure.unit, shown(figure.ours));
        for peer in &peers {
            let cell =
                figure.peers.get(peer).map(|peer| format!("{} ({:.1} ×)", shown(*peer), peer / figure.ours));
            let _ = write!(text, " {} |", cell.unwrap_or_default());
        }
        text.push('\n');
    }
    let _ = write!(text, "\n{}", crate::merkle::NOTES);
    let _ = writeln!(text, "\n![{name}: the peers' time over ours](performance/{name}.svg)");
    text
}

/// Horizontal bars: how many times ours each peer takes, on a logarithmic scale.
fn plot(figures: &[Figure]) -> String {
    let bars: Vec<(String, f64)> = figures
        .iter()
        .flat_map(|figure| {
            figure.peers.iter().map(|(peer, time)| (format!("{}: {peer}", figure.work), time / figure.ours))
        })
        .collect();
    let height = 40 + 20 * bars.len();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"760\" height=\"{height}\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"18\">How many times as much the peers take as ours (logarithmic; 1 is the line)</text>\n\
         <line x1=\"320\" x2=\"320\" y1=\"26\" y2=\"{height}\" stroke=\"#888\"/>\n"
    );
    for (row, (label, ratio)) in bars.iter().enumerate() {
        let (y, width) = (32 + 20 * row, (ratio.max(0.1).log10() * 100.0).clamp(-60.0, 380.0));
        let (x, width) = if width < 0.0 { (320.0 + width, -width) } else { (320.0, width) };
        let _ = writeln!(
            svg,
            "<text x=\"312\" y=\"{}\" text-anchor=\"end\">{label}</text><rect x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"14\" \
             fill=\"#3b6ea5\"/><text x=\"{:.1}\" y=\"{}\">{ratio:.1} ×</text>",
            y + 11,
            x + width + 5.0,
            y + 11
        );
    }
    svg + "</svg>\n"
}

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": an unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({cores} cores)", model.trim_start_matches([' ', '\t', ':']))
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
