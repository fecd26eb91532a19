-- Queries of the step files.

-- name: process_version_by_id
SELECT name, text FROM process_version WHERE id = :id;

-- name: process_version_by_hash
SELECT id FROM process_version WHERE hash = :hash;

-- name: process_version_add
INSERT INTO process_version (id, hash, name, text, saved_at)
VALUES (:id, :hash, :name, :text, :saved_at);
