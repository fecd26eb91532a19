-- Who looked at what of somebody's (Law on the Protection of Personal Data 91/2025/QH15, art. 4: people may know how their data is
-- used). No command: a look changes nothing; it is written in batches a moment after it. Nothing of protected identities
-- (dossier_secret_look has those). Kept for the setting access-days. Ids are time-ordered, so age needs no index of its own.
CREATE TABLE access_look (
    id      INTEGER PRIMARY KEY,
    person  INTEGER NOT NULL,          -- account whose data it is; 0: of nobody who has one
    dossier INTEGER NOT NULL,          -- 0: the account itself
    account INTEGER NOT NULL,          -- who looked
    agency  INTEGER NOT NULL,          -- in whose name; 0: nobody's
    role    TEXT    NOT NULL,
    what    INTEGER NOT NULL,          -- 0 the dossier, 1 a paper, 2 the account
    n       INTEGER NOT NULL,          -- of the paper; 0
    at      INTEGER NOT NULL           -- UTC microseconds
) STRICT;
CREATE INDEX access_look_of_dossier ON access_look (dossier, id);
CREATE INDEX access_look_of_person ON access_look (person, id);

-- What a person calls the device of a session by: "Chrome, Android"; '' when nothing is known. No address is kept.
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
