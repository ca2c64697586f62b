//! Whom the company sells to.

use super::company::{
    AINO, DANIEL, ELENA, FREYA, HARUKA, JOAN, LUKAS, MIKAEL, PETTERI, PRIYA, SARAH,
};
use super::names::{self, Names};

/// A customer, or one who may become one.
pub(super) struct Buyer {
    pub(super) name: &'static str,
    /// Before `.example`.
    pub(super) domain: &'static str,
    pub(super) city: &'static str,
    pub(super) country: &'static str,
    pub(super) industry: &'static str,
    pub(super) names: &'static Names,
    /// Who looks after it.
    pub(super) owner: u64,
}

macro_rules! buyers {
    ($($name:literal $domain:literal $city:literal $country:literal $industry:literal $names:ident $owner:ident;)*) => {
        &[$(Buyer {
            name: $name, domain: $domain, city: $city, country: $country, industry: $industry, names: &names::$names, owner: $owner,
        }),*]
    };
}

pub(super) const BUYERS: &[Buyer] = buyers! {
    "Pohjan Lohi Oy" "pohjanlohi" "Oulu" "Finland" "Seafood" FINNISH AINO;
    "Meri-Apteekki Oy" "meriapteekki" "Turku" "Finland" "Pharmacy" FINNISH AINO;
    "Kainuun Marja Oy" "kainuunmarja" "Kajaani" "Finland" "Food" FINNISH PETTERI;
    "Tunturi Jäätelö Oy" "tunturijaatelo" "Rovaniemi" "Finland" "Food" FINNISH AINO;
    "Keskussairaala Saimaa" "saimaahospital" "Lappeenranta" "Finland" "Healthcare" FINNISH FREYA;
    "Lumo Catering Oy" "lumocatering" "Helsinki" "Finland" "Catering" FINNISH AINO;
    "Nordfisk Eksport AS" "nordfiskeksport" "Tromsø" "Norway" "Seafood" SCANDINAVIAN MIKAEL;
    "Smålandsost AB" "smalandsost" "Växjö" "Sweden" "Dairy" SCANDINAVIAN MIKAEL;
    "Öresund Blomster ApS" "oresundblomster" "København" "Denmark" "Flowers" SCANDINAVIAN MIKAEL;
    "Fjallavatn hf." "fjallavatn" "Akureyri" "Iceland" "Beverages" SCANDINAVIAN MIKAEL;
    "Vaksinelogistikk Vest AS" "vaksinevest" "Bergen" "Norway" "Vaccines" SCANDINAVIAN AINO;
    "Hafenkühl Logistik GmbH" "hafenkuehl" "Hamburg" "Germany" "Logistics" GERMAN LUKAS;
    "Alpenmilch Genossenschaft eG" "alpenmilch-eg" "Kempten" "Germany" "Dairy" GERMAN AINO;
    "Donau Blutspende gGmbH" "donaublut" "Wien" "Austria" "Healthcare" GERMAN ELENA;
    "Zürisee Confiserie AG" "zurisee-confiserie" "Zürich" "Switzerland" "Food" GERMAN ELENA;
    "Tulpenhof Aalsmeer B.V." "tulpenhof" "Aalsmeer" "Netherlands" "Flowers" GERMAN LUKAS;
    "Kwekerij Zonlicht B.V." "zonlicht-kwekerij" "Venlo" "Netherlands" "Flowers" ENGLISH MIKAEL;
    "Fromagerie des Trois Vallées" "troisvallees" "Chambéry" "France" "Dairy" ROMANCE ELENA;
    "Marée Bretonne SA" "mareebretonne" "Lorient" "France" "Seafood" ROMANCE ELENA;
    "Gelati Fontanarossa S.p.A." "fontanarossa" "Catania" "Italy" "Food" ROMANCE ELENA;
    "Farmacia Centrale Adriatica" "farmadriatica" "Bari" "Italy" "Pharmacy" ROMANCE ELENA;
    "Mariscos Rías Altas S.L." "riasaltas" "A Coruña" "Spain" "Seafood" ROMANCE JOAN;
    "Vinhos do Vale Lda." "vinhosdovale" "Porto" "Portugal" "Beverages" ROMANCE ELENA;
    "Chłodnia Bałtyk Sp. z o.o." "chlodniabaltyk" "Gdynia" "Poland" "Logistics" POLISH MIKAEL;
    "Mleczarnia Podlasie" "mleczarniapodlasie" "Białystok" "Poland" "Dairy" POLISH AINO;
    "Νησιώτικα Ψάρια Α.Ε." "nisiotika" "Piraeus" "Greece" "Seafood" GREEK ELENA;
    "Дніпро Агроекспорт" "dniproagro" "Dnipro" "Ukraine" "Food" UKRAINIAN AINO;
    "Gulf Pearl Pharma FZ-LLC" "gulfpearl" "Dubai" "United Arab Emirates" "Pharma" ARABIC ELENA;
    "شركة النيل للأغذية المبردة" "nilecold" "Cairo" "Egypt" "Food" ARABIC ELENA;
    "Galil Berry Growers" "galilberry" "Haifa" "Israel" "Food" HEBREW AINO;
    "Thames Biologics Ltd" "thamesbio" "London" "United Kingdom" "Pharma" ENGLISH MIKAEL;
    "Highland Oyster Co." "highlandoyster" "Oban" "United Kingdom" "Seafood" ENGLISH AINO;
    "Kilkenny Creamery DAC" "kilkennycreamery" "Kilkenny" "Ireland" "Dairy" ENGLISH MIKAEL;
    "Table Bay Cold Storage (Pty) Ltd" "tablebaycold" "Cape Town" "South Africa" "Logistics" ENGLISH AINO;
    "Hudson Reefer Lines Inc." "hudsonreefer" "Newark" "United States" "Logistics" ENGLISH SARAH;
    "Beacon Hill Vaccines LLC" "beaconvaccines" "Boston" "United States" "Vaccines" ENGLISH SARAH;
    "Chesapeake Crab & Co." "chesapeakecrab" "Baltimore" "United States" "Seafood" ENGLISH SARAH;
    "Lakeshore Blood Services" "lakeshoreblood" "Chicago" "United States" "Healthcare" ENGLISH DANIEL;
    "Prairie Gold Dairy Cooperative" "prairiegold" "Madison" "United States" "Dairy" ENGLISH DANIEL;
    "Lone Star Frozen Foods" "lonestarfrozen" "Houston" "United States" "Food" ENGLISH DANIEL;
    "Cascadia Berries LLC" "cascadiaberries" "Portland" "United States" "Food" ENGLISH DANIEL;
    "Evergreen Insulin Direct" "evergreeninsulin" "Denver" "United States" "Pharma" ENGLISH SARAH;
    "Sabor del Sur Foods" "sabordelsur" "Miami" "United States" "Food" ROMANCE SARAH;
    "Laiterie Beau-Rivage inc." "beaurivage" "Québec" "Canada" "Dairy" ROMANCE SARAH;
    "Camarones del Golfo SA de CV" "camaronesgolfo" "Veracruz" "Mexico" "Seafood" ROMANCE DANIEL;
    "Flores Andinas S.A.S." "floresandinas" "Medellín" "Colombia" "Flowers" ROMANCE DANIEL;
    "Frigorífico Pampa S.A." "frigopampa" "Rosario" "Argentina" "Meat" ROMANCE SARAH;
    "北海水産株式会社" "hokkaisuisan" "Sapporo" "Japan" "Seafood" JAPANESE HARUKA;
    "株式会社みなと冷蔵" "minatoreizo" "Yokohama" "Japan" "Logistics" JAPANESE HARUKA;
    "京花フラワー" "kyohana" "Kyoto" "Japan" "Flowers" JAPANESE HARUKA;
    "さくら製薬物流" "sakurapharmalog" "Osaka" "Japan" "Pharma" JAPANESE HARUKA;
    "한강바이오" "hanriverbio" "Incheon" "South Korea" "Pharma" KOREAN HARUKA;
    "부산냉동" "busanfrozen" "Busan" "South Korea" "Seafood" KOREAN HARUKA;
    "申江冷链" "shenjiangcold" "Shanghai" "China" "Logistics" CHINESE PRIYA;
    "Merlion Cold Hub Pte. Ltd." "merlioncold" "Singapore" "Singapore" "Logistics" CHINESE PRIYA;
    "Deccan Vaccines Pvt. Ltd." "deccanvaccines" "Hyderabad" "India" "Vaccines" INDIAN PRIYA;
    "Malabar Prawns Exports" "malabarprawns" "Kochi" "India" "Seafood" INDIAN PRIYA;
    "Chao Phraya Fruit Co." "chaophrayafruit" "Bangkok" "Thailand" "Food" THAI PRIYA;
    "Southern Cross Wool & Lamb" "southerncrosslamb" "Adelaide" "Australia" "Meat" ENGLISH PRIYA;
    "Kea Kiwifruit Ltd" "keakiwifruit" "Tauranga" "New Zealand" "Food" ENGLISH PRIYA;
};
