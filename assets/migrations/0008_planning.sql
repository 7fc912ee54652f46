-- What the buyer decided about suggestions, and what planning keeps beside its plans.

-- A customer's line that was one large order for a project: a person agreed that it tells nothing about what will be
-- wanted. It stays in the history and leaves the forecast. No foreign key: the line's number is never given again.
CREATE TABLE project_line (
  id INTEGER PRIMARY KEY,
  order_line_id INTEGER NOT NULL UNIQUE,
  reason TEXT NOT NULL
) STRICT;

-- An item that takes over from another: it inherits what customers ordered of that one.
CREATE TABLE succession (
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL UNIQUE REFERENCES item(id),
  from_item_id INTEGER NOT NULL REFERENCES item(id),
  CHECK (item_id <> from_item_id)
) STRICT;
CREATE INDEX succession_from ON succession(from_item_id);

-- Since which operation an item has been in its zone (item_state.trouble). Kept by the triggers alone; an operation gets
-- its number when it is written, after the states, so it is the one after the last.
CREATE TABLE item_zone (
  item_id INTEGER PRIMARY KEY REFERENCES item(id) ON DELETE CASCADE,
  since_operation INTEGER NOT NULL
) STRICT;
CREATE TRIGGER zone_begins AFTER INSERT ON item_state BEGIN
  INSERT INTO item_zone (item_id, since_operation) VALUES (new.item_id, (SELECT coalesce(max(id), 0) + 1 FROM operation))
    ON CONFLICT (item_id) DO NOTHING;
END;
CREATE TRIGGER zone_changes AFTER UPDATE OF trouble ON item_state WHEN old.trouble <> new.trouble BEGIN
  INSERT INTO item_zone (item_id, since_operation) VALUES (new.item_id, (SELECT coalesce(max(id), 0) + 1 FROM operation))
    ON CONFLICT (item_id) DO UPDATE SET since_operation = excluded.since_operation;
END;
