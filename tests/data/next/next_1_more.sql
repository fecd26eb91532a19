-- phase: expand
-- What a program after this one may bring (tests/rolling_upgrade.test.mjs): a table, a column of a large table, an index on it.
CREATE TABLE next_thing (
    id   INTEGER NOT NULL PRIMARY KEY,
    text TEXT                          -- nothing in particular
) STRICT;
ALTER TABLE dossier ADD COLUMN next_mark TEXT;
CREATE INDEX dossier_by_next_mark ON dossier (next_mark, id);
