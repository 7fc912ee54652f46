-- What a person changed about a suggestion and has not ordered yet: another quantity, another supplier. It stands until it
-- is ordered, dropped, or the need is met.
CREATE TABLE changed_suggestion (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL UNIQUE REFERENCES item(id),
  supplier_id INTEGER REFERENCES supplier(id),   -- NULL: nobody is known to sell it
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  operator TEXT NOT NULL,
  changed_on TEXT NOT NULL
) STRICT;
CREATE INDEX changed_suggestion_by_supplier ON changed_suggestion(supplier_id) WHERE supplier_id IS NOT NULL;
