-- How it went, in the words of those who came (rating slip of the one-stop; Circular 01/2018/TT-VPCP, art. 13 to 15).

-- Which dossiers were rated, so that each is once. It does not say how. Written by the command rating_give.
CREATE TABLE rated (
    dossier INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- The ratings, without the dossier, the person and the hour: nobody can tell whose one is. Written by the same command.
CREATE TABLE rating (
    id             INTEGER PRIMARY KEY,
    agency         INTEGER NOT NULL,
    procedure_code TEXT    NOT NULL,
    month          INTEGER NOT NULL,          -- the day number of its first day
    satisfaction   INTEGER NOT NULL,          -- 1 to 5
    time           INTEGER NOT NULL,          -- indicators 1, 3, 4 and 7 of the circular: 0 to 2 points
    contacts       INTEGER NOT NULL,
    bodies         INTEGER NOT NULL,
    attitude       INTEGER NOT NULL,
    comment        TEXT    NOT NULL           -- ''
) STRICT;
CREATE INDEX rating_of_agency ON rating (agency, month);
