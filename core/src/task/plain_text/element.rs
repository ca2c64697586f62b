//! What does an element mean for the text around it?

/// What is done with a tag of the element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Element {
    Break,
    Cell,
    Image,
    Item,
    Link,
    Preformatted,
    Row,
    /// So many line ends around it: 2 is a blank line.
    Block(u8),
    /// Nobody reads its content as text.
    Dropped(Dropped),
    /// Nothing is seen of its tags, which may stand in a head.
    InHead,
    /// Nothing is seen of its tags.
    Other,
}

/// The elements whose content is dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Dropped {
    Head,
    Iframe,
    NoEmbed,
    NoFrames,
    NoScript,
    Script,
    Style,
    Title,
}

impl Element {
    /// The element of this name, in any case.
    pub(super) fn of(name: &str) -> Self {
        NUMBERS
            .binary_search(&number_of(name))
            .ok()
            .and_then(|place| ELEMENTS.get(place))
            .filter(|(known, _)| {
                known.len() == name.len()
                    && (name.len() <= LETTERS || known.eq_ignore_ascii_case(name))
            })
            .map_or(Self::Other, |(_, element)| *element)
    }

    /// Whether it may stand in a head: any other ends it.
    pub(super) const fn is_in_head(self) -> bool {
        matches!(
            self,
            Self::InHead
                | Self::Dropped(
                    Dropped::Head
                        | Dropped::NoScript
                        | Dropped::Script
                        | Dropped::Style
                        | Dropped::Title
                )
        )
    }
}

/// So many letters of a name are its number.
const LETTERS: usize = 8;

/// The first letters of a name, in lower case, as one number: all are compared at once.
const fn number_of(name: &str) -> u64 {
    let mut number = 0;
    let mut rest = name.as_bytes();
    while let Some((byte, behind)) = rest.split_first()
        && number < 1 << 56
    {
        number = number << 8 | byte.to_ascii_lowercase() as u64;
        rest = behind;
    }
    number
}

/// By their numbers.
const NUMBERS: [u64; ELEMENTS.len()] = {
    let mut numbers = [0; ELEMENTS.len()];
    let (mut rest, mut elements) = (numbers.as_mut_slice(), ELEMENTS.as_slice());
    while let (Some((number, numbers)), Some(((name, _), names))) =
        (rest.split_first_mut(), elements.split_first())
    {
        *number = number_of(name);
        (rest, elements) = (numbers, names);
    }
    numbers
};

/// By their numbers: the shorter first, those of one length by their letters.
const ELEMENTS: [(&str, Element); 52] = [
    ("a", Element::Link),
    ("p", Element::Block(2)),
    ("br", Element::Break),
    ("dd", Element::Block(1)),
    ("dl", Element::Block(1)),
    ("dt", Element::Block(1)),
    ("h1", Element::Block(2)),
    ("h2", Element::Block(2)),
    ("h3", Element::Block(2)),
    ("h4", Element::Block(2)),
    ("h5", Element::Block(2)),
    ("h6", Element::Block(2)),
    ("hr", Element::Block(1)),
    ("li", Element::Item),
    ("ol", Element::Block(2)),
    ("td", Element::Cell),
    ("th", Element::Cell),
    ("tr", Element::Row),
    ("ul", Element::Block(2)),
    ("div", Element::Block(1)),
    ("img", Element::Image),
    ("nav", Element::Block(1)),
    ("pre", Element::Preformatted),
    ("base", Element::InHead),
    ("form", Element::Block(1)),
    ("head", Element::Dropped(Dropped::Head)),
    ("link", Element::InHead),
    ("main", Element::Block(1)),
    ("meta", Element::InHead),
    ("aside", Element::Block(1)),
    ("style", Element::Dropped(Dropped::Style)),
    ("table", Element::Block(2)),
    ("title", Element::Dropped(Dropped::Title)),
    ("center", Element::Block(1)),
    ("figure", Element::Block(1)),
    ("footer", Element::Block(1)),
    ("header", Element::Block(1)),
    ("iframe", Element::Dropped(Dropped::Iframe)),
    ("script", Element::Dropped(Dropped::Script)),
    ("address", Element::Block(1)),
    ("article", Element::Block(1)),
    ("caption", Element::Block(1)),
    ("details", Element::Block(1)),
    ("noembed", Element::Dropped(Dropped::NoEmbed)),
    ("section", Element::Block(1)),
    ("summary", Element::Block(1)),
    ("blockquote", Element::Block(2)),
    ("fieldset", Element::Block(1)),
    ("figcaption", Element::Block(1)),
    ("noframes", Element::Dropped(Dropped::NoFrames)),
    ("noscript", Element::Dropped(Dropped::NoScript)),
    ("template", Element::InHead),
];

#[cfg(test)]
mod tests {
    use super::{Dropped, Element, NUMBERS};

    #[test]
    fn the_table_is_in_order() {
        assert!(NUMBERS.is_sorted_by(|left, right| left < right));
    }

    #[test]
    fn names_are_told_in_any_case_and_from_others() {
        assert_eq!(Element::of("BlockQuote"), Element::Block(2));
        assert_eq!(Element::of("SCRIPT"), Element::Dropped(Dropped::Script));
        for name in [
            "",
            "b",
            "pp",
            "blockquotes",
            "blockquo",
            "blockquotx",
            "a-name-that-is-longer-than-any-that-is-known",
            "é",
        ] {
            assert_eq!(Element::of(name), Element::Other, "{name}");
        }
    }
}
