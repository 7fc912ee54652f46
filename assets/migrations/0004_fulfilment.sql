-- Acting on stock for those who wait: splits, holds, stages, pre-orders, refunds.

-- A part split off a line keeps its place: `place` is the code of the line that was ordered, by which the queue sorts.
-- What was said about that line up to the split (`split_after`, the last contact then) was said about the part too.
ALTER TABLE order_line ADD COLUMN place TEXT;
ALTER TABLE order_line ADD COLUMN split_from INTEGER REFERENCES order_line(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE order_line ADD COLUMN split_after INTEGER;
CREATE INDEX order_line_split ON order_line(split_from) WHERE split_from IS NOT NULL;

-- Not to be served while held, and why. The delay rule goes on: the customer still waits.
ALTER TABLE order_line ADD COLUMN held_on TEXT;
ALTER TABLE order_line ADD COLUMN held_reason TEXT;

-- Stages that follow from no other fact: packed and waiting for the carrier; arrived at the customer's.
ALTER TABLE order_line ADD COLUMN packed_on TEXT;
ALTER TABLE order_line ADD COLUMN delivered_on TEXT;

-- How much of what was cancelled is settled: its money went back. The rest is owed.
ALTER TABLE order_line ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0);

-- A pre-order's set date where the order states none is the item's `available_on` at that time. While the item's date
-- is still that one, this is NULL; once it is moved, what the customer was told stays here.
ALTER TABLE order_line ADD COLUMN set_date TEXT;
CREATE TRIGGER item_date_moves AFTER UPDATE OF available_on ON item
  WHEN old.available_on IS NOT NULL AND old.available_on IS NOT new.available_on BEGIN
  UPDATE order_line SET set_date = old.available_on
    WHERE item_id = new.id AND quantity > shipped + cancelled AND set_date IS NULL AND promised_on IS NULL
      AND EXISTS (SELECT 1 FROM customer_order o WHERE o.id = order_id AND o.kind = 'preorder' AND o.promised_on IS NULL);
  UPDATE order_line SET set_date = NULL
    WHERE item_id = new.id AND quantity > shipped + cancelled AND set_date = new.available_on;
END;

-- What was said about a line before a part was split off it, by the part.
CREATE VIEW inherited_talk AS
  WITH RECURSIVE part(line_id, order_id, about, upto) AS (
    SELECT id, order_id, split_from, split_after FROM order_line WHERE split_from IS NOT NULL
    UNION ALL
    SELECT p.line_id, p.order_id, l.split_from, min(p.upto, l.split_after)
      FROM part p JOIN order_line l ON l.id = p.about WHERE l.split_from IS NOT NULL
  )
  SELECT p.line_id, c.id AS contact_id FROM part p CROSS JOIN contact c
    WHERE c.order_id = p.order_id AND c.line_id = p.about AND c.id <= p.upto;

-- One parcel's worth of a line. Append-only but for withdrawn_by.
CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  line_id INTEGER NOT NULL REFERENCES order_line(id),
  shipped_on TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  reference TEXT,                      -- delivery note or tracking number
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX shipment_by_line ON shipment(line_id);

-- Money that went back for what was cancelled. `settles`: with it, all that was owed then is paid.
CREATE TABLE refund (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES customer_order(id),
  paid_on TEXT NOT NULL,
  amount INTEGER CHECK (amount > 0),   -- NULL: in full, the price is not on file
  settles INTEGER NOT NULL CHECK (settles IN (0,1)),
  note TEXT,
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX refund_by_order ON refund(order_id);
