//! Makes the corpus again: writes every seed to `corpus/<target>/<name>`, from the library's encoders and fixed keys.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --bin seeds --target-dir target/fuzz`, after a format got a new version or a
//! target was added. Other files of the corpus stay, and the package's tests complain of those that are no seed, no
//! `found-…` and no `reach-…`.

use std::{fs, io};

use auditmesh_fuzz::{corpus, seeds};

fn main() -> io::Result<()> {
    let (mut files, mut total) = (0, 0);
    for (target, name, bytes) in seeds() {
        let folder = corpus().join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), &bytes)?;
        (files, total) = (files + 1, total + bytes.len());
    }
    println!("{files} seeds, {total} bytes");
    Ok(())
}
