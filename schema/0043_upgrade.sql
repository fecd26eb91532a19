-- phase: expand
-- Upgrades while an office works (docs/postgresql.md, "A newer program"). From here on each file says in its first line what it does to
-- the programs before it: `-- phase: expand` only adds, so they go on working; `-- phase: contract` takes something away that they use.
-- One row for each such file that the database has had, written with its row of `migration`; kept as long as the database.
CREATE TABLE schema_phase (
    number INTEGER NOT NULL PRIMARY KEY, -- of the file: migration.number
    phase  TEXT    NOT NULL              -- 'expand' or 'contract'
) STRICT;
-- engine: postgres
-- Whoever leads knows so many files of the schema: a process that knows more takes the lead, so that nothing which only a newer program
-- knows of is passed over by an older one.
ALTER TABLE lease ADD COLUMN schema bigint NOT NULL DEFAULT 0;

-- Indexes on tables that were there, of files that were applied while an office worked: made one after the other beside the work
-- (CREATE INDEX CONCURRENTLY), then their row goes. Written and deleted by the process that starts (src/store/store_postgres_beside.c).
CREATE TABLE index_waiting (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    sql  text             NOT NULL -- "INDEX name ON table (...)", as the file has it
);
-- engine: all
