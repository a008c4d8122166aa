//! Rows of a table as they come, so that a long run shows what it has.

/// A heading over what follows.
pub(crate) fn head(title: &str) {
    println!("\n── {title}");
}

/// A measure in seconds beside a base.
pub(crate) fn row(name: &str, seconds: f64, base: f64, note: &str) {
    let ratio = if base > 0.0 { seconds / base } else { 0.0 };
    println!("{name:<52} {seconds:>9.3} s {ratio:>8.2} ×  {note}");
}

/// A sentence beside the figures.
pub(crate) fn note(sentence: &str) {
    println!("   {sentence}");
}

/// A share in percent with three digits after the point, as counts of people need.
#[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^52")]
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
