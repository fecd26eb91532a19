-- Queries of messages to the world: rows of one message have the columns of message_due.

-- name: message_insert
INSERT INTO message (id, lane, account, party, event, dossier, position, state, attempts, made_at, begun_at, next_at, ended_at,
                     status, reason, said)
VALUES (:id, :lane, :account, :party, :event, :dossier, :position, 'waiting', 0, :at, :at, :next_at, NULL, 0, '', '');

-- name: message_due
-- The first in a line, whether due or not.
SELECT id, lane, account, party, event, dossier, position, state, attempts, made_at, begun_at, next_at, ended_at, status, reason, said
FROM message WHERE lane = :lane AND next_at IS NOT NULL ORDER BY next_at LIMIT :most;

-- name: message_list
-- Newest first.
SELECT id, lane, account, party, event, dossier, position, state, attempts, made_at, begun_at, next_at, ended_at, status, reason, said
FROM message WHERE lane = :lane AND id < :before ORDER BY id DESC LIMIT :most;

-- name: message_mark
-- Only of one that still waits: it may have been asked for again meanwhile, which is harmless, or been dropped.
UPDATE message SET state = :state, attempts = attempts + 1, next_at = :next_at, ended_at = :ended_at, status = :status,
                   reason = :reason, said = :said
WHERE id = :id AND state = 'waiting';

-- name: message_again
UPDATE message SET state = 'waiting', attempts = 0, begun_at = :now, next_at = 0, ended_at = NULL
WHERE id = :id AND lane = :lane;

-- name: message_again_between
-- Those made in a span of time.
UPDATE message SET state = 'waiting', attempts = 0, begun_at = :now, next_at = 0, ended_at = NULL
WHERE lane = :lane AND made_at >= :from AND made_at < :to AND state <> 'waiting';

-- name: message_drop_lane
UPDATE message SET state = 'dropped', next_at = NULL, ended_at = :now, reason = :reason WHERE lane = :lane AND next_at IS NOT NULL;

-- name: message_forget
-- Some of the old ones that wait for nothing.
DELETE FROM message WHERE id IN (SELECT id FROM message WHERE made_at < :before AND next_at IS NULL LIMIT 1000);

-- name: message_waiting_count
-- scans: message: an index of those that wait only, which are few
SELECT count(*), min(made_at) FROM message WHERE next_at IS NOT NULL;

-- name: message_given_up_count
SELECT count(*) FROM message WHERE state = 'given-up' AND ended_at >= :since;

-- name: message_given_up_last
-- scans: message: one row, in the order of an index
SELECT id, lane, account, party, event, dossier, position, state, attempts, made_at, begun_at, next_at, ended_at, status, reason, said
FROM message WHERE state = 'given-up' ORDER BY ended_at DESC LIMIT 1;

-- name: message_digest_waiting
SELECT id FROM message WHERE event = 'digest' AND state = 'waiting' AND account = :account LIMIT 1;

-- name: mail_address_get
-- With the account's own e-mail, name, kind and language; what was never asked for is NULL.
SELECT a.email, a.name, a.kind, a.language, a.disabled_at, m.address, m.asked_at, m.confirmed_at, m.is_digest, m.asks
FROM account a LEFT JOIN mail_address m ON m.account = a.id WHERE a.id = :account;

-- name: mail_address_ask
INSERT INTO mail_address (account, address, asked_at, asks, confirmed_at, is_digest) VALUES (:account, :address, :now, 1, NULL, 0)
ON CONFLICT (account) DO UPDATE SET address = :address, asked_at = :now, asks = mail_address.asks + 1, confirmed_at = NULL;

-- name: mail_address_confirm
UPDATE mail_address SET confirmed_at = :now, asks = 0 WHERE account = :account AND asked_at = :asked_at AND confirmed_at IS NULL;

-- name: mail_address_digest
UPDATE mail_address SET is_digest = :is_digest WHERE account = :account;

-- name: mail_off_list
SELECT kind FROM mail_off WHERE account = :account;

-- name: mail_off_add
INSERT INTO mail_off (account, kind) VALUES (:account, :kind) ON CONFLICT (account, kind) DO NOTHING;

-- name: mail_off_remove
DELETE FROM mail_off WHERE account = :account AND kind = :kind;

-- name: mail_party_add
INSERT INTO mail_party (dossier, party, off_at) VALUES (:dossier, :party, NULL) ON CONFLICT (dossier, party) DO NOTHING;

-- name: mail_party_list
SELECT party, off_at FROM mail_party WHERE dossier = :dossier;

-- name: mail_party_off
UPDATE mail_party SET off_at = coalesce(off_at, :now) WHERE dossier = :dossier AND party = :party;

-- name: wording_current
SELECT n, subject, text, at, account FROM wording WHERE agency = :agency AND event = :event AND language = :language
ORDER BY n DESC LIMIT 1;

-- name: wording_versions
SELECT l.n, l.subject, l.text, l.at, coalesce(a.name, '') FROM wording l LEFT JOIN account a ON a.id = l.account
WHERE l.agency = :agency AND l.event = :event AND l.language = :language ORDER BY l.n DESC LIMIT 50;

-- name: wording_insert
INSERT INTO wording (agency, event, language, n, subject, text, at, account)
VALUES (:agency, :event, :language, :n, :subject, :text, :now, :account);

-- name: endpoint_disable
UPDATE endpoint SET disabled_at = :now, disabled_by = :by, version = version + 1 WHERE id = :id AND disabled_at IS NULL;

-- name: endpoint_enable
UPDATE endpoint SET disabled_at = NULL, disabled_by = '', version = version + 1 WHERE id = :id AND disabled_at IS NOT NULL;

-- name: endpoint_live
-- Whom events are told; few.
SELECT id, url, agency, events, secret, old_secret, old_until, made_at, disabled_at, disabled_by, version FROM endpoint
WHERE disabled_at IS NULL ORDER BY id;

-- name: endpoint_list
SELECT id, url, agency, events, secret, old_secret, old_until, made_at, disabled_at, disabled_by, version FROM endpoint ORDER BY id
LIMIT :most;

-- name: endpoint_by_id
SELECT id, url, agency, events, secret, old_secret, old_until, made_at, disabled_at, disabled_by, version FROM endpoint WHERE id = :id;

-- name: endpoint_insert
INSERT INTO endpoint (id, url, agency, events, secret, old_secret, old_until, made_at, disabled_at, disabled_by, version)
VALUES (:id, :url, :agency, :events, :secret, NULL, NULL, :now, NULL, '', 1);

-- name: endpoint_rotate
-- The secret that signed so far signs on beside the new one until then.
UPDATE endpoint SET old_secret = secret, old_until = :until, secret = :secret, version = version + 1 WHERE id = :id;
