-- Under which standing authorisation (mandate) a dossier was filed. Written once, with the submission; goes with the dossier. Filing under
-- one that ended later stays filed: only what is done afterwards needs another (Civil Code 91/2015/QH13, art. 140).
CREATE TABLE dossier_mandate (
    dossier INTEGER PRIMARY KEY,
    mandate INTEGER NOT NULL
) STRICT;
