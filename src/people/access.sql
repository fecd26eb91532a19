-- Who looked at what of somebody's. Both lists have the same columns.

-- name: access_insert
INSERT INTO access_look (id, person, dossier, account, agency, role, what, n, at)
VALUES (:id, :person, :dossier, :account, :agency, :role, :what, :n, :at);

-- name: access_of_dossier
SELECT l.id, l.account, l.at, l.what, l.n, d.code, COALESCE(g.name, ''), l.role, a.name, d.procedure_code
FROM access_look l JOIN dossier d ON d.id = l.dossier JOIN account a ON a.id = l.account LEFT JOIN agency g ON g.id = l.agency
WHERE l.dossier = :dossier AND l.id < :before ORDER BY l.id DESC LIMIT :most;

-- name: access_of_person
SELECT l.id, l.account, l.at, l.what, l.n, COALESCE(d.code, ''), COALESCE(g.name, ''), l.role, a.name, COALESCE(d.procedure_code, '')
FROM access_look l LEFT JOIN dossier d ON d.id = l.dossier JOIN account a ON a.id = l.account LEFT JOIN agency g ON g.id = l.agency
WHERE l.person = :person AND l.id < :before ORDER BY l.id DESC LIMIT :most;

-- name: access_delete_old
DELETE FROM access_look WHERE id IN (SELECT id FROM access_look WHERE id < :before ORDER BY id LIMIT :most);
