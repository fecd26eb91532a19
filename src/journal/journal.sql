-- The journal. The queries that read entries give the same fifteen columns, which journal_row_read() reads.

-- name: entry_add
INSERT INTO entry (id, at, subject_kind, subject, version, act, actor, actor_agency, actor_role, origin, salt, payload,
                   payload_hash)
VALUES (:id, :at, :subject_kind, :subject, :version, :act, :actor, :actor_agency, :actor_role, :origin, :salt, :payload,
        :payload_hash);

-- name: leaf_add
-- Gives an entry the next position. At the end of a batch, by the one writer.
INSERT INTO leaf (position, entry, hash)
SELECT coalesce(max(position), 0) + 1, :entry, :hash FROM leaf;

-- name: leaf_add
-- engine: postgres
-- Several transactions end at once there: the place is given when this one can be seen (store_postgres_writer.c).
INSERT INTO leaf_waiting (entry, hash) VALUES (:entry, :hash);

-- name: entries_of_subject
SELECT e.id, e.at, e.subject_kind, e.subject, e.version, e.act, e.actor, e.actor_agency, e.actor_role, e.origin, e.salt,
       e.payload, e.payload_hash, l.position, l.hash
FROM entry e LEFT JOIN leaf l ON l.entry = e.id
WHERE e.subject_kind = :subject_kind AND e.subject = :subject
ORDER BY e.id;

-- name: entries_after
SELECT e.id, e.at, e.subject_kind, e.subject, e.version, e.act, e.actor, e.actor_agency, e.actor_role, e.origin, e.salt,
       e.payload, e.payload_hash, l.position, l.hash
FROM leaf l JOIN entry e ON e.id = l.entry
WHERE l.position > :after
ORDER BY l.position
LIMIT :most;

-- name: entries_all
-- scans: leaf entry: verification reads everything
-- For verification: every place, also one whose entry is gone.
SELECT e.id, e.at, e.subject_kind, e.subject, e.version, e.act, e.actor, e.actor_agency, e.actor_role, e.origin, e.salt,
       e.payload, e.payload_hash, l.position, l.hash
FROM leaf l LEFT JOIN entry e ON e.id = l.entry
ORDER BY l.position;

-- name: entry_without_leaf
-- scans: entry leaf: verification reads everything
SELECT e.id FROM entry e LEFT JOIN leaf l ON l.entry = e.id WHERE l.entry IS NULL ORDER BY e.id LIMIT 1;

-- name: entry_without_leaf
-- engine: postgres
SELECT e.id FROM entry e LEFT JOIN leaf l ON l.entry = e.id LEFT JOIN leaf_waiting w ON w.entry = e.id
WHERE l.entry IS NULL AND w.entry IS NULL ORDER BY e.id LIMIT 1;

-- name: leaves_after
SELECT position, hash FROM leaf WHERE position > :after ORDER BY position LIMIT :most;

-- name: journal_end
SELECT coalesce(max(position), 0) FROM leaf;

-- name: frontier_get
SELECT size, hashes FROM frontier WHERE one = 1;

-- name: frontier_move
UPDATE frontier SET size = :size, hashes = :hashes WHERE one = 1 AND size = :from;

-- name: checkpoint_add
INSERT INTO checkpoint (size, at, origin, root, signature, key_hash)
VALUES (:size, :at, :origin, :root, :signature, :key_hash);

-- name: checkpoint_from
-- The smallest checkpoint over at least so many leaves.
SELECT size, root FROM checkpoint WHERE size >= :size ORDER BY size LIMIT 1;

-- name: checkpoints
-- scans: checkpoint: verification reads everything
SELECT size, at, origin, root, signature, key_hash FROM checkpoint ORDER BY size;

-- name: checkpoint_newest
-- scans: checkpoint: its last row only, in the order of the key
SELECT size, at, origin, root, signature, key_hash FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: follower_take_over
-- The process that calls this owns the follower: whoever held an earlier epoch is refused from now on.
INSERT INTO follower (name, position, epoch) VALUES (:name, 0, 1)
ON CONFLICT (name) DO UPDATE SET epoch = follower.epoch + 1
RETURNING position, epoch;

-- name: follower_move
UPDATE follower SET position = :position WHERE name = :name AND epoch = :epoch AND position = :from;

-- name: follower_lag
SELECT coalesce((SELECT max(position) FROM leaf), 0) - coalesce((SELECT position FROM follower WHERE name = :name), 0);

-- name: follower_lag
-- engine: postgres
-- With what has no position yet.
SELECT coalesce((SELECT max(position) FROM leaf), 0) + (SELECT count(*) FROM leaf_waiting)
     - coalesce((SELECT position FROM follower WHERE name = :name), 0);
