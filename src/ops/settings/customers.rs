//! What customers are told, by when, and what they may be offered.

use super::values::Takes;
use super::{Setting, setting};

pub(super) const RULES: &[Setting] = &[
    setting(
        "rules.stated_shipping_days",
        "Days to ship without a promise",
        "30",
        Takes::Count(1, 365),
        "Days to ship that a customer may expect where no date was promised.",
    ),
    setting(
        "rules.cadence_days",
        "Days between two progress notes",
        "14",
        Takes::Count(1, 365),
        "Days after the last talk when a progress note is due.",
    ),
    setting(
        "rules.tolerance_days",
        "Days a date may move untold",
        "3",
        Takes::Count(0, 365),
        "Days by which a likely date may move before the customer is told again.",
    ),
    setting(
        "rules.us_businesses",
        "US rule for businesses too",
        "no",
        Takes::YesNo,
        "Businesses in the US fall under the US rule too.",
    ),
    setting(
        "rules.holidays",
        "Holidays",
        "",
        Takes::Dates,
        "Days that are not working days, besides Saturdays and Sundays.",
    ),
    setting(
        "handling_days",
        "Days from arrival to shipment",
        "0",
        Takes::Count(0, 60),
        "Days between the arrival of goods and their shipment.",
    ),
    setting(
        "transit_days",
        "Days on the way, per country",
        "",
        Takes::DaysPerCountry,
        "Days from shipment to the customer's door, per country: FR=3 GB=5. Others 0.",
    ),
];

pub(super) const OFFERS: &[Setting] = &[
    setting(
        "offers.parcel_cost",
        "Cost of an extra parcel",
        "",
        Takes::Amount,
        "What it costs us to send what is ready in a parcel of its own.",
    ),
    setting(
        "offers.delivery_cost",
        "Cost of free delivery",
        "",
        Takes::Amount,
        "What it costs us when a customer pays no delivery.",
    ),
    setting("offers.sample_cost", "Cost of a sample", "", Takes::Amount, "What a sample costs us."),
    setting(
        "offers.discount_percent",
        "Highest discount, percent",
        "0",
        Takes::Count(0, 100),
        "The most that may be taken off for a customer who waits, in percent; 0: no discounts.",
    ),
];
