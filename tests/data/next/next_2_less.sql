-- phase: contract
-- And what it may take away once no older program serves.
DROP INDEX dossier_by_next_mark;
ALTER TABLE dossier DROP COLUMN next_mark;
DROP TABLE next_thing;
