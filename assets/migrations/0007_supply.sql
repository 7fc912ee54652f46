-- Purchase orders from draft to last receipt: every date that was said, what was agreed and invoiced, who ended a line
-- short, and the steps by which a supplier is asked. Operations fill these; a file's columns are those of 0001.

ALTER TABLE supplier ADD COLUMN standing TEXT CHECK (standing IN ('ok','warn','block')); -- NULL: as the settings say
ALTER TABLE supplier ADD COLUMN standing_reason TEXT;

ALTER TABLE purchase_order ADD COLUMN freight INTEGER CHECK (freight >= 0);               -- agreed
ALTER TABLE purchase_order ADD COLUMN sent_how TEXT CHECK (sent_how IN ('mail','phone','copy text','letter')); -- NULL: not sent from here

CREATE INDEX purchase_order_sent_here ON purchase_order(id) WHERE sent_how IS NOT NULL;

-- po_line.cost is the price agreed now. What we had ordered it at, where the supplier confirmed another price:
ALTER TABLE po_line ADD COLUMN asked_cost INTEGER CHECK (asked_cost >= 0);
-- Who ended the line before all had come, when and why. By the supplier: what is missing stays owed (closed, not
-- cancelled). By us: it is cancelled.
ALTER TABLE po_line ADD COLUMN ended_by TEXT CHECK (ended_by IN ('us','supplier'));
ALTER TABLE po_line ADD COLUMN ended_on TEXT;
ALTER TABLE po_line ADD COLUMN end_reason TEXT;

-- Each date that was said for a PO line, the first included. Append-only. The first confirmed one is po_line.confirmed_for.
CREATE TABLE po_date (
  id INTEGER PRIMARY KEY,
  po_line_id INTEGER NOT NULL,         -- no foreign key: a line whose making was taken back leaves withdrawn rows
  said_on TEXT NOT NULL,
  was TEXT,                            -- expected before; NULL: no date
  date TEXT NOT NULL,
  confirms INTEGER NOT NULL CHECK (confirms IN (0,1)), -- the line's first confirmation
  reason TEXT,
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX po_date_by_line ON po_date(po_line_id);

-- What a supplier invoiced, and whether the papers were right. Append-only.
CREATE TABLE po_invoice (
  id INTEGER PRIMARY KEY,
  po_id INTEGER NOT NULL,              -- no foreign keys, as for po_date
  po_line_id INTEGER,                  -- NULL: the freight
  number TEXT,
  invoiced_on TEXT NOT NULL,
  quantity INTEGER CHECK (quantity > 0),                                                  -- NULL for freight
  cost INTEGER NOT NULL CHECK (cost >= 0),                                                -- of a unit; of the whole for freight
  agreed INTEGER CHECK (agreed >= 0),                                                     -- what was agreed when it was recorded; NULL: nothing
  papers TEXT NOT NULL CHECK (papers IN ('right','wrong')),
  note TEXT,
  operator TEXT NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX po_invoice_by_po ON po_invoice(po_id);
CREATE INDEX po_invoice_by_line ON po_invoice(po_line_id) WHERE po_line_id IS NOT NULL;

-- chase holds everything said between us and a supplier about a PO: that it was sent (order), each question with its
-- step, each answer (answer is not NULL), and what was cancelled. It comes back on next_on.
ALTER TABLE chase ADD COLUMN step TEXT CHECK (step IN ('order','confirm','remind','overdue','again','urgent','second_source','cancel'));
ALTER TABLE chase ADD COLUMN next_on TEXT;
ALTER TABLE chase ADD COLUMN subject TEXT;
ALTER TABLE chase ADD COLUMN words TEXT;
ALTER TABLE chase ADD COLUMN address TEXT;
ALTER TABLE chase ADD COLUMN template TEXT;
ALTER TABLE chase ADD COLUMN mail_id INTEGER REFERENCES mail(id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX chase_by_mail ON chase(mail_id) WHERE mail_id IS NOT NULL;

CREATE TRIGGER po_date_no_delete BEFORE DELETE ON po_date BEGIN SELECT RAISE(ABORT, 'dates that were said are append-only'); END;
CREATE TRIGGER po_date_no_update BEFORE UPDATE OF po_line_id, said_on, was, date, confirms, reason, operator, operation_id ON po_date
  BEGIN SELECT RAISE(ABORT, 'dates that were said are append-only'); END;
CREATE TRIGGER po_invoice_no_delete BEFORE DELETE ON po_invoice BEGIN SELECT RAISE(ABORT, 'invoices are append-only'); END;
CREATE TRIGGER po_invoice_no_update BEFORE UPDATE OF po_id, po_line_id, number, invoiced_on, quantity, cost, agreed, papers, note, operator, operation_id ON po_invoice
  BEGIN SELECT RAISE(ABORT, 'invoices are append-only'); END;
