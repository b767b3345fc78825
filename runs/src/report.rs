//! `autarky report` and `autarky plot`.

use std::path::{Path, PathBuf};

use analysis::recording::Recording;
use analysis::report::{DRAWING_STYLE, Language, Report, Source, report};
use engine::files::write_bytes_atomically;

use crate::arguments::{Lang, PlotArguments, ReportArguments, ReportSource};
use crate::failure::Failure;
use crate::indicators::{paired, single};
use crate::run::BASELINE;
use crate::terminal::say;

/// The baseline recorded beside a run, if there is one.
pub(crate) fn beside(path: &Path) -> Option<PathBuf> {
    let baseline = path.with_extension(BASELINE);
    baseline.is_file().then_some(baseline)
}

fn made(from: &ReportSource) -> Result<Report, Failure> {
    let policy = single(&from.file)?;
    let against = if from.alone { None } else { from.against.clone().or_else(|| beside(&from.file)) };
    let baseline = against.as_ref().map(|path| single(path)).transpose()?;
    if let Some(baseline) = &baseline {
        paired(&policy, baseline)?;
    }
    let codes = policy.labels("region")?;
    let region = from.region.clone().map_or_else(|| policy.attribute("focus_region"), Ok)?;
    if !codes.contains(&region) {
        let message = format!("--region {region}: there is none; the world has {}", codes.join(", "));
        return Err(Failure::Configuration(message));
    }
    let language = if from.lang == Lang::Zh { Language::Chinese } else { Language::English };
    let baseline: Option<&Recording<'_>> = baseline.as_ref();
    Ok(report(&Source { policy: &policy, baseline, region, language })?)
}

/// Writes a page.
///
/// # Errors
/// A file cannot be read or written, or two files do not belong together.
pub fn page(arguments: &ReportArguments) -> Result<(), Failure> {
    let report = made(&arguments.from)?;
    let out = arguments.out.clone().unwrap_or_else(|| arguments.from.file.with_extension("html"));
    write_bytes_atomically(&out, report.html().as_bytes())?;
    say(&format!("written: {}\n", out.display()));
    Ok(())
}

/// Writes a figure of the page as a drawing of its own.
///
/// # Errors
/// As [`page`], and if there is no such figure.
pub fn plot(arguments: &PlotArguments) -> Result<(), Failure> {
    let report = made(&arguments.from)?;
    let found = report.charts().find(|chart| chart.id == arguments.figure).ok_or_else(|| {
        let known: Vec<&str> = report.charts().map(|chart| chart.id.as_str()).collect();
        Failure::Configuration(format!("there is no figure `{}`; there are {}", arguments.figure, known.join(", ")))
    })?;
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.svg", found.id)));
    let text = found.drawing.file(found.size, &found.title, &found.description, DRAWING_STYLE);
    write_bytes_atomically(&out, text.as_bytes())?;
    say(&format!("written: {} ({}, {})\n", out.display(), found.title, found.unit));
    Ok(())
}
