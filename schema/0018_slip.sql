-- Slips: the books of an agency, and the letters that it words itself.

-- Along it run the register of dossiers (Circular 03/2025/TT-VPCP, appendix I) and the lists of a day.
CREATE INDEX dossier_received ON dossier (agency, received_at, id) WHERE received_at IS NOT NULL;

-- What an agency made of a standard letter. Each change is a version, none is changed or deleted: a slip printed again is set
-- from the version of its day. An empty text is the standard restored. Written by slip_wording_save; kept as long as the
-- dossiers whose slips were set from it.
CREATE TABLE slip_wording (
    agency   INTEGER NOT NULL,
    kind     TEXT    NOT NULL,           -- of slip_rows in src/slip/slip.c: receipt, supplement, ...
    n        INTEGER NOT NULL,           -- 1, 2, ... within agency and kind
    text     TEXT    NOT NULL,           -- the template; '' the standard one again
    from_at  INTEGER NOT NULL,           -- in use from then on
    account  INTEGER NOT NULL,           -- who saved it
    PRIMARY KEY (agency, kind, n)
) STRICT, WITHOUT ROWID;
