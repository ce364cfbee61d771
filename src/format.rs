//! Finished text for numbers: the one place that rounds on the way out.
//!
//! A leaf. Decimal rounding is the standard library's exact one, so text never depends on locale
//! or machine. Negative numbers carry a real minus sign (U+2212) in text meant for people, and a
//! hyphen in CSV ([`plain`]).

/// `x` with `digits` decimals for people: thousands separated by commas, real minus sign.
/// `-0.00` prints as `0.00`; not-a-number prints as an en dash.
pub fn fixed(x: f64, digits: usize) -> String {
    if !x.is_finite() {
        return "–".into();
    }
    let text = format!("{:.digits$}", x.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let zero = text.bytes().all(|b| b == b'0' || b == b'.');
    let sign = if x < 0.0 && !zero { "\u{2212}" } else { "" };
    format!("{sign}{}{rest}", separated(whole))
}

/// A count with thousands separated by commas.
pub fn count(n: u64) -> String {
    separated(&n.to_string())
}

/// A signed whole number rounded to `step` (for people: 132,412 people to the nearest 1,000).
pub fn rounded(x: f64, step: f64) -> String {
    fixed((x / step).round() * step, 0)
}

/// A share in 0..=1 as a percentage without the sign: `0.718` with one digit gives `71.8`.
pub fn percent(share: f64, digits: usize) -> String {
    fixed(share * 100.0, digits)
}

/// A p value as journals print it: three decimals, `<0.001` below that.
pub fn p_value(p: f64) -> String {
    if !p.is_finite() {
        "–".into()
    } else if p < 0.001 {
        "<0.001".into()
    } else {
        format!("{p:.3}")
    }
}

/// `low to high` with `digits` decimals each.
pub fn interval(low: f64, high: f64, digits: usize) -> String {
    format!("{} to {}", fixed(low, digits), fixed(high, digits))
}

/// Full precision for machines: the shortest text that reads back as the same `f64`;
/// empty for not-a-number.
pub fn plain(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => String::new(),
        // Hundreds of zeros help nobody.
        size if size > 0.0 && size < 1e-5 => format!("{x:e}"),
        _ => format!("{x}"),
    }
}

/// `text` with its first letter in upper case.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn separated(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(fixed(-1234567.891, 2), "\u{2212}1,234,567.89");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(f64::NAN, 2), "–");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(999), "999");
        assert_eq!(rounded(-132_412.0, 1000.0), "\u{2212}132,000");
        assert_eq!(percent(0.7183, 1), "71.8");
        assert_eq!(p_value(0.0004), "<0.001");
        assert_eq!(p_value(0.01), "0.010");
        assert_eq!(interval(1.0014, 1.0096, 3), "1.001 to 1.010");
    }

    #[test]
    fn plain_reads_back() {
        for x in [0.1 + 0.2, 1e-300, -3.0, 1.0 / 3.0] {
            assert_eq!(plain(x).parse::<f64>().unwrap(), x);
        }
        assert_eq!(plain(f64::NAN), "");
        assert_eq!(
            (plain(1.7e-223), plain(-2.5e-6), plain(0.000_01)),
            ("1.7e-223".into(), "-2.5e-6".into(), "0.00001".into())
        );
    }
}
