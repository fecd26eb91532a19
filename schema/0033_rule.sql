-- Rules of procedures: their decision tables (rules.dmn: fees, eligibility) in every version that there ever was, which version
-- counts from which day by which decision, and what the tables said about each dossier. Kept for ever, like the records.

-- A file of tables as it was taken. Never changed. Without a row in rule_publication it is a draft.
CREATE TABLE rule_version (
    id          INTEGER NOT NULL PRIMARY KEY,
    procedure   TEXT NOT NULL,        -- code, "1.013575"
    number      INTEGER NOT NULL,     -- 1, 2, ... within the procedure
    hash        TEXT NOT NULL,        -- SHA-256 of the text, hexadecimal: what other nodes know it by
    text        TEXT NOT NULL,        -- DMN, as it was sent
    samples     TEXT NOT NULL,        -- JSON: the cases of the folder's scenarios, to compare versions by; '[]' none
    source      TEXT NOT NULL,        -- the name of the file or folder
    taken_at    INTEGER NOT NULL,
    account     INTEGER NOT NULL,     -- by whom; 0: the system
    UNIQUE (procedure, number)
) STRICT;

-- One decision about the tables of a procedure. Of the rows whose first day has come the latest day counts; of one day the latest row.
CREATE TABLE rule_publication (
    procedure   TEXT NOT NULL,
    n           INTEGER NOT NULL,     -- 1, 2, ... within the procedure
    version     INTEGER NOT NULL REFERENCES rule_version (id),
    valid_from  INTEGER,              -- first day; NULL: before our records
    number      TEXT NOT NULL,        -- of the decision; '' it came with the procedure's folder
    decided_on  INTEGER,              -- its date; NULL unknown
    authority   TEXT NOT NULL,        -- who decided; '' unknown
    note        TEXT NOT NULL,
    at          INTEGER NOT NULL,     -- when it was recorded
    account     INTEGER NOT NULL,
    PRIMARY KEY (procedure, n)
) STRICT, WITHOUT ROWID;

-- What the tables in force at its submission said about a dossier. Written with the dossier, never changed. Kept like the dossier.
CREATE TABLE ruling (
    dossier     INTEGER NOT NULL PRIMARY KEY,
    procedure   TEXT NOT NULL,
    version     INTEGER NOT NULL REFERENCES rule_version (id),
    facts       TEXT NOT NULL,        -- JSON: channel, case, moment and answers that it was made from
    answer      TEXT NOT NULL,        -- JSON: fees, eligibility, the rules that applied, incidents
    is_stopped  INTEGER NOT NULL      -- 1: an incident stopped it; the desk decides
) STRICT;
CREATE INDEX ruling_by_procedure ON ruling (procedure, dossier);
