-- What the wiring itself remembers: setting up, maintenance; which papers rows name.

-- name: fact_text
SELECT text FROM meta WHERE name = :name;

-- name: fact_set
INSERT INTO meta (name, text) VALUES (:name, :text) ON CONFLICT (name) DO UPDATE SET text = excluded.text;

-- name: setup_link_insert
INSERT INTO setup_link (key_hash, account, created_at, expires_at, used_at) VALUES (:key, :account, :at, :expires_at, NULL);

-- name: setup_link_by_key
SELECT account, expires_at, used_at FROM setup_link WHERE key_hash = :key;

-- name: setup_link_use
-- All of an account's links end with the first that is used.
UPDATE setup_link SET used_at = :at WHERE account = :account AND used_at IS NULL;

-- name: setup_link_waiting
-- Whose links nobody has used.
SELECT account FROM setup_link WHERE used_at IS NULL ORDER BY created_at LIMIT 1;

-- name: setup_steps
SELECT step, state, note, at FROM setup_step ORDER BY step;

-- name: setup_step_put
INSERT INTO setup_step (step, state, note, account, at) VALUES (:step, :state, :note, :account, :at)
ON CONFLICT (step) DO UPDATE SET state = excluded.state, note = excluded.note, account = excluded.account, at = excluded.at;

-- name: batches_unfinished
SELECT count(*), coalesce(sum(total - done - refused), 0) FROM batch WHERE state < 2;

-- name: worklist_overdue
-- Queue after queue, each only as far as it is late.
WITH RECURSIVE line (queue) AS (
    SELECT min(queue) FROM worklist
    UNION ALL SELECT (SELECT min(w.queue) FROM worklist w WHERE w.queue > line.queue) FROM line WHERE queue IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM worklist w WHERE w.queue = line.queue AND w.due < :now)), 0)
FROM line WHERE queue IS NOT NULL;

-- name: papers_named
-- scans: dossier_file upload vault_item conversation_file: for backups, their verification and doctor, which read everything
-- The hash of every paper that some row names; a paper that none names may go.
SELECT hash FROM dossier_file UNION SELECT hash FROM upload UNION SELECT hash FROM vault_item
UNION SELECT hash FROM conversation_file UNION SELECT file FROM publication WHERE file IS NOT NULL;

-- name: maintenance_get
SELECT begins_at, ends_at, words, closes_writing FROM maintenance WHERE id = 1;

-- name: maintenance_put
INSERT INTO maintenance (id, begins_at, ends_at, words, closes_writing, account, at)
VALUES (1, :begins_at, :ends_at, :words, :closes_writing, :account, :at)
ON CONFLICT (id) DO UPDATE SET begins_at = excluded.begins_at, ends_at = excluded.ends_at, words = excluded.words,
    closes_writing = excluded.closes_writing, account = excluded.account, at = excluded.at;

-- name: store_pragmas
-- How the connection that asks works, and how large the store is: journal mode, synchronous, foreign keys, bytes of a page, its cache,
-- pages, pages free.
SELECT (SELECT journal_mode FROM pragma_journal_mode), (SELECT synchronous FROM pragma_synchronous),
    (SELECT foreign_keys FROM pragma_foreign_keys), (SELECT page_size FROM pragma_page_size),
    (SELECT cache_size FROM pragma_cache_size), (SELECT page_count FROM pragma_page_count),
    (SELECT freelist_count FROM pragma_freelist_count);

-- name: store_pragmas
-- engine: postgres
-- The same of a server: 2 when a commit waits for its platter; its cache is that of all its databases.
SELECT 'PostgreSQL', CASE WHEN current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' THEN 2 ELSE 0 END, 1,
    current_setting('block_size')::bigint, (SELECT setting::bigint FROM pg_settings WHERE name = 'shared_buffers'),
    pg_database_size(current_database()) / current_setting('block_size')::bigint, 0;
