-- Queries of the notice room.

-- name: notice_insert
INSERT INTO notice (account, id, dossier, code, act, at) VALUES (:account, :id, :dossier, :code, :act, :at);

-- name: notice_of_account
-- Newest first.
SELECT id, dossier, code, act, at, seen_at FROM notice
WHERE account = :account AND id < :before
ORDER BY id DESC LIMIT :most;

-- name: notice_unread_count
SELECT count(*) FROM (SELECT 1 FROM notice WHERE account = :account AND seen_at IS NULL LIMIT :most) AS unread;

-- name: notice_see
-- Seen once is seen: the first moment stays.
UPDATE notice SET seen_at = coalesce(seen_at, :now) WHERE account = :account AND id = :id;

-- name: notice_see_about
-- What is told of one kind of event of a dossier, because its reader has just opened it.
UPDATE notice SET seen_at = :now WHERE account = :account AND seen_at IS NULL AND dossier = :dossier AND act = :act;

-- name: notice_see_all
UPDATE notice SET seen_at = :now WHERE account = :account AND seen_at IS NULL AND id <= :id;
