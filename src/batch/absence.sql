-- Queries of absences. Those that read them give the same fifteen columns.

-- name: absence_insert
INSERT INTO absence (id, account, substitute, agency, from_day, to_day, hands_over, note, by_account, by_role, at, answer,
                     desk_batch, cover_batch)
VALUES (:id, :account, :substitute, :agency, :from_day, :to_day, :hands_over, :note, :by_account, :by_role, :at, :answer, 0, 0);

-- name: absence_by_id
SELECT id, account, substitute, agency, from_day, to_day, hands_over, note, by_account, by_role, at, ended_at, desk_batch, cover_batch,
       answer
FROM absence WHERE id = :id;

-- name: absences_of_agency
-- Those that are not over.
SELECT id, account, substitute, agency, from_day, to_day, hands_over, note, by_account, by_role, at, ended_at, desk_batch, cover_batch,
       answer
FROM absence WHERE agency = :agency AND ended_at IS NULL AND (to_day IS NULL OR to_day >= :day) ORDER BY id DESC LIMIT :most;

-- name: absences_between
-- Those that are not over, not declined, and touch these days, of an agency: few.
SELECT id, account, substitute, agency, from_day, to_day, hands_over, note, by_account, by_role, at, ended_at, desk_batch, cover_batch,
       answer
FROM absence
WHERE agency = :agency AND ended_at IS NULL AND (to_day IS NULL OR to_day >= :from_day) AND from_day <= :to_day
  AND answer <> 2;

-- name: absence_on
SELECT id, account, substitute, agency, from_day, to_day, hands_over, note, by_account, by_role, at, ended_at, desk_batch, cover_batch,
       answer
FROM absence
WHERE account = :account AND agency = :agency AND ended_at IS NULL AND answer = 1 AND from_day <= :day AND (to_day IS NULL OR to_day >= :day)
ORDER BY id LIMIT 1;

-- name: absences_to_begin
-- What is held is still to be given away.
SELECT id, account, substitute, agency, from_day, to_day, hands_over, note, by_account, by_role, at, ended_at, desk_batch, cover_batch,
       answer
FROM absence
WHERE ended_at IS NULL AND hands_over = 1 AND desk_batch = 0 AND answer = 1 AND from_day <= :day AND (to_day IS NULL OR to_day >= :day)
ORDER BY from_day LIMIT :most;

-- name: absence_set_desk
UPDATE absence SET desk_batch = :batch WHERE id = :id;

-- name: absence_set_cover
UPDATE absence SET cover_batch = :batch WHERE id = :id;

-- name: absence_set_answer
UPDATE absence SET answer = :answer, answered_at = :now WHERE id = :id AND answer = 0;

-- name: absence_end
UPDATE absence SET ended_at = :now WHERE id = :id AND ended_at IS NULL;

-- name: worklist_held_at_agency
-- What somebody holds at an agency, whatever the queue.
SELECT w.dossier FROM worklist w JOIN queue q ON q.id = w.queue WHERE w.holder = :holder AND w.holder <> 0 AND q.agency = :agency;
