-- The first morning and every day after: windows that are open, copies kept, days that are closed.

-- Which windows have the file open just now. No part of the books: written and cleared without an operation. A row of a
-- program that ended without leaving tells the next one to say what survived.
CREATE TABLE open_window (
  station TEXT NOT NULL PRIMARY KEY,            -- computer and process
  operator TEXT NOT NULL,
  opened_at TEXT NOT NULL                       -- moment by the clock
) STRICT, WITHOUT ROWID;

-- The copies that the program makes by itself, one row a day. No part of the books either. `begun_at` without `done_at`:
-- one is being made, or the program ended meanwhile.
CREATE TABLE safe_copy (
  day TEXT NOT NULL PRIMARY KEY,
  begun_at TEXT NOT NULL,                       -- moment by the clock
  done_at TEXT,                                 -- moment: made, checked and put in place
  file TEXT,
  second_at TEXT,                               -- moment: the second place has it too
  trouble TEXT                                  -- why not, a sentence
) STRICT, WITHOUT ROWID;

-- Found by their number alone, as people say it ("1042" of SO-1042), and by what the carrier calls the parcel.
CREATE INDEX order_by_number ON customer_order(
  ltrim(code, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_#/. '));
CREATE INDEX po_by_number ON purchase_order(
  ltrim(code, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_#/. '));
CREATE INDEX shipment_by_reference ON shipment(reference) WHERE reference IS NOT NULL;

-- On which day somebody was greeted with the Today card last. No part of the books.
CREATE TABLE greeted (
  operator TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Stock on any past day is read from this index alone, item by item; a month's movements from the other.
DROP INDEX movement_by_item;
CREATE INDEX movement_by_item ON movement(item_id, at, bin_id, quantity);
CREATE INDEX movement_by_moment ON movement(at);
CREATE INDEX refund_by_day ON refund(paid_on);
