-- Not only customers are open in a window: items, suppliers, POs.
ALTER TABLE presence RENAME COLUMN customer_id TO record_id;
ALTER TABLE presence ADD COLUMN kind TEXT NOT NULL DEFAULT 'customer'
  CHECK (kind IN ('customer','item','supplier','po'));
