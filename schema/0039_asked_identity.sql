-- A number that identifies somebody, given anew because the office asked for it, takes the place of the earlier one in the dossier; what
-- stood there is kept here, sealed as it was: for undoing the answer, and so that nothing is lost. Written by the commands of
-- src/dossier/supplement.c; the person's own account is not touched. Goes with the dossier.
CREATE TABLE dossier_identity_before (
    dossier INTEGER NOT NULL,
    item    INTEGER NOT NULL,             -- of dossier_request_item, which was answered
    party   INTEGER NOT NULL,             -- from 1
    number  INTEGER NOT NULL,             -- which of the party's numbers, as in identity
    type    TEXT    NOT NULL,
    cipher  BLOB    NOT NULL,             -- empty: there was none of this type
    lookup  BLOB    NOT NULL,
    masked  TEXT    NOT NULL,
    PRIMARY KEY (dossier, item)
) STRICT, WITHOUT ROWID;
