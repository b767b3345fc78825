//! `autarky replay`: the months of a dated scenario, laid beside what was observed.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use agents::record::Detail;
use analysis::recording::Recording;
use analysis::replay::{
    Compared, Frame, Heading, Observed, Pair, Rebase, errors_table, has_observations, page, paths, replay_table,
    summary, template, values,
};
use analysis::report::Language;
use configs::calibration::Calibration;
use engine::clock::Date;
use engine::files::{self, Together, write_bytes_atomically};

use crate::arguments::{Rebased, ReplayArguments};
use crate::config::{Loaded, Overrides, ResolvedConfig};
use crate::failure::{Failure, file_error};
use crate::input;
use crate::pairs::{Recorded, in_memory, loaded};
use crate::policy_words::{names_of, title_in};
use crate::provenance;
use crate::report::{language_of, whence};
use crate::run::{baseline_of, set_threads};
use crate::session::{digest_of, first_policy_tick, focus};
use crate::signals::Interrupt;
use crate::sources::place_of_region;
use crate::terminal::{note, reddened, say};

/// Table that a user fills.
const TEMPLATE: &str = "observed-template.csv";
/// Problems of a table of observations that are shown.
const SHOWN: usize = 10;

/// Replays a scenario: tables and a page into a folder, a summary on the terminal.
///
/// # Errors
/// Bad input, a scenario without measures or months before them, a run that fails, or a file that cannot be written.
pub fn replay(arguments: &ReplayArguments) -> Result<(), Failure> {
    let open = |run: &PathBuf| Recorded::open(run, arguments.against.as_deref(), arguments.force);
    let recorded = arguments.run.as_ref().map(open).transpose()?;
    let doubts = recorded.as_ref().map(|recorded| recorded.differences.clone()).unwrap_or_default();
    let overrides = Overrides {
        ticks: arguments.ticks,
        households_per_region: Some(arguments.households_per_region),
        settings: arguments.settings.clone(),
        ..Overrides::default()
    };
    let Loaded { config, calibration, .. } = loaded(&arguments.scenario, overrides, recorded.as_ref())?;
    if let Some(recorded) = &recorded {
        recorded.check(&config, &calibration)?;
    }
    let frame = frame(&config, &calibration, arguments.region.as_deref())?;
    let rebase = match arguments.rebase {
        Rebased::Index => Rebase::Index,
        Rebased::Levels => Rebase::Levels,
        Rebased::None => Rebase::None,
    };
    let observed = arguments.observed.as_ref().map(|path| read(path, &frame, rebase)).transpose()?;
    set_threads(arguments.threads)?;
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("replay-{}", config.name)));
    let mut together = Together::default();
    together.note(&out);
    std::fs::create_dir_all(&out).map_err(|error| file_error("create", &out, error))?;
    [TEMPLATE, "replay.csv", "replay.html", "errors.csv"].iter().try_for_each(|name| files::check(&out.join(name)))?;
    let pairs = match &recorded {
        Some(recorded) => vec![pair(&frame, &recorded.policy, &recorded.baseline)?],
        None => simulate(&frame, &config, &calibration, arguments.seeds)?,
    };
    let paths = paths(&frame, &pairs);
    let compared = observed.as_ref().map_or_else(Vec::new, |x| x.beside(&frame, &paths, rebase));
    let language = language_of(arguments.lang);
    let spoken = Heading { warnings: doubts.warnings(language), ..heading(arguments, &config, &calibration, language) };
    let page = page(&frame, &paths, &compared, rebase, &spoken).html();
    let mut files = vec![("replay.csv", replay_table(&frame, &paths, &compared).to_csv()), ("replay.html", page)];
    if observed.is_some() {
        files.push(("errors.csv", errors_table(&frame, &compared, true).to_csv()));
    } else {
        files.push((TEMPLATE, template(&frame).to_csv()));
    }
    let written = write(&out, &files, &mut together)?;
    together.keep();
    // The terminal speaks English, as all commands do.
    let heading = Heading {
        warnings: doubts.warnings(Language::English),
        ..heading(arguments, &config, &calibration, Language::English)
    };
    let shown = shown(&frame, &heading, &summary(&frame, &paths).to_text(), &compared);
    say(&format!("{shown}\n{written}"));
    Ok(())
}

/// Region and months of a scenario.
fn frame(config: &ResolvedConfig, calibration: &Calibration, asked: Option<&str>) -> Result<Frame, Failure> {
    let refuse = |message: String| Err(Failure::Configuration(message));
    let codes: Vec<String> = calibration.regions.iter().map(|region| region.code.clone()).collect();
    let code = asked.unwrap_or_else(|| focus(config, &codes));
    let region = place_of_region(&codes, code)?;
    if config.ticks_per_year != 12 {
        return refuse(format!("{}: a replay needs months; set ticks_per_year = 12", config.name));
    }
    let Some(first) = first_policy_tick(config) else {
        return refuse(format!("{}: it has no measures, so there is nothing to replay", config.name));
    };
    let month = |tick: u32| config.calendar().first_day(tick).to_string();
    if first == 0 {
        let message =
            "there is no month before the first measure, on which series are based; begin earlier (time.start)";
        return refuse(format!("{}: {message}", config.name));
    }
    if first >= config.ticks {
        let [begins, last] = [first, config.ticks - 1].map(|tick| month(tick)[..7].to_owned());
        let message = format!("the first measure is of {begins}, and the run ends with {last}; give more --ticks");
        return refuse(format!("{}: {message}", config.name));
    }
    let dates: Result<Vec<Date>, _> = (0..config.ticks).map(|tick| month(tick).parse()).collect();
    let dates = dates.map_err(|error| Failure::Internal(format!("a month of the run is no date: {error}")))?;
    Ok(Frame { codes, region, dates, first: first as usize })
}

/// Reads what was observed.
fn read(path: &Path, frame: &Frame, rebase: Rebase) -> Result<Observed, Failure> {
    let text = input::text(path, input::DOCUMENT).map_err(|error| input::failure(error, path, Failure::Data))?;
    Observed::parse(&text, frame, rebase).map_err(|problems| {
        let mut lines: Vec<String> =
            problems.iter().take(SHOWN).map(|problem| format!("{}: {problem}", path.display())).collect();
        if problems.len() > SHOWN {
            lines.push(format!("and {} more", problems.len() - SHOWN));
        }
        Failure::Data(lines.join("\n"))
    })
}

fn pair(frame: &Frame, policy: &Recording<'_>, baseline: &Recording<'_>) -> Result<Pair, Failure> {
    Ok([values(frame, policy)?, values(frame, baseline)?])
}

/// Runs pairs in memory.
fn simulate(
    frame: &Frame,
    config: &ResolvedConfig,
    calibration: &Calibration,
    seeds: u32,
) -> Result<Vec<Pair>, Failure> {
    let interrupt = Interrupt::listen()?;
    let watched = std::io::stderr().is_terminal();
    let mut pairs = Vec::new();
    for seed in 1..=u64::from(seeds) {
        if watched {
            note(&format!("seed {seed} of {seeds}"));
        }
        let policy = ResolvedConfig { seed, ..config.clone() };
        let run = |config: &ResolvedConfig| in_memory(config, calibration, Detail::Full, &interrupt);
        let (baseline, policy) = (run(&baseline_of(&policy))?, run(&policy)?);
        let (policy, baseline) = (policy.content(), baseline.content());
        pairs.push(pair(frame, &Recording::of(&policy), &Recording::of(&baseline))?);
    }
    Ok(pairs)
}

/// What the page says about itself.
fn heading(
    arguments: &ReplayArguments,
    config: &ResolvedConfig,
    calibration: &Calibration,
    language: Language,
) -> Heading {
    let (seeds, households) = (arguments.seeds, arguments.households_per_region);
    let runs = match (&arguments.run, language) {
        (Some(run), Language::English) => format!("{} and its baseline", run.display()),
        (Some(run), Language::Chinese) => format!("{} 及其基准", run.display()),
        (None, Language::English) => {
            let plural = if seeds == 1 { "" } else { "s" };
            format!("{seeds} pair{plural}, {households} household agents a region")
        }
        (None, Language::Chinese) => format!("{seeds} 对模拟，每个区域 {households} 个家庭主体"),
    };
    let mut provenance = vec![
        ("scenario".to_owned(), config.name.clone()),
        ("runs".to_owned(), runs.clone()),
        ("world".to_owned(), config.world.clone()),
        ("source".to_owned(), format!("autarky {}", provenance::VERSION)),
        ("commit".to_owned(), provenance::COMMIT.to_owned()),
        ("source_digest".to_owned(), provenance::SOURCES.to_owned()),
        ("calibration_digest".to_owned(), digest_of(calibration)),
    ];
    provenance.extend(arguments.observed.iter().map(|path| ("observed".to_owned(), path.display().to_string())));
    Heading {
        title: title_in(&config.title, language),
        runs,
        warnings: vec![],
        provenance: whence(provenance, language),
        language,
        names: names_of(calibration),
    }
}

/// Writes the files and says where they are. A table that a user has filled in is kept.
fn write(out: &Path, files: &[(&str, String)], together: &mut Together) -> Result<String, Failure> {
    let mut text = String::new();
    for (name, content) in files {
        let path = out.join(name);
        let filled = *name == TEMPLATE && std::fs::read_to_string(&path).is_ok_and(|text| has_observations(&text));
        if filled {
            let _ = writeln!(text, "kept, as it is filled in: {}", path.display());
        } else {
            together.note(&path);
            write_bytes_atomically(&path, content.as_bytes())?;
            let _ = writeln!(text, "written: {}", path.display());
        }
    }
    Ok(text)
}

/// What is shown on the terminal.
fn shown(frame: &Frame, heading: &Heading, table: &str, compared: &[Compared]) -> String {
    let before = frame.months(&frame.before());
    let mut text = format!(
        "{}{}: {}, {}\nmeans of the model over up to twelve months in trend units; indices are 100 over {before}\n\n{table}",
        reddened(&heading.warnings),
        heading.title,
        frame.codes[frame.region],
        heading.runs
    );
    if !compared.is_empty() {
        let errors = errors_table(frame, compared, false);
        let _ = write!(
            text,
            "\nmodel less observed since {}; U is against no change and against the baseline, below 1 is closer\n\n{}",
            frame.month(frame.first),
            errors.to_text()
        );
    }
    text
}
