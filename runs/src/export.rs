//! `autarky export`: recordings and ensembles as tables for other programs.

use std::collections::BTreeSet;
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use analysis::export::{Book, Decimal, ExportError, Format, Sheet, Written};
use configs::reading::did_you_mean;
use engine::files::{self, Together};

use crate::arguments::{DecimalSign, ExportArguments};
use crate::failure::{Failure, file_error};
use crate::sources::{merged_file_of, opened_whole};
use crate::terminal::{message, say};

/// Dimensions of the table that is written where nothing else is asked for.
const USUAL: [&str; 2] = ["time", "region"];

/// Writes one table, or one for each set of dimensions.
///
/// # Errors
/// The recording cannot be read, it has no such variables, they do not fit in one table, or a file cannot be written.
pub fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    let decimal = match arguments.decimal {
        Some(DecimalSign::Comma) => Decimal::Comma,
        Some(DecimalSign::Point) | None => Decimal::Point,
    };
    let wanted = [(Format::Csv(decimal), &arguments.csv), (Format::Parquet, &arguments.parquet)];
    let targets = wanted.into_iter().filter_map(|(format, out)| Some((format, out.as_ref()?)));
    let targets = targets.map(|(format, out)| Ok((format, Target::of(out, format)?)));
    let targets = targets.collect::<Result<Vec<_>, Failure>>()?;
    let to_stdout = targets.iter().any(|(_, target)| matches!(target, Target::Stdout(_)));
    // What is said must not mix with a table.
    let tell = |text: &str| if to_stdout { message(text) } else { say(text) };
    // A table carries no checksums, so all that goes into one is compared with those of the file first.
    let recording = opened_whole(&merged_file_of(&arguments.file)?)?;
    let reader = recording.reader().ok_or_else(|| Failure::Internal("a recording that is no file".to_owned()))?;
    let book = Book::open(reader)?;
    let groups = selected(&book, &arguments.variables)?;
    // Either all tables are there at the end or none of the new ones.
    let mut together = Together::default();
    for (format, target) in targets {
        let mut written = Vec::new();
        match &target {
            Target::Stdout(path) => {
                let names = single(&book, &groups, arguments, Path::new("tables"))?;
                poured(&book.sheet(names)?, decimal, path)?;
            }
            Target::File(path) => {
                let names = single(&book, &groups, arguments, path)?;
                format.files(path).iter().for_each(|file| together.note(file));
                written.push(book.sheet(names)?.write(format, path)?);
            }
            Target::Folder(path) => {
                if !path.is_dir() {
                    together.note(path);
                    std::fs::create_dir(path).map_err(|error| file_error("create", path, error))?;
                }
                for (_, names) in &groups {
                    let sheet = book.sheet(names)?;
                    let file = path.join(sheet.name()).with_extension(format.extension());
                    format.files(&file).iter().for_each(|file| together.note(file));
                    written.push(sheet.write(format, &file)?);
                }
            }
        }
        for Written { path, rows, columns } in written {
            tell(&format!("written: {} ({rows} rows, {columns} columns)\n", path.display()));
        }
    }
    together.keep();
    if let Some((done, all)) = book.runs()
        && done < all
    {
        tell(&format!(
            "{} of {all} runs were not done and have no rows; --variables status,failure says why\n",
            all - done
        ));
    }
    Ok(())
}

/// Whether a path means standard output.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Writes a table to standard output. A reader that wants no more of it (`| head`) is no error.
fn poured(sheet: &Sheet<'_>, decimal: Decimal, path: &Path) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    match sheet.pour(decimal, &mut out, path) {
        Err(ExportError::File(error)) if error.source.kind() == ErrorKind::BrokenPipe => {
            // What is left would be tried again when the buffer is dropped.
            let _ = out.into_parts();
            Ok(())
        }
        done => Ok(done.map(|_| ())?),
    }
}

/// Where tables go.
enum Target {
    Stdout(PathBuf),
    File(PathBuf),
    Folder(PathBuf),
}

impl Target {
    /// A path without extension is a folder; a file must say what it is, so that no recording is overwritten by mistake.
    fn of(out: &Path, format: Format) -> Result<Self, Failure> {
        let expected = format.extension();
        if is_stdout(out) {
            if matches!(format, Format::Csv(_)) {
                return Ok(Self::Stdout(out.to_owned()));
            }
            return Err(Failure::Configuration(format!(
                "--{expected} {}: such a table cannot go through a pipe; name a file that ends in .{expected}",
                out.display()
            )));
        }
        match out.extension() {
            _ if out.is_dir() => Ok(Self::Folder(out.to_owned())),
            None => Ok(Self::Folder(out.to_owned())),
            Some(found) if found == expected => {
                format.files(out).iter().try_for_each(|file| files::check(file))?;
                Ok(Self::File(out.to_owned()))
            }
            Some(_) => Err(Failure::Configuration(format!(
                "--{expected} {}: name a file that ends in .{expected}, or a folder for one file per set of dimensions",
                out.display()
            ))),
        }
    }
}

type Groups<'a> = Vec<(Vec<&'a str>, Vec<&'a str>)>;

/// The variables asked for, by the dimensions they share; all where none is named.
fn selected<'a>(book: &'a Book<'_>, asked: &[String]) -> Result<Groups<'a>, Failure> {
    let mut groups = book.groups();
    if asked.is_empty() {
        return Ok(groups);
    }
    let known: BTreeSet<&str> = book.names().into_iter().collect();
    if let Some(unknown) = asked.iter().find(|name| !known.contains(name.as_str()) && !book.is_key(name)) {
        return Err(Failure::Configuration(format!(
            "--variables {unknown}: there is no such variable; {}",
            did_you_mean(unknown, known.iter().copied())
        )));
    }
    // Labels are in every table, whether they are asked for or not.
    let asked: Vec<&String> = asked.iter().filter(|name| !book.is_key(name)).collect();
    if asked.is_empty() {
        let example = groups.iter().flat_map(|(_, names)| names).find(|name| !book.is_key(name));
        return Err(Failure::Configuration(format!(
            "--variables names labels only, which every table has: add a variable, such as {}",
            example.unwrap_or(&"real_gdp")
        )));
    }
    for (_, names) in &mut groups {
        // In the order asked for, each once.
        let of_group = std::mem::take(names);
        for name in &asked {
            if let Some(name) = of_group.iter().find(|known| *known == name)
                && !names.contains(name)
            {
                names.push(name);
            }
        }
    }
    groups.retain(|(_, names)| !names.is_empty());
    Ok(groups)
}

/// The one table that goes into a file.
fn single<'a>(
    book: &Book<'_>,
    groups: &'a Groups<'_>,
    arguments: &ExportArguments,
    path: &Path,
) -> Result<&'a [&'a str], Failure> {
    if let [(_, names)] = &groups[..] {
        return Ok(names);
    }
    let usual: Vec<&str> = book.is_ensemble().then_some("run").into_iter().chain(USUAL).collect();
    if arguments.variables.is_empty()
        && let Some((_, names)) = groups.iter().find(|(dimensions, _)| *dimensions == usual)
    {
        return Ok(names);
    }
    let choice = |(dimensions, names): &(Vec<&str>, Vec<&str>)| {
        let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
        format!("\n  by {}: {}{more}", dimensions.join(", "), names[..names.len().min(3)].join(", "))
    };
    let choices: String = groups.iter().map(choice).collect();
    let folder = path.with_extension("");
    Err(Failure::Configuration(format!(
        "these variables do not share their dimensions, so they are not one table:{choices}\nname those of one line with --variables, or a folder such as {} for a file of each",
        folder.display()
    )))
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Recording(error) => error.into(),
            ExportError::File(error) => error.into(),
        }
    }
}
