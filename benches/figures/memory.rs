//! How many bytes a value keeps: what the process holds more while it lives.

use std::{env, fs, process::Command};

/// The resident bytes that `make`'s value adds to the process; Linux only, 0 elsewhere.
pub(crate) fn kept<T>(make: impl FnOnce() -> T) -> f64 {
    let before = resident();
    let value = make();
    let after = resident();
    drop(value);
    (after - before).max(0.0)
}

fn resident() -> f64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or_default() * 4096.0
}

/// Asks this program, started anew as `figures kept WHO`.
pub(crate) fn kept_elsewhere(who: &str) -> f64 {
    let output = env::current_exe().and_then(|program| Command::new(program).args(["kept", who]).output());
    let said =
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or_default());
    said.unwrap_or_default()
}
