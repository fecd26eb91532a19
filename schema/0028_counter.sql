-- The counter: who stands before an officer, who waits in the hall, who has an appointment.

-- How an agency runs its counter. Without a row it runs as src/counter/hall.c says by itself. Written by the command hall_set.
CREATE TABLE hall (
    agency       INTEGER NOT NULL PRIMARY KEY,
    desks        INTEGER NOT NULL,  -- numbered from 1
    slot_minutes INTEGER NOT NULL,  -- length of an appointment
    slot_places  INTEGER NOT NULL,  -- appointments at the same time; 0: none are offered
    days_ahead   INTEGER NOT NULL,  -- how far ahead one can book
    takes_remote INTEGER NOT NULL,  -- 1: a number can be taken from a phone, away from the hall
    lines        TEXT    NOT NULL,  -- "A Nộp hồ sơ", one a row of text; '' for the usual ones
    priorities   TEXT    NOT NULL   -- codes of those who go first, with blanks between them
) STRICT, WITHOUT ROWID;

-- The card that an officer scanned last: who stands before them. Sealed, because it holds a number. No command: it is forgotten
-- within the hour, at the next card, or when the officer says that the next person comes.
CREATE TABLE counter_visit (
    account INTEGER NOT NULL PRIMARY KEY, -- the officer
    at      INTEGER NOT NULL,             -- UTC microseconds
    is_over INTEGER NOT NULL,             -- 1: filed; may be taken up again for another dossier
    sealed  BLOB    NOT NULL              -- JSON of the card
) STRICT;

-- At which desk an officer sits, and which line they call. No command: it says where somebody sits, nothing more.
CREATE TABLE counter_seat (
    account INTEGER NOT NULL PRIMARY KEY,
    agency  INTEGER NOT NULL,
    desk    INTEGER NOT NULL,
    line    TEXT    NOT NULL              -- a letter; '' for every line
) STRICT;

-- A number in the queue. It says nothing of who holds it. No commands with journal entries: numbers last a day; the row itself
-- keeps the moments from which waiting is measured. Kept two years for the comparison of years.
CREATE TABLE ticket (
    id              INTEGER PRIMARY KEY,
    agency          INTEGER NOT NULL,
    day             INTEGER NOT NULL,     -- local day number
    line            TEXT    NOT NULL,     -- A, B, ...: what it is for
    n               INTEGER NOT NULL,     -- from 1 in each line and day
    priority        TEXT    NOT NULL,     -- by which rule its holder goes first; '' for none
    source          TEXT    NOT NULL,     -- kiosk, phone, desk, appointment
    class           INTEGER NOT NULL,     -- 0 by law first, 1 with an appointment, 2 in turn
    state           TEXT    NOT NULL,     -- waiting, called, served, missed
    desk            INTEGER NOT NULL,     -- that called it last; 0: none yet
    account         INTEGER NOT NULL,     -- the officer who called it last; 0: none yet
    taken_at        INTEGER NOT NULL,
    first_called_at INTEGER,
    called_at       INTEGER,              -- the latest call
    calls           INTEGER NOT NULL,
    ended_at        INTEGER
) STRICT;
CREATE UNIQUE INDEX ticket_of_number ON ticket (agency, day, line, n);
CREATE INDEX ticket_by_turn ON ticket (agency, day, state, class, taken_at, id);

-- An appointment at the counter. One row a booking; the index below lets two people have one place never. Written by commands whose
-- entries (subject appointment) are the evidence. Kept two years.
CREATE TABLE appointment (
    id             INTEGER PRIMARY KEY,
    version        INTEGER NOT NULL,
    agency         INTEGER NOT NULL,
    day            INTEGER NOT NULL,      -- local day number of `at`
    at             INTEGER NOT NULL,      -- when it begins: UTC microseconds
    place          INTEGER NOT NULL,      -- from 1 to hall.slot_places
    account        INTEGER NOT NULL,      -- who comes
    procedure_code TEXT    NOT NULL,      -- what for; '' for anything
    state          TEXT    NOT NULL,      -- booked, came, missed, cancelled
    ticket         INTEGER NOT NULL,      -- its number in the queue; 0: none yet
    booked_at      INTEGER NOT NULL,
    ended_at       INTEGER,
    reason         TEXT    NOT NULL,      -- why the office cancelled it
    reminded_at    INTEGER                -- NULL: not yet
) STRICT;
CREATE UNIQUE INDEX appointment_of_place ON appointment (agency, at, place) WHERE state <> 'cancelled';
CREATE INDEX appointment_of_account ON appointment (account, at);
CREATE INDEX appointment_of_day ON appointment (agency, day, at);
CREATE INDEX appointment_to_remind ON appointment (at) WHERE state = 'booked' AND reminded_at IS NULL;
