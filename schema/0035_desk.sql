-- An officer who is away may ask a colleague before the work goes there; and a calendar that an agency takes on a later day is counted
-- by on that day.

-- 0: the substitute was asked and has not answered, nothing goes to them; 1: they cover, because it was decided or they said yes;
-- 2: they said no. Written by the commands of src/batch/absence.c.
ALTER TABLE absence ADD COLUMN answer INTEGER NOT NULL DEFAULT 1;
ALTER TABLE absence ADD COLUMN answered_at INTEGER; -- NULL: nobody was asked, or not yet answered

-- 0: open deadlines are still to be counted anew on valid_from (src/batch/recount_kind.c); 1: that was begun.
ALTER TABLE agency_calendar ADD COLUMN is_begun INTEGER NOT NULL DEFAULT 1;
UPDATE agency_calendar SET is_begun = 0 WHERE valid_from > CAST(strftime('%s', 'now') AS INTEGER) / 86400;
CREATE INDEX agency_calendar_to_begin ON agency_calendar (valid_from) WHERE is_begun = 0;
