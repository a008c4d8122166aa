//! Looks for what is embedded, so that its absence is told in a sentence.

use std::path::Path;

const EMBEDDED: [&str; 5] = ["web/dist", "policy", "exchange", "export", "exchange-http"];

fn main() -> Result<(), String> {
    // Cargo runs this in the folder of the crate.
    let root = Path::new("../..");
    for folder in EMBEDDED {
        // Cargo sees a changed file by itself, a new one only so.
        println!("cargo:rerun-if-changed=../../{folder}");
    }
    for file in ["app.css", "paper.css", "public.css", "app.js", "public.js", "icon.svg"] {
        if !root.join("web/dist").join(file).is_file() {
            return Err(format!("web/dist/{file} is missing: run `make web` first"));
        }
    }
    Ok(())
}
