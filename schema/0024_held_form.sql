-- A form that arrived when its session had ended: kept for an hour, sealed, until the same browser has signed in again. No command
-- of a subject; at most 2,000 rows, the oldest go first.
CREATE TABLE held_form (
    key     BLOB    NOT NULL PRIMARY KEY,        -- SHA-256 of the browser's cookie
    path    TEXT    NOT NULL,                    -- where it was sent to
    at      INTEGER NOT NULL,
    content BLOB    NOT NULL                     -- its fields; sealed, as they may hold numbers of people
) STRICT, WITHOUT ROWID;
CREATE INDEX held_form_by_age ON held_form (at);
