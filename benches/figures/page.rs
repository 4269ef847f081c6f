//! `docs/performance.md`: one table and one plot for each name, renewed by every run.

use std::{fmt::Write, fs, io, path::Path, process::Command};

use crate::measure::Figure;

/// What stands under a name: the lines of its table, what a reader must know, and a picture.
pub(crate) struct Section {
    pub(crate) figures: Vec<Figure>,
    pub(crate) notes: String,
    pub(crate) caption: &'static str,
    pub(crate) plot: String,
}

/// Renews the part of the page that belongs to `name`, and its plot.
pub(crate) fn renew(root: &Path, name: &str, section: &Section) -> io::Result<()> {
    let path = root.join("docs/performance.md");
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let old = fs::read_to_string(&path).unwrap_or_else(|_| format!("# Performance\n\n{begin}{end}"));
    let (before, rest) = old.split_once(&begin).unwrap_or((&old, &end));
    let after = rest.split_once(&end).map_or("", |(_, after)| after);
    let text = text(name, section);
    fs::write(&path, format!("{before}{begin}{text}{end}{after}"))?;
    fs::create_dir_all(root.join("docs/performance"))?;
    fs::write(root.join(format!("docs/performance/{name}.svg")), &section.plot)
}

fn text(name: &str, Section { figures, notes, caption, .. }: &Section) -> String {
    let mut peers: Vec<&str> = figures.iter().flat_map(|figure| figure.peers.keys().copied()).collect();
    peers.sort_unstable();
    peers.dedup();
    let mut text = format!(
        "## {name}\n\nMade by `cargo xtask figures {name}` on {}, {}, commit {}. Medians of interleaved runs in one process.\n\n",
        machine(),
        said("rustc", &["--version"]),
        said("git", &["describe", "--always", "--dirty"])
    );
    let _ = writeln!(text, "| work | unit | ours | limit | fastest peer | {} |", peers.join(" | "));
    let _ = writeln!(text, "|---|---|---|---|---|{}", "---|".repeat(peers.len()));
    for figure in figures {
        let limit = figure.limit.map_or_else(String::new, shown);
        let fastest = figure.fastest().map(|(peer, ratio)| format!("{} × {peer}", times(ratio)));
        let (work, unit, ours) = (&figure.work, figure.unit, shown(figure.ours));
        let _ = write!(text, "| `{work}` | {unit} | {ours} | {limit} | {} |", fastest.unwrap_or_default());
        for peer in &peers {
            let cell = figure.peers.get(peer);
            let cell = cell.map(|peer| format!("{} ({} ×)", shown(*peer), times(figure.ratio(*peer))));
            let _ = write!(text, " {} |", cell.unwrap_or_default());
        }
        text.push('\n');
    }
    let _ = write!(text, "\n{notes}");
    let _ = writeln!(text, "\n![{name}: {caption}](performance/{name}.svg)");
    text
}

fn shown(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        2.0.. => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// How many times ours; near 1 one more digit says on which side.
pub(crate) fn times(ratio: f64) -> String {
    if ratio < 2.0 { format!("{ratio:.2}") } else { format!("{ratio:.1}") }
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
