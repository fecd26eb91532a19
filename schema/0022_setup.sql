-- Setting up an office, and announcing that it is closed for a while. Written by src/app.

-- One-time links: who opens one chooses the password of an account. Not in the journal (choosing the password is); deleted when
-- expired.
CREATE TABLE setup_link (
    key_hash   BLOB NOT NULL PRIMARY KEY,   -- SHA-256 of the token in the link
    account    INTEGER NOT NULL,            -- whose password is chosen
    created_at INTEGER NOT NULL,            -- UTC microseconds
    expires_at INTEGER NOT NULL,
    used_at    INTEGER                      -- NULL: not used yet
) STRICT, WITHOUT ROWID;

-- How far the set-up is, for whoever goes on with it on another day. A memory of the wizard, not in the journal: what a step did is.
CREATE TABLE setup_step (
    step       TEXT NOT NULL PRIMARY KEY,   -- agency units hours staff procedures test
    state      TEXT NOT NULL,               -- open skipped done
    note       TEXT NOT NULL,               -- what was typed and is not finished, never a password; or what was done
    account    INTEGER NOT NULL,
    at         INTEGER NOT NULL             -- UTC microseconds
) STRICT, WITHOUT ROWID;

-- The announcement of maintenance: one row, replaced. Each change is an entry of the journal.
CREATE TABLE maintenance (
    id             INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    begins_at      INTEGER NOT NULL,        -- UTC microseconds; writing is closed from here, when it is
    ends_at        INTEGER NOT NULL,        -- then the announcement goes by itself
    words          TEXT    NOT NULL,        -- why, for people; '' the program's own words
    closes_writing INTEGER NOT NULL,        -- 1: changes are refused with 503 until the end
    account        INTEGER NOT NULL,
    at             INTEGER NOT NULL
) STRICT;
