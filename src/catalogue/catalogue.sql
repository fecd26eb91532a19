-- Queries of procedures. Searching needs no query of its own: see catalogue_index.c.

-- name: procedure_by_code
SELECT id, code, version, number, hash, name, initiator, process FROM procedure WHERE code = :code;

-- name: procedure_insert
INSERT INTO procedure (id, code, version, number, hash, name, field, kind, initiator, process, state, levels, channels, audience)
VALUES (:id, :code, :version, :number, :hash, :name, :field, :kind, :initiator, :process, :state, :levels, :channels, :audience);

-- name: procedure_update
-- The current version is another one now.
UPDATE procedure SET version = :version, number = :number, hash = :hash, name = :name, field = :field, kind = :kind,
    initiator = :initiator, process = :process, state = :state, levels = :levels, channels = :channels, audience = :audience
WHERE id = :id;

-- name: procedure_version_insert
INSERT INTO procedure_version (id, procedure, number, hash, record, source, taken_at)
VALUES (:id, :procedure, :number, :hash, :record, :source, :taken_at);

-- name: procedure_version_by_id
SELECT v.record, v.number, v.hash, v.procedure FROM procedure_version v WHERE v.id = :id;

-- name: procedure_version_by_number
SELECT v.id, v.number, v.hash, v.taken_at FROM procedure_version v JOIN procedure p ON p.id = v.procedure
WHERE p.code = :code AND v.number = :number;

-- name: procedure_versions
-- Newest first.
SELECT v.id, v.number, v.hash, v.taken_at, v.source FROM procedure_version v JOIN procedure p ON p.id = v.procedure
WHERE p.code = :code ORDER BY v.number DESC;

-- name: procedure_all
-- What the index in memory holds, by code.
SELECT code, name, field, kind, initiator, process, state, levels, channels, audience, version, number, hash
FROM procedure ORDER BY code;

-- name: catalogue_change_get
SELECT number FROM catalogue_change WHERE one = 1;

-- name: catalogue_change_count
UPDATE catalogue_change SET number = number + 1 WHERE one = 1;
