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
