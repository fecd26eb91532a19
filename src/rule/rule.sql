-- Queries of the tables of procedures. Days before our records are NULL; -1000000 stands for them where they are compared.

-- name: rule_version_insert
INSERT INTO rule_version (id, procedure, number, hash, text, samples, source, taken_at, account)
VALUES (:id, :procedure, :number, :hash, :text, :samples, :source, :taken_at, :account);

-- name: rule_versions
-- Newest first, without what they say: that is long.
SELECT v.id, v.procedure, v.number, v.hash, '', '', v.source, v.taken_at, a.name
FROM rule_version v LEFT JOIN account a ON a.id = v.account
WHERE v.procedure = :procedure ORDER BY v.number DESC;

-- name: rule_newest
SELECT number, hash, samples FROM rule_version WHERE procedure = :procedure ORDER BY number DESC LIMIT 1;

-- name: rule_version_numbered
SELECT v.id, v.procedure, v.number, v.hash, v.text, v.samples, v.source, v.taken_at, a.name
FROM rule_version v LEFT JOIN account a ON a.id = v.account
WHERE v.procedure = :procedure AND v.number = :number;

-- name: rule_in_force
SELECT v.id, v.procedure, v.number, v.hash, v.text, v.samples, v.source, v.taken_at, a.name
FROM rule_publication b JOIN rule_version v ON v.id = b.version LEFT JOIN account a ON a.id = v.account
WHERE b.procedure = :procedure AND coalesce(b.valid_from, -1000000) <= :day
ORDER BY coalesce(b.valid_from, -1000000) DESC, b.n DESC LIMIT 1;

-- name: rule_at
SELECT v.id, v.hash
FROM rule_publication b JOIN rule_version v ON v.id = b.version
WHERE b.procedure = :procedure AND coalesce(b.valid_from, -1000000) <= :day
ORDER BY coalesce(b.valid_from, -1000000) DESC, b.n DESC LIMIT 1;

-- name: rule_text
SELECT text FROM rule_version WHERE id = :id;

-- name: rule_publication_insert
INSERT INTO rule_publication (procedure, n, version, valid_from, number, decided_on, authority, note, at, account)
VALUES (:procedure, (SELECT coalesce(max(b.n), 0) + 1 FROM rule_publication b WHERE b.procedure = :procedure), :version,
        :valid_from, :number, :decided_on, :authority, :note, :at, :account);

-- name: rule_publications
-- Newest first.
SELECT b.n, v.number, b.valid_from, b.number, b.decided_on, b.authority, b.note, b.at, a.name
FROM rule_publication b JOIN rule_version v ON v.id = b.version LEFT JOIN account a ON a.id = b.account
WHERE b.procedure = :procedure ORDER BY b.n DESC;

-- name: ruling_insert
INSERT INTO ruling (dossier, procedure, version, facts, answer, is_stopped)
VALUES (:dossier, :procedure, :version, :facts, :answer, :is_stopped);

-- name: ruling_of_dossier
-- The latest word.
SELECT coalesce(a.answer, r.answer), v.number, v.hash, v.id, r.facts
FROM ruling r JOIN rule_version v ON v.id = r.version
     LEFT JOIN ruling_again a ON a.dossier = r.dossier AND
                                 a.version = (SELECT max(b.version) FROM ruling_again b WHERE b.dossier = :dossier)
WHERE r.dossier = :dossier;

-- name: ruling_again_insert
INSERT INTO ruling_again (dossier, version, facts, answer, is_stopped) VALUES (:dossier, :version, :facts, :answer, :is_stopped);

-- name: ruling_again_delete
DELETE FROM ruling_again WHERE dossier = :dossier AND version = :version;

-- name: rulings_recent
-- Newest first.
SELECT d.code, r.facts, r.answer
FROM ruling r JOIN dossier d ON d.id = r.dossier
WHERE r.procedure = :procedure ORDER BY r.dossier DESC LIMIT :most;
