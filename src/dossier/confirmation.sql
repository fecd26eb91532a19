-- What citizens said of what an officer wrote down for them.

-- name: confirmation_insert
INSERT INTO confirmation (id, draft, account, dossier, content, token, manner, made_at, expires_at, answer, said, answered_at)
VALUES (:id, :draft, :account, :dossier, :content, :token, :manner, :made_at, :expires_at, :answer, '', :answered_at);

-- name: confirmation_by_token
SELECT draft, account, content, manner, made_at, expires_at, answer, said, answered_at, token FROM confirmation
WHERE token = :token AND dossier IS NULL;

-- name: confirmation_of_draft
SELECT draft, account, content, manner, made_at, expires_at, answer, said, answered_at, token FROM confirmation
WHERE draft = :draft AND account = :account AND dossier IS NULL ORDER BY id DESC LIMIT 1;

-- name: confirmation_of_dossier
SELECT draft, account, content, manner, made_at, expires_at, answer, said, answered_at, token FROM confirmation
WHERE dossier = :dossier ORDER BY id DESC LIMIT 1;

-- name: confirmation_answer
-- Once, and only while it is asked.
UPDATE confirmation SET answer = :answer, said = :said, answered_at = :at
WHERE token = :token AND answer = '' AND expires_at > :at_once AND dossier IS NULL;

-- name: confirmation_file
-- The one that said yes to exactly this content.
UPDATE confirmation SET dossier = :dossier
WHERE id = (SELECT id FROM confirmation WHERE draft = :draft AND account = :account AND content = :content AND answer = 'yes'
            AND dossier IS NULL ORDER BY id DESC LIMIT 1);

-- name: confirmation_expire
DELETE FROM confirmation WHERE id IN (SELECT id FROM confirmation WHERE dossier IS NULL AND made_at < :before
                                      ORDER BY made_at LIMIT :most);
