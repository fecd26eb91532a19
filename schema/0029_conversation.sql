-- What applicant and office say to one another about a dossier, what the office notes for itself, and the phrases that an agency
-- answers with. Written by the commands of src/conversation; all but the phrases goes with the dossier.

-- One message. Its text stands here only: the journal's entry "message" holds its number and the text's hash.
CREATE TABLE conversation_message (
    dossier   INTEGER NOT NULL,
    n         INTEGER NOT NULL,  -- from 1
    is_office INTEGER NOT NULL,  -- 1: the office wrote it, 0: the applicant
    account   INTEGER NOT NULL,  -- who wrote it; 0: the applicant of a protected dossier, whose account would say who it is
    agency    INTEGER NOT NULL,  -- in whose name; 0: the applicant's
    at        INTEGER NOT NULL,  -- UTC microseconds
    text      TEXT    NOT NULL,
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;

-- Files that came with a message; the bytes lie under their hash.
CREATE TABLE conversation_file (
    dossier INTEGER NOT NULL,
    message INTEGER NOT NULL,
    n       INTEGER NOT NULL,    -- from 1
    hash    BLOB    NOT NULL,
    name    TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (dossier, message, n)
) STRICT, WITHOUT ROWID;

-- A dossier that people have talked about: how much of it each side has not seen. Messages and the marks of who has seen them
-- write it; the marks are no commands and stand in no journal: who has read their mail is no act of the office.
CREATE TABLE conversation (
    dossier          INTEGER PRIMARY KEY,
    agency           INTEGER NOT NULL, -- that held the dossier when the last message came
    last             INTEGER NOT NULL, -- number of the last message
    office_unread    INTEGER NOT NULL, -- messages of the applicant that the office has not opened
    applicant_unread INTEGER NOT NULL,
    officer          INTEGER NOT NULL  -- account that wrote last for the office; 0: nobody yet
) STRICT;
CREATE INDEX conversation_unread ON conversation (agency, dossier) WHERE office_unread > 0;

-- What officers note for one another about a dossier. Never shown to the applicant, to asked units or to another agency; the
-- journal's entry "note" holds its number and the text's hash only.
CREATE TABLE conversation_note (
    dossier INTEGER NOT NULL,
    n       INTEGER NOT NULL,    -- from 1
    account INTEGER NOT NULL,
    agency  INTEGER NOT NULL,    -- whose officers read it
    at      INTEGER NOT NULL,
    text    TEXT    NOT NULL,
    PRIMARY KEY (dossier, n)
) STRICT, WITHOUT ROWID;

-- Phrases that an agency answers with, beside the standard ones (src/conversation/phrase.c). A row with the name of a standard
-- phrase stands in its place; an empty text says that the phrase is not offered.
CREATE TABLE conversation_phrase (
    agency     INTEGER NOT NULL,
    name       TEXT    NOT NULL, -- "papers-unclear"; of an own one "own-3"
    use        TEXT    NOT NULL, -- where it is offered: message, or the name of an act whose reason it gives
    title      TEXT    NOT NULL,
    text       TEXT    NOT NULL, -- in the template language
    version    INTEGER NOT NULL, -- counts changes
    changed_at INTEGER NOT NULL,
    changed_by INTEGER NOT NULL,
    PRIMARY KEY (agency, name)
) STRICT, WITHOUT ROWID;
