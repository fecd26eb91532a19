-- Procedures: the legal records of the catalogue and every version that was ever in force, because a dossier keeps the version
-- that it began with. Ids mean nothing; people see codes. Kept for ever.

-- One row for each procedure, by its national code. The columns besides the code repeat what lists and searches need of the
-- current version, so that they read no records. Written by procedure_import.
CREATE TABLE procedure (
    id          INTEGER NOT NULL PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE, -- "1.013124" (docs/procedure_schema.md)
    version     INTEGER NOT NULL,     -- the current procedure_version
    number      INTEGER NOT NULL,     -- its number: 1, 2, ...
    hash        TEXT NOT NULL,        -- its content hash
    name        TEXT NOT NULL,
    field       TEXT NOT NULL,        -- '' unknown
    kind        TEXT NOT NULL,        -- words of src/catalogue/procedure.h, here and below
    initiator   TEXT NOT NULL,
    process     TEXT NOT NULL,
    state       TEXT NOT NULL,
    levels      INTEGER NOT NULL,     -- bits, by the order of the words in procedure.h: central 1, province 2, commune 4, other 8
    channels    INTEGER NOT NULL,     -- bits: online 1, counter 2, postal 4
    audience    INTEGER NOT NULL      -- bits, by the order of the words
) STRICT;

-- A record as it was taken. Never changed. Written by procedure_import.
CREATE TABLE procedure_version (
    id          INTEGER NOT NULL PRIMARY KEY,
    procedure   INTEGER NOT NULL REFERENCES procedure (id),
    number      INTEGER NOT NULL,     -- 1, 2, ... within the procedure
    hash        TEXT NOT NULL,        -- SHA-256 of the record, hexadecimal: what other nodes know it by
    record      TEXT NOT NULL,        -- canonical JSON
    source      TEXT NOT NULL,        -- the name of the file that it came from
    taken_at    INTEGER NOT NULL,
    UNIQUE (procedure, number)
) STRICT;

-- Counts the changes of the catalogue, so that every process knows when its index in memory is old. One row.
CREATE TABLE catalogue_change (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    number      INTEGER NOT NULL
) STRICT;
INSERT INTO catalogue_change (one, number) VALUES (1, 0);
