-- The warehouse. Words are those of the map in src/lib.rs; one word per thing.
-- Dates: TEXT 'YYYY-MM-DD'. Moments: TEXT 'YYYY-MM-DDTHH:MM:SS' (local time of the workstation).
-- Quantities: INTEGER thousandths of the item's unit. Money: INTEGER ten-thousandths of the currency unit.
-- Yes/no: INTEGER 1/0. Every table that an operation changes has `id INTEGER PRIMARY KEY`: the journal points at it.
-- AUTOINCREMENT where append-only rows (movements, contacts, counts) point at a row that an undone import removes: its
-- number is never given again, so that what was taken back is never taken for the history of another. Those pointers
-- are no foreign keys for the same reason; such rows are withdrawn or reversed, and count for nothing.

CREATE TABLE setting (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

-- What was done, by whom, when. Append-only. `reverses`: this operation takes back that one.
CREATE TABLE operation (
  id INTEGER PRIMARY KEY,
  uid TEXT UNIQUE,                     -- the caller's own id: a repeated request is recognised, not done twice
  kind TEXT NOT NULL,
  summary TEXT NOT NULL,
  at TEXT NOT NULL,                    -- moment by the clock
  business_date TEXT NOT NULL,         -- "today" as the operation saw it (--as-of)
  operator TEXT NOT NULL,
  reverses INTEGER UNIQUE REFERENCES operation(id)
) STRICT;

-- Every row that an operation made, changed or removed. Append-only; undo reads it backwards.
-- insert: rows row_id..row_to of the table, nothing else. update: {"column":[before,after],...}. delete: {"column":before,...}.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  tbl TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('insert','update','delete')),
  row_id INTEGER NOT NULL,
  row_to INTEGER NOT NULL,
  cells TEXT,
  CHECK (row_to >= row_id AND (action = 'insert') = (cells IS NULL))
) STRICT;
CREATE INDEX journal_by_operation ON journal(operation_id);
CREATE INDEX journal_by_row ON journal(tbl, row_id);

CREATE TABLE bin (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL DEFAULT 'storage' CHECK (kind IN ('storage','receiving','quarantine','shipping')),
  note TEXT
) STRICT;

CREATE TABLE supplier (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  contact_person TEXT, email TEXT, phone TEXT, country TEXT,
  lead_days INTEGER CHECK (lead_days >= 0),           -- quoted
  min_order_value INTEGER CHECK (min_order_value >= 0),
  currency TEXT, order_days TEXT, cutoff TEXT, note TEXT
) STRICT;

CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  note TEXT, category TEXT, unit TEXT,
  cost INTEGER CHECK (cost >= 0), price INTEGER CHECK (price >= 0),
  backorders TEXT CHECK (backorders IN ('deny','allow','preorder')),   -- NULL: allow
  backorder_limit INTEGER CHECK (backorder_limit >= 0),
  available_on TEXT,
  supplier_id INTEGER REFERENCES supplier(id),
  bin_id INTEGER REFERENCES bin(id),                  -- home bin
  min INTEGER, max INTEGER, pack INTEGER CHECK (pack > 0),
  service_level INTEGER CHECK (service_level BETWEEN 0 AND 1000000),   -- millionths
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active','discontinued'))
) STRICT;
CREATE INDEX item_by_supplier ON item(supplier_id);

CREATE TABLE barcode (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  item_id INTEGER NOT NULL REFERENCES item(id),
  quantity INTEGER NOT NULL DEFAULT 1000 CHECK (quantity > 0),
  main INTEGER NOT NULL DEFAULT 0 CHECK (main IN (0,1)) -- the one that the items table names
) STRICT;
CREATE INDEX barcode_by_item ON barcode(item_id);

CREATE TABLE substitute (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES item(id),
  substitute_id INTEGER NOT NULL REFERENCES item(id),
  rank INTEGER, note TEXT,
  UNIQUE (item_id, substitute_id), CHECK (item_id <> substitute_id)
) STRICT;

CREATE TABLE alias (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL, code TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item(id),
  quantity INTEGER NOT NULL DEFAULT 1000 CHECK (quantity > 0),
  UNIQUE (channel, code)
) STRICT;

CREATE TABLE supplier_item (
  id INTEGER PRIMARY KEY,
  supplier_id INTEGER NOT NULL REFERENCES supplier(id),
  item_id INTEGER NOT NULL REFERENCES item(id),
  supplier_sku TEXT, cost INTEGER CHECK (cost >= 0),
  min_quantity INTEGER CHECK (min_quantity >= 0), pack INTEGER CHECK (pack > 0),
  lead_days INTEGER CHECK (lead_days >= 0),
  preferred INTEGER CHECK (preferred IN (0,1)),
  UNIQUE (supplier_id, item_id)
) STRICT;
CREATE INDEX supplier_item_by_item ON supplier_item(item_id);

CREATE TABLE price_break (
  id INTEGER PRIMARY KEY,
  supplier_id INTEGER NOT NULL REFERENCES supplier(id),
  item_id INTEGER NOT NULL REFERENCES item(id),
  from_quantity INTEGER NOT NULL CHECK (from_quantity > 0),
  cost INTEGER NOT NULL CHECK (cost >= 0),
  valid_until TEXT,
  UNIQUE (supplier_id, item_id, from_quantity)
) STRICT;

CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  contact_person TEXT, email TEXT, phone TEXT, city TEXT, country TEXT, language TEXT,
  kind TEXT CHECK (kind IN ('business','consumer')),
  priority INTEGER, channel_preference TEXT, note TEXT
) STRICT;

CREATE TABLE customer_order (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  ordered_on TEXT NOT NULL,
  channel TEXT,
  kind TEXT CHECK (kind IN ('backorder','preorder','regular')),         -- NULL: regular
  paid INTEGER CHECK (paid IN (0,1)),                                     -- NULL: counts as paid
  paid_amount INTEGER, refunded_on TEXT,
  promised_on TEXT,                                                       -- first promise; later ones are rows of promise
  deliver_by TEXT,
  continues_id INTEGER REFERENCES customer_order(id) DEFERRABLE INITIALLY DEFERRED, -- the older order whose undelivered lines this carries
  stated_status TEXT CHECK (stated_status IN ('open','shipped','cancelled')), -- as a file said it; counts only while there are no lines
  note TEXT
) STRICT;
CREATE INDEX customer_order_by_customer ON customer_order(customer_id, ordered_on);
CREATE INDEX customer_order_by_date ON customer_order(ordered_on);
CREATE INDEX customer_order_continues ON customer_order(continues_id) WHERE continues_id IS NOT NULL;

CREATE TABLE order_line (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  order_id INTEGER NOT NULL REFERENCES customer_order(id),
  line TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item(id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  price INTEGER,
  promised_on TEXT,                                                       -- first promise of this line
  shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0),
  shipped_on TEXT,                                                        -- the last shipment
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  cancelled_on TEXT, cancel_reason TEXT,
  allocated INTEGER NOT NULL DEFAULT 0 CHECK (allocated >= 0),
  turn INTEGER,                                                           -- hand-set rank, 1 first
  protection TEXT CHECK (protection IN ('protected','yields')),           -- NULL: normal
  essential INTEGER CHECK (essential IN (0,1)),                           -- the date is essential to the customer
  wanted_item_id INTEGER REFERENCES item(id),                             -- what was ordered where a substitute is sent
  UNIQUE (order_id, line),
  CHECK (shipped + cancelled + allocated <= quantity)
) STRICT;
CREATE INDEX order_line_by_item ON order_line(item_id, order_id);
-- The lines that wait: every list of today reads this index, never the history. SQLite turns `a + b < c` of a query
-- round to `c > a + b` and finds the index only where it is written so; and of two that fit equally it takes the one
-- made last.
CREATE INDEX order_line_open ON order_line(item_id, order_id) WHERE quantity > shipped + cancelled;
-- Lines that a person cancelled: whose money is still to go back is read from here.
CREATE INDEX order_line_cancelled ON order_line(order_id) WHERE cancel_reason IS NOT NULL;
CREATE INDEX order_line_wanted ON order_line(wanted_item_id) WHERE wanted_item_id IS NOT NULL;

-- A promise after the first. Append-only.
CREATE TABLE promise (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES customer_order(id),
  line_id INTEGER REFERENCES order_line(id),                              -- NULL: the order's lines without a date of their own
  promised_on TEXT NOT NULL,
  made_on TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX promise_by_order ON promise(order_id);
CREATE INDEX promise_by_line ON promise(line_id) WHERE line_id IS NOT NULL;

CREATE TABLE purchase_order (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  supplier_id INTEGER NOT NULL REFERENCES supplier(id),
  ordered_on TEXT,
  confirmed_on TEXT,                                                      -- the day the supplier answered
  expected_on TEXT,
  status TEXT CHECK (status IN ('draft','sent','confirmed','closed','cancelled')), -- NULL: follows from the quantities
  note TEXT
) STRICT;
CREATE INDEX purchase_order_by_supplier ON purchase_order(supplier_id);

CREATE TABLE po_line (
  id INTEGER PRIMARY KEY,
  po_id INTEGER NOT NULL REFERENCES purchase_order(id),
  line TEXT NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item(id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  cost INTEGER,
  confirmed_for TEXT,                                                     -- first confirmed date, never overwritten: scored on this
  expected_on TEXT,                                                       -- the date expected now
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),              -- total, rejected included
  received_on TEXT,
  rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0,1)),              -- nothing more is expected on it
  UNIQUE (po_id, line)
) STRICT;
CREATE INDEX po_line_by_item ON po_line(item_id, po_id);
CREATE INDEX po_line_open ON po_line(item_id, po_id) WHERE closed = 0 AND quantity > received + cancelled;

CREATE TABLE receipt (
  id INTEGER PRIMARY KEY,
  po_line_id INTEGER NOT NULL REFERENCES po_line(id),
  received_on TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),                         -- rejected included
  rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected BETWEEN 0 AND quantity),
  reason TEXT, delivery_note TEXT,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX receipt_by_line ON receipt(po_line_id);

-- One talk with a customer about one or more lines. Append-only but for withdrawn_by.
CREATE TABLE contact (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL,
  line_id INTEGER,                        -- NULL: every line of the order
  contacted_on TEXT NOT NULL,
  channel TEXT,
  message TEXT CHECK (message IN ('first_short','first_long','first_unknown','renewed','reminder','cancelled','new_date','essential','delay','progress')),
  quoted_for TEXT,
  offered_cancel INTEGER CHECK (offered_cancel IN (0,1)),                 -- NULL: yes
  outcome TEXT CHECK (outcome IN ('sent','reached','bounced','refused','unknown','no_answer')), -- NULL: sent
  answer TEXT CHECK (answer IN ('consent','cancel','none')),
  answered_on TEXT,
  offer TEXT, offer_cost INTEGER,
  note TEXT,
  at TEXT, operator TEXT, words TEXT, address TEXT, seconds INTEGER, follow_up_at TEXT,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX contact_by_order ON contact(order_id);

-- +/- quantity of an item in a bin. Append-only. On hand is their sum.
CREATE TABLE movement (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  item_id INTEGER NOT NULL,
  bin_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity <> 0),
  reason TEXT NOT NULL,
  reference TEXT, note TEXT,
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  reverses INTEGER UNIQUE REFERENCES movement(id)
) STRICT;
CREATE INDEX movement_by_item ON movement(item_id, at);

-- Kept for speed, by the trigger below alone; `backshelf check` proves level = sum of movements.
CREATE TABLE level (
  item_id INTEGER NOT NULL REFERENCES item(id),
  bin_id INTEGER NOT NULL REFERENCES bin(id),
  quantity INTEGER NOT NULL,
  PRIMARY KEY (item_id, bin_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX level_by_bin ON level(bin_id, item_id);
CREATE TRIGGER movement_moves_level AFTER INSERT ON movement BEGIN
  INSERT INTO level (item_id, bin_id, quantity) VALUES (new.item_id, new.bin_id, new.quantity)
    ON CONFLICT (item_id, bin_id) DO UPDATE SET quantity = quantity + excluded.quantity;
END;

-- A stock file stated what lies in a bin: from then on a new statement adjusts today and no longer rewrites the opening.
CREATE TABLE stated_level (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL REFERENCES item(id),
  bin_id INTEGER NOT NULL REFERENCES bin(id),
  quantity INTEGER NOT NULL,           -- as first stated
  stated_on TEXT NOT NULL,
  UNIQUE (item_id, bin_id)
) STRICT;

-- A bin of an item was counted; difference = counted - book at that moment. Zero differences stay as proof.
CREATE TABLE count_entry (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL,
  bin_id INTEGER NOT NULL,
  counted_at TEXT NOT NULL,
  book INTEGER NOT NULL, counted INTEGER NOT NULL,
  operator TEXT NOT NULL, note TEXT,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX count_entry_by_item ON count_entry(item_id, counted_at);

-- A customer, item or supplier put off until a date, with the reason (a snooze).
CREATE TABLE later (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL CHECK (subject IN ('customer','item','supplier')),
  subject_id INTEGER NOT NULL,
  until TEXT NOT NULL, reason TEXT NOT NULL, operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX later_by_subject ON later(subject, subject_id);

-- A supplier was asked about a PO.
CREATE TABLE chase (
  id INTEGER PRIMARY KEY,
  po_id INTEGER NOT NULL REFERENCES purchase_order(id),
  asked_on TEXT NOT NULL, channel TEXT, answer TEXT, new_date TEXT, note TEXT, operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX chase_by_po ON chase(po_id);

-- What one item's figures add up to, kept for lists of a million; `backshelf check` computes it anew and compares.
-- trouble: 0 count, 1 none, 2 low, 3 order, 4 much, 5 ok (domain::stock::Trouble).
CREATE TABLE item_state (
  item_id INTEGER PRIMARY KEY REFERENCES item(id) ON DELETE CASCADE,
  sku TEXT NOT NULL,
  on_hand INTEGER NOT NULL, sellable INTEGER NOT NULL, allocated INTEGER NOT NULL,
  open_demand INTEGER NOT NULL, on_order INTEGER NOT NULL,
  trouble INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX item_state_by_trouble ON item_state(trouble, sku);

-- What planning worked out for an item, and of which day and which facts (stamp).
CREATE TABLE item_plan (
  item_id INTEGER PRIMARY KEY REFERENCES item(id) ON DELETE CASCADE,
  planned_on TEXT NOT NULL,
  daily REAL NOT NULL,                   -- mean demand a day, in units
  reorder_point INTEGER NOT NULL, order_up_to INTEGER NOT NULL, safety_stock INTEGER NOT NULL,
  lead_days REAL NOT NULL,
  supplier_id INTEGER REFERENCES supplier(id) ON DELETE SET NULL, -- whom it would be ordered from
  after_operation INTEGER NOT NULL DEFAULT 0, -- the last operation whose facts it knows
  details TEXT NOT NULL                  -- JSON: the terms of the explanation
) STRICT;

-- Append-only means append-only.
CREATE TRIGGER operation_no_update BEFORE UPDATE ON operation BEGIN SELECT RAISE(ABORT, 'the record of operations is append-only'); END;
CREATE TRIGGER operation_no_delete BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'the record of operations is append-only'); END;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER contact_no_delete BEFORE DELETE ON contact BEGIN SELECT RAISE(ABORT, 'contacts are append-only'); END;
CREATE TRIGGER contact_no_update BEFORE UPDATE OF order_id, line_id, contacted_on, channel, message, quoted_for, offered_cancel, outcome, answer, answered_on, offer, offer_cost, note, at, operator, words, address, seconds, operation_id ON contact
  BEGIN SELECT RAISE(ABORT, 'contacts are append-only'); END;
CREATE TRIGGER count_entry_no_delete BEFORE DELETE ON count_entry BEGIN SELECT RAISE(ABORT, 'counts are append-only'); END;
