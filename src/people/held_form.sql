-- Queries of forms that wait for a sign-in.

-- name: held_form_insert
INSERT INTO held_form (key, path, at, content) VALUES (:key, :path, :at, :content);

-- name: held_form_find
SELECT content FROM held_form WHERE key = :key AND path = :path AND at > :since;

-- name: held_form_delete
DELETE FROM held_form WHERE key = :key;

-- name: held_form_forget
-- scans: held_form: no more rows than are kept at most
-- What is too old, and what is beyond the number that is kept.
DELETE FROM held_form
WHERE key IN (SELECT key FROM held_form WHERE at < :before
              OR at <= coalesce((SELECT at FROM held_form ORDER BY at DESC LIMIT 1 OFFSET :most), 0)
              ORDER BY at LIMIT 100);
