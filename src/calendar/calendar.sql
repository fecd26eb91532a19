-- Queries of the working calendars.

-- name: calendar_version_by_hash
SELECT id, name, base, record FROM calendar_version WHERE hash = :hash;

-- name: calendar_version_add
INSERT INTO calendar_version (id, hash, name, base, record, saved_at)
VALUES (:id, :hash, :name, :base, :record, :saved_at);
