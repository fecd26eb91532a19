-- Bulk acts: one thing asked for once and done many times, each time as an ordinary change. Written by the commands of src/batch.

-- What was asked for. Kept as long as the journal entries that name it: it says why so many things were done at once.
CREATE TABLE batch (
    id          INTEGER PRIMARY KEY,
    version     INTEGER NOT NULL,  -- counts its journal entries, not its progress
    kind        TEXT    NOT NULL,  -- 'act', 'desk', ...: a kind that the program registers
    state       INTEGER NOT NULL,  -- 0 waiting, 1 running, 2 done, 3 stopped
    account     INTEGER NOT NULL,  -- who asked; 0: the system
    agency      INTEGER NOT NULL,  -- of the post in which they asked: it must still be theirs when an item is done
    role        TEXT    NOT NULL,
    parameters  TEXT    NOT NULL,  -- canonical JSON: the same for all items
    total       INTEGER NOT NULL,  -- items so far
    done        INTEGER NOT NULL,
    refused     INTEGER NOT NULL,
    is_listed   INTEGER NOT NULL,  -- 0: items are still being added, in the order of their subjects' ids
    listed_to   INTEGER NOT NULL,  -- the last subject that was added while is_listed is 0
    started_at  INTEGER NOT NULL,  -- when it was asked for
    finished_at INTEGER            -- done or stopped
) STRICT;
CREATE INDEX batch_of_account ON batch (account, id);
CREATE INDEX batch_open ON batch (id) WHERE state < 2;

-- One time that the thing is to be done. (batch, n) is its key: it changes its state in the transaction of what it does.
CREATE TABLE batch_item (
    batch   INTEGER NOT NULL,
    n       INTEGER NOT NULL,      -- from 1
    state   INTEGER NOT NULL,      -- 0 waiting, 1 done, 2 refused
    subject INTEGER NOT NULL,      -- id of the dossier
    version INTEGER NOT NULL,      -- of the subject, as who asked saw it; 0: whatever it is by then
    why     TEXT    NOT NULL,      -- refused: JSON {args, code, sentence}, the English sentence; '' otherwise
    at      INTEGER,               -- done or refused
    PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_item_by_state ON batch_item (batch, state, n);
