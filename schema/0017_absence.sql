-- Who is away and who covers: what is assigned to the absent one from the first day to the last goes to the substitute, and, when
-- that is wished, what they hold goes first. A desk that is left for good is an absence without a last day. Written by the commands
-- of src/batch; kept as long as the journal entries of the accounts.
CREATE TABLE absence (
    id          INTEGER PRIMARY KEY,
    account     INTEGER NOT NULL,  -- who is away
    substitute  INTEGER NOT NULL,  -- who covers
    agency      INTEGER NOT NULL,  -- where
    from_day    INTEGER NOT NULL,
    to_day      INTEGER,           -- the last day; NULL: until somebody ends it
    hands_over  INTEGER NOT NULL,  -- 1: what is held goes to the substitute when it begins
    note        TEXT    NOT NULL,
    by_account  INTEGER NOT NULL,  -- who said so; the acts are done in their name
    by_role     TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    ended_at    INTEGER,           -- ended before its last day
    desk_batch  INTEGER NOT NULL,  -- gave away what was held; 0: not yet, or not wished
    cover_batch INTEGER NOT NULL   -- the latest that gave away what was assigned meanwhile; 0: none
) STRICT;
CREATE INDEX absence_of_account ON absence (account, agency) WHERE ended_at IS NULL;
CREATE INDEX absence_of_agency ON absence (agency, id) WHERE ended_at IS NULL;
CREATE INDEX absence_to_begin ON absence (from_day) WHERE ended_at IS NULL AND hands_over = 1 AND desk_batch = 0;
