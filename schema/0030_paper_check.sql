-- The check-list of a dossier's papers. Working marks of the office, written by src/dossier/paper_check.c outside the journal:
-- what counts is the act that follows from them, which says in its own words what is missing. Goes with the dossier.
CREATE TABLE dossier_paper_check (
    dossier   INTEGER NOT NULL,
    component TEXT    NOT NULL,  -- of the procedure's record
    state     TEXT    NOT NULL,  -- seen, incomplete, accepted
    word      TEXT    NOT NULL,  -- what is incomplete about it; '' else
    account   INTEGER NOT NULL,  -- who looked
    at        INTEGER NOT NULL,  -- UTC microseconds; a paper that came later has to be looked at anew
    PRIMARY KEY (dossier, component)
) STRICT, WITHOUT ROWID;
