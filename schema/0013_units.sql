-- Who was asked for an opinion on a dossier, and which contacts it cost its applicant. Written by the commands of
-- src/dossier; both go with the dossier.

-- One unit (an agency, or an officer of the agency that holds the dossier) asked one question. The lead is who holds the
-- dossier: it has no row.
CREATE TABLE dossier_unit (
    dossier          INTEGER NOT NULL,
    n                INTEGER NOT NULL,           -- from 1
    agency           INTEGER NOT NULL,           -- who was asked; of an officer: the agency of the post
    account          INTEGER NOT NULL,           -- the officer who was asked; 0: whoever serves the agency
    turn             INTEGER NOT NULL,           -- 0: all of the question at once; else 1, 2, ... one after another
    asked_version    INTEGER NOT NULL,           -- of the dossier after the act that asked: one question
    question         TEXT    NOT NULL,
    asked_at         INTEGER NOT NULL,           -- UTC microseconds
    asked_by         INTEGER NOT NULL,
    time_us          INTEGER NOT NULL,           -- working time that a turn has from its opening; 0: until its own day
    due_at           INTEGER NOT NULL,           -- the deadline; before its turn has opened the latest that it can be
    opened_at        INTEGER,                    -- NULL: its turn has not come
    queue            INTEGER NOT NULL,           -- where it waits; 0: nowhere
    list_due         INTEGER,                    -- its place in worklist: due_at + n, so that no two rows are one; NULL: none
    answered_at      INTEGER,
    answered_by      INTEGER NOT NULL,           -- account; 0: not answered
    opinion          TEXT    NOT NULL,
    closed_at        INTEGER,                    -- ended without an answer
    closed_version   INTEGER NOT NULL,           -- of the dossier after the change that closed it; 0: open or answered
    closing          TEXT    NOT NULL,           -- silent: the deadline passed; dropped: the dossier went on; '' else
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;
-- Whose deadline passes next: looked at every minute, and few are open at a time.
CREATE INDEX dossier_unit_open ON dossier_unit (due_at, dossier)
    WHERE opened_at IS NOT NULL AND answered_at IS NULL AND closed_at IS NULL;

-- What a dossier cost its applicant beside filing it: the four noes (no paper, no cash, no needless contact, nobody left
-- behind) are counted from these rows.
CREATE TABLE dossier_contact (
    dossier INTEGER NOT NULL,
    n       INTEGER NOT NULL,                    -- from 1
    version INTEGER NOT NULL,                    -- of the dossier after the act that wrote it
    manner  TEXT    NOT NULL,                    -- visit, call, message, paper, cash, help
    at      INTEGER NOT NULL,
    account INTEGER NOT NULL,                    -- who noted it, or did the act that caused it
    note    TEXT    NOT NULL,
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;
