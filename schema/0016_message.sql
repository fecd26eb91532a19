-- Messages to the world: letters and webhooks. They are made by a follower of the journal in the command that moves its cursor, so
-- each is made once, and sent afterwards, at least once, always under the same id. No row holds a text or an address: both are read
-- when it is sent.

-- One message to one recipient. Kept 30 days after it was made (setting message-days), then dropped by housekeeping.
CREATE TABLE message (
    id        INTEGER NOT NULL PRIMARY KEY, -- also, with the database's origin, the id that receivers see
    lane      INTEGER NOT NULL, -- what waits in one line: 0 all letters, else the webhook endpoint
    account   INTEGER NOT NULL, -- to whom: an account; 0: not to one
    party     INTEGER NOT NULL, -- or to a party of the dossier: its number; 0: not to one
    event     TEXT    NOT NULL, -- what it tells: 'receive', 'digest'; for webhooks the type of the event
    dossier   INTEGER NOT NULL, -- 0: none
    position  INTEGER NOT NULL, -- the journal's entry that it tells; 0: none
    state     TEXT    NOT NULL, -- waiting, sent, given-up, dropped (there was nobody to tell any more)
    attempts  INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    begun_at  INTEGER NOT NULL, -- when trying began: made, or asked to be sent again
    next_at   INTEGER,          -- when to try next; 0: at once; NULL: never
    ended_at  INTEGER,          -- when it was sent or given up
    status    INTEGER NOT NULL, -- what the last attempt was answered, by the protocol's number; 0: nothing
    reason    TEXT    NOT NULL, -- why the last attempt failed, in a word: src/notice/message.c lists them; '' it did not
    said      TEXT    NOT NULL  -- what the other side said then: one line without addresses
) STRICT;
CREATE INDEX message_next ON message (lane, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX message_of_lane ON message (lane, id);
CREATE INDEX message_given_up ON message (ended_at) WHERE state = 'given-up';
CREATE INDEX message_digest ON message (account) WHERE event = 'digest' AND state = 'waiting';

-- A program that is told of events: where, which, of whom. Written by administrators, every change in the journal. Disabled, not
-- deleted.
CREATE TABLE endpoint (
    id         INTEGER NOT NULL PRIMARY KEY,
    url        TEXT    NOT NULL UNIQUE,
    agency     INTEGER NOT NULL, -- only dossiers of this agency; 0: of all
    events     TEXT    NOT NULL, -- types apart by spaces: 'motcua.dossier.issue'; 'motcua.dossier.*' all of dossiers
    secret     BLOB    NOT NULL, -- sealed: what signs
    old_secret BLOB,             -- sealed: what signed before; both sign until old_until
    old_until  INTEGER,
    made_at    INTEGER NOT NULL, -- events from then on are told
    disabled_at INTEGER,         -- NULL: it is told
    disabled_by TEXT   NOT NULL, -- 'admin', 'gone' (it answered 410); '' it is told
    version    INTEGER NOT NULL  -- counts its changes
) STRICT;

-- The address that an account has confirmed, or was asked to confirm. It counts only while it is also the account's e-mail.
CREATE TABLE mail_address (
    account      INTEGER NOT NULL PRIMARY KEY,
    address      TEXT    NOT NULL,
    asked_at     INTEGER NOT NULL, -- when the confirming letter was asked for; its link is good for two days
    asks         INTEGER NOT NULL, -- how many letters were asked for since the last confirmation: each makes the next wait longer
    confirmed_at INTEGER,          -- NULL: not yet, nothing is sent
    is_digest    INTEGER NOT NULL  -- 1: reminders come once a day in one letter
) STRICT;

-- Which kinds of letters an account does not want. No row: it wants them.
CREATE TABLE mail_off (
    account INTEGER NOT NULL,
    kind    TEXT    NOT NULL, -- src/notice/event.c lists them
    PRIMARY KEY (account, kind)
) STRICT, WITHOUT ROWID;

-- Parties of a dossier who have no account and agreed to letters at the address they gave. Goes with the dossier.
CREATE TABLE mail_party (
    dossier INTEGER NOT NULL,
    party   INTEGER NOT NULL,
    off_at  INTEGER,          -- NULL: letters are sent
    PRIMARY KEY (dossier, party)
) STRICT, WITHOUT ROWID;

-- Letters in an agency's own words, every version. Kept for ever: they were sent.
CREATE TABLE wording (
    agency   INTEGER NOT NULL, -- whose words; they count for agencies under it that have none
    event    TEXT    NOT NULL,
    language TEXT    NOT NULL, -- vi, en
    n        INTEGER NOT NULL, -- version, from 1; the last one counts
    subject  TEXT    NOT NULL, -- both empty: back to the standard
    text     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    account  INTEGER NOT NULL, -- who wrote it
    PRIMARY KEY (agency, event, language, n)
) STRICT, WITHOUT ROWID;
