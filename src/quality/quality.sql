-- Ratings: written once for each dossier, read as sums.

-- name: rated_of_dossier
SELECT dossier FROM rated WHERE dossier = :dossier;

-- name: rated_insert
INSERT INTO rated (dossier) VALUES (:dossier);

-- name: rating_insert
INSERT INTO rating (id, agency, procedure_code, month, satisfaction, time, contacts, bodies, attitude, comment)
VALUES (:id, :agency, :procedure_code, :month, :satisfaction, :time, :contacts, :bodies, :attitude, :comment);

-- name: rating_sums
SELECT COUNT(*), COUNT(*) FILTER (WHERE satisfaction = 1), COUNT(*) FILTER (WHERE satisfaction = 2), COUNT(*) FILTER (WHERE satisfaction = 3),
       COUNT(*) FILTER (WHERE satisfaction = 4), COUNT(*) FILTER (WHERE satisfaction = 5), COALESCE(SUM(satisfaction), 0),
       COALESCE(SUM(time), 0), COALESCE(SUM(contacts), 0), COALESCE(SUM(bodies), 0), COALESCE(SUM(attitude), 0)
FROM rating WHERE agency = :agency AND month >= :since;

-- name: rating_comments
-- Within a month in the order of their words: so their order says nothing of when.
SELECT comment FROM rating WHERE agency = :agency AND month >= :since AND comment <> ''
ORDER BY month DESC, comment LIMIT 50;
