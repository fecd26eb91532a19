-- Publication: which version of a procedure is in force from which day, by which decision (Decree 63/2010/NĐ-CP, art. 13 to 15,
-- as amended by Decrees 48/2013 and 92/2017). A version without a row here is a draft. Kept for ever, like the versions.

-- What lists and searches need of a version, so that they read no records; written with the version. (They stood in `procedure`,
-- for the one version that was current; which one that is now depends on the day.)
ALTER TABLE procedure_version ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure_version ADD COLUMN field TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure_version ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure_version ADD COLUMN initiator TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure_version ADD COLUMN process TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure_version ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure_version ADD COLUMN levels INTEGER NOT NULL DEFAULT 0;
ALTER TABLE procedure_version ADD COLUMN channels INTEGER NOT NULL DEFAULT 0;
ALTER TABLE procedure_version ADD COLUMN audience INTEGER NOT NULL DEFAULT 0;
-- The step table that its dossiers begin on: process_version.id; 0: the process of its kind.
ALTER TABLE procedure_version ADD COLUMN process_version INTEGER NOT NULL DEFAULT 0;

UPDATE procedure_version SET (name, field, kind, initiator, process, state, levels, channels, audience) =
    (SELECT p.name, p.field, p.kind, p.initiator, p.process, p.state, p.levels, p.channels, p.audience FROM procedure p
     WHERE p.id = procedure_version.procedure);

-- Texts that belong to a version beside its record: the template of its result document. Written with the version.
CREATE TABLE procedure_text (
    version     INTEGER NOT NULL REFERENCES procedure_version (id),
    name        TEXT NOT NULL,        -- 'result.html'
    text        TEXT NOT NULL,
    PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;

-- One decision about a procedure. Of the rows whose first day has come, the latest day counts; of one day, the latest row.
CREATE TABLE publication (
    procedure   INTEGER NOT NULL REFERENCES procedure (id),
    n           INTEGER NOT NULL,     -- 1, 2, ... within the procedure
    act         TEXT NOT NULL,        -- import: a sheet of the national database; publish; withdraw: no new dossiers from that day
    version     INTEGER,              -- the version that comes into force; NULL: withdrawn
    valid_from  INTEGER,              -- first day; NULL: before our records
    number      TEXT NOT NULL,        -- of the decision; '' unknown
    decided_on  INTEGER,              -- its date; NULL: unknown
    authority   TEXT NOT NULL,        -- who decided; '' unknown
    level       TEXT NOT NULL,        -- ministry, province: whose notice period is counted; '' unknown
    is_late     INTEGER NOT NULL,     -- 1: decided later before the first day than the decree allows
    file        BLOB,                 -- SHA-256 of the decision's file; NULL: none
    file_name   TEXT NOT NULL,
    file_type   TEXT NOT NULL,
    note        TEXT NOT NULL,
    at          INTEGER NOT NULL,     -- when it was recorded
    account     INTEGER NOT NULL,     -- by whom; 0: the system
    PRIMARY KEY (procedure, n)
) STRICT, WITHOUT ROWID;

-- What was current until now: each version from the day on which it was taken.
INSERT INTO publication (procedure, n, act, version, valid_from, number, decided_on, authority, level, is_late, file, file_name,
                         file_type, note, at, account)
SELECT v.procedure, v.number, 'import', v.id,
       CASE WHEN v.number = 1 THEN NULL ELSE (v.taken_at + 25200000000) / 86400000000 END, '', NULL, '', '', 0, NULL, '', '', '',
       v.taken_at, 0
FROM procedure_version v;

ALTER TABLE procedure DROP COLUMN version;
ALTER TABLE procedure DROP COLUMN number;
ALTER TABLE procedure DROP COLUMN hash;
ALTER TABLE procedure DROP COLUMN name;
ALTER TABLE procedure DROP COLUMN field;
ALTER TABLE procedure DROP COLUMN kind;
ALTER TABLE procedure DROP COLUMN initiator;
ALTER TABLE procedure DROP COLUMN process;
ALTER TABLE procedure DROP COLUMN state;
ALTER TABLE procedure DROP COLUMN levels;
ALTER TABLE procedure DROP COLUMN channels;
ALTER TABLE procedure DROP COLUMN audience;
