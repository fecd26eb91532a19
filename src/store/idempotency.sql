-- name: idempotency_find
-- The answer given to this key today or yesterday: a repetition may come after midnight.
SELECT body_hash, status, reply FROM idempotency WHERE day = :day AND actor = :actor AND key = :key
UNION ALL
SELECT body_hash, status, reply FROM idempotency WHERE day = :day - 1 AND actor = :actor AND key = :key
LIMIT 1;

-- name: idempotency_add
INSERT INTO idempotency (day, actor, key, body_hash, status, reply)
VALUES (:day, :actor, :key, :body_hash, :status, :reply);

-- name: idempotency_drop_old
-- Housekeeping: what was done before `day`, a part at a time so that no batch becomes long.
DELETE FROM idempotency WHERE (day, actor, key) IN
    (SELECT day, actor, key FROM idempotency WHERE day < :day ORDER BY day, actor, key LIMIT :most);
