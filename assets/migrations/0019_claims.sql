-- Goods that were rejected are claimed from the supplier: talks of `chase` about that, and what the claim came to.
ALTER TABLE chase ADD COLUMN about TEXT CHECK (about = 'claim');           -- NULL: the goods that are to come
ALTER TABLE chase ADD COLUMN settled TEXT CHECK (settled IN ('replaced','credited','refused','dropped')); -- NULL: not settled by it
CREATE INDEX chase_claims ON chase(po_id) WHERE about IS NOT NULL;
CREATE INDEX receipt_rejected ON receipt(received_on) WHERE rejected > 0;
