-- What an applicant says is wrong among what was filled in for them: the office checks it, and tells who keeps the source. Written
-- when the dossier is submitted; goes with it.
CREATE TABLE dossier_doubt (
    dossier INTEGER NOT NULL,
    place   TEXT    NOT NULL,                    -- of the submission: "parties/0/address"
    source  TEXT    NOT NULL,                    -- where it was filled in from: account, or the code of an earlier dossier
    PRIMARY KEY (dossier, place)
) STRICT, WITHOUT ROWID;
