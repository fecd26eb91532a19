-- What is asked for when papers are asked for, one by one, and what came; and drafts that two devices may write at once.
-- Written by the commands of src/dossier.

-- One request for papers, made by the act request-supplement. Goes with the dossier.
CREATE TABLE dossier_request (
    dossier        INTEGER NOT NULL,
    version        INTEGER NOT NULL,             -- of the dossier, that the act made
    asked_at       INTEGER NOT NULL,             -- UTC microseconds
    until          INTEGER,                      -- local day by which an answer is wanted; NULL: none was named
    note           TEXT    NOT NULL,             -- the general word beside the items
    closed_version INTEGER NOT NULL DEFAULT 0,   -- version of the act that answered it; 0: it is open
    form_before    TEXT    NOT NULL DEFAULT '',  -- the declarations before the answer, when it changed them: for undoing it
    PRIMARY KEY (dossier, version)
) STRICT, WITHOUT ROWID;

-- One paper or one field of a request, with its answer. What was sent as files stands in dossier_file.
CREATE TABLE dossier_request_item (
    dossier          INTEGER NOT NULL,
    n                INTEGER NOT NULL,           -- from 1 over all requests of the dossier
    version          INTEGER NOT NULL,           -- of its request
    component        TEXT    NOT NULL,           -- id of the paper in the procedure version; '': a field is asked for
    field            TEXT    NOT NULL,           -- place in a submission, "/form/request"; '': a paper is asked for
    reason           TEXT    NOT NULL,
    basis            TEXT    NOT NULL,           -- the rule that it rests on; '': as the record of the procedure says
    answered_version INTEGER NOT NULL DEFAULT 0, -- of the act that answered it; 0: not answered
    answered_at      INTEGER,
    before           TEXT    NOT NULL DEFAULT '',-- of a field: its value before the answer
    answer           TEXT    NOT NULL DEFAULT '',-- of a field: its value; of a paper: why it cannot be sent
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;

-- Whoever saves a draft says which version they read, so that two devices never overwrite each other unseen.
ALTER TABLE draft ADD COLUMN version    INTEGER NOT NULL DEFAULT 1;
ALTER TABLE draft ADD COLUMN dossier    INTEGER NOT NULL DEFAULT 0;  -- it answers what is asked of this dossier; 0: a new application
ALTER TABLE draft ADD COLUMN step       TEXT    NOT NULL DEFAULT ''; -- where it was left, the end of the step's address
ALTER TABLE draft ADD COLUMN parts      INTEGER NOT NULL DEFAULT 0;  -- how many parts the application has
ALTER TABLE draft ADD COLUMN parts_done INTEGER NOT NULL DEFAULT 0;  -- how many of them are complete
CREATE UNIQUE INDEX draft_of_dossier ON draft (dossier, account) WHERE dossier <> 0;
