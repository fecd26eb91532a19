-- Queries of what applicants say is wrong.

-- name: doubt_insert
INSERT INTO dossier_doubt (dossier, place, source) VALUES (:dossier, :place, :source);

-- name: doubt_of_dossier
SELECT place, source FROM dossier_doubt WHERE dossier = :dossier ORDER BY place;
