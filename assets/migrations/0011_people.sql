-- Who works here. Nobody listed, or leads only: names alone, and everybody may do everything.
-- Roles are in force as soon as somebody is no lead (ops::people).
CREATE TABLE operator (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) > 0),   -- as operations name them
  role TEXT NOT NULL DEFAULT 'lead' CHECK (role IN ('counter','keeper','lead')),
  pin TEXT,                            -- Argon2id with its salt, never the PIN; NULL: none is asked
  badge TEXT UNIQUE                    -- Argon2id of the badge's code, one salt for all: it is looked up by it
) STRICT;
