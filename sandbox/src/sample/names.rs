//! What people are called, in many languages.

/// A name as it is written, and in Latin letters where those are others.
type Name = (&'static str, &'static str);

/// First and last names of one language.
pub(super) struct Names {
    pub(super) first: &'static [Name],
    pub(super) last: &'static [Name],
}

macro_rules! latin {
    ($($name:literal)*) => { &[$(($name, "")),*] };
}

pub(super) const FINNISH: Names = Names {
    first: latin!("Sanna" "Jukka" "Päivi" "Väinö" "Terhi" "Antti" "Riikka" "Olli-Pekka" "Jääskä" "Milla"),
    last: latin!("Mäkinen" "Hämäläinen" "Niskala" "Öhman" "Räsänen" "Kivelä" "Saarinen" "Yli-Koski" "Pöyhönen"),
};
pub(super) const SCANDINAVIAN: Names = Names {
    first: latin!("Åsa" "Søren" "Bjørn" "Ingrid" "Jón" "Þóra" "Kåre" "Maja" "Lærke" "Göran"),
    last: latin!("Nygård" "Sørensen" "Ødegård" "Ångström" "Þorsteinsdóttir" "Bergqvist" "Kjær" "Hauge"),
};
pub(super) const ENGLISH: Names = Names {
    first: latin!("Olivia" "James" "Siobhán" "D'Andre" "Mary-Kate" "Zoë" "Marcus" "Renée" "Theodore" "Aaliyah" "Connor"),
    last: latin!("O'Malley" "Carter" "Nguyen-Price" "St. John" "Washington" "Fitzgerald" "Brooks" "McAllister" "Delgado"),
};
pub(super) const GERMAN: Names = Names {
    first: latin!("Jürgen" "Käthe" "Anneliese" "Björn" "Sabine" "Maximilian" "Ulrike" "Özlem"),
    last: latin!("Weißmüller" "von der Heide" "Großmann" "Krüger" "Yıldız" "Schäfer" "Bäumler" "Lehmann"),
};
pub(super) const ROMANCE: Names = Names {
    first: latin!("François" "Chloé" "José María" "Inês" "João" "Giulia" "Niccolò" "Núria" "Amélie" "Íñigo"),
    last: latin!("Lefèvre" "D'Angelo" "Muñoz García" "Gonçalves" "Benoît" "Castellà" "Esposito" "Peña" "Araújo"),
};
pub(super) const POLISH: Names = Names {
    first: latin!("Małgorzata" "Łukasz" "Jadwiga" "Zbigniew" "Świętosława" "Radosław" "Agnieszka"),
    last: latin!("Wójcik" "Żółkiewska" "Szczepański" "Kowalczyk" "Dąbrowska" "Gąsior"),
};
pub(super) const JAPANESE: Names = Names {
    first: &[
        ("健太", "kenta"),
        ("由美子", "yumiko"),
        ("さくら", "sakura"),
        ("翔太", "shota"),
        ("恵", "megumi"),
        ("リサ", "risa"),
    ],
    last: &[
        ("佐藤", "sato"),
        ("渡辺", "watanabe"),
        ("小笠原", "ogasawara"),
        ("中村", "nakamura"),
        ("𠮷田", "yoshida"),
        ("髙橋", "takahashi"),
    ],
};
pub(super) const KOREAN: Names = Names {
    first: &[
        ("민준", "minjun"),
        ("서연", "seoyeon"),
        ("지우", "jiwoo"),
        ("하은", "haeun"),
    ],
    last: &[
        ("김", "kim"),
        ("박", "park"),
        ("최", "choi"),
        ("남궁", "namgung"),
    ],
};
pub(super) const CHINESE: Names = Names {
    first: &[
        ("伟", "wei"),
        ("晓明", "xiaoming"),
        ("丽华", "lihua"),
        ("子涵", "zihan"),
    ],
    last: &[
        ("王", "wang"),
        ("陈", "chen"),
        ("欧阳", "ouyang"),
        ("黄", "huang"),
    ],
};
pub(super) const INDIAN: Names = Names {
    first: &[
        ("Ananya", ""),
        ("Vikram", ""),
        ("आरव", "aarav"),
        ("லட்சுமி", "lakshmi"),
        ("Mohammed Irfan", ""),
    ],
    last: &[
        ("Krishnamurthy", ""),
        ("शर्मा", "sharma"),
        ("Iyer", ""),
        ("Khan", ""),
        ("Venkatasubramanian", ""),
    ],
};
pub(super) const ARABIC: Names = Names {
    first: &[
        ("ليلى", "layla"),
        ("عمر", "omar"),
        ("فاطمة", "fatima"),
        ("يوسف", "yusuf"),
    ],
    last: &[
        ("الحداد", "alhaddad"),
        ("منصور", "mansour"),
        ("بن سالم", "binsalem"),
    ],
};
pub(super) const HEBREW: Names = Names {
    first: &[("נועה", "noa"), ("איתי", "itai"), ("תמר", "tamar")],
    last: &[("לוי", "levi"), ("בן־דוד", "bendavid"), ("שלו", "shalev")],
};
pub(super) const GREEK: Names = Names {
    first: &[
        ("Ελένη", "eleni"),
        ("Γιώργος", "giorgos"),
        ("Σοφία", "sofia"),
    ],
    last: &[
        ("Παπαδόπουλος", "papadopoulos"),
        ("Νικολάου", "nikolaou"),
        ("Μαυρίδης", "mavridis"),
    ],
};
pub(super) const UKRAINIAN: Names = Names {
    first: &[("Олена", "olena"), ("Тарас", "taras"), ("Ніна", "nina")],
    last: &[
        ("Коваленко", "kovalenko"),
        ("Шевчук", "shevchuk"),
        ("Бондар", "bondar"),
    ],
};
pub(super) const THAI: Names = Names {
    first: &[("สมชาย", "somchai"), ("อรุณี", "arunee"), ("ณัฐ", "nat")],
    last: &[
        ("ศรีสุข", "srisuk"),
        ("วงศ์ไทย", "wongthai"),
        ("จันทร์เพ็ญ", "chanpen"),
    ],
};

/// The name in letters that an email address may have.
pub(super) fn in_ascii((written, latin): Name) -> String {
    let name = if latin.is_empty() { written } else { latin };
    name.to_lowercase().chars().map(plain).collect()
}

fn plain(character: char) -> &'static str {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    if let Some(at) = LETTERS.find(character) {
        return &LETTERS[at..=at];
    }
    match character {
        'ä' | 'á' | 'à' | 'ã' | 'å' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' => "c",
        'é' | 'è' | 'ë' | 'ê' | 'ę' => "e",
        'í' | 'î' | 'ï' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'ö' | 'ø' | 'ó' | 'ò' | 'ô' => "o",
        'ś' => "s",
        'ß' => "ss",
        'þ' => "th",
        'ü' | 'ú' | 'ù' => "u",
        'ż' | 'ź' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leaves_something_of_itself_in_an_address() {
        let all = [
            FINNISH,
            SCANDINAVIAN,
            ENGLISH,
            GERMAN,
            ROMANCE,
            POLISH,
            JAPANESE,
            KOREAN,
            CHINESE,
            INDIAN,
            ARABIC,
            HEBREW,
            GREEK,
            UKRAINIAN,
            THAI,
        ];
        for names in all {
            for name in names.first.iter().chain(names.last) {
                assert!(in_ascii(*name).len() > 1, "{}", name.0);
            }
        }
        assert_eq!(in_ascii(("Weißmüller", "")), "weissmuller");
        assert_eq!(in_ascii(("O'Malley", "")), "omalley");
    }
}
