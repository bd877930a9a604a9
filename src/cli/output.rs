//! Reports in files beside the one that is printed.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tempfile::NamedTempFile;

use super::Stop;
use crate::model::Report;
use crate::report::{self, Format, Style};

/// The file that GitHub shows as the summary of a step.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The files that a run writes.
#[derive(Debug, Clone, clap::Args)]
pub struct Outputs {
    /// A further report in a file; may be given several times.
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = parse)]
    outputs: Vec<Output>,
}

/// A report in a file.
#[derive(Debug, Clone)]
struct Output {
    format: Format,
    path: PathBuf,
}

/// "sarif=results.sarif".
fn parse(text: &str) -> Result<Output, String> {
    let (format, path) = text
        .split_once('=')
        .ok_or("a format and a file are needed: sarif=results.sarif")?;
    let format = Format::from_str(format, false).map_err(|_| {
        let formats = Format::value_variants().iter();
        let names = formats.filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned()));
        let names: Vec<String> = names.collect();
        format!(
            "no format is called {format}; there are {}",
            names.join(", ")
        )
    })?;
    match path {
        "" => Err(format!("a file is needed after {text}")),
        "-" => Err("what is printed is chosen by --format".to_owned()),
        path => Ok(Output {
            format,
            path: path.into(),
        }),
    }
}

impl Outputs {
    /// Where none is asked for, those of the settings.
    pub fn or(&mut self, settings: impl Iterator<Item = (Format, PathBuf)>) {
        if self.outputs.is_empty() {
            let outputs = settings.map(|(format, path)| Output { format, path });
            self.outputs = outputs.collect();
        }
    }

    pub fn formats(&self) -> impl Iterator<Item = Format> {
        self.outputs.iter().map(|output| output.format)
    }

    /// The files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.outputs.iter().map(|output| output.path.as_path())
    }

    /// Writes every file, whatever becomes of the others; and the summary of
    /// the step where one of the formats, or the one printed, is GitHub's.
    pub fn write(&self, report: &Report, printed: Format) -> Vec<Stop> {
        let mut stops: Vec<Stop> = Vec::new();
        for (index, Output { format, path }) in self.outputs.iter().enumerate() {
            let done = match self.refusal(index, report) {
                Some(why) => Err(io::Error::other(why)),
                None => write_whole(path, |mut out| {
                    report::write_file(report, *format, &mut out)
                }),
            };
            stops.extend(done.err().map(|source| stop(path, source)));
        }
        let formats = self.outputs.iter().map(|output| output.format);
        let for_github = formats.chain([printed]).any(|f| f == Format::Github);
        let summary = std::env::var_os(STEP_SUMMARY).filter(|path| for_github && !path.is_empty());
        if let Some(path) = summary.map(PathBuf::from) {
            let done = append(&path, |out| write(report, Format::Markdown, out));
            stops.extend(done.err().map(|source| stop(&path, source)));
        }
        stops
    }
}

impl Outputs {
    /// Why a report is not written: it would go over an input, or over another
    /// report.
    fn refusal(&self, index: usize, report: &Report) -> Option<&'static str> {
        let path = &self.outputs.get(index)?.path;
        let is_same = |other: &Path| {
            let whole = |path: &Path| fs::canonicalize(path).ok().filter(|path| path.is_file());
            other == path || whole(other).is_some_and(|other| Some(other) == whole(path))
        };
        let mut inputs = report.dataset.sources.iter();
        let mut earlier = self.outputs.iter().take(index);
        if inputs.any(|source| is_same(Path::new(source.name()))) {
            Some("it is an input")
        } else if earlier.any(|output| is_same(&output.path)) {
            Some("another report is written to it")
        } else {
            None
        }
    }
}

fn stop(path: &Path, source: io::Error) -> Stop {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.exists()) {
        let (path, folder) = (path.display(), folder.display());
        return Stop::Advice {
            message: format!("cannot write the report to {path}: there is no folder {folder}"),
            help: format!("make it first: mkdir -p {folder}"),
        };
    }
    Stop::File {
        path: path.to_owned(),
        source,
    }
}

fn write(report: &Report, format: Format, mut out: &mut dyn Write) -> io::Result<()> {
    report::write(report, format, Style::FILE, &mut out)
}

/// Writes a file whole or not at all: beside it first, then in its place. What
/// is no ordinary file (a pipe, a device) is written to as it stands; a reader
/// that goes away has had what it wanted.
pub fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|at| !at.is_file() && !at.is_dir()) {
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        return match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        };
    }
    // The file that a link leads to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let file = beside(folder.unwrap_or(Path::new(".")))?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(&path)?;
    Ok(())
}

/// A temporary file that anyone may read whom the user lets.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".scrutineer-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let made = builder.tempfile_in(folder);
    // The error names a file that nobody asked for.
    made.map_err(|error| error.kind().into())
}

fn append(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let file = File::options().create(true).append(true).open(path)?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_and_a_file_are_asked_for() {
        assert!(parse("sarif=a=b.sarif").is_ok_and(|o| o.path == Path::new("a=b.sarif")));
        for wrong in ["sarif", "sarif=", "json=-", "pdf=a.pdf"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_file_is_written_whole_or_left_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("report");
        write_whole(&path, |out| out.write_all(b"one")).expect("the first report is written");
        let failed = write_whole(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("the disk is full"))
        });
        assert!(failed.is_err());
        let read = fs::read_to_string(&path).expect("the report can be read");
        assert_eq!(read, "one");
        let left = fs::read_dir(folder.path()).expect("the folder can be read");
        assert_eq!(left.count(), 1, "nothing is left beside it");
    }
}
