//! Countries as files spell them, to the two letters of ISO 3166-1 that the warehouse keeps.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Alpha-2, alpha-3 and the English names in use, one country a line. Source: ISO 3166-1; `XK` is the usual code
/// for Kosovo. Names that people type are there beside the official ones.
const COUNTRIES: &str = "\
AD AND Andorra
AE ARE United Arab Emirates|UAE
AF AFG Afghanistan
AG ATG Antigua and Barbuda
AI AIA Anguilla
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica
AR ARG Argentina
AS ASM American Samoa
AT AUT Austria
AU AUS Australia
AW ABW Aruba
AX ALA Åland Islands|Aland Islands
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina|Bosnia
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthélemy|Saint Barthelemy|St Barthelemy
BM BMU Bermuda
BN BRN Brunei|Brunei Darussalam
BO BOL Bolivia|Bolivia, Plurinational State of
BQ BES Bonaire, Sint Eustatius and Saba|Caribbean Netherlands
BR BRA Brazil
BS BHS Bahamas|The Bahamas
BT BTN Bhutan
BV BVT Bouvet Island
BW BWA Botswana
BY BLR Belarus
BZ BLZ Belize
CA CAN Canada
CC CCK Cocos (Keeling) Islands|Cocos Islands
CD COD Democratic Republic of the Congo|Congo, DRC|DR Congo|DRC|Congo, Democratic Republic of the|Congo, The Democratic Republic of the|Congo (Kinshasa)
CF CAF Central African Republic
CG COG Congo|Republic of the Congo|Congo, Republic of the|Congo (Brazzaville)
CH CHE Switzerland
CI CIV Côte d'Ivoire|Cote d'Ivoire|Ivory Coast
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China|People's Republic of China|PRC
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cabo Verde|Cape Verde
CW CUW Curaçao|Curacao
CX CXR Christmas Island
CY CYP Cyprus
CZ CZE Czechia|Czech Republic
DE DEU Germany|Federal Republic of Germany
DJ DJI Djibouti
DK DNK Denmark
DM DMA Dominica
DO DOM Dominican Republic
DZ DZA Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt
EH ESH Western Sahara
ER ERI Eritrea
ES ESP Spain
ET ETH Ethiopia
FI FIN Finland
FJ FJI Fiji
FK FLK Falkland Islands|Falkland Islands (Malvinas)
FM FSM Micronesia|Federated States of Micronesia|Micronesia, Federated States of
FO FRO Faroe Islands
FR FRA France
GA GAB Gabon
GB GBR United Kingdom|UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|United Kingdom of Great Britain and Northern Ireland
GD GRD Grenada
GE GEO Georgia
GF GUF French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland
GM GMB Gambia|The Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea
GR GRC Greece
GS SGS South Georgia and the South Sandwich Islands
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hong Kong
HM HMD Heard Island and McDonald Islands
HN HND Honduras
HR HRV Croatia
HT HTI Haiti
HU HUN Hungary
ID IDN Indonesia
IE IRL Ireland|Republic of Ireland
IL ISR Israel
IM IMN Isle of Man
IN IND India
IO IOT British Indian Ocean Territory
IQ IRQ Iraq
IR IRN Iran|Iran, Islamic Republic of
IS ISL Iceland
IT ITA Italy
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan
JP JPN Japan
KE KEN Kenya
KG KGZ Kyrgyzstan
KH KHM Cambodia
KI KIR Kiribati
KM COM Comoros
KN KNA Saint Kitts and Nevis|St Kitts and Nevis
KP PRK North Korea|Korea, Democratic People's Republic of
KR KOR South Korea|Republic of Korea|Korea, Republic of|Korea
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos|Lao People's Democratic Republic
LB LBN Lebanon
LC LCA Saint Lucia|St Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
LY LBY Libya
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova|Republic of Moldova|Moldova, Republic of
ME MNE Montenegro
MF MAF Saint Martin|St Martin
MG MDG Madagascar
MH MHL Marshall Islands
MK MKD North Macedonia|Macedonia
ML MLI Mali
MM MMR Myanmar|Burma
MN MNG Mongolia
MO MAC Macao|Macau
MP MNP Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia
NE NER Niger
NF NFK Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands|The Netherlands|Holland
NO NOR Norway
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand
OM OMN Oman
PA PAN Panama
PE PER Peru
PF PYF French Polynesia
PG PNG Papua New Guinea
PH PHL Philippines|The Philippines
PK PAK Pakistan
PL POL Poland
PM SPM Saint Pierre and Miquelon|St Pierre and Miquelon
PN PCN Pitcairn|Pitcairn Islands
PR PRI Puerto Rico
PS PSE Palestine|State of Palestine|Palestine, State of
PT PRT Portugal
PW PLW Palau
PY PRY Paraguay
QA QAT Qatar
RE REU Réunion|Reunion
RO ROU Romania
RS SRB Serbia
RU RUS Russia|Russian Federation
RW RWA Rwanda
SA SAU Saudi Arabia
SB SLB Solomon Islands
SC SYC Seychelles
SD SDN Sudan
SE SWE Sweden
SG SGP Singapore
SH SHN Saint Helena|St Helena|Saint Helena, Ascension and Tristan da Cunha
SI SVN Slovenia
SJ SJM Svalbard and Jan Mayen
SK SVK Slovakia
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname
SS SSD South Sudan
ST STP Sao Tome and Principe|São Tomé and Príncipe
SV SLV El Salvador
SX SXM Sint Maarten|St Maarten
SY SYR Syria|Syrian Arab Republic
SZ SWZ Eswatini|Swaziland
TC TCA Turks and Caicos Islands
TD TCD Chad
TF ATF French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste|East Timor
TM TKM Turkmenistan
TN TUN Tunisia
TO TON Tonga
TR TUR Turkey|Türkiye|Turkiye
TT TTO Trinidad and Tobago|Trinidad
TV TUV Tuvalu
TW TWN Taiwan|Taiwan, Province of China
TZ TZA Tanzania|United Republic of Tanzania|Tanzania, United Republic of
UA UKR Ukraine
UG UGA Uganda
UM UMI United States Minor Outlying Islands
US USA United States|United States of America|U.S.|U.S.A.|America
UY URY Uruguay
UZ UZB Uzbekistan
VA VAT Vatican City|Holy See|Vatican
VC VCT Saint Vincent and the Grenadines|St Vincent and the Grenadines
VE VEN Venezuela|Venezuela, Bolivarian Republic of
VG VGB British Virgin Islands|Virgin Islands (British)
VI VIR US Virgin Islands|Virgin Islands (US)|United States Virgin Islands
VN VNM Vietnam|Viet Nam
VU VUT Vanuatu
WF WLF Wallis and Futuna
WS WSM Samoa|Western Samoa
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe
XK XKX Kosovo
";

/// What trading countries are called in German, Dutch, French, Italian and Spanish, where English calls them otherwise.
const OTHER_NAMES: &str = "\
AT Österreich|Oesterreich|Oostenrijk|Autriche
AU Australien|Australië|Australie
BE België|Belgie|Belgien|Belgique|Belgio|Bélgica|Belgica
BG Bulgarien|Bulgarije|Bulgarie
BR Brasilien|Brazilië|Brésil|Brasile|Brasil
CA Kanada|Canadá
CH Schweiz|Zwitserland|Suisse|Svizzera|Suiza
CN Volksrepublik China|Chine|Cina
CY Zypern|Chypre|Cipro|Chipre
CZ Tschechien|Tsjechië|Tsjechie|Tchéquie|Cechia|Chequia|Česko
DE Deutschland|Duitsland|Allemagne|Germania|Alemania
DK Dänemark|Daenemark|Denemarken|Danemark|Danimarca|Dinamarca|Danmark
EE Estland|Estonie
ES Spanien|Spanje|Espagne|Spagna|España|Espana
FI Finnland|Finlande|Finlandia|Suomi
FR Frankreich|Frankrijk|Francia
GB Vereinigtes Königreich|Großbritannien|Grossbritannien|Verenigd Koninkrijk|Groot-Brittannië|Engeland|Royaume-Uni|Grande-Bretagne|Regno Unito|Gran Bretagna|Reino Unido|Gran Bretaña
GR Griechenland|Griekenland|Grèce|Grece|Grecia
HR Kroatien|Kroatië|Kroatie|Croatie|Croazia|Croacia
HU Ungarn|Hongarije|Hongrie|Ungheria|Hungría|Hungria
IE Irland|Ierland|Irlande|Irlanda
IN Indien|Inde
IT Italien|Italië|Italie|Italia
JP Giappone|Japón|Japon
LI Fürstentum Liechtenstein
LT Litauen|Litouwen|Lituanie|Lituania
LU Luxemburg|Lussemburgo|Luxemburgo
LV Lettland|Letland|Lettonie|Lettonia|Letonia
MT Malte
MX Mexiko|Mexique|Messico|México
NL Nederland|Holland|Niederlande|Pays-Bas|Paesi Bassi|Olanda|Países Bajos|Paises Bajos
NO Norwegen|Noorwegen|Norvège|Norvege|Norvegia|Noruega|Norge
PL Polen|Pologne|Polonia|Polska
PT Portogallo
RO Rumänien|Rumaenien|Roemenië|Roumanie|Rumania
SE Schweden|Zweden|Suède|Suede|Svezia|Suecia|Sverige
SI Slowenien|Slovenië|Slovénie|Eslovenia
SK Slowakei|Slowakije|Slovaquie|Slovacchia|Eslovaquia
TR Türkei|Turkei|Turkije|Turquie|Turchia|Turquía
UA Oekraïne|Oekraine|Ucraina|Ucrania
US Vereinigte Staaten|Verenigde Staten|États-Unis|Etats-Unis|Stati Uniti|Estados Unidos
ZA Südafrika|Zuid-Afrika|Afrique du Sud|Sudafrica|Sudáfrica
";

/// Every spelling, folded by [`folded`], with its two letters.
static SPELLINGS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for line in COUNTRIES.lines() {
        let Some((two, rest)) = line.split_once(' ') else { continue };
        let Some((three, names)) = rest.split_once(' ') else { continue };
        for name in [two, three].into_iter().chain(names.split('|')) {
            all.insert(folded(name), two);
        }
    }
    for (two, names) in OTHER_NAMES.lines().filter_map(|line| line.split_once(' ')) {
        all.extend(names.split('|').map(|name| (folded(name), two)));
    }
    all
});

/// Letters and digits in lower case, `&` as "and": punctuation and spaces make no difference.
fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '&' => out.push_str("and"),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// What to type where a country is none.
pub const WANTED: &str = "Type a country's two letters, such as NL, or its name";

/// The two letters of the country of that name, of alpha-2 or alpha-3, in any case: `UK` and `GBR` are `GB`.
pub fn alpha_2(name: &str) -> Option<&'static str> {
    SPELLINGS.get(&folded(name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_is_known() {
        for (name, two) in [
            ("DE", "DE"),
            ("deu", "DE"),
            ("Germany", "DE"),
            ("UK", "GB"),
            ("GBR", "GB"),
            ("USA", "US"),
            ("u.s.a.", "US"),
            ("United States", "US"),
            ("Côte d'Ivoire", "CI"),
            ("Congo, DRC", "CD"),
            ("Trinidad & Tobago", "TT"),
            ("Swaziland", "SZ"),
            ("Nederland", "NL"),
            ("Österreich", "AT"),
            ("Pays-Bas", "NL"),
            ("Estados Unidos", "US"),
            ("regno unito", "GB"),
        ] {
            assert_eq!(alpha_2(name), Some(two), "{name}");
        }
        for name in ["Atlantis", "", "D", "XX", "ZZ"] {
            assert_eq!(alpha_2(name), None, "{name}");
        }
    }

    #[test]
    fn no_spelling_means_two_countries() {
        assert_eq!(COUNTRIES.lines().count(), 250);
        let mut seen = HashMap::new();
        let others = OTHER_NAMES.lines().map(|line| (line, line[3..].split('|').collect::<Vec<_>>()));
        let all = COUNTRIES.lines().map(|line| (line, line[3..6].split(' ').chain(line[7..].split('|')).collect()));
        for (line, names) in all.chain(others) {
            for name in [&line[..2]].into_iter().chain(names) {
                if let Some(other) = seen.insert(folded(name), &line[..2]) {
                    assert_eq!(other, &line[..2], "{name}");
                }
            }
        }
    }
}
