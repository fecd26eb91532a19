-- What only PostgreSQL needs; on SQLite this file changes nothing.
-- engine: postgres
-- Entries of the journal whose place has not been given yet. Several transactions end at once there, so a place is given only to what
-- can be seen, by one process at a time (src/store/store_postgres_writer.c); then the row goes. Written with the entry.
CREATE TABLE leaf_waiting (
    n     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the order in which entries were written down
    entry bigint NOT NULL,
    hash  bytea  NOT NULL                                  -- what leaf.hash will be
);

-- One number for each start of a program: the part of a row's id that keeps two of them apart.
CREATE SEQUENCE writer;

-- Entries and leaves are never changed, whoever is connected.
CREATE FUNCTION journal_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is never changed';
END $$;
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_never_changed();
CREATE TRIGGER leaf_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON leaf
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_never_changed();
-- engine: all
