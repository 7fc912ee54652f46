//! Typed by hand: items, customers and suppliers (`card`), an order on the telephone (`order`), notes (`note`).

mod card;
mod note;
mod order;

pub use card::CardDialog;
pub use note::Notes;
pub use order::NewOrderDialog;
