//! Typed by hand: items, customers and suppliers (`card`), an order on the telephone (`order`, `order_line`, `order_view`), notes (`note`).

mod card;
mod note;
mod order;
pub mod order_line;
mod order_view;

pub use card::CardDialog;
pub use note::Notes;
pub use order::NewOrderDialog;
