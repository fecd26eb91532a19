-- Which calendar is in use: of each name the version now, and of each agency the name. What a dossier was promised by stays in
-- dossier.calendar_version; these rows say by what the next one is counted.

-- The version of each calendar that is in use. Written by calendars_publish; kept as long as the name is.
CREATE TABLE calendar_current (
    name    TEXT NOT NULL PRIMARY KEY, -- 'vietnam'
    version TEXT NOT NULL,             -- calendar_version.hash
    since   INTEGER NOT NULL           -- when it came into use
) STRICT, WITHOUT ROWID;

-- By which calendar an agency works, from which day. An agency without a row works by its parent's; at the top stands the
-- State's. Written by agency_calendar_set. Kept for ever: it says why a deadline was counted as it was.
CREATE TABLE agency_calendar (
    agency     INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    name       TEXT    NOT NULL,       -- calendar_current.name; '' the parent's again
    PRIMARY KEY (agency, valid_from)
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_calendar_by_name ON agency_calendar (name);
