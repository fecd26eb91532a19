-- Decentralisation and mergers: what a decree moved, and which agency went on for which. Kept for ever.

-- One decree that moved procedures from one agency (or class) to another. Its rows of competence ended the day before and begin
-- on the day; this row remembers the pair, so that whoever comes to the old agency is told the new one.
CREATE TABLE competence_move (
    id          INTEGER NOT NULL PRIMARY KEY,
    decree      TEXT NOT NULL,        -- its number
    on_day      INTEGER NOT NULL,     -- first day of the new competence
    from_class  TEXT,                 -- one of from_class and from_agency is set, and one of to_class and to_agency
    from_agency INTEGER,
    to_class    TEXT,
    to_agency   INTEGER,
    in_flight   TEXT NOT NULL,        -- stay, move: open dossiers, as the decree says
    batch       INTEGER,              -- the batch that moves them; NULL: none (yet)
    at          INTEGER NOT NULL,
    account     INTEGER NOT NULL      -- who entered it; 0: the system
) STRICT;
-- Those whose open dossiers are still to be moved: looked at every hour.
CREATE INDEX competence_move_waiting ON competence_move (on_day) WHERE in_flight = 'move' AND batch IS NULL;

CREATE TABLE competence_move_procedure (
    move           INTEGER NOT NULL REFERENCES competence_move (id),
    procedure_code TEXT NOT NULL,
    PRIMARY KEY (move, procedure_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX competence_move_of_procedure ON competence_move_procedure (procedure_code, move);

-- Whose work an agency went on with: its posts open their queues, its officers see their dossiers.
CREATE INDEX agency_by_successor ON agency (successor) WHERE successor IS NOT NULL;
