-- Standing authorisations. All lists and rows have the same columns.

-- name: mandate_insert
INSERT INTO mandate (id, giver, taker, field, valid_from, valid_to, state, given_at)
VALUES (:id, :giver, :taker, :field, :valid_from, :valid_to, 'offered', :at);

-- name: mandate_by_id
SELECT m.id, m.giver, m.taker, m.field, m.valid_from, m.valid_to, m.state, g.name, t.name, m.given_at
FROM mandate m JOIN account g ON g.id = m.giver JOIN account t ON t.id = m.taker WHERE m.id = :id;

-- name: mandate_of_account
SELECT m.id, m.giver, m.taker, m.field, m.valid_from, m.valid_to, m.state, g.name, t.name, m.given_at
FROM (SELECT id FROM mandate WHERE giver = :account UNION SELECT id FROM mandate WHERE taker = :account
      ORDER BY id DESC LIMIT :most) AS own
JOIN mandate m ON m.id = own.id JOIN account g ON g.id = m.giver JOIN account t ON t.id = m.taker
ORDER BY m.id DESC;

-- name: mandate_in_force
SELECT m.id, m.giver, m.taker, m.field, m.valid_from, m.valid_to, m.state, g.name, t.name, m.given_at
FROM mandate m JOIN account g ON g.id = m.giver JOIN account t ON t.id = m.taker
WHERE m.taker = :taker AND m.state = 'accepted' AND m.valid_from <= :day AND m.valid_to >= :day
  AND g.disabled_at IS NULL AND (m.field = '' OR m.field = :field) ORDER BY m.id DESC LIMIT :most;

-- name: mandate_open_count
-- Given and not over: what has run out needs nobody to end it.
SELECT COUNT(*) FROM mandate WHERE giver = :giver AND state IN ('offered', 'accepted') AND valid_to >= :day;

-- name: mandate_set_answer
UPDATE mandate SET state = :state, answered_at = :at WHERE id = :id;

-- name: mandate_set_ended
UPDATE mandate SET state = 'ended', ended_at = :at, ended_by = :account WHERE id = :id;

-- name: account_check_of
SELECT at FROM account_check WHERE account = :account;

-- name: mandate_filing_insert
INSERT INTO dossier_mandate (dossier, mandate)
SELECT :dossier, id FROM mandate
WHERE id = :mandate AND taker = :taker AND state = 'accepted' AND valid_from <= :day AND valid_to >= :day;

-- name: mandate_filings_of_giver
-- What was filed for somebody under their authorisations, newest first; of protected matters nothing.
SELECT f.mandate, d.code, d.procedure_version, d.status, d.submitted_at
FROM mandate m JOIN dossier_mandate f ON f.mandate = m.id JOIN dossier d ON d.id = f.dossier
WHERE m.giver = :giver AND d.is_protected = 0
ORDER BY d.id DESC LIMIT :most;

-- name: mandate_of_filing
SELECT m.id, m.giver, m.taker, m.field, m.valid_from, m.valid_to, m.state, g.name, t.name, m.given_at
FROM dossier_mandate f JOIN mandate m ON m.id = f.mandate JOIN account g ON g.id = m.giver JOIN account t ON t.id = m.taker
WHERE f.dossier = :dossier;
