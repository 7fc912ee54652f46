-- Dates that we name ourselves, and the language of a supplier's messages.

-- Who named a date of a PO line: the supplier; we asked him for it (what we put off is no lateness of his); or we only
-- expect it (no word of his, and nothing that he is judged by).
ALTER TABLE po_date ADD COLUMN said_by TEXT NOT NULL DEFAULT 'supplier' CHECK (said_by IN ('supplier','asked','expected'));
CREATE INDEX po_date_ours ON po_date(po_line_id, id) WHERE said_by <> 'supplier';
CREATE TRIGGER po_date_ours_stay BEFORE UPDATE OF said_by ON po_date
BEGIN SELECT RAISE(ABORT, 'dates that were said are append-only'); END;

-- A code such as de. NULL: English.
ALTER TABLE supplier ADD COLUMN language TEXT;
