use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A command that runs in the root of the workspace.
pub(crate) fn command<S: AsRef<OsStr>>(program: &str, words: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).args(words);
    command
}

/// The cargo that started this program.
pub(crate) fn cargo<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Command {
    command(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), words)
}

/// Prints a command and runs it with this program's input and output.
///
/// # Errors
/// A sentence with the command and its exit status.
pub(crate) fn run(mut command: Command) -> Result<(), String> {
    let shown = shown(&command);
    println!("$ {shown}");
    let status = command.status().map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed: {status}")) }
}

/// What a command prints; its errors go where this program's go.
///
/// # Errors
/// As [`run`], or when the output is no UTF-8.
pub(crate) fn output(mut command: Command) -> Result<String, String> {
    let shown = shown(&command);
    command.stderr(std::process::Stdio::inherit());
    let output = command.output().map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("`{shown}` printed no UTF-8: {error}"))
}

/// Whether a program answers to `--version`.
pub(crate) fn is_installed(program: &str, words: &[&str]) -> bool {
    let mut probe = command(program, words);
    probe.arg("--version").output().is_ok_and(|output| output.status.success())
}

/// A command as one would type it, with the variables it sets.
pub(crate) fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let set = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_string_lossy(), value?.to_string_lossy())));
    let mut words: Vec<String> = set.map(|(name, value)| format!("{name}='{value}'")).collect();
    words.push(name.to_string_lossy().into_owned());
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs `work` and measures it.
#[allow(clippy::disallowed_methods, reason = "the duration is printed and decides nothing")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = command("cargo", ["doc", "--no-deps"]);
        command.env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(shown(&command), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }

    #[test]
    fn a_failure_names_its_command() {
        let failure = run(cargo(["no-such-command-at-all"])).unwrap_err();
        assert!(failure.starts_with("`cargo no-such-command-at-all` failed"), "{failure}");
        let failure = run(command("no-such-program-at-all", ["x"])).unwrap_err();
        assert!(failure.starts_with("`no-such-program-at-all x` did not start"), "{failure}");
        assert!(output(cargo(["no-such-command-at-all"])).is_err());
    }
}
