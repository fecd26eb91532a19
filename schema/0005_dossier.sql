-- The dossier, from draft to result. Rows are written by the commands of src/dossier; what people look at as lists is in
-- worklist, kept by the same commands. Retention follows the archive law (Law 33/2024/QH15) once the archive takes over.

-- One dossier: a case that an applicant brought and an agency answers for. id is time-ordered, so new rows share pages.
CREATE TABLE dossier (
    id                INTEGER PRIMARY KEY,
    code              TEXT    NOT NULL,          -- what people quote: <e-identifier>-<YYMMDD>-<number>
    version           INTEGER NOT NULL,          -- counts changes; the ETag
    procedure_version INTEGER NOT NULL,          -- procedure_version.id; the dossier keeps it to its end
    procedure_code    TEXT    NOT NULL,
    process_version   INTEGER NOT NULL,          -- process_version.id of the step table it runs on
    agency            INTEGER NOT NULL,          -- who answers for it now
    channel           TEXT    NOT NULL,          -- online, counter, postal
    case_id           TEXT    NOT NULL,          -- the case within the channel; '' when there is only one
    status            INTEGER NOT NULL,          -- 1..10 of the national portal
    step              TEXT    NOT NULL,          -- of the step table; '' at the end
    queue             INTEGER NOT NULL,          -- whose turn it is; 0: the applicant's, or nobody's
    list_due          INTEGER,                   -- its place in worklist; NULL: in no list
    holder            INTEGER NOT NULL,          -- account that took it or was given it; 0: whoever serves the queue
    submitter         INTEGER NOT NULL,          -- account that submitted
    owner_name        TEXT    NOT NULL,          -- of the first party with role owner, for lists
    submitted_at      INTEGER NOT NULL,          -- UTC microseconds
    received_at       INTEGER,                   -- the clock of the law starts here
    due_at            INTEGER,                   -- NULL: not received yet, or the procedure states no term
    finished_at       INTEGER,
    returned_at       INTEGER,
    term              TEXT    NOT NULL,          -- the rule of due_at: "10wd"; '' when none is stated
    calendar_version  TEXT    NOT NULL,          -- content hash of the calendar that due_at was counted by; '' before
    is_provisional    INTEGER NOT NULL,          -- 1: due_at leans on holidays not announced yet
    outcome           TEXT    NOT NULL,          -- '', granted, refused: as proposed, final once approved
    supplements       INTEGER NOT NULL,          -- how often papers were asked for
    reason            TEXT    NOT NULL,          -- of the latest refusal, supplement, stop or sending back
    form              TEXT    NOT NULL           -- canonical JSON of the declarations; never a number of a person
) STRICT;
CREATE INDEX dossier_of_submitter ON dossier (submitter, id);
CREATE INDEX dossier_of_agency ON dossier (agency, status, id);
-- Only what has a running time limit, so that submitting does not pay for it.
CREATE INDEX dossier_open_by_due ON dossier (agency, due_at, id) WHERE finished_at IS NULL AND due_at IS NOT NULL;

-- Every code that a dossier is known by: ours, and foreign ones given by the national portal.
CREATE TABLE code (
    code    TEXT    NOT NULL PRIMARY KEY,
    dossier INTEGER NOT NULL,
    origin  TEXT    NOT NULL                     -- '' for ours, else who gave it
) STRICT, WITHOUT ROWID;

-- Who takes part. Numbers that identify people are in identity (people), keyed by (dossier, n).
CREATE TABLE dossier_party (
    dossier INTEGER NOT NULL,
    n       INTEGER NOT NULL,                    -- from 1
    role    TEXT    NOT NULL,                    -- owner, submitter, representative
    kind    TEXT    NOT NULL,                    -- citizen, foreigner, business, cooperative, organisation, agency
    name    TEXT    NOT NULL,
    phone   TEXT    NOT NULL,
    email   TEXT    NOT NULL,
    address TEXT    NOT NULL,
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;

-- Every paper of a dossier: components, supplements, results. The bytes are in files/, named by their hash.
CREATE TABLE dossier_file (
    dossier   INTEGER NOT NULL,
    n         INTEGER NOT NULL,                  -- from 1, never used again
    component TEXT    NOT NULL,                  -- id of the component in the procedure version; '' for others
    kind      TEXT    NOT NULL,                  -- component, supplement, result, other
    hash      BLOB    NOT NULL,                  -- SHA-256
    name      TEXT    NOT NULL,
    type      TEXT    NOT NULL,                  -- by content
    bytes     INTEGER NOT NULL,
    digitised INTEGER NOT NULL,                  -- 1: scanned from paper by the office
    reused    INTEGER NOT NULL,                  -- 1: taken from an earlier dossier or a store
    source    TEXT    NOT NULL,                  -- applicant, officer, system
    is_signed INTEGER NOT NULL,                  -- 1: carries an electronic signature
    added_at  INTEGER NOT NULL,
    added_by  INTEGER NOT NULL,                  -- account; 0: the system
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;

-- What waits for whom, by deadline: the inbox reads only this. One row for each open dossier that an office holds.
CREATE TABLE worklist (
    queue   INTEGER NOT NULL,
    due     INTEGER NOT NULL,                    -- the deadline that orders the list; the far future when there is none
    dossier INTEGER NOT NULL,
    holder  INTEGER NOT NULL,
    PRIMARY KEY (queue, due, dossier)
) STRICT, WITHOUT ROWID;

-- Under which words an agency finds its dossiers: the folded words of the owner's name, and '=' with the procedure's code.
-- Written by the journal's follower "search", so that submitting does not pay for it. Goes with the dossier.
CREATE TABLE dossier_word (
    agency  INTEGER NOT NULL,
    word    TEXT    NOT NULL,                    -- without accents: "nguyen"; "=1.013124"
    dossier INTEGER NOT NULL,
    PRIMARY KEY (agency, word, dossier)
) STRICT, WITHOUT ROWID;

-- A file that somebody sent before attaching it: their own row is what lets them attach it. Removed when the draft days pass.
CREATE TABLE upload (
    account INTEGER NOT NULL,
    hash    BLOB    NOT NULL,
    name    TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    bytes   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_age ON upload (at);

-- What an applicant has typed so far. Kept 60 days after the last change (setting draft-days); gone when submitted.
CREATE TABLE draft (
    id             INTEGER PRIMARY KEY,
    account        INTEGER NOT NULL,
    procedure_code TEXT    NOT NULL,
    updated_at     INTEGER NOT NULL,
    content        BLOB    NOT NULL              -- JSON of the fields as typed, not yet checked; sealed, as numbers of people are
) STRICT;
CREATE INDEX draft_of_account ON draft (account, id);
CREATE INDEX draft_by_age ON draft (updated_at);
