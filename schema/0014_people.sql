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
