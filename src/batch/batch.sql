-- Queries of the batch room. Those that read batches give the same fifteen columns: batch_store.c reads them.

-- name: batch_insert
INSERT INTO batch (id, version, kind, state, account, agency, role, parameters, total, done, refused, is_listed, listed_to,
                   started_at)
VALUES (:id, 1, :kind, 0, :account, :agency, :role, :parameters, :total, 0, 0, :is_listed, 0, :started_at);

-- name: batch_by_id
SELECT id, version, kind, state, account, agency, role, parameters, total, done, refused, is_listed, listed_to, started_at,
       finished_at
FROM batch WHERE id = :id;

-- name: batches_open
-- What is not finished, the oldest first.
SELECT id, version, kind, state, account, agency, role, parameters, total, done, refused, is_listed, listed_to, started_at,
       finished_at
FROM batch WHERE state < 2 ORDER BY id LIMIT :most;

-- name: batches_of_account
-- Newest first.
SELECT id, version, kind, state, account, agency, role, parameters, total, done, refused, is_listed, listed_to, started_at,
       finished_at
FROM batch WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :most;

-- name: batches_of_agency
-- What others of an agency asked for, newest first.
SELECT id, version, kind, state, account, agency, role, parameters, total, done, refused, is_listed, listed_to, started_at,
       finished_at
FROM batch WHERE agency = :agency AND account <> :account AND id < :before ORDER BY id DESC LIMIT :most;

-- name: batch_items_prune
DELETE FROM batch_item WHERE (batch, n) IN (
    SELECT i.batch, i.n FROM batch b JOIN batch_item i ON i.batch = b.id
    WHERE b.finished_at IS NOT NULL AND b.finished_at < :before LIMIT :most);

-- name: batch_end
-- Done (2) or stopped (3): once.
UPDATE batch SET state = :state, finished_at = :now, version = version + 1 WHERE id = :id AND state < 2;

-- name: batch_count_done
-- Counted also when the batch was stopped at the same time, which it then stays.
UPDATE batch SET done = done + 1, state = CASE WHEN state = 0 THEN 1 ELSE state END WHERE id = :id;

-- name: batch_count_refused
UPDATE batch SET refused = refused + :count, state = 1 WHERE id = :id AND state < 2;

-- name: batch_list_on
-- More items: those whose subjects have an id above the last one's.
UPDATE batch SET total = total + :count, listed_to = :listed_to, is_listed = :is_listed
WHERE id = :id AND state < 2 AND is_listed = 0 AND listed_to = :from;

-- name: batch_listed_to
SELECT listed_to, total FROM batch WHERE id = :id AND state < 2 AND is_listed = 0;

-- name: batch_item_insert
INSERT INTO batch_item (batch, n, state, subject, version, why) VALUES (:batch, :n, 0, :subject, :version, '');

-- name: batch_item_states
-- Whether an item may still be done.
SELECT i.state, b.state FROM batch_item i JOIN batch b ON b.id = i.batch WHERE i.batch = :batch AND i.n = :n;

-- name: batch_item_end
-- Once: done (1) or refused (2).
UPDATE batch_item SET state = :state, why = :why, at = :now WHERE batch = :batch AND n = :n AND state = 0;

-- name: batch_items_of_state
SELECT n, state, subject, version, why, at FROM batch_item
WHERE batch = :batch AND state = :state AND n > :after ORDER BY n LIMIT :most;

-- name: batch_items
SELECT n, state, subject, version, why, at FROM batch_item WHERE batch = :batch AND n > :after ORDER BY n LIMIT :most;

-- name: dossier_in_flight_of_agency
-- Open dossiers of a procedure at an agency, which a decree may take along; a result that waits to be handed over stays.
SELECT d.id FROM dossier d
WHERE d.agency = :agency AND d.status IN (1, 2, 4, 5, 6) AND d.procedure_code = :procedure;

-- name: dossier_in_flight_of_class
SELECT d.id FROM agency a JOIN dossier d ON d.agency = a.id
WHERE a.class = :class AND d.status IN (1, 2, 4, 5, 6) AND d.procedure_code = :procedure;

-- name: batch_add_one
-- One more item for a batch that is not over.
UPDATE batch SET total = total + 1 WHERE id = :id AND state < 2 AND is_listed = 1 RETURNING total;
