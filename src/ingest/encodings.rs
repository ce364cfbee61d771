//! What the bytes of a field mean in the declared encoding, and which bytes it does not allow.
//! Knows no file.

use std::borrow::Cow;

use super::complaints::Kind;
use crate::config::Encoding;

pub(crate) const NUL: Kind = Kind {
    one: "row with NUL bytes",
    many: "rows with NUL bytes",
    hint: "the file is damaged or in UTF-16: save it as UTF-8",
};
const NOT_UTF8: Kind = Kind {
    one: "value that is not UTF-8",
    many: "values that are not UTF-8",
    hint: "declare encoding: windows-1252 if that is what the file is in",
};
const NOT_WINDOWS: Kind = Kind {
    one: "value with bytes that Windows-1252 leaves undefined",
    many: "values with bytes that Windows-1252 leaves undefined",
    hint: "declare encoding: utf-8 if that is what the file is in",
};

/// Decodes fields and remembers how many needed it.
#[derive(Debug)]
pub(crate) struct Decoder {
    encoding: Encoding,
    /// Fields beyond ASCII, and how many of them are UTF-8 whatever was declared.
    beyond_ascii: u64,
    utf8: u64,
}

impl Decoder {
    /// For a file in `encoding`.
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { encoding, beyond_ascii: 0, utf8: 0 }
    }

    /// A field as text, trimmed. Bytes that the encoding does not allow become replacement
    /// characters; [`Decoder::check`] complains of them.
    pub(crate) fn text<'a>(&self, field: &'a [u8]) -> Cow<'a, str> {
        let field = field.trim_ascii();
        match self.encoding {
            Encoding::Utf8 => String::from_utf8_lossy(field),
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(field).0,
        }
    }

    /// What is wrong with the bytes of a field, if anything.
    pub(crate) fn check(&mut self, field: &[u8]) -> Option<&'static Kind> {
        if field.is_ascii() {
            return None;
        }
        let utf8 = std::str::from_utf8(field).is_ok();
        self.beyond_ascii += 1;
        self.utf8 += u64::from(utf8);
        // The decoder would pass these five bytes on as control characters.
        let undefined = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
        match self.encoding {
            Encoding::Utf8 => (!utf8).then_some(&NOT_UTF8),
            Encoding::Windows1252 => field.iter().any(undefined).then_some(&NOT_WINDOWS),
        }
    }

    /// A remark when fields were converted.
    pub(crate) fn note(&self) -> Option<String> {
        if self.beyond_ascii == 0 || self.encoding == Encoding::Utf8 {
            return None;
        }
        let values = if self.beyond_ascii == 1 { "value" } else { "values" };
        let note = format!("{} {values} beyond ASCII read as Windows-1252", crate::format::count(self.beyond_ascii));
        // Text in Windows-1252 is hardly ever valid UTF-8 by chance.
        let doubt =
            if self.utf8 == self.beyond_ascii { ", but valid as UTF-8: check the declared encoding" } else { "" };
        Some(note + doubt)
    }
}
