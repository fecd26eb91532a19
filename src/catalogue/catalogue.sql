-- Queries of procedures. Searching needs no query of its own: see catalogue_index.c. Days before our records are NULL; -1000000
-- stands for them where they are compared.

-- name: procedure_by_code
SELECT id, code, (SELECT coalesce(max(v.number), 0) FROM procedure_version v WHERE v.procedure = procedure.id)
FROM procedure WHERE code = :code;

-- name: procedure_in_force
-- The decision that counts on the day, and its version; a withdrawal has none.
SELECT p.id, p.code, v.id, v.number, v.hash, v.name, v.initiator, v.process, v.process_version, b.act, b.valid_from
FROM procedure p JOIN publication b ON b.procedure = p.id LEFT JOIN procedure_version v ON v.id = b.version
WHERE p.code = :code AND coalesce(b.valid_from, -1000000) <= :day
ORDER BY coalesce(b.valid_from, -1000000) DESC, b.n DESC LIMIT 1;

-- name: procedure_last_in_force
-- The version that was in force last, on or before the day.
SELECT p.id, p.code, v.id, v.number, v.hash, v.name, v.initiator, v.process, v.process_version, b.act, b.valid_from
FROM procedure p JOIN publication b ON b.procedure = p.id JOIN procedure_version v ON v.id = b.version
WHERE p.code = :code AND coalesce(b.valid_from, -1000000) <= :day
ORDER BY coalesce(b.valid_from, -1000000) DESC, b.n DESC LIMIT 1;

-- name: procedure_announced
-- The first version that comes into force after the day.
SELECT p.id, p.code, v.id, v.number, v.hash, v.name, v.initiator, v.process, v.process_version, b.act, b.valid_from
FROM procedure p JOIN publication b ON b.procedure = p.id JOIN procedure_version v ON v.id = b.version
WHERE p.code = :code AND b.valid_from > :day
ORDER BY b.valid_from, b.n DESC LIMIT 1;

-- name: procedure_insert
INSERT INTO procedure (id, code) VALUES (:id, :code);

-- name: procedure_version_insert
INSERT INTO procedure_version (id, procedure, number, hash, record, source, taken_at, name, field, kind, initiator, process, state,
                               levels, channels, audience, process_version)
VALUES (:id, :procedure, :number, :hash, :record, :source, :taken_at, :name, :field, :kind, :initiator, :process, :state,
        :levels, :channels, :audience, :process_version);

-- name: procedure_text_insert
INSERT INTO procedure_text (version, name, text) VALUES (:version, :name, :text);

-- name: procedure_text_get
SELECT text FROM procedure_text WHERE version = :version AND name = :name;

-- name: procedure_version_by_id
SELECT v.record, v.number, v.hash, v.procedure FROM procedure_version v WHERE v.id = :id;

-- name: procedure_version_by_number
SELECT v.id, v.number, v.hash, v.taken_at, v.source, v.process_version
FROM procedure_version v JOIN procedure p ON p.id = v.procedure
WHERE p.code = :code AND v.number = :number;

-- name: procedure_versions
-- Newest first.
SELECT v.id, v.number, v.hash, v.taken_at, v.source, v.process_version
FROM procedure_version v JOIN procedure p ON p.id = v.procedure
WHERE p.code = :code ORDER BY v.number DESC;

-- name: procedure_all
-- What is in force on the day, by code: what the index in memory holds.
SELECT p.code, v.name, v.field, v.kind, v.initiator, v.process, v.state, v.levels, v.channels, v.audience, v.id, v.number, v.hash
FROM procedure p JOIN publication b ON b.procedure = p.id JOIN procedure_version v ON v.id = b.version
WHERE b.n = (SELECT x.n FROM publication x WHERE x.procedure = p.id AND coalesce(x.valid_from, -1000000) <= :day
             ORDER BY coalesce(x.valid_from, -1000000) DESC, x.n DESC LIMIT 1)
ORDER BY p.code;

-- name: publication_insert
INSERT INTO publication (procedure, n, act, version, valid_from, number, decided_on, authority, level, is_late, file, file_name,
                         file_type, note, at, account)
VALUES (:procedure, (SELECT coalesce(max(b.n), 0) + 1 FROM publication b WHERE b.procedure = :procedure), :act, :version,
        :valid_from, :number, :decided_on, :authority, :level, :is_late, :file, :file_name, :file_type, :note, :at, :account)
RETURNING n;

-- name: publications_of_procedure
-- Newest first.
SELECT b.n, b.act, v.number, b.valid_from, b.number, b.decided_on, b.authority, b.level, b.is_late, b.file, b.file_name, b.note,
       b.at, b.account, a.name, b.file_type
FROM procedure p JOIN publication b ON b.procedure = p.id LEFT JOIN procedure_version v ON v.id = b.version
LEFT JOIN account a ON a.id = b.account
WHERE p.code = :code ORDER BY b.n DESC;

-- name: catalogue_change_get
SELECT number FROM catalogue_change WHERE one = 1;

-- name: catalogue_change_count
UPDATE catalogue_change SET number = number + 1 WHERE one = 1;
