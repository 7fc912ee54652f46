-- Deliveries that are taken in by scan, receipts without a PO, customers' returns, picking.

-- A delivery being taken in, and every scan in it. Records of their own, not operations: nothing of the warehouse changes
-- until the delivery is booked, and that is one operation. Append-only; what was mistyped is taken back by a row.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,              -- the caller's own id: begun twice is begun once
  started_at TEXT NOT NULL,
  business_date TEXT NOT NULL,
  operator TEXT NOT NULL
) STRICT;

-- One row per scan, typed line or decision, committed before the screen shows it.
CREATE TABLE delivery_scan (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,              -- the workstation's own id: the same scan sent twice counts once
  delivery_id INTEGER NOT NULL REFERENCES delivery(id),
  kind TEXT NOT NULL CHECK (kind IN (
    'po',                                -- this PO is in the delivery
    'item',                              -- so many more of an item; words: batch, dates and serial that the code named
    'set',                               -- so many of it came, bad ones included
    'bad',                               -- so many of them are bad; words: why
    'name',                              -- an item was named, to be counted next
    'unknown',                           -- a code that nobody knows, kept aside
    'attach',                            -- a code that was kept aside is this item; quantity: how many one scan is
    'note',                              -- words: the number of the delivery note
    'back',                              -- the row that it points at was mistyped and counts for nothing
    'drop')),                            -- the delivery was thrown away
  po_id INTEGER,                         -- no foreign key: an undone import may remove the PO
  item_id INTEGER,
  code TEXT,                             -- as scanned
  quantity INTEGER,
  words TEXT,
  takes_back INTEGER UNIQUE REFERENCES delivery_scan(id),
  typed INTEGER NOT NULL DEFAULT 0 CHECK (typed IN (0,1)),
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  CHECK ((kind = 'back') = (takes_back IS NOT NULL))
) STRICT;
CREATE INDEX delivery_scan_by_delivery ON delivery_scan(delivery_id, id);
CREATE INDEX delivery_scan_by_kind ON delivery_scan(kind, id);

-- A delivery was booked, up to its row `last_scan`: by an operation, whose undo withdraws this row.
CREATE TABLE delivery_booking (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES delivery(id),
  last_scan INTEGER NOT NULL,
  closes INTEGER NOT NULL CHECK (closes IN (0,1)), -- nothing of it was left over
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX delivery_booking_by_delivery ON delivery_booking(delivery_id);
CREATE INDEX delivery_booking_by_operation ON delivery_booking(operation_id);

-- Goods that came without a PO that has them. Once one is found for them, `po_line_id` names it.
CREATE TABLE blind_receipt (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES delivery(id),
  item_id INTEGER NOT NULL,
  received_on TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),                         -- bad ones included
  rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected BETWEEN 0 AND quantity),
  reason TEXT, delivery_note TEXT,
  po_line_id INTEGER REFERENCES po_line(id),                              -- NULL: not matched yet
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX blind_receipt_open ON blind_receipt(item_id) WHERE po_line_id IS NULL AND withdrawn_by IS NULL;
CREATE INDEX blind_receipt_by_line ON blind_receipt(po_line_id) WHERE po_line_id IS NOT NULL;

-- What a customer sent back of a line that was shipped. The line stays shipped; what was sold is less by it.
CREATE TABLE customer_return (
  id INTEGER PRIMARY KEY,
  line_id INTEGER NOT NULL REFERENCES order_line(id),
  returned_on TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  good INTEGER NOT NULL CHECK (good IN (0,1)),                            -- fit for sale
  note TEXT,
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX customer_return_by_line ON customer_return(line_id);

-- A round of picking: what is to be taken from which bin for which line, as it was when the round began; every scan in
-- it; and what of it was shipped.
CREATE TABLE pick (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  started_at TEXT NOT NULL,
  business_date TEXT NOT NULL,
  operator TEXT NOT NULL
) STRICT;

CREATE TABLE pick_place (
  id INTEGER PRIMARY KEY,
  pick_id INTEGER NOT NULL REFERENCES pick(id),
  bin_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  line_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0)
) STRICT;
CREATE INDEX pick_place_by_pick ON pick_place(pick_id);

CREATE TABLE pick_scan (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  pick_id INTEGER NOT NULL REFERENCES pick(id),
  kind TEXT NOT NULL CHECK (kind IN (
    'bin',                               -- this person stands at the bin
    'item',                              -- so many more were taken for the place
    'set',                               -- so many were taken for the place
    'short',                             -- no more than that lies there
    'back', 'drop')),
  place_id INTEGER REFERENCES pick_place(id),
  bin_id INTEGER,
  quantity INTEGER,
  takes_back INTEGER UNIQUE REFERENCES pick_scan(id),
  typed INTEGER NOT NULL DEFAULT 0 CHECK (typed IN (0,1)),
  at TEXT NOT NULL,
  operator TEXT NOT NULL,
  CHECK ((kind = 'back') = (takes_back IS NOT NULL))
) STRICT;
CREATE INDEX pick_scan_by_pick ON pick_scan(pick_id, id);

CREATE TABLE pick_shipment (
  id INTEGER PRIMARY KEY,
  pick_id INTEGER NOT NULL REFERENCES pick(id),
  line_id INTEGER NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX pick_shipment_by_pick ON pick_shipment(pick_id);

CREATE TRIGGER delivery_no_update BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER delivery_scan_no_update BEFORE UPDATE ON delivery_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;
CREATE TRIGGER delivery_scan_no_delete BEFORE DELETE ON delivery_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;
CREATE TRIGGER delivery_booking_no_delete BEFORE DELETE ON delivery_booking BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END;
CREATE TRIGGER blind_receipt_no_delete BEFORE DELETE ON blind_receipt BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER customer_return_no_delete BEFORE DELETE ON customer_return BEGIN SELECT RAISE(ABORT, 'returns are append-only'); END;
CREATE TRIGGER pick_scan_no_update BEFORE UPDATE ON pick_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;
CREATE TRIGGER pick_scan_no_delete BEFORE DELETE ON pick_scan BEGIN SELECT RAISE(ABORT, 'scans are append-only'); END;
