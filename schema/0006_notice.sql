-- Notices: what happened to a person's dossiers, for the list that they see after signing in.

-- One notice for one account. Written by the journal's follower "notice" in the command that moves its cursor, so that each
-- act is told once. Goes with the dossier.
CREATE TABLE notice (
    account INTEGER NOT NULL,
    id      INTEGER NOT NULL, -- time-ordered
    dossier INTEGER NOT NULL,
    code    TEXT    NOT NULL, -- the dossier's, as people quote it
    act     TEXT    NOT NULL, -- what was done: 'receive', 'request-supplement'
    at      INTEGER NOT NULL, -- when it was done: UTC microseconds
    seen_at INTEGER,          -- NULL: not seen yet
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
-- The number beside the bell.
CREATE INDEX notice_unread ON notice (account, seen_at) WHERE seen_at IS NULL;
