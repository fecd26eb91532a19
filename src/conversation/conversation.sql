-- Queries of the conversation room.

-- name: conversation_find
SELECT last, office_unread, applicant_unread, officer FROM conversation WHERE dossier = :dossier;

-- name: conversation_said
-- A message came: it is unread on the other side, and who writes has seen what was written before.
INSERT INTO conversation (dossier, agency, last, office_unread, applicant_unread, officer)
VALUES (:dossier, :agency, :n, 1 - CAST(:is_office AS INTEGER), :is_office, :officer)
ON CONFLICT (dossier) DO UPDATE SET agency = :agency, last = :n, officer = CASE WHEN :is_office = 1 THEN :officer ELSE conversation.officer END,
    office_unread = CASE WHEN :is_office = 1 THEN 0 ELSE conversation.office_unread + 1 END,
    applicant_unread = CASE WHEN :is_office = 1 THEN conversation.applicant_unread + 1 ELSE 0 END;

-- name: conversation_seen_by_office
UPDATE conversation SET office_unread = 0 WHERE dossier = :dossier AND last <= :upto;

-- name: conversation_seen_by_applicant
UPDATE conversation SET applicant_unread = 0 WHERE dossier = :dossier AND last <= :upto;

-- name: conversation_unread_of_agency
SELECT dossier, office_unread FROM conversation WHERE agency = :agency AND office_unread > 0 ORDER BY dossier DESC LIMIT :most;

-- name: conversation_message_insert
INSERT INTO conversation_message (dossier, n, is_office, account, agency, at, text)
VALUES (:dossier, :n, :is_office, :account, :agency, :at, :text);

-- name: conversation_message_last
SELECT n, is_office, account, at, text FROM conversation_message WHERE dossier = :dossier ORDER BY n DESC LIMIT 1;

-- name: conversation_message_list
SELECT m.n, m.is_office, m.account, m.agency, m.at, m.text, coalesce(a.name, ''), coalesce(g.name, '')
FROM conversation_message m LEFT JOIN account a ON a.id = m.account LEFT JOIN agency g ON g.id = m.agency
WHERE m.dossier = :dossier ORDER BY m.n;

-- name: conversation_file_insert
INSERT INTO conversation_file (dossier, message, n, hash, name, type, bytes)
VALUES (:dossier, :message, :n, :hash, :name, :type, :bytes);

-- name: conversation_file_list
SELECT message, n, hash, name, type, bytes FROM conversation_file WHERE dossier = :dossier ORDER BY message, n;

-- name: conversation_note_insert
INSERT INTO conversation_note (dossier, n, account, agency, at, text) VALUES (:dossier, :n, :account, :agency, :at, :text);

-- name: conversation_note_last
SELECT n, account, at, text FROM conversation_note WHERE dossier = :dossier ORDER BY n DESC LIMIT 1;

-- name: conversation_note_list
SELECT n.n, n.account, n.at, n.text, coalesce(a.name, '')
FROM conversation_note n LEFT JOIN account a ON a.id = n.account
WHERE n.dossier = :dossier AND n.agency = :agency ORDER BY n.n DESC;

-- name: conversation_note_count
SELECT count(*) FROM conversation_note WHERE dossier = :dossier AND agency = :agency;

-- name: phrase_list
SELECT name, use, title, text, version FROM conversation_phrase WHERE agency = :agency ORDER BY name;

-- name: phrase_put
INSERT INTO conversation_phrase (agency, name, use, title, text, version, changed_at, changed_by)
VALUES (:agency, :name, :use, :title, :text, :version, :at, :by)
ON CONFLICT (agency, name) DO UPDATE SET use = excluded.use, title = excluded.title, text = excluded.text,
    version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by;
