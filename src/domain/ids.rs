//! Row numbers of the database, one type per table, so that an order's can never be taken for an item's.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub i64);
    )+};
}

ids! {
    /// An item (SKU).
    ItemId,
    /// A bin.
    BinId,
    /// A supplier.
    SupplierId,
    /// A customer.
    CustomerId,
    /// A customer's order.
    OrderId,
    /// A line of a customer's order.
    LineId,
    /// A purchase order.
    PoId,
    /// A line of a purchase order.
    PoLineId,
    /// A contact with a customer.
    ContactId,
    /// A mail of the outbox.
    MailId,
    /// A count session.
    SessionId,
    /// A delivery that is being taken in.
    DeliveryId,
    /// A round of picking.
    PickId,
    /// An operation of the journal.
    OperationId,
}
