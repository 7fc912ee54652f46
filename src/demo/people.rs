//! The sample's customers: cafés, shops and kitchens that buy by the case, and people at home who buy one grinder.

use fastrand::Rng;

/// A customer of the sample.
#[derive(Clone, Debug)]
pub struct Customer {
    pub code: String,
    pub name: String,
    pub person: String,
    pub email: String,
    pub phone: String,
    pub city: &'static str,
    pub country: &'static str,
    pub language: &'static str,
    pub business: bool,
    pub priority: Option<i64>,
    pub prefers: Option<&'static str>,
    pub note: Option<&'static str>,
}

type Firm = (&'static str, &'static str, &'static str, &'static str);

/// Name, contact, city, country. The first ones carry the stories: see `stories`.
const FIRMS: &[Firm] = &[
    ("The Copper Kettle", "Thomas Hardwick", "London", "GB"),
    ("Café Bonaparte", "Luc Bonnard", "Antwerpen", "BE"),
    ("Tapas Bolívar", "Martín Sanz", "Madrid", "ES"),
    ("La Maison du Coin", "Annette Roule", "Toulouse", "FR"),
    ("Old Harbour Deli", "Hanna Moos", "Rotterdam", "NL"),
    ("Königsberg Küche", "Philip Kramer", "Hamburg", "DE"),
    ("Save-a-Basket Markets", "Jose Pavarotti", "Boise", "US"),
    ("Bar Zilver", "Femke Zilver", "Utrecht", "NL"),
    ("Hotel De Veerman", "Joost Veerman", "Maassluis", "NL"),
    ("Sushi Kado", "Aiko Tanabe", "Den Haag", "NL"),
    ("Theehuis Wilgenhof", "Ria Wilgen", "Delft", "NL"),
    ("Roastery Lindgracht", "Daan Prins", "Amsterdam", "NL"),
    ("Brasserie Het Anker", "Koen Peeters", "Gent", "BE"),
    ("Bakkerij Morgenrood", "Els Jansen", "Leiden", "NL"),
    ("Eetcafé De Lantaarn", "Bas de Wit", "Breda", "NL"),
    ("Lunchroom Zomer", "Iris Zomer", "Gouda", "NL"),
    ("Trattoria Pellicano", "Gino Pellicano", "Eindhoven", "NL"),
    ("Osteria Valdo", "Sara Valdo", "Köln", "DE"),
    ("Kaffeehaus Brückner", "Jana Brückner", "Münster", "DE"),
    ("Feinkost Albers", "Rolf Albers", "Bremen", "DE"),
    ("Café Zeitlos", "Mia Scholz", "Düsseldorf", "DE"),
    ("Bistro Marquise", "Chloé Marquis", "Lille", "FR"),
    ("Épicerie Saint-Roch", "Paul Henriot", "Paris", "FR"),
    ("Kantine Nordhavn", "Lars Friis", "København", "DK"),
    ("Café Solsken", "Maja Ek", "Malmö", "SE"),
    ("Green Gate Canteen", "Olive Marsh", "Bristol", "GB"),
    ("Ashdown Farm Shop", "Ned Ashdown", "Lewes", "GB"),
    ("North Pier Tea Room", "Jean Airey", "Blackpool", "GB"),
    ("Kirkgate Grocers", "Moira Bell", "Leeds", "GB"),
    ("Cedar Street Provisions", "Howard Snyder", "Eugene", "US"),
    ("Great Lakes Pantry", "Karl Jablonski", "Duluth", "US"),
    ("Hofje van Smaak", "Willem Smaak", "Haarlem", "NL"),
    ("De Koffieschuur", "Nienke Post", "Groningen", "NL"),
    ("Winkel van Sinkel", "Otto Sinkel", "Utrecht", "NL"),
    ("Visbistro Kade 9", "Tess Kramer", "Vlissingen", "NL"),
    ("Stadskantine Noord", "Ali Yilmaz", "Amsterdam", "NL"),
    ("Pension Duinzicht", "Greet Duin", "Domburg", "NL"),
    ("Boekhandel & Koffie Quist", "Rob Quist", "Arnhem", "NL"),
    ("Camping De Hazelaar", "Henk Haze", "Ommen", "NL"),
    ("Zaalverhuur De Brug", "Wim Brug", "Dordrecht", "NL"),
    ("Kinderopvang Pluis", "Sanne Pluis", "Delft", "NL"),
    ("Foodtruck Vlam", "Rik Vlam", "Tilburg", "NL"),
    ("Ramen Ichiban", "Ken Mori", "Rotterdam", "NL"),
    ("Poké & Co", "Lisa Maas", "Rotterdam", "NL"),
    ("Wijnbar Druif", "Noor Druif", "Maastricht", "NL"),
    ("Taverne Sint-Jan", "Bert Claes", "Brugge", "BE"),
    ("Koffiebar Kop", "Lotte Maes", "Leuven", "BE"),
    ("Traiteur Van Acker", "Jef Van Acker", "Mechelen", "BE"),
];

/// Name, city, country: the people of the stories.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("Kofi Abebe", "Columbus OH", "US"),
    ("Julia Ortiz", "Tucson AZ", "US"),
    ("Megan Haynes", "Tulsa OK", "US"),
    ("Stan Wojcik", "Chicago IL", "US"),
    ("Tyler Grant", "Portland OR", "US"),
    ("Linh Nguyen", "San Jose CA", "US"),
    ("Béatrice Caron", "Lyon", "FR"),
    ("Peter Ashworth", "Sheffield", "GB"),
    ("Anna Lindqvist", "Göteborg", "SE"),
    ("Jonas Weber", "Leipzig", "DE"),
    ("Fiona Reid", "Glasgow", "GB"),
    ("Wouter Dekker", "Zwolle", "NL"),
];

const FIRST: &[&str] = &[
    "Emma", "Noah", "Mila", "Liam", "Sofie", "Finn", "Julia", "Daan", "Clara", "Hugo", "Nora", "Arthur", "Ella",
    "Jack", "Grace", "Oscar", "Lena", "Paul", "Ida", "Theo",
];
const LAST: &[(&str, &str, &str)] = &[
    ("de Vries", "Amersfoort", "NL"),
    ("Bakker", "Nijmegen", "NL"),
    ("Smit", "Alkmaar", "NL"),
    ("Mulder", "Assen", "NL"),
    ("Dijkstra", "Leeuwarden", "NL"),
    ("Schmidt", "Berlin", "DE"),
    ("Fischer", "München", "DE"),
    ("Martin", "Nantes", "FR"),
    ("Dubois", "Namur", "BE"),
    ("Rossi", "Bologna", "IT"),
    ("Garcia", "Sevilla", "ES"),
    ("Novak", "Praha", "CZ"),
    ("Taylor", "York", "GB"),
    ("Hughes", "Cardiff", "GB"),
    ("Walker", "Norwich", "GB"),
    ("Miller", "Denver CO", "US"),
    ("Johnson", "Madison WI", "US"),
    ("Murphy", "Cork", "IE"),
];

/// How many of [`customers`] are businesses; they come first.
pub const BUSINESSES: usize = FIRMS.len();

/// All customers: businesses, then the people of the stories, then others at home.
pub fn customers(rng: &mut Rng) -> Vec<Customer> {
    let mut list = Vec::new();
    for (at, &(name, person, city, country)) in FIRMS.iter().enumerate() {
        let mut customer = new(list.len(), name.to_string(), person.to_string(), city, country, true);
        customer.priority = match at {
            0 | 8 => Some(1),
            4 | 11 => Some(2),
            _ => None,
        };
        customer.prefers = Some(if rng.u32(0..10) < 6 { "phone" } else { "mail" });
        if at == 12 {
            customer.note = Some("Deliveries before 10:00 only.");
        }
        list.push(customer);
    }
    for &(name, city, country) in PEOPLE {
        list.push(new(list.len(), name.to_string(), name.to_string(), city, country, false));
    }
    for first in FIRST {
        for _ in 0..5 {
            let &(last, city, country) = &LAST[rng.usize(0..LAST.len())]; // in range by the line itself
            let name = format!("{first} {last}");
            if list.iter().all(|c| c.name != name) {
                list.push(new(list.len(), name.clone(), name, city, country, false));
            }
        }
    }
    list
}

fn new(at: usize, name: String, person: String, city: &'static str, country: &'static str, business: bool) -> Customer {
    let local: String = person.to_lowercase().chars().map(plain).collect();
    // Numbers that no one has: the ranges kept for films where a country has one.
    let phone = match country {
        "GB" => format!("+44 20 7946 {:04}", 100 + at),
        "US" => format!("+1 212 555 {:04}", 100 + at % 100),
        "DE" => format!("+49 30 5550 {at:04}"),
        "FR" => format!("+33 1 99 00 {:02} {:02}", at / 100, at % 100),
        "NL" => format!("+31 10 555 {at:04}"),
        _ => format!("+32 2 555 {at:04}"),
    };
    let language = match country {
        "NL" => "nl",
        "DE" => "de",
        "FR" => "fr",
        _ => "en",
    };
    Customer {
        code: format!("C-{:04}", 1001 + at),
        name,
        person,
        email: format!("{local}@example.com"),
        phone,
        city,
        country,
        language,
        business,
        priority: None,
        prefers: None,
        note: None,
    }
}

/// A letter as a mail address spells it.
fn plain(letter: char) -> char {
    match letter {
        'a'..='z' => letter,
        'é' | 'è' | 'ë' => 'e',
        'ü' => 'u',
        'ö' | 'ó' | 'ø' => 'o',
        'í' => 'i',
        'å' | 'ä' => 'a',
        _ => '.',
    }
}
