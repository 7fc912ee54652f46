-- What is sent to customers: the outbox and its attempts, and what a contact keeps of the message.

-- A mail to one person. What is sent (who, to whom, which bytes) is fixed when it is queued, in the transaction of the
-- contacts that it carries. Where it stands is written by the sender (no operation: nobody did anything) and, where the
-- sender cannot know, by a person (an operation). A mail whose operation was taken back is withdrawn and never leaves.
CREATE TABLE mail (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,            -- its own key; half of the Message-ID
  message_id TEXT NOT NULL UNIQUE,     -- the same at every attempt
  sender TEXT NOT NULL,                -- address
  recipient TEXT NOT NULL,             -- address
  to_name TEXT,                        -- as the person knows him
  subject TEXT NOT NULL,
  queued_at TEXT NOT NULL,             -- moment
  state TEXT NOT NULL CHECK (state IN (
    'waiting',                         -- due at due_at; until then a person may take it back
    'claimed',                         -- a sender has it, no content has left
    'started',                         -- content may have left
    'sent',                            -- the server took it
    'retry',                           -- not now: tried again at due_at
    'failed',                          -- refused, or tried too often: a person must act
    'unknown',                         -- whether it arrived cannot be told: a person must act
    'confirmed',                       -- a person knows that it arrived
    'bounced')),                       -- a person saw it come back
  due_at TEXT NOT NULL,                -- moment; the next attempt, where one is to come
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0), -- attempts since a person last asked for it
  given_on TEXT,                       -- the business date on which it went out; blank: that of its contacts
  said TEXT,                           -- what the server, or the network, said last
  claimed_by TEXT,                     -- the attempt that has it: a key made for that attempt
  claimed_at TEXT,                     -- moment
  claimed_until TEXT,                  -- moment; afterwards that sender is taken for dead
  operation_id INTEGER NOT NULL REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_by INTEGER REFERENCES operation(id) DEFERRABLE INITIALLY DEFERRED,
  content TEXT NOT NULL,               -- the whole message, ASCII, lines end in CR LF; last, as few readers want it
  CHECK ((state IN ('claimed', 'started')) <= (claimed_by IS NOT NULL AND claimed_at IS NOT NULL AND claimed_until IS NOT NULL))
) STRICT;
CREATE INDEX mail_due ON mail(state, due_at) WHERE state IN ('waiting', 'claimed', 'started', 'retry');
CREATE INDEX mail_not_arrived ON mail(state) WHERE state IN ('failed', 'unknown', 'bounced');

-- What each attempt came to. Append-only.
CREATE TABLE mail_attempt (
  id INTEGER PRIMARY KEY,
  mail_id INTEGER NOT NULL REFERENCES mail(id),
  began_at TEXT NOT NULL, ended_at TEXT NOT NULL,  -- moments
  phase TEXT NOT NULL,                 -- how far it came: connect, tls, login, sender, recipient, data, content, answer
  result TEXT NOT NULL CHECK (result IN ('sent', 'retry', 'failed', 'unknown')),
  said TEXT NOT NULL
) STRICT;
CREATE INDEX mail_attempt_by_mail ON mail_attempt(mail_id);

-- The mail that carries this contact; set once, in the transaction that made both.
ALTER TABLE contact ADD COLUMN mail_id INTEGER REFERENCES mail(id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX contact_by_mail ON contact(mail_id) WHERE mail_id IS NOT NULL;

-- What else a contact keeps: who began it, what it was for, which template in which version made its words, under which
-- subject, who was spoken to, whether the offer was taken, which item the customer wants instead, and the notice about the
-- same line that it takes the place of.
ALTER TABLE contact ADD COLUMN direction TEXT CHECK (direction IN ('out','in'));          -- NULL: out
ALTER TABLE contact ADD COLUMN purpose TEXT CHECK (purpose IN ('notice','chase','news','refund','answer'));
ALTER TABLE contact ADD COLUMN template TEXT;
ALTER TABLE contact ADD COLUMN template_version TEXT;
ALTER TABLE contact ADD COLUMN subject TEXT;
ALTER TABLE contact ADD COLUMN party TEXT;
ALTER TABLE contact ADD COLUMN offer_taken INTEGER CHECK (offer_taken IN (0,1));          -- NULL: nothing offered, or no word on it
ALTER TABLE contact ADD COLUMN alternative_id INTEGER;                                    -- the item wanted instead
ALTER TABLE contact ADD COLUMN supersedes INTEGER;                                        -- a contact
CREATE TRIGGER contact_more_no_update BEFORE UPDATE OF direction, purpose, template, template_version, subject, party, offer_taken, alternative_id, supersedes ON contact
  BEGIN SELECT RAISE(ABORT, 'contacts are append-only'); END;

-- Contacts as they stand: one that went by mail came through as its mail did, on the day on which that went out.
-- Whoever decides by contacts, exports or shows them reads this.
CREATE VIEW contact_now AS
SELECT c.*,
  CASE m.state WHEN 'failed' THEN 'refused' WHEN 'bounced' THEN 'bounced' WHEN 'unknown' THEN 'unknown' ELSE c.outcome END
    AS outcome_now,
  CASE WHEN m.given_on > c.contacted_on THEN m.given_on ELSE c.contacted_on END AS on_now,
  m.state AS mail_state, m.said AS mail_said
FROM contact c LEFT JOIN mail m ON m.id = c.mail_id;

CREATE TRIGGER contact_mail_once BEFORE UPDATE OF mail_id ON contact WHEN old.mail_id IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'contacts are append-only'); END;
CREATE TRIGGER mail_fixed BEFORE UPDATE OF uid, message_id, sender, recipient, to_name, subject, content, queued_at, operation_id ON mail
  BEGIN SELECT RAISE(ABORT, 'a queued mail is not rewritten'); END;
CREATE TRIGGER mail_kept BEFORE DELETE ON mail BEGIN SELECT RAISE(ABORT, 'mails are kept'); END;
CREATE TRIGGER mail_attempt_no_update BEFORE UPDATE ON mail_attempt BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
CREATE TRIGGER mail_attempt_no_delete BEFORE DELETE ON mail_attempt BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END;
