-- Who brings a dossier, for whom and by what right; how it came and goes back. Rows go with their dossier.

-- By what right a representative acts (Civil Code 91/2015/QH13, art. 136 to 138): parent, guardian, authorised, legal; ''
-- for owners, and where nobody said.
ALTER TABLE dossier_party ADD COLUMN basis TEXT NOT NULL DEFAULT '';

-- What an envelope said and where the result is posted to; a row only where there is something. Written by the submission.
CREATE TABLE dossier_delivery (
    dossier    INTEGER NOT NULL PRIMARY KEY,
    address    TEXT    NOT NULL,                 -- for the return by post; '' otherwise
    sender     TEXT    NOT NULL,                 -- on the envelope; '' when it did not come by post
    postmarked INTEGER                           -- day number; NULL: did not come by post, or could not be read
) STRICT;

-- Whose a denunciation is stays secret (Law 25/2018/QH14, art. 56): the dossier's other rows hold neither names nor addresses nor
-- what was declared; here they are, sealed. Written by the submission.
CREATE TABLE dossier_secret (
    dossier INTEGER NOT NULL PRIMARY KEY,
    sealed  BLOB    NOT NULL                     -- JSON {parties, form, return, post, files}, encrypted as numbers of people are
) STRICT;

-- Who took a denunciation in and therefore knows whose it is. Written by receiving it.
CREATE TABLE dossier_secret_taker (
    dossier INTEGER NOT NULL,
    account INTEGER NOT NULL,
    PRIMARY KEY (dossier, account)
) STRICT, WITHOUT ROWID;

-- Every look at what is secret, for the leader's eyes. No command: a look changes nothing. Goes with the dossier.
CREATE TABLE dossier_secret_look (
    id      INTEGER NOT NULL PRIMARY KEY,
    dossier INTEGER NOT NULL,
    at      INTEGER NOT NULL,                    -- UTC microseconds
    account INTEGER NOT NULL,
    agency  INTEGER NOT NULL,
    role    TEXT    NOT NULL,
    what    TEXT    NOT NULL                     -- identity, paper 1, paper 2, ...
) STRICT;
CREATE INDEX dossier_secret_look_of_dossier ON dossier_secret_look (dossier, id);

-- What a citizen said of what an officer wrote down for them: on their own phone, or on paper that they signed. It holds for the
-- content that was shown, by its hash. Written by the counter's pages and by the submission; one without a dossier goes with
-- its draft's days.
CREATE TABLE confirmation (
    id          INTEGER NOT NULL PRIMARY KEY,
    draft       INTEGER NOT NULL,
    account     INTEGER NOT NULL,                -- the officer whose draft it is
    dossier     INTEGER,                         -- NULL: not filed
    content     BLOB    NOT NULL,                -- SHA-256 of the draft as it was shown
    token       BLOB,                            -- SHA-256 of the token in the QR code; NULL: on paper
    manner      TEXT    NOT NULL,                -- phone, paper
    made_at     INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    answer      TEXT    NOT NULL,                -- '', yes, no
    said        TEXT    NOT NULL,                -- what is wrong, in the citizen's words
    answered_at INTEGER
) STRICT;
CREATE UNIQUE INDEX confirmation_of_token ON confirmation (token) WHERE token IS NOT NULL;
CREATE INDEX confirmation_of_draft ON confirmation (draft, id);
CREATE INDEX confirmation_of_dossier ON confirmation (dossier) WHERE dossier IS NOT NULL;
CREATE INDEX confirmation_by_age ON confirmation (made_at) WHERE dossier IS NULL;
