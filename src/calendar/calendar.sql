-- Queries of the working calendars.

-- name: calendar_version_by_hash
SELECT id, name, base, record FROM calendar_version WHERE hash = :hash;

-- name: calendar_version_add
INSERT INTO calendar_version (id, hash, name, base, record, saved_at)
VALUES (:id, :hash, :name, :base, :record, :saved_at);

-- name: calendar_current_put
INSERT INTO calendar_current (name, version, since) VALUES (:name, :version, :since)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, since = excluded.since;

-- name: calendar_current_of
SELECT version, since FROM calendar_current WHERE name = :name;

-- name: calendar_current_all
SELECT k.name, k.version, k.since, v.base, v.record
FROM calendar_current k JOIN calendar_version v ON v.hash = k.version ORDER BY k.name;
