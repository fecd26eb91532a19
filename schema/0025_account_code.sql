-- A one-time code that an officer gave at the counter after comparing the card: with it a person chooses the password of a new account,
-- or a new one. One for each account, gone when it is used and when another is given; dead after the setting code-hours. The giving and
-- the choosing are in the journal; the code itself is not.
CREATE TABLE account_code (
    key_hash   BLOB    NOT NULL PRIMARY KEY,  -- SHA-256 of the code
    account    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_code_of_account ON account_code (account);
