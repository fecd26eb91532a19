-- Reminders of deadlines, and apologies that are drafted before it is too late for them.

-- When each dossier with a running deadline is looked at next. Set to 0 by the journal's follower "reminder" when something
-- happened to it, and to the next moment by whoever looks (src/progress/reminder.c). Goes when the dossier is over.
CREATE TABLE reminder_plan (
    dossier INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL  -- UTC microseconds; 0: at once
) STRICT;
CREATE INDEX reminder_plan_by_time ON reminder_plan (at, dossier);

-- What was said of which deadline: each kind once. Kept as long as the dossier.
CREATE TABLE reminder (
    dossier INTEGER NOT NULL,
    due     INTEGER NOT NULL, -- the deadline that it was about: another one is reminded of anew
    kind    TEXT    NOT NULL, -- before-2, before-1, apology, due, late, leader, above
    at      INTEGER NOT NULL,
    told    INTEGER NOT NULL, -- how many people
    PRIMARY KEY (dossier, due, kind)
) STRICT, WITHOUT ROWID;

-- The extension that a dossier's officer finds prefilled when it will not be done in time. Never sent by itself. One for each
-- dossier, written with the reminder "apology"; goes when the deadline has moved or the dossier is over.
CREATE TABLE apology_draft (
    dossier    INTEGER PRIMARY KEY,
    due        INTEGER NOT NULL, -- the deadline that will not be kept
    until      INTEGER NOT NULL, -- the proposed new day
    reason     TEXT    NOT NULL, -- what the applicant would read, to be completed
    drafted_at INTEGER NOT NULL
) STRICT;
