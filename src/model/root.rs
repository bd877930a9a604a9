//! Paths as the working folder sees them in, as another folder sees them out.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// A folder that paths are seen from.
#[derive(Debug, Clone, Default)]
pub struct Root(PathBuf);

impl Root {
    /// An empty path is the working folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let here = Path::new(".");
        let empty = folder.as_os_str().is_empty();
        let folder = if empty { here } else { folder };
        Self(fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()))
    }

    /// The folder that a file is in.
    #[must_use]
    pub fn of_file(file: &Path) -> Self {
        Self::new(file.parent().unwrap_or(Path::new("")))
    }

    /// The root of the repository of a folder: the nearest above it that git
    /// keeps. Without one, the folder itself.
    #[must_use]
    pub fn of_repository(folder: &Path) -> Self {
        let own = Self::new(folder);
        let mut above = own.0.ancestors();
        let root = above.find(|folder| folder.join(".git").exists());
        root.map(|root| Self(root.to_owned())).unwrap_or(own)
    }

    /// A file by its path from here, with slashes; one that is elsewhere by the
    /// way to it ("../a.csv"). What is no file keeps its name.
    #[must_use]
    pub fn name(&self, file: &str) -> String {
        let Ok(whole) = fs::canonicalize(file) else {
            return plain(file);
        };
        let (own, theirs) = (self.0.components(), whole.components());
        let shared = own.zip(theirs).take_while(|(a, b)| a == b).count();
        let up = self
            .0
            .components()
            .skip(shared)
            .map(|_| Component::ParentDir);
        let way: PathBuf = up.chain(whole.components().skip(shared)).collect();
        plain(&way.to_string_lossy())
    }

    /// Is a file there that is called so from here?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.join(name).is_file()
    }

    /// The same for hosts that know no other folder: a file that is elsewhere
    /// has its own name only.
    #[must_use]
    pub fn name_inside(&self, file: &str) -> String {
        let name = self.name(file);
        let leads_out = name.starts_with("../") || Path::new(&name).is_absolute();
        let own = name.rsplit('/').next().filter(|_| leads_out);
        own.map(ToOwned::to_owned).unwrap_or(name)
    }
}

/// With slashes, and without the folder that it starts in.
fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_the_way_to_it() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).expect("a folder can be made");
        let file = inner.join("a.csv");
        fs::write(&file, "").expect("the folder is writable");
        let name = file.to_string_lossy();
        assert_eq!(Root::new(folder.path()).name(&name), "inner/a.csv");
        let beside = Root::new(folder.path());
        fs::write(folder.path().join("b.csv"), "").expect("the folder is writable");
        let other = folder.path().join("b.csv");
        let from_inner = Root::new(&inner);
        assert_eq!(from_inner.name(&other.to_string_lossy()), "../b.csv");
        assert_eq!(from_inner.name_inside(&other.to_string_lossy()), "b.csv");
        assert_eq!(beside.name("<stdin>"), "<stdin>");
        assert_eq!(beside.name_inside("./gone/../a.csv"), "gone/../a.csv");
    }
}
