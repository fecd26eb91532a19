-- Calendars and step files by content. A dossier names the version by which its due date was counted and the version of the
-- process it started with; both must be readable as long as any dossier is, so rows are added and never changed or deleted.

-- A working calendar as it was published. Written by calendars_publish.
CREATE TABLE calendar_version (
    id       INTEGER NOT NULL PRIMARY KEY,
    hash     TEXT NOT NULL UNIQUE, -- SHA-256 of the canonical content and of the base's hash, hexadecimal
    name     TEXT NOT NULL,        -- 'vietnam'
    base     TEXT,                 -- hash of the calendar that it is laid over; NULL: it stands alone
    record   TEXT NOT NULL,        -- the JSON (docs/calendar.md)
    saved_at INTEGER NOT NULL
) STRICT;

-- A step file as it was published. Written by process_publish.
CREATE TABLE process_version (
    id       INTEGER NOT NULL PRIMARY KEY,
    hash     TEXT NOT NULL UNIQUE, -- SHA-256 of the normalised text, hexadecimal
    name     TEXT NOT NULL,        -- 'one-stop'
    text     TEXT NOT NULL,        -- the step file with its comments (docs/process_steps.md)
    saved_at INTEGER NOT NULL
) STRICT;
