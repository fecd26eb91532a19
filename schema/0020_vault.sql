-- What a person keeps: the electronic store of an organisation or individual (kho dữ liệu điện tử của tổ chức, cá nhân; Decree
-- 45/2020/NĐ-CP as amended), so that what the state once issued is not asked for again.

-- Results that agencies issued, and papers that people put there themselves. Results are written by the journal's follower
-- "vault" from the dossier that they belong to and go when they are replaced; own papers are rows of their owner like
-- uploads, no commands of the journal. Nothing of complaints and denunciations ever comes here.
CREATE TABLE vault_item (
    id             INTEGER PRIMARY KEY,
    account        INTEGER NOT NULL,          -- whose store it is in; 0: of nobody who has an account
    owner_lookup   BLOB,                      -- keyed hash of the owner's number as in identity.lookup; NULL: own paper, or no number
    kind           TEXT    NOT NULL,          -- result, own
    title          TEXT    NOT NULL,          -- of a result the procedure's name, of an own paper what its owner calls it
    hash           BLOB    NOT NULL,          -- SHA-256 of the file
    name           TEXT    NOT NULL,
    type           TEXT    NOT NULL,
    bytes          INTEGER NOT NULL,
    dossier        INTEGER,                   -- NULL: own paper
    file           INTEGER NOT NULL,          -- dossier_file.n; 0: own paper
    code           TEXT    NOT NULL,          -- of the dossier; ''
    procedure_code TEXT    NOT NULL,          -- ''
    agency         INTEGER NOT NULL,          -- who issued it; 0: nobody
    issued         INTEGER,                   -- day number
    valid_until    INTEGER,                   -- day number; NULL: nothing says so
    kept_at        INTEGER NOT NULL           -- UTC microseconds
) STRICT;
CREATE INDEX vault_item_of_account ON vault_item (account, id);
CREATE INDEX vault_item_of_owner ON vault_item (owner_lookup, id) WHERE owner_lookup IS NOT NULL;
CREATE UNIQUE INDEX vault_item_of_dossier ON vault_item (dossier, file) WHERE dossier IS NOT NULL;

-- Whose identity an officer compared with their card at the counter. Only then does a number that somebody typed at sign-up open
-- what the state keeps under that number. Written by the command account.code; goes with the account.
CREATE TABLE account_check (
    account    INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    checked_by INTEGER NOT NULL,              -- account of the officer
    agency     INTEGER NOT NULL
) STRICT;
