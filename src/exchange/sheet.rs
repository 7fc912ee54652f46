//! A table of results on its way out: what an export writes and a screen's print shows.

use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use chrono::NaiveDate;

/// One value of an export. JSON: quantities and money are decimal strings, counts integers, rates numbers, absent values null.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    None,
    Text(String),
    Quantity(Qty),
    Money(Money),
    Count(i64),
    /// 0 to 1.
    Rate(f64),
    /// 0 to 100.
    Score(f64),
    Date(NaiveDate),
    /// A moment, ISO.
    Moment(String),
    YesNo(bool),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }
    pub fn maybe_text(text: Option<&str>) -> Value {
        text.map_or(Value::None, |t| Value::Text(t.to_string()))
    }
    pub fn maybe_date(date: Option<NaiveDate>) -> Value {
        date.map_or(Value::None, Value::Date)
    }
    pub fn maybe_money(money: Option<Money>) -> Value {
        money.map_or(Value::None, Value::Money)
    }
    pub fn maybe_quantity(quantity: Option<Qty>) -> Value {
        quantity.map_or(Value::None, Value::Quantity)
    }
    pub fn maybe_count(count: Option<i64>) -> Value {
        count.map_or(Value::None, Value::Count)
    }
}

/// Columns and rows of one export view.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sheet {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Value>>,
}
