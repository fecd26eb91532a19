-- The foundation: what the store itself keeps, numbers, replays, the journal and its readers.
--
-- How schema files are read. One text serves both engines. It is written in SQLite's words; for PostgreSQL the store
-- reads INTEGER as bigint, BLOB as bytea, TEXT as text COLLATE "C", and drops STRICT and WITHOUT ROWID after the closing
-- parenthesis. Where that is not enough, lines after `-- engine: sqlite` or `-- engine: postgres` are for that engine only,
-- until `-- engine: all`. Files are forward-only: one that was applied anywhere is never edited.
--
-- Units everywhere: `..._at`, `at` are UTC microseconds since 1970; `day` is a local date of Asia/Ho_Chi_Minh as days since
-- 1970-01-01; ids are 63-bit time-ordered numbers that mean nothing else.

-- Facts about this database. Written by the store with every batch of changes; kept as long as the database.
CREATE TABLE meta (
    name   TEXT NOT NULL PRIMARY KEY, -- id_high_water: the largest row id given; clock: the last moment given to a change;
                                      -- origin: this database's name for itself in journal entries, renewed by a restore
    number INTEGER,                   -- the value of id_high_water and clock
    text   TEXT                       -- the value of origin
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, number) VALUES ('id_high_water', 0), ('clock', 0);

-- Numbers for people: dossiers, receipts, registers. Written by the command that takes a number, in its transaction, so that a
-- gap is always a row that once was. Kept as long as the database: a number is never given twice.
CREATE TABLE series (
    name   TEXT NOT NULL,    -- which series: 'dossier', 'receipt'
    scope  TEXT NOT NULL,    -- whose: an agency's id or code
    period TEXT NOT NULL,    -- '2026', '261122', or '' when it never starts anew
    next   INTEGER NOT NULL, -- the number that the next one gets, from 1
    PRIMARY KEY (name, scope, period)
) STRICT, WITHOUT ROWID;

-- Answers already given, so that a request sent twice is done once (the Idempotency-Key of the API, the draft of a form).
-- Written by the command that the request ran. Kept for today and yesterday, then deleted by the store's housekeeping.
CREATE TABLE idempotency (
    day       INTEGER NOT NULL, -- the local day on which it was done
    actor     INTEGER NOT NULL, -- the account that asked; 0: nobody signed in
    key       TEXT NOT NULL,    -- chosen by the client, at most 255 bytes
    body_hash BLOB NOT NULL,    -- SHA-256 of the request's body: another body under the same key is refused
    status    INTEGER NOT NULL, -- HTTP status of the first answer
    reply     TEXT NOT NULL,    -- body of the first answer
    PRIMARY KEY (day, actor, key)
) STRICT, WITHOUT ROWID;

-- The journal: every change as one entry, written in the transaction of the change and never changed afterwards. It is
-- evidence. Kept as long as what it speaks of; a lawful erasure drops salt and payload, and the entry's place and hashes stay
-- for ever, so that the rest still verifies.
CREATE TABLE entry (
    id           INTEGER NOT NULL PRIMARY KEY,
    at           INTEGER NOT NULL, -- when: the moment of the change's transaction
    subject_kind INTEGER NOT NULL, -- of what: 0 system, 1 dossier, 2 agency, 3 procedure, 4 account, 5 calendar, 6 batch
    subject      INTEGER NOT NULL, -- which one: its id; 0 for the system
    version      INTEGER NOT NULL, -- the subject's version after the change
    act          TEXT NOT NULL,    -- what was done: 'receive', 'approve'
    actor        INTEGER NOT NULL, -- the account that did it; 0: the system itself
    actor_agency INTEGER NOT NULL, -- the agency in whose name; 0: none
    actor_role   TEXT NOT NULL,    -- the role in which: 'receiver'; '' for the system
    origin       TEXT NOT NULL,    -- the database in which it was first written (meta.origin)
    salt         BLOB,             -- 16 random bytes, so that an erased payload cannot be guessed from its hash
    payload      TEXT,             -- what changed: canonical JSON without numbers that identify people; NULL: erased
    payload_hash BLOB NOT NULL     -- SHA-256(salt, payload)
) STRICT;
CREATE INDEX entry_of_subject ON entry (subject_kind, subject, id);

-- The order of the journal: one leaf of the hash tree (RFC 9162) for each entry. Written when the batch commits; never changed.
CREATE TABLE leaf (
    position INTEGER NOT NULL PRIMARY KEY, -- 1, 2, 3 ... without gaps
    entry    INTEGER NOT NULL UNIQUE REFERENCES entry (id),
    hash     BLOB NOT NULL -- SHA-256(0, SHA-256(header), payload_hash): see src/journal/journal_tree.h
) STRICT;

-- Heads of the hash tree: what neighbours and auditors compare. At most one a second while there are changes; kept for ever.
CREATE TABLE checkpoint (
    size      INTEGER NOT NULL PRIMARY KEY, -- how many leaves it covers
    at        INTEGER NOT NULL,             -- when it was made
    origin    TEXT NOT NULL,                -- the database that made it (meta.origin)
    root      BLOB NOT NULL,                -- the tree's root over the first `size` leaves
    signature BLOB,                         -- Ed25519 over the text of src/journal/journal_key.h; NULL: made without a key
    key_hash  BLOB                          -- SHA-256 of the public key that verifies it
) STRICT;

-- Roots of the perfect subtrees that make up the tree of the newest checkpoint, largest first, so that the next one needs
-- only the leaves since then. One row, rewritten with each checkpoint; can be computed anew from `leaf`.
CREATE TABLE frontier (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    size   INTEGER NOT NULL, -- leaves covered
    hashes BLOB NOT NULL     -- 32 bytes for each bit set in `size`
) STRICT;
INSERT INTO frontier (one, size, hashes) VALUES (1, 0, CAST('' AS BLOB));

-- How far each follower of the journal has read. Written with the follower's own rows, so that each effect happens once.
CREATE TABLE follower (
    name     TEXT NOT NULL PRIMARY KEY, -- 'notice', 'worklist'
    position INTEGER NOT NULL,          -- the last position that it has taken; 0: none
    epoch    INTEGER NOT NULL           -- rises whenever a process takes the follower over: an older process is refused
) STRICT, WITHOUT ROWID;

-- Entries and leaves are never changed. PostgreSQL revokes the right from the program's own role instead.
-- engine: sqlite
CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry
BEGIN
    SELECT RAISE (ABORT, 'a journal entry is never changed');
END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE (ABORT, 'a journal entry is never deleted');
END;
CREATE TRIGGER leaf_is_never_updated BEFORE UPDATE ON leaf
BEGIN
    SELECT RAISE (ABORT, 'a leaf of the journal is never changed');
END;
CREATE TRIGGER leaf_is_never_deleted BEFORE DELETE ON leaf
BEGIN
    SELECT RAISE (ABORT, 'a leaf of the journal is never deleted');
END;
-- engine: all
