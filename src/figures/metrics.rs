//! Widths of Arial, Helvetica and Liberation Sans: text is measured here, never by a system font.
//!
//! The three families share their advance widths, so what fits here fits wherever the picture is
//! shown. Knows nothing of pictures. Entries: [`text_width`], [`wrap`].

/// Units of the tables per em, as in the TrueType files.
const UNITS_PER_EM: f64 = 2048.0;
/// Height of a capital over the baseline, in em.
pub(super) const CAP: f64 = 0.72;
/// Depth of a descender under the baseline, in em.
pub(super) const DESCENT: f64 = 0.212;

/// Advance widths of U+0020 to U+007E, regular and bold, from the `hmtx` table of Liberation Sans 2.1.
#[rustfmt::skip]
const ASCII: [[u16; 95]; 2] = [[
    569, 569, 727, 1139, 1139, 1821, 1366, 391, 682, 682, 797, 1196, 569, 682, 569, 569,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 569, 569, 1196, 1196, 1196, 1139,
    2079, 1366, 1366, 1479, 1479, 1366, 1251, 1593, 1479, 569, 1024, 1366, 1139, 1706, 1479, 1593,
    1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 569, 569, 569, 961, 1139,
    682, 1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139,
    1139, 1139, 682, 1024, 569, 1139, 1024, 1479, 1024, 1024, 1024, 684, 532, 684, 1196,
], [
    569, 682, 971, 1139, 1139, 1821, 1479, 487, 682, 682, 797, 1196, 569, 682, 569, 569,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 682, 682, 1196, 1196, 1196, 1251,
    1997, 1479, 1479, 1479, 1479, 1366, 1251, 1593, 1479, 569, 1139, 1479, 1251, 1706, 1479, 1593,
    1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 682, 569, 682, 1196, 1139,
    682, 1139, 1251, 1139, 1251, 1139, 682, 1251, 1251, 569, 569, 1139, 569, 1821, 1251, 1251,
    1251, 1251, 797, 1139, 682, 1251, 1139, 1593, 1139, 1139, 1024, 797, 573, 797, 1196,
]];

/// Advance widths of U+00A0 to U+00FF, regular and bold, from the same tables.
#[rustfmt::skip]
const LATIN: [[u16; 96]; 2] = [[
    569, 682, 1139, 1139, 1139, 1139, 532, 1139, 682, 1509, 758, 1139, 1196, 682, 1509, 1131,
    819, 1124, 682, 682, 682, 1180, 1100, 569, 682, 682, 748, 1139, 1708, 1708, 1708, 1251,
    1366, 1366, 1366, 1366, 1366, 1366, 2048, 1479, 1366, 1366, 1366, 1366, 569, 569, 569, 569,
    1479, 1479, 1593, 1593, 1593, 1593, 1593, 1196, 1593, 1479, 1479, 1479, 1479, 1366, 1366, 1251,
    1139, 1139, 1139, 1139, 1139, 1139, 1821, 1024, 1139, 1139, 1139, 1139, 569, 569, 569, 569,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 1124, 1251, 1139, 1139, 1139, 1139, 1024, 1139, 1024,
], [
    569, 682, 1139, 1139, 1139, 1139, 573, 1139, 682, 1509, 758, 1139, 1196, 682, 1509, 1131,
    819, 1124, 682, 682, 682, 1180, 1139, 569, 682, 682, 748, 1139, 1708, 1708, 1708, 1251,
    1479, 1479, 1479, 1479, 1479, 1479, 2048, 1479, 1366, 1366, 1366, 1366, 569, 569, 569, 569,
    1479, 1479, 1593, 1593, 1593, 1593, 1593, 1196, 1593, 1479, 1479, 1479, 1479, 1366, 1366, 1251,
    1139, 1139, 1139, 1139, 1139, 1139, 1821, 1139, 1139, 1139, 1139, 1139, 569, 569, 569, 569,
    1251, 1251, 1251, 1251, 1251, 1251, 1251, 1124, 1251, 1251, 1251, 1251, 1251, 1139, 1251, 1139,
]];

/// Punctuation and signs that reports use: character, regular, bold.
#[rustfmt::skip]
const SIGNS: [(char, u16, u16); 29] = [
    ('\u{2010}', 682, 682), ('\u{2011}', 682, 682), ('\u{2013}', 1139, 1139), ('\u{2014}', 2048, 2048),
    ('\u{2018}', 455, 569), ('\u{2019}', 455, 569), ('\u{201a}', 455, 569), ('\u{201c}', 682, 1024),
    ('\u{201d}', 682, 1024), ('\u{201e}', 682, 1024), ('\u{2020}', 1139, 1139), ('\u{2021}', 1139, 1139),
    ('\u{2022}', 717, 717), ('\u{2026}', 2048, 2048), ('\u{2030}', 2048, 2048), ('\u{2032}', 384, 491),
    ('\u{2033}', 725, 981), ('\u{20ac}', 1139, 1139), ('\u{2122}', 2048, 2048), ('\u{2190}', 2048, 2048),
    ('\u{2191}', 1024, 1024), ('\u{2192}', 2048, 2048), ('\u{2193}', 1024, 1024), ('\u{2212}', 1196, 1196),
    ('\u{221e}', 1460, 1460), ('\u{2248}', 1124, 1124), ('\u{2260}', 1124, 1124), ('\u{2264}', 1124, 1124),
    ('\u{2265}', 1124, 1124),
];

/// Width of `text` in pixels at `size` pixels per em.
pub(super) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|c| f64::from(advance(c, bold))).sum::<f64>() / UNITS_PER_EM * size
}

fn advance(c: char, bold: bool) -> u16 {
    let face = usize::from(bold);
    let code = c as usize;
    match code {
        0x20..=0x7e => ASCII[face][code - 0x20],
        0xa0..=0xff => LATIN[face][code - 0xa0],
        _ => SIGNS
            .iter()
            .find(|(sign, ..)| *sign == c)
            .map_or_else(|| guess(code), |&(_, regular, strong)| if bold { strong } else { regular }),
    }
}

// Letters outside the tables come from whatever font the reader has: guess wide rather than clip.
fn guess(code: usize) -> u16 {
    match code {
        0x100..=0x24f => 1700,
        0x250..=0x10ff => 2000,
        _ => 2900,
    }
}

/// Breaks `text` into lines no wider than `width` pixels: at spaces, after hyphens and slashes where
/// that suffices, inside a word where nothing else does. Never empty; blank text gives one empty line.
pub(super) fn wrap(text: &str, width: f64, size: f64, bold: bool) -> Vec<String> {
    let fits = |line: &str| text_width(line, size, bold) <= width;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&joined) {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = word.to_owned();
        while !fits(&line) && line.chars().nth(1).is_some() {
            let cut = cut_point(&line, &fits);
            let rest = line.split_off(cut);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    lines.push(line);
    lines
}

/// As [`wrap`], with the lines as even as the same number of them allows: no lone last word.
pub(super) fn wrap_even(text: &str, width: f64, size: f64, bold: bool) -> Vec<String> {
    let full = wrap(text, width, size, bold);
    let widest_word = text.split_whitespace().map(|word| text_width(word, size, bold)).fold(0.0, f64::max);
    if full.len() < 2 || widest_word > width {
        return full;
    }
    // Narrowest width that needs no more lines, to half a pixel or so.
    let (mut low, mut high) = (widest_word, width);
    for _ in 0..10 {
        let middle = (low + high) / 2.0;
        if wrap(text, middle, size, bold).len() > full.len() {
            low = middle;
        } else {
            high = middle;
        }
    }
    wrap(text, high, size, bold)
}

// Byte at which a word too wide for a line is cut: after its last hyphen or slash that fits, else
// after the last letter that fits; always at least one letter and never the whole word.
fn cut_point(word: &str, fits: &impl Fn(&str) -> bool) -> usize {
    let mut hard = 0;
    let mut soft = 0;
    for (at, letter) in word.char_indices() {
        let end = at + letter.len_utf8();
        if end == word.len() || (hard > 0 && !fits(&word[..end])) {
            break;
        }
        hard = end;
        if matches!(letter, '-' | '/' | '\u{2013}') {
            soft = end;
        }
    }
    if soft > 0 { soft } else { hard }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font_file() {
        // Sums of advances read from LiberationSans-Regular.ttf and -Bold.ttf 2.1 with fontTools.
        assert_eq!(text_width("Odds ratio (95% CI)", 2048.0, false), 18097.0);
        assert_eq!(text_width("Median", 2048.0, true), 7055.0);
    }

    #[test]
    fn lines_fit_and_lose_nothing() {
        let text = "North East Valley, Upper Town and Moorland/Coast Llanfairpwllgwyngyll-gogerych";
        for width in [1.0, 40.0, 90.0, 300.0] {
            let lines = wrap(text, width, 13.0, false);
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text));
            if width > 20.0 {
                assert!(lines.iter().all(|line| text_width(line, 13.0, false) <= width), "{lines:?}");
            }
        }
        assert_eq!(wrap("  ", 50.0, 13.0, false), [""]);
    }

    #[test]
    fn even_lines_leave_no_lone_word() {
        let text = "Good overall experience of the practice";
        assert_eq!(wrap(text, 210.0, 14.0, true), ["Good overall experience of the", "practice"]);
        assert_eq!(wrap_even(text, 210.0, 14.0, true), ["Good overall experience", "of the practice"]);
        assert_eq!(
            wrap_even("incomprehensibilities", 60.0, 14.0, true),
            wrap("incomprehensibilities", 60.0, 14.0, true)
        );
    }
}
