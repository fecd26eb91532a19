-- The inbox: what stands in it by the kind of work, what came lately, what an officer has seen, the views that they keep.

-- Which tab a row stands under, and since when it is this officer's or this queue's turn (microseconds; 0: from before there was
-- such a mark). Both are kept by the commands that keep the row.
ALTER TABLE worklist ADD COLUMN stage INTEGER NOT NULL DEFAULT 2; -- 1 to receive, 2 in hand, 3 to return
ALTER TABLE worklist ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE worklist SET stage = (SELECT CASE d.status WHEN 1 THEN 1 WHEN 9 THEN 3 ELSE 2 END FROM dossier d WHERE d.id = worklist.dossier)
WHERE EXISTS (SELECT 1 FROM dossier d WHERE d.id = worklist.dossier AND d.status IN (1, 9));
CREATE INDEX worklist_stage ON worklist (queue, stage, due, dossier);
CREATE INDEX worklist_since ON worklist (queue, since);

-- When an officer last looked at a tab of their inbox, so that its badge counts only what came since. No command and no journal
-- entry: nobody's right hangs on it. Kept as long as the account.
CREATE TABLE inbox_seen (
    account INTEGER NOT NULL,
    agency  INTEGER NOT NULL,      -- of the post in use
    tab     INTEGER NOT NULL,      -- 0 all, 1 to receive, 2 in hand, 3 to return
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, agency, tab)
) STRICT, WITHOUT ROWID;

-- Views that an officer keeps under a name of their own. No command and no journal entry: only their author sees them. Kept until
-- they are removed.
CREATE TABLE inbox_view (
    account INTEGER NOT NULL,
    n       INTEGER NOT NULL,      -- from 1
    name    TEXT    NOT NULL,
    filter  TEXT    NOT NULL,      -- as in the address: 'moi.qua-han'
    PRIMARY KEY (account, n)
) STRICT, WITHOUT ROWID;

-- Batches for a leader of the agency in which they were asked for; and those whose items are old enough to go (90 days after the
-- end: what was done stands in the journal under the batch's number).
CREATE INDEX batch_of_agency ON batch (agency, id);
CREATE INDEX batch_finished ON batch (finished_at) WHERE finished_at IS NOT NULL;
