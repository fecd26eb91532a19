-- What a draft became, so that its address leads to the receipt for as long as the dossier is kept: who comes back to an old window or a
-- bookmark finds it. Written by the command dossier_submit; goes with the dossier.
CREATE TABLE draft_sent (
    draft   INTEGER PRIMARY KEY,   -- its id, which is no longer a row of draft
    account INTEGER NOT NULL,      -- whose it was
    dossier INTEGER NOT NULL
) STRICT;
