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


-- name: notice_concerned
-- Accounts with the number of the dossier's first owner whose card an officer compared.
SELECT DISTINCT i.owner
FROM identity n
JOIN identity i ON i.lookup = n.lookup AND i.owner_kind = 0
JOIN account_check c ON c.account = i.owner
WHERE n.owner_kind = 1 AND n.owner = :dossier
  AND n.n = (SELECT min(p.n) FROM dossier_party p WHERE p.dossier = n.owner AND p.role = 'owner')
LIMIT 8;
