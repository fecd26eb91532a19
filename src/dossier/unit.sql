-- Queries of the units that are asked for an opinion.

-- name: unit_insert
INSERT INTO dossier_unit (dossier, n, agency, account, turn, asked_version, question, asked_at, asked_by, time_us, due_at,
                          opened_at, queue, list_due, answered_at, answered_by, opinion, closed_at, closed_version, closing)
VALUES (:dossier, :n, :agency, :account, :turn, :asked_version, :question, :asked_at, :asked_by, :time_us, :due_at, :opened_at,
        :queue, :list_due, NULL, 0, '', NULL, 0, '');

-- name: unit_update
UPDATE dossier_unit SET due_at = :due_at, opened_at = :opened_at, queue = :queue, list_due = :list_due,
                        answered_at = :answered_at, answered_by = :answered_by, opinion = :opinion, closed_at = :closed_at,
                        closed_version = :closed_version, closing = :closing
WHERE dossier = :dossier AND n = :n;

-- name: unit_of_dossier
SELECT n, agency, account, turn, asked_version, question, asked_at, asked_by, time_us, due_at, opened_at, queue, list_due,
       answered_at, answered_by, opinion, closed_at, closed_version, closing
FROM dossier_unit WHERE dossier = :dossier ORDER BY n;

-- name: unit_delete
DELETE FROM dossier_unit WHERE dossier = :dossier AND n = :n;

-- name: unit_overdue
-- The dossier whose asked unit has been silent the longest.
SELECT dossier FROM dossier_unit
WHERE opened_at IS NOT NULL AND answered_at IS NULL AND closed_at IS NULL AND due_at < :now
ORDER BY due_at, dossier LIMIT 1;
