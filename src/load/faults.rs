//! What a reader of one format could not read in, the error of the file out.

use super::{LoadError, gzip, json, parquet, workbook, xml};
use crate::model::Position;

pub(super) fn unpacked(name: &str, bytes: &[u8], limit: u64) -> Result<Vec<u8>, LoadError> {
    let name = name.to_owned();
    gzip::unpack(bytes, limit).map_err(|fault| match fault {
        gzip::Fault::Broken(reason) => LoadError::Packed { name, reason },
        gzip::Fault::TooLarge(limit) => LoadError::UnpacksTooLarge { name, limit },
    })
}

pub(super) fn parquet_error(name: String, fault: parquet::Fault) -> LoadError {
    match fault {
        parquet::Fault::Broken(reason) => LoadError::Parquet { name, reason },
        parquet::Fault::UnpacksTooLarge(limit) => LoadError::UnpacksTooLarge { name, limit },
        parquet::Fault::TooManyCells(limit) => LoadError::TooManyCells { name, limit },
        parquet::Fault::Empty => LoadError::Empty { name },
    }
}

pub(super) fn workbook_error(name: String, fault: workbook::Fault) -> LoadError {
    match fault {
        workbook::Fault::Broken(reason) => LoadError::Workbook { name, reason },
        workbook::Fault::Locked => LoadError::Locked { name },
        workbook::Fault::UnpacksTooLarge(limit) => LoadError::UnpacksTooLarge { name, limit },
        workbook::Fault::TooManyCells(limit) => LoadError::TooManyCells { name, limit },
        workbook::Fault::Empty => LoadError::Empty { name },
    }
}

pub(super) fn json_error(name: String, fault: json::Fault) -> LoadError {
    match fault {
        json::Fault::Broken {
            reason,
            line,
            column,
        } => LoadError::Json {
            name,
            reason,
            line,
            column,
        },
        json::Fault::NoRecords => LoadError::NoRecords { name },
        json::Fault::TooDeep(limit) => LoadError::TooDeep { name, limit },
        json::Fault::TooManyCells(limit) => LoadError::TooManyCells { name, limit },
    }
}

pub(super) fn xml_error(name: String, fault: xml::Fault, position: Option<Position>) -> LoadError {
    match fault {
        xml::Fault::Broken { reason, .. } => LoadError::Xml {
            name,
            reason,
            line: position.map_or(1, |p| p.line),
            column: position.map_or(1, |p| p.column),
        },
        xml::Fault::Unknown(root) => LoadError::UnknownXml { name, root },
    }
}
