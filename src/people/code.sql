-- One-time codes given at the counter, and whose card was compared.

-- name: account_code_insert
INSERT INTO account_code (key_hash, account, expires_at) VALUES (:key, :account, :expires_at);

-- name: account_code_by_key
SELECT account FROM account_code WHERE key_hash = :key AND expires_at > :now;

-- name: account_code_delete_of_account
DELETE FROM account_code WHERE account = :account;

-- name: account_check_save
INSERT INTO account_check (account, at, checked_by, agency) VALUES (:account, :at, :checked_by, :agency)
ON CONFLICT (account) DO UPDATE SET at = excluded.at, checked_by = excluded.checked_by, agency = excluded.agency;
