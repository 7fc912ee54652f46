-- Who works on whom, follow-ups, and what was told before this program.

-- Who has a customer open just now, in which window. No part of the books: written and cleared without an operation,
-- nothing points at it, and a row of a program that ended counts for nothing.
CREATE TABLE presence (
  station TEXT NOT NULL PRIMARY KEY,            -- computer and process: one window is one row
  customer_id INTEGER NOT NULL,
  operator TEXT NOT NULL,
  since TEXT NOT NULL                           -- moment by the clock
) STRICT, WITHOUT ROWID;

-- Of an order from before the first day here a person said that nobody had told the customer: its rule then asks for
-- what it always asks for. (What was told is a contact.) Append-only but for withdrawn_by.
CREATE TABLE not_told (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES customer_order(id),
  said_on TEXT NOT NULL, operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX not_told_by_order ON not_told(order_id);
