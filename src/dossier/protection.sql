-- Whose a denunciation is, sealed, and who looked.

-- name: secret_insert
INSERT INTO dossier_secret (dossier, sealed) VALUES (:dossier, :sealed);

-- name: secret_of_dossier
SELECT sealed FROM dossier_secret WHERE dossier = :dossier;

-- name: secret_taker_insert
INSERT INTO dossier_secret_taker (dossier, account) VALUES (:dossier, :account) ON CONFLICT DO NOTHING;

-- name: secret_taker_find
SELECT 1 FROM dossier_secret_taker WHERE dossier = :dossier AND account = :account;

-- name: secret_look_insert
INSERT INTO dossier_secret_look (id, dossier, at, account, agency, role, what)
VALUES (:id, :dossier, :at, :account, :agency, :role, :what);

-- name: secret_look_of_dossier
SELECT at, account, role, what FROM dossier_secret_look WHERE dossier = :dossier ORDER BY id DESC LIMIT :most;
