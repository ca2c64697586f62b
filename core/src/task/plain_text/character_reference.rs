//! Which characters does a reference as `&eacute;` or `&#233;` stand for? § 13.2.5.72-80 of the HTML standard.

/// A line a name, sorted: the name, `=` if it counts without its semicolon too, else a space, and its code points in hexadecimal.
/// From the standard's table of named character references.
const NAMED: &str = include_str!("character_references.txt");
const LONGEST_NAME: usize = 31;
const LONGEST_WITHOUT_SEMICOLON: usize = 6;

/// The characters of a reference: one, of a few names two.
pub(super) type Characters = (char, Option<char>);

/// Where a reference stands: what looks like a parameter of a link isn't one.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Text,
    Attribute,
}

/// The reference whose `&` stands right before `text`, and how many bytes of `text` it takes; none if it is no reference.
pub(super) fn read(text: &str, place: Place) -> Option<(Characters, usize)> {
    match text.strip_prefix('#') {
        Some(number) => numeric(number).map(|(character, length)| ((character, None), length + 1)),
        None => named(text, place),
    }
}

fn named(text: &str, place: Place) -> Option<(Characters, usize)> {
    let length = text
        .bytes()
        .take(LONGEST_NAME + 1)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let name = text.get(..length)?;
    if text.get(length..)?.starts_with(';')
        && let Some(Named { characters, .. }) = find(name)
    {
        return Some((characters, length + 1));
    }
    (1..=length.min(LONGEST_WITHOUT_SEMICOLON))
        .rev()
        .find_map(|length| {
            let characters = find(name.get(..length)?)
                .filter(|named| named.counts_without_semicolon)?
                .characters;
            Some((characters, length))
        })
        .filter(|(_, length)| {
            let next = text.as_bytes().get(*length);
            place == Place::Text
                || !next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric())
        })
}

struct Named {
    characters: Characters,
    counts_without_semicolon: bool,
}

fn find(name: &str) -> Option<Named> {
    let common = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => '\u{A0}',
        _ => return search(name),
    };
    Some(Named {
        characters: (common, None),
        counts_without_semicolon: true,
    })
}

/// Halves the table until the name is found.
fn search(name: &str) -> Option<Named> {
    let (mut low, mut high) = (0, NAMED.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = NAMED.get(..middle)?.rfind('\n').map_or(0, |end| end + 1);
        let line = NAMED.get(start..)?.split('\n').next()?;
        let length = line.find([' ', '='])?;
        match line.get(..length)?.cmp(name) {
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => return named_by(line.get(length..)?),
        }
    }
    None
}

fn named_by(line: &str) -> Option<Named> {
    let mut characters = line
        .get(1..)?
        .split(' ')
        .map_while(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
    Some(Named {
        characters: (characters.next()?, characters.next()),
        counts_without_semicolon: line.starts_with('='),
    })
}

/// The character of `233;` or `xE9;`; a missing semicolon is forgiven.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let mut code: u32 = 0;
    let mut count = 0;
    for digit in digits.chars().map_while(|digit| digit.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        count += 1;
    }
    let semicolon = usize::from(digits.get(count..)?.starts_with(';'));
    (count > 0).then(|| {
        (
            character(code),
            text.len() - digits.len() + count + semicolon,
        )
    })
}

/// The standard's table of numbers that mean another character: Windows' of old, and none that is no character.
fn character(code: u32) -> char {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    let windows = code
        .checked_sub(0x80)
        .and_then(|position| WINDOWS.get(usize::try_from(position).ok()?));
    match (code, windows) {
        (0, _) => char::REPLACEMENT_CHARACTER,
        (_, Some(character)) => *character,
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}
