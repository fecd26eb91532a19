-- Queries of the dossier room. Lists for people come from worklist; every list has its index.

-- name: dossier_insert
INSERT INTO dossier (id, code, version, procedure_version, procedure_code, process_version, agency, channel, case_id, status,
                     step, queue, list_due, holder, submitter, owner_name, submitted_at, received_at, due_at, finished_at,
                     returned_at, term, calendar_version, is_provisional, outcome, supplements, reason, extensions,
                     corrections, step_since, step_due, held_at, held_due, rule_set, return_manner, handed_over_at,
                     is_protected, units_due, form)
VALUES (:id, :code, :version, :procedure_version, :procedure_code, :process_version, :agency, :channel, :case_id, :status,
        :step, :queue, :list_due, :holder, :submitter, :owner_name, :submitted_at, :received_at, :due_at, :finished_at,
        :returned_at, :term, :calendar_version, :is_provisional, :outcome, :supplements, :reason, :extensions, :corrections,
        :step_since, :step_due, :held_at, :held_due, :rule_set, :return_manner, :handed_over_at, :is_protected, :units_due,
        :form);

-- name: dossier_update
-- The version in the condition is the one that was read: nobody's change is overwritten.
UPDATE dossier SET version = :version, agency = :agency, status = :status, step = :step, queue = :queue, list_due = :list_due,
                   holder = :holder, received_at = :received_at, due_at = :due_at, finished_at = :finished_at,
                   returned_at = :returned_at, term = :term, calendar_version = :calendar_version,
                   is_provisional = :is_provisional, outcome = :outcome, supplements = :supplements, reason = :reason,
                   extensions = :extensions, corrections = :corrections, step_since = :step_since, step_due = :step_due,
                   held_at = :held_at, held_due = :held_due, rule_set = :rule_set, return_manner = :return_manner,
                   handed_over_at = :handed_over_at, units_due = :units_due
WHERE id = :id AND version = :read_version;

-- part: dossier_row
id, code, version, procedure_version, procedure_code, process_version, agency, channel, case_id, status, step, queue,
list_due, holder, submitter, owner_name, submitted_at, received_at, due_at, finished_at, returned_at, term,
calendar_version, is_provisional, outcome, supplements, reason, extensions, corrections, step_since, step_due, held_at,
held_due, rule_set, return_manner, handed_over_at, is_protected, units_due

-- name: dossier_by_id
SELECT @dossier_row, form
FROM dossier WHERE id = :id;

-- name: dossier_by_code
SELECT @d.dossier_row, d.form
FROM code c JOIN dossier d ON d.id = c.dossier
WHERE c.code = :code;

-- name: code_dossier
-- Whose code it is; for what is asked of a dossier together with its row.
SELECT dossier FROM code WHERE code = :code;

-- name: dossier_code
SELECT code FROM dossier WHERE id = :id;

-- name: dossier_summary
-- Lists leave the declarations out: a row then costs no more than its page.
SELECT @dossier_row, '' AS form
FROM dossier WHERE id = :id;

-- name: dossier_summaries
-- The same of several, "12,15", in any order.
SELECT @x.dossier_row, '' AS form
FROM json_each('[' || :ids || ']') AS s JOIN dossier x ON x.id = s.value;

-- name: dossier_summaries
-- engine: postgres
SELECT @x.dossier_row, '' AS form
FROM unnest(string_to_array(:ids, ',')::bigint[]) AS s (id)
     CROSS JOIN LATERAL (SELECT * FROM dossier d WHERE d.id = s.id LIMIT 1) AS x;

-- name: dossier_of_submitter
-- A person's own, newest first.
SELECT @dossier_row, '' AS form
FROM dossier WHERE submitter = :submitter AND id < :before
ORDER BY id DESC LIMIT :most;

-- name: dossier_of_agency
-- An agency's in one status, newest first; several statuses are merged by their order (dossier_list.c).
SELECT @dossier_row, '' AS form
FROM dossier WHERE agency = :agency AND status = :status AND id < :before
ORDER BY id DESC LIMIT :most;

-- name: dossier_open_by_due
-- An agency's open ones with a running time limit, the most urgent first.
SELECT @dossier_row, '' AS form
FROM dossier
WHERE agency = :agency AND finished_at IS NULL AND due_at IS NOT NULL AND due_at < :due_before AND (due_at, id) > (:due, :id)
ORDER BY due_at, id LIMIT :most;

-- name: dossier_heads_of_agencies
-- The first of many such lists, of each agency one for each status, each with its number in that order from 0.
SELECT @d.dossier_row, '' AS form, CAST(o.key AS INTEGER) * json_array_length('[' || :statuses || ']') + CAST(s.key AS INTEGER) AS list
FROM json_each('[' || :agencies || ']') AS o JOIN json_each('[' || :statuses || ']') AS s
     JOIN dossier d ON d.id IN (
         SELECT x.id FROM dossier x WHERE x.agency = o.value AND x.status = s.value AND x.id < :before
         ORDER BY x.id DESC LIMIT :most)
ORDER BY list, d.id DESC;

-- name: dossier_heads_of_agencies
-- engine: postgres
SELECT @d.dossier_row, '' AS form, (o.n - 1) * cardinality(string_to_array(:statuses, ',')) + s.n - 1 AS list
FROM unnest(string_to_array(:agencies, ',')::bigint[]) WITH ORDINALITY AS o (agency, n)
     CROSS JOIN unnest(string_to_array(:statuses, ',')::bigint[]) WITH ORDINALITY AS s (status, n)
     CROSS JOIN LATERAL (SELECT * FROM dossier x WHERE x.agency = o.agency AND x.status = s.status AND x.id < :before
                         ORDER BY x.id DESC LIMIT :most) AS d
ORDER BY list, d.id DESC;

-- name: dossier_heads_by_due
-- The first open ones of many agencies.
SELECT @d.dossier_row, '' AS form, CAST(o.key AS INTEGER) AS list
FROM json_each('[' || :agencies || ']') AS o
     JOIN dossier d ON d.id IN (
         SELECT x.id FROM dossier x
         WHERE x.agency = o.value AND x.finished_at IS NULL AND x.due_at IS NOT NULL AND x.due_at < :due_before AND (x.due_at, x.id) > (:due, :id)
         ORDER BY x.due_at, x.id LIMIT :most)
ORDER BY list, d.due_at, d.id;

-- name: dossier_heads_by_due
-- engine: postgres
SELECT @d.dossier_row, '' AS form, o.n - 1 AS list
FROM unnest(string_to_array(:agencies, ',')::bigint[]) WITH ORDINALITY AS o (agency, n)
     CROSS JOIN LATERAL (SELECT * FROM dossier x
                         WHERE x.agency = o.agency AND x.finished_at IS NULL AND x.due_at IS NOT NULL AND x.due_at < :due_before AND (x.due_at, x.id) > (:due, :id)
                         ORDER BY x.due_at, x.id LIMIT :most) AS d
ORDER BY list, d.due_at, d.id;

-- name: dossier_by_code_range
-- Codes with a prefix, the latest first.
SELECT @d.dossier_row, '' AS form, c.code
FROM code c JOIN dossier d ON d.id = c.dossier
WHERE c.code >= :prefix AND c.code < :before
ORDER BY c.code DESC LIMIT :most;

-- name: dossier_export
-- Every one, in portions of the key (motcua export).
SELECT @dossier_row, form
FROM dossier WHERE id > :after AND id <= :end
ORDER BY id LIMIT :most;

-- name: dossier_last
SELECT coalesce(max(id), 0) FROM dossier;

-- name: dossier_word_insert
INSERT INTO dossier_word (agency, word, dossier) VALUES (:agency, :word, :dossier) ON CONFLICT DO NOTHING;

-- name: dossier_word_delete
DELETE FROM dossier_word WHERE agency = :agency AND word = :word AND dossier = :dossier;

-- name: dossier_word_page
-- What an agency finds under one word, newest first; the lists of several words are walked together (word_walk.c).
SELECT dossier FROM dossier_word WHERE agency = :agency AND word = :word AND dossier < :before
ORDER BY dossier DESC LIMIT :most;

-- name: code_insert
INSERT INTO code (code, dossier, origin) VALUES (:code, :dossier, :origin);

-- name: party_insert
INSERT INTO dossier_party (dossier, n, role, kind, name, phone, email, address, basis)
VALUES (:dossier, :n, :role, :kind, :name, :phone, :email, :address, :basis);

-- name: party_brief
SELECT name, email FROM dossier_party WHERE dossier = :dossier AND n = :n;

-- name: party_of_dossier
SELECT n, role, kind, name, phone, email, address, basis FROM dossier_party WHERE dossier = :dossier ORDER BY n;

-- name: dossier_file_insert
INSERT INTO dossier_file (dossier, n, component, kind, hash, name, type, bytes, digitised, reused, source, is_signed, added_at,
                          added_by)
VALUES (:dossier, :n, :component, :kind, :hash, :name, :type, :bytes, :digitised, :reused, :source, :is_signed, :added_at,
        :added_by);

-- name: dossier_file_of_dossier
-- What came with an act that was undone is nobody's any more.
SELECT n, component, kind, hash, name, type, bytes, digitised, reused, source, is_signed, added_at, added_by, state
FROM dossier_file WHERE dossier = :dossier AND state <> 'undone' ORDER BY n;

-- name: dossier_file_last
SELECT coalesce(max(n), 0) FROM dossier_file WHERE dossier = :dossier;

-- name: dossier_file_undo
-- The papers that came with an act: those with numbers after the last one before it.
UPDATE dossier_file SET state = 'undone' WHERE dossier = :dossier AND n > :last;

-- name: dossier_file_replace
-- Every result so far: a corrected one takes their place.
UPDATE dossier_file SET state = 'replaced' WHERE dossier = :dossier AND kind = 'result' AND state = '' AND n <= :last;

-- name: dossier_undo_find
SELECT version, act, account, at, state FROM dossier_undo WHERE dossier = :dossier;

-- name: dossier_undo_set
INSERT INTO dossier_undo (dossier, version, act, account, at, state)
VALUES (:dossier, :version, :act, :account, :at, :state)
ON CONFLICT (dossier) DO UPDATE SET version = excluded.version, act = excluded.act, account = excluded.account,
                                    at = excluded.at, state = excluded.state;

-- name: dossier_undo_walk
-- Portion by portion of what is remembered, in the order of the key.
SELECT dossier, at FROM dossier_undo WHERE dossier > :after ORDER BY dossier LIMIT :most;

-- name: dossier_undo_forget
DELETE FROM dossier_undo WHERE dossier > :after AND dossier <= :last AND at < :before;

-- name: worklist_insert
INSERT INTO worklist (queue, due, dossier, holder, stage, since) VALUES (:queue, :due, :dossier, :holder, :stage, :since);

-- name: worklist_insert
-- engine: postgres
INSERT INTO worklist (queue, due, dossier, holder, stage, since, agency, role)
SELECT n.queue, n.due, n.dossier, n.holder, n.stage, n.since, coalesce(q.agency, 0), coalesce(q.role, '')
FROM (SELECT CAST(:queue AS INTEGER) AS queue, CAST(:due AS INTEGER) AS due, CAST(:dossier AS INTEGER) AS dossier,
             CAST(:holder AS INTEGER) AS holder, CAST(:stage AS INTEGER) AS stage, CAST(:since AS INTEGER) AS since) AS n
     LEFT JOIN queue q ON q.id = n.queue;

-- name: worklist_place
-- only: postgres
-- Rows that an older program wrote get their queue's agency and role.
UPDATE worklist SET agency = q.agency, role = q.role
FROM (SELECT w.queue, w.due, w.dossier FROM worklist w WHERE w.agency = 0 AND w.role = '' LIMIT :most) AS few
     JOIN queue q ON q.id = few.queue
WHERE worklist.queue = few.queue AND worklist.due = few.due AND worklist.dossier = few.dossier;

-- name: worklist_delete
DELETE FROM worklist WHERE queue = :queue AND due = :due AND dossier = :dossier RETURNING since;

-- name: worklist_look
-- locks: w
-- What worklist_delete gives of a row.
SELECT w.since FROM worklist w WHERE w.queue = :queue AND w.due = :due AND w.dossier = :dossier;

-- name: worklist_page
-- One queue's page after a place in the order; queues are merged by their order (dossier_list.c).
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND (due, dossier) > (:due, :dossier)
ORDER BY due, dossier LIMIT :most;

-- name: worklist_page_mine
-- The same without what somebody else holds.
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND (due, dossier) > (:due, :dossier) AND (holder = 0 OR holder = :holder)
ORDER BY due, dossier LIMIT :most;

-- name: worklist_page_held
-- What one officer holds in a queue: by the index of what is held.
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND (due, dossier) > (:due, :dossier) AND holder = :holder AND holder <> 0
ORDER BY due, dossier LIMIT :most;

-- name: worklist_page_of
-- What nobody holds yet (0): most of a queue, so the walk is short.
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND (due, dossier) > (:due, :dossier) AND holder = :holder
ORDER BY due, dossier LIMIT :most;

-- name: worklist_page_stage
-- One kind of work of a queue.
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND stage = :stage AND (due, dossier) > (:due, :dossier)
ORDER BY due, dossier LIMIT :most;

-- name: worklist_page_stage_held
-- Of one kind what one officer holds: by the index of what is held, which is short.
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND (due, dossier) > (:due, :dossier) AND holder = :holder AND holder <> 0 AND stage = :stage
ORDER BY due, dossier LIMIT :most;

-- name: worklist_page_stage_of
-- Of one kind what nobody holds yet (0): most of it, so the walk is short.
SELECT due, dossier, holder FROM worklist
WHERE queue = :queue AND stage = :stage AND (due, dossier) > (:due, :dossier) AND holder = :holder
ORDER BY due, dossier LIMIT :most;

-- name: worklist_heads
-- The first rows of many queues behind a place in the order, each with its queue's number in the list from 0.
SELECT w.due, w.dossier, w.holder, CAST(s.key AS INTEGER)
FROM json_each('[' || :queues || ']') AS s
     JOIN worklist w ON w.queue = s.value AND (w.due, w.dossier) IN (
         SELECT x.due, x.dossier FROM worklist x
         WHERE x.queue = s.value AND (x.due, x.dossier) > (:due, :dossier)
         ORDER BY x.due, x.dossier LIMIT :most)
ORDER BY s.key, w.due, w.dossier;

-- name: worklist_heads
-- engine: postgres
SELECT x.due, x.dossier, x.holder, s.n - 1
FROM unnest(string_to_array(:queues, ',')::bigint[]) WITH ORDINALITY AS s (queue, n)
     CROSS JOIN LATERAL (SELECT w.due, w.dossier, w.holder FROM worklist w
                         WHERE w.queue = s.queue AND (w.due, w.dossier) > (:due, :dossier)
                         ORDER BY w.due, w.dossier LIMIT :most) AS x
ORDER BY s.n, x.due, x.dossier;

-- name: worklist_heads_mine
-- The same without what somebody else holds.
SELECT w.due, w.dossier, w.holder, CAST(s.key AS INTEGER)
FROM json_each('[' || :queues || ']') AS s
     JOIN worklist w ON w.queue = s.value AND (w.due, w.dossier) IN (
         SELECT x.due, x.dossier FROM worklist x
         WHERE x.queue = s.value AND (x.due, x.dossier) > (:due, :dossier) AND (x.holder = 0 OR x.holder = :holder)
         ORDER BY x.due, x.dossier LIMIT :most)
ORDER BY s.key, w.due, w.dossier;

-- name: worklist_heads_mine
-- engine: postgres
SELECT x.due, x.dossier, x.holder, s.n - 1
FROM unnest(string_to_array(:queues, ',')::bigint[]) WITH ORDINALITY AS s (queue, n)
     CROSS JOIN LATERAL (SELECT w.due, w.dossier, w.holder FROM worklist w
                         WHERE w.queue = s.queue AND (w.due, w.dossier) > (:due, :dossier) AND (w.holder = 0 OR w.holder = :holder)
                         ORDER BY w.due, w.dossier LIMIT :most) AS x
ORDER BY s.n, x.due, x.dossier;

-- name: worklist_heads_stage
-- The same of one kind of work.
SELECT w.due, w.dossier, w.holder, CAST(s.key AS INTEGER)
FROM json_each('[' || :queues || ']') AS s
     JOIN worklist w ON w.queue = s.value AND (w.due, w.dossier) IN (
         SELECT x.due, x.dossier FROM worklist x
         WHERE x.queue = s.value AND x.stage = :stage AND (x.due, x.dossier) > (:due, :dossier)
         ORDER BY x.due, x.dossier LIMIT :most)
ORDER BY s.key, w.due, w.dossier;

-- name: worklist_heads_stage
-- engine: postgres
SELECT x.due, x.dossier, x.holder, s.n - 1
FROM unnest(string_to_array(:queues, ',')::bigint[]) WITH ORDINALITY AS s (queue, n)
     CROSS JOIN LATERAL (SELECT w.due, w.dossier, w.holder FROM worklist w
                         WHERE w.queue = s.queue AND w.stage = :stage AND (w.due, w.dossier) > (:due, :dossier)
                         ORDER BY w.due, w.dossier LIMIT :most) AS x
ORDER BY s.n, x.due, x.dossier;

-- name: worklist_heads_held
-- The same of what one officer holds.
SELECT w.due, w.dossier, w.holder, CAST(s.key AS INTEGER)
FROM json_each('[' || :queues || ']') AS s
     JOIN worklist w ON w.queue = s.value AND (w.due, w.dossier) IN (
         SELECT x.due, x.dossier FROM worklist x
         WHERE x.queue = s.value AND (x.due, x.dossier) > (:due, :dossier) AND x.holder = :holder AND x.holder <> 0
         ORDER BY x.due, x.dossier LIMIT :most)
ORDER BY s.key, w.due, w.dossier;

-- name: worklist_heads_held
-- engine: postgres
SELECT x.due, x.dossier, x.holder, s.n - 1
FROM unnest(string_to_array(:queues, ',')::bigint[]) WITH ORDINALITY AS s (queue, n)
     CROSS JOIN LATERAL (SELECT w.due, w.dossier, w.holder FROM worklist w
                         WHERE w.queue = s.queue AND (w.due, w.dossier) > (:due, :dossier) AND w.holder = :holder AND w.holder <> 0
                         ORDER BY w.due, w.dossier LIMIT :most) AS x
ORDER BY s.n, x.due, x.dossier;

-- name: worklist_of_role
-- only: postgres
-- What waits behind a place in the order for anybody in a role at one agency, of one kind of work or (:stage 0) of all. What an older
-- program wrote stands under agency 0 and role ''. How many rows it gives stands in the text: of a number that it does not know yet the
-- server expects a tenth of the table, and plans anew each time it is asked, which takes longer than the answer.
SELECT x.due, x.dossier, x.holder, x.queue
FROM ((SELECT w.due, w.dossier, w.holder, w.queue FROM worklist w
       WHERE w.agency = :agency AND w.role = :role AND w.stage = 1 AND CAST(:stage AS INTEGER) IN (0, 1)
         AND (w.due, w.dossier) > (:due, :dossier)
       ORDER BY w.due, w.dossier LIMIT 32)
      UNION ALL
      (SELECT w.due, w.dossier, w.holder, w.queue FROM worklist w
       WHERE w.agency = :agency AND w.role = :role AND w.stage = 2 AND CAST(:stage AS INTEGER) IN (0, 2)
         AND (w.due, w.dossier) > (:due, :dossier)
       ORDER BY w.due, w.dossier LIMIT 32)
      UNION ALL
      (SELECT w.due, w.dossier, w.holder, w.queue FROM worklist w
       WHERE w.agency = :agency AND w.role = :role AND w.stage = 3 AND CAST(:stage AS INTEGER) IN (0, 3)
         AND (w.due, w.dossier) > (:due, :dossier)
       ORDER BY w.due, w.dossier LIMIT 32)) AS x
ORDER BY x.due, x.dossier LIMIT 32;

-- name: worklist_of_role_more
-- only: postgres
-- The same in larger portions.
SELECT x.due, x.dossier, x.holder, x.queue
FROM ((SELECT w.due, w.dossier, w.holder, w.queue FROM worklist w
       WHERE w.agency = :agency AND w.role = :role AND w.stage = 1 AND CAST(:stage AS INTEGER) IN (0, 1)
         AND (w.due, w.dossier) > (:due, :dossier)
       ORDER BY w.due, w.dossier LIMIT 128)
      UNION ALL
      (SELECT w.due, w.dossier, w.holder, w.queue FROM worklist w
       WHERE w.agency = :agency AND w.role = :role AND w.stage = 2 AND CAST(:stage AS INTEGER) IN (0, 2)
         AND (w.due, w.dossier) > (:due, :dossier)
       ORDER BY w.due, w.dossier LIMIT 128)
      UNION ALL
      (SELECT w.due, w.dossier, w.holder, w.queue FROM worklist w
       WHERE w.agency = :agency AND w.role = :role AND w.stage = 3 AND CAST(:stage AS INTEGER) IN (0, 3)
         AND (w.due, w.dossier) > (:due, :dossier)
       ORDER BY w.due, w.dossier LIMIT 128)) AS x
ORDER BY x.due, x.dossier LIMIT 128;

-- part: office_line
-- An agency and those whose work it goes on with.
office (id) AS (
    SELECT CAST(:agency AS INTEGER)
    UNION
    SELECT a.id FROM office o JOIN agency a ON a.successor = o.id WHERE a.valid_to < :day)

-- part: post_queues
-- Behind office_line: the queues of somebody's posts in a role there. Whoever has posts for hundreds of groups of procedures has each
-- looked up.
share (procedure_group) AS (
    SELECT p.procedure_group FROM post p
    WHERE p.account = :account AND p.agency = :agency AND p.role = :role
      AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)),
mine (id) AS (
    SELECT q.id FROM share s JOIN office o ON TRUE
                JOIN queue q ON q.agency = o.id AND q.role = :role AND q.procedure_group = s.procedure_group
    UNION
    SELECT q.id FROM office o JOIN queue q ON q.agency = o.id AND q.role = :role
    WHERE EXISTS (SELECT 1 FROM share) AND (q.procedure_group = '' OR EXISTS (SELECT 1 FROM share s WHERE s.procedure_group = '')))

-- name: worklist_queues_of_agency
-- All queues of an agency and of those whose work it went on with.
WITH RECURSIVE @office_line
SELECT q.id FROM office o JOIN queue q ON q.agency = o.id LIMIT :most;

-- name: worklist_new_of_post
-- What came into the queues of a post after a moment and is not in a colleague's hands. Whoever has posts for hundreds of groups
-- of procedures has each looked up: share, mine.
WITH RECURSIVE @office_line,
@post_queues
SELECT x.due, x.dossier, x.stage, x.since
FROM mine AS s
     JOIN worklist x ON x.queue = s.id AND x.since > :after
WHERE x.holder IN (0, :account)
LIMIT :most;

-- name: worklist_new_of_post
-- engine: postgres
-- Queue by queue: of a moment that it does not know yet the server expects a third of the table to be newer, and would read all of it.
WITH RECURSIVE @office_line,
@post_queues
SELECT x.due, x.dossier, x.stage, x.since
FROM mine AS s
     CROSS JOIN LATERAL (SELECT w.due, w.dossier, w.stage, w.since FROM worklist w
                         WHERE w.queue = s.id AND w.since > :after AND w.holder IN (0, :account)
                         ORDER BY w.since LIMIT :most) AS x
LIMIT :most;

-- name: upload_insert
INSERT INTO upload (account, hash, name, type, bytes, at) VALUES (:account, :hash, :name, :type, :bytes, :at)
ON CONFLICT (account, hash) DO UPDATE SET name = excluded.name, at = excluded.at;

-- name: upload_find
SELECT name, type, bytes FROM upload WHERE account = :account AND hash = :hash;

-- name: upload_expire
DELETE FROM upload WHERE (account, hash) IN (SELECT account, hash FROM upload WHERE at < :before ORDER BY at LIMIT :most);

-- name: draft_insert
INSERT INTO draft (id, account, procedure_code, updated_at, version, dossier, step, parts, parts_done, content)
VALUES (:id, :account, :procedure_code, :updated_at, 1, :dossier, :step, :parts, :parts_done, :content);

-- name: draft_update
-- Only what was read is overwritten.
UPDATE draft SET content = :content, updated_at = :updated_at, version = version + 1, step = :step, parts = :parts,
                 parts_done = :parts_done
WHERE id = :id AND account = :account AND version = :version;

-- name: draft_find
SELECT id, account, procedure_code, updated_at, version, dossier, step, parts, parts_done, content
FROM draft WHERE id = :id AND account = :account;

-- name: draft_for_dossier
-- What answers the questions about a dossier.
SELECT id, account, procedure_code, updated_at, version, dossier, step, parts, parts_done, content
FROM draft WHERE dossier = :dossier AND account = :account AND dossier <> 0;

-- name: draft_of_account
-- Applications without what was typed: a list needs none of it.
SELECT id, account, procedure_code, updated_at, version, dossier, step, parts, parts_done
FROM draft WHERE account = :account AND dossier = 0 ORDER BY id DESC LIMIT :most;

-- name: draft_count
SELECT count(*) FROM draft WHERE account = :account;

-- name: draft_delete_of_dossier
DELETE FROM draft WHERE dossier = :dossier AND dossier <> 0;

-- name: draft_delete
DELETE FROM draft WHERE id = :id AND account = :account;

-- name: draft_sent_insert
INSERT INTO draft_sent (draft, account, dossier) VALUES (:draft, :account, :dossier);

-- name: draft_sent_find
SELECT d.code FROM draft_sent s JOIN dossier d ON d.id = s.dossier WHERE s.draft = :draft AND s.account = :account;

-- name: draft_expire
DELETE FROM draft WHERE id IN (SELECT id FROM draft WHERE updated_at < :before ORDER BY updated_at LIMIT :most);

-- name: dossier_with_clock
-- Open dossiers of an agency in one status that have a deadline, also one that stands, by id.
SELECT id, due_at, held_at, held_due, term, calendar_version FROM dossier
WHERE agency = :agency AND status = :status AND id > :after AND (due_at IS NOT NULL OR held_due IS NOT NULL)
ORDER BY id LIMIT :most;

-- name: task_counts_of_post
-- By holder, what is late, due today, tomorrow and within three days, in the queues of one post: a range of each queue.
WITH RECURSIVE @office_line,
@post_queues
SELECT r.holder, count(*) FILTER (WHERE r.due < :now), count(*) FILTER (WHERE r.due >= :now AND r.due <= :today),
       count(*) FILTER (WHERE r.due > :today AND r.due >= :now AND r.due <= :tomorrow), count(*) FILTER (WHERE r.due >= :now)
FROM (SELECT x.holder, x.due
      FROM mine AS s
           JOIN worklist x ON x.queue = s.id AND x.due <= :three_days
      LIMIT :most) AS r
GROUP BY r.holder;

-- name: task_counts_of_agency
-- The same in all queues of an agency.
WITH RECURSIVE @office_line
SELECT r.holder, count(*) FILTER (WHERE r.due < :now), count(*) FILTER (WHERE r.due >= :now AND r.due <= :today),
       count(*) FILTER (WHERE r.due > :today AND r.due >= :now AND r.due <= :tomorrow), count(*) FILTER (WHERE r.due >= :now)
FROM (SELECT x.holder, x.due FROM office o JOIN queue q ON q.agency = o.id JOIN worklist x ON x.queue = q.id AND x.due <= :three_days
      LIMIT :most) AS r
GROUP BY r.holder;

-- name: task_count_later_of_agency
-- By holder, what is due later than that.
WITH RECURSIVE @office_line
SELECT r.holder, count(*)
FROM (SELECT x.holder FROM office o JOIN queue q ON q.agency = o.id JOIN worklist x ON x.queue = q.id AND x.due > :three_days
      LIMIT :most) AS r
GROUP BY r.holder;

-- name: task_count_waiting_applicant
SELECT count(*) FROM (SELECT 1 FROM dossier WHERE agency = :agency AND status = :status AND list_due IS NULL LIMIT :most) AS few;

-- name: task_count_waiting_units
SELECT count(*) FROM (SELECT 1 FROM (SELECT units_due FROM dossier WHERE agency = :agency AND status = :status LIMIT :most) AS seen
                      WHERE seen.units_due IS NOT NULL) AS few;

-- name: task_count_held
WITH RECURSIVE @office_line,
@post_queues
SELECT count(*) FROM (
    SELECT 1 FROM mine AS s
              JOIN worklist x ON x.queue = s.id AND x.holder = :account AND x.holder <> 0
    LIMIT :most) AS few;

-- name: task_count_nobodys
WITH RECURSIVE @office_line,
@post_queues
SELECT count(*) FROM (
    SELECT 1 FROM mine AS s
              JOIN worklist x ON x.queue = s.id AND x.holder = 0
    LIMIT :most) AS few;

-- name: task_count_stages
-- How much of each kind of work waits in the queues of a post: a range of the index for each queue and kind.
WITH RECURSIVE @office_line,
@post_queues
SELECT (SELECT count(*) FROM (SELECT 1 FROM mine m JOIN worklist x ON x.queue = m.id AND x.stage = 1 LIMIT :most) AS one),
       (SELECT count(*) FROM (SELECT 1 FROM mine m JOIN worklist x ON x.queue = m.id AND x.stage = 2 LIMIT :most) AS two),
       (SELECT count(*) FROM (SELECT 1 FROM mine m JOIN worklist x ON x.queue = m.id AND x.stage = 3 LIMIT :most) AS three);

-- name: inbox_seen_of
SELECT tab, at FROM inbox_seen WHERE account = :account AND agency = :agency;

-- name: inbox_seen_put
INSERT INTO inbox_seen (account, agency, tab, at) VALUES (:account, :agency, :tab, :at)
ON CONFLICT (account, agency, tab) DO UPDATE SET at = excluded.at;

-- name: inbox_views
SELECT n, name, filter FROM inbox_view WHERE account = :account ORDER BY n LIMIT :most;

-- name: inbox_view_put
-- Under the next number, while there are fewer than the most.
INSERT INTO inbox_view (account, n, name, filter)
SELECT :account, (SELECT coalesce(max(n), 0) + 1 FROM inbox_view WHERE account = :account), :name, :filter
WHERE (SELECT count(*) FROM inbox_view WHERE account = :account) < :most;

-- name: inbox_view_remove
DELETE FROM inbox_view WHERE account = :account AND n = :n;

-- name: apology_put
INSERT INTO apology_draft (dossier, due, until, reason, drafted_at) VALUES (:dossier, :due, :until, :reason, :now)
ON CONFLICT (dossier) DO UPDATE SET due = excluded.due, until = excluded.until, reason = excluded.reason, drafted_at = excluded.drafted_at;

-- name: apology_delete
DELETE FROM apology_draft WHERE dossier = :dossier;

-- name: apology_of_dossier
SELECT until, reason FROM apology_draft WHERE dossier = :dossier AND due = :due;
