-- Queries of agencies, territories, competence, posts and queues. Every list of agencies has the columns of agency_by_id.

-- name: agency_by_id
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.id = :id;

-- name: agency_by_identifier
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.identifier = :identifier;

-- name: agency_list_all
-- Those in force, by id.
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.id > :after AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
ORDER BY a.id LIMIT :most;

-- name: agency_list_under
-- Those in force under a parent, by id.
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.parent = :parent AND a.id > :after AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
ORDER BY a.id LIMIT :most;

-- name: agency_list_words
-- Candidates for words: at most 200, ranked in C.
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.search LIKE :pattern AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
ORDER BY a.id LIMIT 200;

-- name: agency_list_words_under
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.parent = :parent AND a.search LIKE :pattern AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
ORDER BY a.id LIMIT 200;

-- name: agency_list_offering
-- Those that perform a procedure and have somebody to receive it, by id.
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.id > :after AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
  AND a.id IN (SELECT r.agency FROM post r WHERE r.role = 'receiver' AND r.valid_from <= :day
               AND (r.valid_to IS NULL OR r.valid_to >= :day))
  AND EXISTS (SELECT 1 FROM competence c WHERE c.procedure_code = :procedure AND c.role = 'performing'
              AND (c.class = a.class OR c.agency = a.id)
              AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day))
ORDER BY a.id LIMIT :most;

-- name: agency_list_offering_under
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.parent = :parent AND a.id > :after AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
  AND a.id IN (SELECT r.agency FROM post r WHERE r.role = 'receiver' AND r.valid_from <= :day
               AND (r.valid_to IS NULL OR r.valid_to >= :day))
  AND EXISTS (SELECT 1 FROM competence c WHERE c.procedure_code = :procedure AND c.role = 'performing'
              AND (c.class = a.class OR c.agency = a.id)
              AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day))
ORDER BY a.id LIMIT :most;

-- name: agency_list_offering_words
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.search LIKE :pattern AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
  AND a.id IN (SELECT r.agency FROM post r WHERE r.role = 'receiver' AND r.valid_from <= :day
               AND (r.valid_to IS NULL OR r.valid_to >= :day))
  AND EXISTS (SELECT 1 FROM competence c WHERE c.procedure_code = :procedure AND c.role = 'performing'
              AND (c.class = a.class OR c.agency = a.id)
              AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day))
ORDER BY a.id LIMIT 200;

-- name: agency_list_offering_words_under
SELECT a.id, a.version, a.identifier, a.is_provisional, a.name, a.class, a.territory, a.parent, a.successor, a.valid_from,
       a.valid_to, a.phone, a.hotline, t.code, t.name, t.kind, p.identifier, p.name
FROM agency a LEFT JOIN territory t ON t.id = a.territory LEFT JOIN agency p ON p.id = a.parent
WHERE a.parent = :parent AND a.search LIKE :pattern AND (a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)
  AND a.id IN (SELECT r.agency FROM post r WHERE r.role = 'receiver' AND r.valid_from <= :day
               AND (r.valid_to IS NULL OR r.valid_to >= :day))
  AND EXISTS (SELECT 1 FROM competence c WHERE c.procedure_code = :procedure AND c.role = 'performing'
              AND (c.class = a.class OR c.agency = a.id)
              AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day))
ORDER BY a.id LIMIT 200;

-- name: agency_insert
INSERT INTO agency (id, identifier, is_provisional, name, search, class, territory, parent, valid_from, phone, hotline, version)
VALUES (:id, :identifier, :is_provisional, :name, :search, :class, :territory, :parent, :valid_from, :phone, :hotline, 1);

-- name: agency_set_name
UPDATE agency SET name = :name, search = :search, version = version + 1 WHERE id = :id;

-- name: agency_touch
-- The next version, for a change that stands in other tables (posts).
UPDATE agency SET version = version + 1 WHERE id = :id;

-- name: territory_by_id
SELECT id, parent, code, kind, name, valid_from, valid_to, path FROM territory WHERE id = :id;

-- name: territory_by_code
SELECT id, parent, code, kind, name, valid_from, valid_to, path FROM territory WHERE code = :code;

-- name: territory_all_coded
-- Every territory with a statistical code, and its People's Committee: what the import compares with.
SELECT t.id, t.parent, t.code, t.kind, t.name, t.valid_from, t.valid_to, t.path, a.id, a.version, a.name
FROM territory t LEFT JOIN agency a ON a.territory = t.id AND a.class IN ('province_committee', 'commune_committee')
WHERE t.code IS NOT NULL ORDER BY t.code;

-- name: territory_all_successions
-- Which territory without a code was followed by which.
SELECT t.path, s.successor FROM territory t JOIN territory_successor s ON s.territory = t.id WHERE t.code IS NULL;

-- name: territory_former_by_path
SELECT id FROM territory WHERE path = :path AND valid_to IS NOT NULL ORDER BY id LIMIT 1;

-- name: territory_predecessors_of
SELECT t.id, t.parent, t.code, t.kind, t.name, t.valid_from, t.valid_to, t.path
FROM territory_successor s JOIN territory t ON t.id = s.territory WHERE s.successor = :territory ORDER BY t.id;

-- name: territory_insert
INSERT INTO territory (id, code, kind, name, path, parent, valid_from, valid_to)
VALUES (:id, :code, :kind, :name, :path, :parent, :valid_from, :valid_to);

-- name: territory_rename
UPDATE territory SET kind = :kind, name = :name, path = :path WHERE id = :id;

-- name: territory_keep_name
INSERT INTO territory_past (territory, valid_to, kind, name) VALUES (:territory, :valid_to, :kind, :name)
ON CONFLICT (territory, valid_to) DO NOTHING;

-- name: territory_succeed
INSERT INTO territory_successor (territory, successor, since) VALUES (:territory, :successor, :since)
ON CONFLICT (territory, successor) DO NOTHING;

-- name: competence_of_agency
-- The row by which an agency has a role, the agency's own before that of its class, the newest first.
SELECT c.procedure_code, c.role, c.class, c.agency, c.valid_from, c.valid_to, c.decree
FROM competence c JOIN agency a ON a.id = :agency
WHERE c.procedure_code = :procedure AND c.role = :role AND (c.agency = a.id OR c.class = a.class)
  AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day)
ORDER BY CASE WHEN c.agency IS NULL THEN 1 ELSE 0 END, c.valid_from DESC NULLS LAST LIMIT 1;

-- name: competence_by_code
SELECT procedure_code, role, class, agency, valid_from, valid_to, decree
FROM competence WHERE procedure_code = :procedure ORDER BY role, id;

-- name: competence_codes_of_agency
SELECT DISTINCT c.procedure_code FROM competence c JOIN agency a ON a.id = :agency
WHERE (c.agency = a.id OR c.class = a.class) AND c.role = 'performing'
  AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day)
ORDER BY c.procedure_code;

-- name: agency_count_of_classes
-- How many agencies of each class there are on a day.
SELECT class, count(*) FROM agency
WHERE (valid_from IS NULL OR valid_from <= :day) AND (valid_to IS NULL OR valid_to >= :day)
GROUP BY class;

-- name: competence_performers
-- Whose classes and which agencies by name perform a procedure on a day, of these with their own class; of two decrees twice.
SELECT c.class, c.agency, a.class FROM competence c LEFT JOIN agency a ON a.id = c.agency
WHERE c.procedure_code = :procedure AND c.role = 'performing'
  AND (c.valid_from IS NULL OR c.valid_from <= :day) AND (c.valid_to IS NULL OR c.valid_to >= :day)
  AND (a.id IS NULL OR ((a.valid_from IS NULL OR a.valid_from <= :day) AND (a.valid_to IS NULL OR a.valid_to >= :day)));

-- name: competence_insert
INSERT INTO competence (id, procedure_code, role, class, agency, valid_from, valid_to, decree)
VALUES (:id, :procedure, :role, :class, :agency, :valid_from, :valid_to, :decree);

-- name: competence_open
-- The rows of a procedure for one agency (or class) that are in force both before a day and on it.
SELECT id, role FROM competence
WHERE procedure_code = :procedure AND coalesce(class, '') = :class AND coalesce(agency, 0) = :agency
  AND (valid_from IS NULL OR valid_from < :day) AND (valid_to IS NULL OR valid_to >= :day)
ORDER BY id;

-- name: competence_held
-- Whether an agency (or class) has the role on a day or later.
SELECT id FROM competence
WHERE procedure_code = :procedure AND role = :role AND coalesce(class, '') = :class AND coalesce(agency, 0) = :agency
  AND (valid_to IS NULL OR valid_to >= :day)
LIMIT 1;

-- name: competence_end
UPDATE competence SET valid_to = :valid_to WHERE id = :id;

-- name: competence_list
-- Every row, the newest first, below an id.
SELECT c.procedure_code, c.role, c.class, c.agency, c.valid_from, c.valid_to, c.decree, c.id, a.identifier, a.name
FROM competence c LEFT JOIN agency a ON a.id = c.agency
WHERE c.id < :before ORDER BY c.id DESC LIMIT :most;

-- name: competence_list_of_procedure
SELECT c.procedure_code, c.role, c.class, c.agency, c.valid_from, c.valid_to, c.decree, c.id, a.identifier, a.name
FROM competence c LEFT JOIN agency a ON a.id = c.agency
WHERE c.procedure_code = :procedure AND c.id < :before ORDER BY c.id DESC LIMIT :most;

-- name: competence_move_insert
INSERT INTO competence_move (id, decree, on_day, from_class, from_agency, to_class, to_agency, in_flight, at, account)
VALUES (:id, :decree, :on_day, :from_class, :from_agency, :to_class, :to_agency, :in_flight, :at, :account);

-- name: competence_move_procedure_insert
INSERT INTO competence_move_procedure (move, procedure_code) VALUES (:move, :procedure) ON CONFLICT DO NOTHING;

-- name: competence_move_set_batch
UPDATE competence_move SET batch = :batch WHERE id = :id AND batch IS NULL;

-- name: competence_move_by_id
SELECT m.id, m.decree, m.on_day, m.from_class, m.from_agency, m.to_class, m.to_agency, m.in_flight, m.batch, m.at,
       f.identifier, f.name, t.identifier, t.name
FROM competence_move m LEFT JOIN agency f ON f.id = m.from_agency LEFT JOIN agency t ON t.id = m.to_agency
WHERE m.id = :id;

-- name: competence_move_list
-- Newest first.
SELECT m.id, m.decree, m.on_day, m.from_class, m.from_agency, m.to_class, m.to_agency, m.in_flight, m.batch, m.at,
       f.identifier, f.name, t.identifier, t.name
FROM competence_move m LEFT JOIN agency f ON f.id = m.from_agency LEFT JOIN agency t ON t.id = m.to_agency
WHERE m.id < :before ORDER BY m.id DESC LIMIT :most;

-- name: competence_moves_of_procedure
-- Those that take effect on a day of the span, the newest day first.
SELECT m.id, m.decree, m.on_day, m.from_class, m.from_agency, m.to_class, m.to_agency, m.in_flight, m.batch, m.at,
       f.identifier, f.name, t.identifier, t.name
FROM competence_move_procedure p JOIN competence_move m ON m.id = p.move
LEFT JOIN agency f ON f.id = m.from_agency LEFT JOIN agency t ON t.id = m.to_agency
WHERE p.procedure_code = :procedure AND m.on_day >= :first AND m.on_day <= :last
ORDER BY m.on_day DESC, m.id DESC LIMIT 64;

-- name: competence_moves_due
-- Those whose open dossiers are to be moved by now.
SELECT id FROM competence_move WHERE in_flight = 'move' AND batch IS NULL AND on_day <= :day ORDER BY id LIMIT 16;

-- name: competence_move_procedures
SELECT procedure_code FROM competence_move_procedure WHERE move = :move ORDER BY procedure_code;

-- name: agency_of_class_on_territory
-- The agency of a class that stands on a territory.
SELECT id FROM agency
WHERE class = :class AND territory = :territory AND (valid_from IS NULL OR valid_from <= :day)
  AND (valid_to IS NULL OR valid_to >= :day)
ORDER BY id LIMIT 2;

-- name: agency_of_class_within
-- Agencies of a class on the territories inside another one; two are enough to know that it is not the only one.
SELECT a.id FROM territory t JOIN agency a ON a.territory = t.id
WHERE t.parent = :territory AND a.class = :class AND (a.valid_from IS NULL OR a.valid_from <= :day)
  AND (a.valid_to IS NULL OR a.valid_to >= :day)
ORDER BY a.id LIMIT 2;

-- name: agency_next
-- Whoever goes on with an agency's work when it has ended before the day.
SELECT successor FROM agency WHERE id = :id AND successor IS NOT NULL AND valid_to < :day;

-- name: agency_before
-- Whose work an agency goes on with on the day.
SELECT id FROM agency WHERE successor = :id AND valid_to < :day ORDER BY id;

-- name: agency_all_before
-- The same of those too, and so on.
WITH RECURSIVE before (id) AS (
    SELECT a.id FROM agency a WHERE a.successor = :id AND a.valid_to < :day
    UNION
    SELECT a.id FROM before b JOIN agency a ON a.successor = b.id AND a.valid_to < :day)
SELECT id FROM before LIMIT :most;

-- name: agency_rename
UPDATE agency SET name = :name, search = :search, phone = :phone, hotline = :hotline, version = version + 1 WHERE id = :id;

-- name: agency_set_end
UPDATE agency SET valid_to = :valid_to, version = version + 1 WHERE id = :id;

-- name: agency_merge
UPDATE agency SET successor = :successor, valid_to = :valid_to, version = version + 1 WHERE id = :id;

-- name: posts_by_account
SELECT p.id, p.account, p.agency, p.role, p.procedure_group, p.valid_from, p.valid_to, a.identifier, a.name
FROM post p JOIN agency a ON a.id = p.agency
WHERE p.account = :account AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day) ORDER BY p.id LIMIT 64;

-- name: posts_by_agency
-- With who they are, so that a list of colleagues is one query.
SELECT p.id, p.account, p.agency, p.role, p.procedure_group, p.valid_from, p.valid_to, a.identifier, a.name,
       coalesce(c.name, ''), coalesce(c.login, ''), c.disabled_at IS NOT NULL
FROM post p JOIN agency a ON a.id = p.agency LEFT JOIN account c ON c.id = p.account
WHERE p.agency = :agency AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day) ORDER BY p.role, p.id;

-- name: posts_by_agency_role
SELECT p.id, p.account, p.agency, p.role, p.procedure_group, p.valid_from, p.valid_to, a.identifier, a.name,
       coalesce(c.name, ''), coalesce(c.login, ''), c.disabled_at IS NOT NULL
FROM post p JOIN agency a ON a.id = p.agency LEFT JOIN account c ON c.id = p.account
WHERE p.agency = :agency AND p.role = :role AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day)
ORDER BY p.id;

-- name: post_by_id
SELECT p.id, p.account, p.agency, p.role, p.procedure_group, p.valid_from, p.valid_to, a.identifier, a.name
FROM post p JOIN agency a ON a.id = p.agency WHERE p.id = :id;

-- name: post_insert
INSERT INTO post (id, account, agency, role, procedure_group, valid_from, valid_to)
VALUES (:id, :account, :agency, :role, :procedure_group, :valid_from, :valid_to);

-- name: post_set_end
UPDATE post SET valid_to = :valid_to WHERE id = :id;

-- name: queue_by_id
SELECT id, agency, role, procedure_group FROM queue WHERE id = :id;

-- name: queue_by_key
SELECT id FROM queue WHERE agency = :agency AND role = :role AND procedure_group = :procedure_group;

-- name: queue_insert
INSERT INTO queue (id, agency, role, procedure_group) VALUES (:id, :agency, :role, :procedure_group);

-- name: queues_of_post_at
-- Of a post those at one office: the post's own agency or one whose work it goes on with. A queue may stand twice.
-- Somebody may have posts for hundreds of groups: each looks its queue up.
WITH mine (procedure_group) AS (
    SELECT p.procedure_group FROM post p
    WHERE p.account = :account AND p.agency = :agency AND p.role = :role
      AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day))
SELECT q.id FROM mine m JOIN queue q ON q.agency = :office AND q.role = :role AND q.procedure_group = m.procedure_group
UNION ALL
SELECT q.id FROM queue q WHERE q.agency = :office AND q.role = :role AND q.procedure_group = '' AND EXISTS (SELECT 1 FROM mine)
UNION ALL
SELECT q.id FROM queue q
WHERE q.agency = :office AND q.role = :role AND EXISTS (SELECT 1 FROM mine m WHERE m.procedure_group = '');

-- name: queues_of_post_before
-- Of a post those at the offices whose work its agency goes on with.
WITH mine (procedure_group) AS (
    SELECT p.procedure_group FROM post p
    WHERE p.account = :account AND p.agency = :agency AND p.role = :role
      AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day))
SELECT q.id FROM json_each('[' || :offices || ']') AS o JOIN queue q ON q.agency = o.value AND q.role = :role
WHERE EXISTS (SELECT 1 FROM mine m WHERE m.procedure_group IN ('', q.procedure_group)) OR (q.procedure_group = '' AND EXISTS (SELECT 1 FROM mine));

-- name: queues_of_post_before
-- engine: postgres
WITH mine (procedure_group) AS (
    SELECT p.procedure_group FROM post p
    WHERE p.account = :account AND p.agency = :agency AND p.role = :role
      AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to >= :day))
SELECT q.id FROM unnest(string_to_array(:offices, ',')::bigint[]) AS o (id) JOIN queue q ON q.agency = o.id AND q.role = :role
WHERE EXISTS (SELECT 1 FROM mine m WHERE m.procedure_group IN ('', q.procedure_group)) OR (q.procedure_group = '' AND EXISTS (SELECT 1 FROM mine));

-- name: agency_calendar_find
-- The nearest row upwards: the agency's own, its parent's, and so on; of one agency the latest that has begun. A row without
-- a name hands the question on to the parent.
WITH RECURSIVE above (agency, depth) AS (
    SELECT CAST(:agency AS INTEGER), 0
    UNION ALL
    SELECT a.parent, above.depth + 1 FROM above JOIN agency a ON a.id = above.agency
    WHERE a.parent IS NOT NULL AND above.depth < 16)
SELECT k.agency, k.valid_from, k.name
FROM above JOIN agency_calendar k ON k.agency = above.agency
WHERE k.name <> ''
  AND k.valid_from = (SELECT max(x.valid_from) FROM agency_calendar x WHERE x.agency = above.agency AND x.valid_from <= :day)
ORDER BY above.depth LIMIT 1;

-- name: agency_calendar_put
INSERT INTO agency_calendar (agency, valid_from, name, is_begun) VALUES (:agency, :valid_from, :name, :is_begun)
ON CONFLICT (agency, valid_from) DO UPDATE SET name = excluded.name, is_begun = excluded.is_begun;

-- name: agency_calendars_to_begin
-- Whose day has come and whose open deadlines are not counted anew yet.
SELECT agency, valid_from FROM agency_calendar WHERE is_begun = 0 AND valid_from <= :day ORDER BY valid_from LIMIT :most;

-- name: agency_calendar_set_begun
UPDATE agency_calendar SET is_begun = 1 WHERE agency = :agency AND valid_from = :valid_from;

-- name: queue_next_agency
SELECT agency FROM queue WHERE agency > :after ORDER BY agency LIMIT 1;
