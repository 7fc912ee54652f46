-- What is kept of each supplier's deliveries, so that a scorecard opens at once; and what went wrong and was noted.

-- A supplier's PO lines with their arrivals, packed (store::supplier_record), by the year of the date first promised,
-- else of the order, else 0. Written by the program alone, never journalled: it follows from the lines, and
-- `backshelf check` packs them anew and compares.
CREATE TABLE supplier_record (
  supplier_id INTEGER NOT NULL REFERENCES supplier(id) ON DELETE CASCADE,
  year INTEGER NOT NULL,
  lines BLOB NOT NULL,
  PRIMARY KEY (supplier_id, year)
) STRICT, WITHOUT ROWID;

-- Suppliers whose record is not up to date: emptied at the end of every operation, inside its transaction.
CREATE TABLE supplier_stale (
  supplier_id INTEGER PRIMARY KEY
) STRICT;
INSERT INTO supplier_stale (supplier_id) SELECT id FROM supplier;

CREATE TRIGGER purchase_order_new AFTER INSERT ON purchase_order BEGIN
  INSERT OR IGNORE INTO supplier_stale VALUES (new.supplier_id); END;
CREATE TRIGGER purchase_order_changed AFTER UPDATE ON purchase_order BEGIN
  INSERT OR IGNORE INTO supplier_stale VALUES (old.supplier_id);
  INSERT OR IGNORE INTO supplier_stale VALUES (new.supplier_id); END;
CREATE TRIGGER purchase_order_gone AFTER DELETE ON purchase_order BEGIN
  INSERT OR IGNORE INTO supplier_stale VALUES (old.supplier_id); END;
CREATE TRIGGER po_line_new AFTER INSERT ON po_line BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT supplier_id FROM purchase_order WHERE id = new.po_id; END;
CREATE TRIGGER po_line_changed AFTER UPDATE ON po_line BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT supplier_id FROM purchase_order WHERE id IN (old.po_id, new.po_id); END;
CREATE TRIGGER po_line_gone AFTER DELETE ON po_line BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT supplier_id FROM purchase_order WHERE id = old.po_id; END;
CREATE TRIGGER receipt_new AFTER INSERT ON receipt BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT h.supplier_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id
    WHERE p.id = new.po_line_id; END;
CREATE TRIGGER receipt_changed AFTER UPDATE ON receipt BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT h.supplier_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id
    WHERE p.id IN (old.po_line_id, new.po_line_id); END;
CREATE TRIGGER receipt_gone AFTER DELETE ON receipt BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT h.supplier_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id
    WHERE p.id = old.po_line_id; END;
-- A later date announces a delay.
CREATE TRIGGER po_date_new AFTER INSERT ON po_date BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT h.supplier_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id
    WHERE p.id = new.po_line_id; END;
CREATE TRIGGER po_date_changed AFTER UPDATE ON po_date BEGIN
  INSERT OR IGNORE INTO supplier_stale SELECT h.supplier_id FROM po_line p JOIN purchase_order h ON h.id = p.po_id
    WHERE p.id = new.po_line_id; END;

-- Something went wrong with a supplier and somebody noted it. Append-only.
CREATE TABLE incident (
  id INTEGER PRIMARY KEY,
  supplier_id INTEGER NOT NULL,        -- no foreign key: a supplier whose import was taken back leaves withdrawn rows
  happened_on TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('minor','major','grave')),
  what TEXT NOT NULL,
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX incident_by_supplier ON incident(supplier_id, happened_on);
CREATE TRIGGER incident_no_delete BEFORE DELETE ON incident BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER incident_no_update BEFORE UPDATE OF supplier_id, happened_on, severity, what, operator, operation_id ON incident
  BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
