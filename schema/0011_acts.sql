-- Every legal act on a dossier: extension, transfer, hand-over, payment, consultation, correction, undo; and the rule set by
-- which it is judged. Written by the commands of src/dossier.

ALTER TABLE dossier ADD COLUMN extensions     INTEGER NOT NULL DEFAULT 0;  -- how often the time limit was extended
ALTER TABLE dossier ADD COLUMN corrections    INTEGER NOT NULL DEFAULT 0;  -- how often the issued result was corrected
ALTER TABLE dossier ADD COLUMN step_since     INTEGER;                     -- it came to its present step, or to its end; NULL: before this was kept
ALTER TABLE dossier ADD COLUMN step_due       INTEGER;                     -- the step itself is to be done by then; NULL: nothing says so
ALTER TABLE dossier ADD COLUMN held_at        INTEGER;                     -- the clock stands since then; NULL: it runs or has not begun
ALTER TABLE dossier ADD COLUMN held_due       INTEGER;                     -- due_at as it was when the clock was stopped
ALTER TABLE dossier ADD COLUMN rule_set       TEXT    NOT NULL DEFAULT ''; -- rules/one-stop.json: in force on the day of reception, before it of submission
ALTER TABLE dossier ADD COLUMN return_manner  TEXT    NOT NULL DEFAULT ''; -- '', in-person, post, electronic
ALTER TABLE dossier ADD COLUMN handed_over_at INTEGER;                     -- the unit that handles it has the papers; NULL: not yet
ALTER TABLE dossier ADD COLUMN is_protected   INTEGER NOT NULL DEFAULT 0;  -- 1: whose it is stays secret (complaints, denunciations)
ALTER TABLE dossier ADD COLUMN units_due      INTEGER;                     -- latest deadline of the units that have not answered; NULL: none is waited for

-- '' for what is the dossier's; 'replaced': a result that a corrected one took the place of, kept for the office; 'undone': came
-- with an act that was undone, and is shown to nobody (the number is never used again).
ALTER TABLE dossier_file ADD COLUMN state TEXT NOT NULL DEFAULT '';

-- The latest act of a dossier and how it was before, so that its author can undo a mistake (setting undo-minutes). One row for
-- each dossier, written by every act; goes with the dossier.
CREATE TABLE dossier_undo (
    dossier INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,          -- that the act made
    act     TEXT    NOT NULL,
    account INTEGER NOT NULL,          -- its author
    at      INTEGER NOT NULL,
    state   TEXT    NOT NULL           -- canonical JSON of the columns before it; '' when the act cannot be undone
) STRICT;
