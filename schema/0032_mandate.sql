-- A standing authorisation (Civil Code 91/2015/QH13, art. 134 to 143 and 562 to 569): from one account to another, for what, until when.
-- It holds from the other's acceptance; either ends it alone (art. 140(3)). Written by the commands mandate_give and
-- mandate_answer, each in the journal under the giver's account. Kept as long as the account.
CREATE TABLE mandate (
    id          INTEGER PRIMARY KEY,
    giver       INTEGER NOT NULL,             -- whose matters
    taker       INTEGER NOT NULL,             -- who acts
    field       TEXT    NOT NULL,             -- a field of procedures; '': all
    valid_from  INTEGER NOT NULL,             -- day number
    valid_to    INTEGER NOT NULL,             -- its last day
    state       TEXT    NOT NULL,             -- offered, accepted, refused, ended
    given_at    INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at    INTEGER,
    ended_by    INTEGER NOT NULL DEFAULT 0    -- account
) STRICT;
CREATE INDEX mandate_of_giver ON mandate (giver, id);
CREATE INDEX mandate_of_taker ON mandate (taker, id);
