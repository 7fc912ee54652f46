//! Which rule an order falls under.

use super::{DelaySettings, Rule};

/// What a customer is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CustomerKind {
    Business,
    Consumer,
}
named!(CustomerKind { Business = "business", Consumer = "consumer" });

/// The 27 members of the European Union, ISO 3166 alpha-2.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The rule for an order of this customer.
///
/// No stated kind: what the warehouse's customers mostly are, businesses until that is set. No stated
/// country (ISO alpha-2): the warehouse's own; unset: `house`. An order that is not paid falls under
/// `house`. Businesses do too, those in the US unless the setting puts them under `us`.
pub fn rule_for(
    customer_kind: Option<CustomerKind>,
    customer_country: Option<&str>,
    warehouse_country: Option<&str>,
    mostly: Option<CustomerKind>,
    paid: bool,
    settings: &DelaySettings,
) -> Rule {
    if !paid {
        return Rule::House;
    }
    let kind = customer_kind.or(mostly).unwrap_or(CustomerKind::Business);
    let Some(country) = stated(customer_country).or_else(|| stated(warehouse_country)) else { return Rule::House };
    match (kind, country.as_str()) {
        (CustomerKind::Consumer, "US") => Rule::Us,
        (CustomerKind::Consumer, "GB") => Rule::Uk,
        (CustomerKind::Consumer, code) if EU.contains(&code) => Rule::Eu,
        (CustomerKind::Business, "US") if settings.us_businesses_under_us => Rule::Us,
        _ => Rule::House,
    }
}

fn stated(country: Option<&str>) -> Option<String> {
    country.map(|code| code.trim().to_ascii_uppercase()).filter(|code| !code.is_empty())
}
