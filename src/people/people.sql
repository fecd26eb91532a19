-- Queries of accounts, sessions and tokens. Every list of accounts has the columns of account_by_id.

-- name: account_by_id
SELECT id, version, login, name, kind, language, email, phone, address, must_change, created_at, disabled_at, password_hash
FROM account WHERE id = :id;

-- name: account_by_login
SELECT id, version, login, name, kind, language, email, phone, address, must_change, created_at, disabled_at, password_hash
FROM account WHERE login = :login;

-- name: account_list
SELECT id, version, login, name, kind, language, email, phone, address, must_change, created_at, disabled_at, password_hash
FROM account WHERE login > :after ORDER BY login LIMIT :most;

-- name: account_insert
INSERT INTO account (id, login, kind, name, name_sort_key, password_hash, must_change, language, email, phone, address,
                     created_at, disabled_at, version)
VALUES (:id, :login, :kind, :name, :name_sort_key, :password_hash, :must_change, :language, :email, :phone, :address,
        :created_at, NULL, 1);

-- name: account_set_password
UPDATE account SET password_hash = :password_hash, must_change = :must_change, version = version + 1 WHERE id = :id;

-- name: account_set_disabled
UPDATE account SET disabled_at = :disabled_at, version = version + 1 WHERE id = :id;

-- name: account_set_contact
UPDATE account SET language = :language, email = :email, phone = :phone, address = :address, version = version + 1
WHERE id = :id;

-- name: account_of_number
-- The account that holds a number.
SELECT owner FROM identity WHERE lookup = :lookup AND owner_kind = 0;

-- name: session_by_key
-- Who is behind a cookie, with the post in use. The columns are those of token_by_key.
SELECT s.account, a.login, a.name, a.kind, a.disabled_at, s.expires_at, s.seen_at, p.agency, p.role, p.valid_from, p.valid_to,
       a.must_change
FROM session s JOIN account a ON a.id = s.account LEFT JOIN post p ON p.id = s.post WHERE s.key_hash = :key;

-- name: session_insert
INSERT INTO session (key_hash, account, post, created_at, seen_at, expires_at, device)
VALUES (:key, :account, :post, :at, :at, :expires_at, :device);

-- name: session_of_account
SELECT key_hash, created_at, seen_at, expires_at, device FROM session
WHERE account = :account AND expires_at > :now ORDER BY seen_at DESC, created_at DESC LIMIT 50;

-- name: session_delete_one
DELETE FROM session WHERE key_hash = :key AND account = :account;

-- name: session_touch
UPDATE session SET seen_at = :at WHERE key_hash = :key;

-- name: session_use_post
UPDATE session SET post = :post WHERE key_hash = :key AND account = :account;

-- name: session_delete
DELETE FROM session WHERE key_hash = :key;

-- name: session_delete_of_account
-- All of an account's but one.
DELETE FROM session WHERE account = :account AND key_hash <> :but;

-- name: session_delete_expired
DELETE FROM session WHERE expires_at < :at;

-- name: token_by_key
SELECT t.account, a.login, a.name, a.kind, a.disabled_at, t.expires_at, t.created_at, p.agency, p.role, p.valid_from, p.valid_to,
       0
FROM token t JOIN account a ON a.id = t.account LEFT JOIN post p ON p.id = t.post WHERE t.key_hash = :key;

-- name: token_insert
INSERT INTO token (key_hash, account, post, label, created_at, expires_at)
VALUES (:key, :account, :post, :label, :at, :expires_at);

-- name: token_delete_of_account
DELETE FROM token WHERE account = :account;

-- name: token_delete_expired
DELETE FROM token WHERE expires_at < :at;
