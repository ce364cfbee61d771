//! The text of one field to a code or a number. Knows no file and no column.

use super::complaints::Kind;

/// Code given to an item that a responder left empty.
pub(crate) const NOT_ANSWERED: i8 = -3;

/// Largest size of any number read.
const LARGEST: f64 = 1e12;

pub(crate) const NOT_A_NUMBER: Kind = Kind {
    one: "value that is not a number",
    many: "values that are not numbers",
    hint: "numbers are written with digits and a point, without separators or units",
};
pub(crate) const NOT_A_CODE: Kind = Kind {
    one: "value that is not a whole number",
    many: "values that are not whole numbers",
    hint: "codes are whole numbers; an empty field counts as not answered",
};
pub(crate) const ABSURD: Kind = Kind {
    one: "value of unbelievable size",
    many: "values of unbelievable size",
    hint: "numbers beyond a million million are taken for damage",
};
pub(crate) const CODE_RANGE: Kind =
    Kind { one: "code outside -127 to 127", many: "codes outside -127 to 127", hint: "is this column a coded item?" };
pub(crate) const NEGATIVE: Kind = Kind {
    one: "negative value",
    many: "negative values",
    hint: "correct the value, or the column map: this column holds zero or more",
};
pub(crate) const EMPTY: Kind = Kind {
    one: "empty value",
    many: "empty values",
    hint: "every row needs a value here: complete the rows, or remove them",
};

/// A survey code; none for an empty field. `1.0` counts as 1.
pub(crate) fn code(field: &[u8]) -> Result<Option<i8>, &'static Kind> {
    // Nearly every field is one digit, or a minus sign and one digit.
    match *field {
        [digit @ b'0'..=b'9'] => return Ok(Some((digit - b'0') as i8)),
        [b'-', digit @ b'0'..=b'9'] => return Ok(Some(-((digit - b'0') as i8))),
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => return Ok(Some(((tens - b'0') * 10 + ones - b'0') as i8)),
        [] => return Ok(None),
        _ => {}
    }
    match number(field) {
        Ok(None) => Ok(None),
        Ok(Some(value)) => code_of(value).map(Some),
        Err(_) => Err(&NOT_A_CODE),
    }
}

/// A survey code from a number.
pub(crate) fn code_of(value: f64) -> Result<i8, &'static Kind> {
    if value.fract() != 0.0 {
        Err(&NOT_A_CODE)
    } else if (-127.0..=127.0).contains(&value) {
        Ok(value as i8)
    } else {
        Err(&CODE_RANGE)
    }
}

/// A finite number; none for an empty field.
pub(crate) fn number(field: &[u8]) -> Result<Option<f64>, &'static Kind> {
    let field = field.trim_ascii();
    if field.is_empty() {
        return Ok(None);
    }
    // The standard library also reads `nan`, `inf` and `infinity`: letters other than e are text here.
    let plain = field.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    let value = std::str::from_utf8(field).ok().filter(|_| plain).and_then(|text| text.parse::<f64>().ok());
    believable(value.filter(|value| value.is_finite()).ok_or(&NOT_A_NUMBER)?).map(Some)
}

/// [`number`] of a text. The error: what one such value is, what several are, what to do.
pub(crate) fn number_of(text: &str) -> Result<Option<f64>, [&'static str; 3]> {
    number(text.as_bytes()).map_err(|kind| [kind.one, kind.many, kind.hint])
}

/// Sums and squares of what passes stay far from overflow.
pub(crate) fn believable(value: f64) -> Result<f64, &'static Kind> {
    if value.abs() <= LARGEST { Ok(value) } else { Err(&ABSURD) }
}

/// A whole number in `0..=u32::MAX` from a number.
pub(crate) fn count_of(value: f64) -> Result<u32, &'static Kind> {
    if value < 0.0 {
        Err(&NEGATIVE)
    } else if value.fract() != 0.0 || value > f64::from(u32::MAX) {
        Err(&NOT_A_CODE)
    } else {
        Ok(value as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for (text, want) in [("1", 1), ("-3", -3), ("12", 12), (" 7 ", 7), ("100", 100), ("2.0", 2), ("-127", -127)] {
            assert_eq!(code(text.as_bytes()).unwrap(), Some(want), "{text}");
        }
        assert_eq!(code(b"").unwrap(), None);
        assert_eq!(code(b"  ").unwrap(), None);
        for text in ["a", "1.5", "1e", "--1", "nan", "\u{661}"] {
            assert_eq!(code(text.as_bytes()).unwrap_err().one, NOT_A_CODE.one, "{text}");
        }
        // -128 is the mark for an absent item and never a code of a file.
        for text in ["128", "-128", "1000", "-1e9"] {
            assert_eq!(code(text.as_bytes()).unwrap_err().one, CODE_RANGE.one, "{text}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(number(b" 0.986666667").unwrap(), Some(0.986666667));
        assert_eq!(number(b"-.5").unwrap(), Some(-0.5));
        for text in ["nan", "inf", "1,000", "1 000", "1e999", "£3", "."] {
            assert!(number(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(count_of(12.0).unwrap(), 12);
        assert_eq!(count_of(-1.0).unwrap_err().one, NEGATIVE.one);
        assert_eq!(count_of(1.5).unwrap_err().one, NOT_A_CODE.one);
    }
}
