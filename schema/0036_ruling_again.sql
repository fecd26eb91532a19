-- What the tables said of a dossier again, after its applicant answered a supplement: by the same version, with the answers of then. The
-- first word stays in `ruling`; the latest row here counts. Never changed; deleted only when the act is undone. Kept like the dossier.
CREATE TABLE ruling_again (
    dossier     INTEGER NOT NULL REFERENCES ruling (dossier),
    version     INTEGER NOT NULL,     -- of the dossier, after the act that answered
    facts       TEXT NOT NULL,        -- as in ruling
    answer      TEXT NOT NULL,        -- as in ruling
    is_stopped  INTEGER NOT NULL,     -- as in ruling
    PRIMARY KEY (dossier, version)
) STRICT, WITHOUT ROWID;
