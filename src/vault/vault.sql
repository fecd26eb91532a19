-- What people keep. Every list of items has the columns of vault_by_id.

-- name: vault_by_id
SELECT v.id, v.kind, v.title, v.hash, v.name, v.type, v.bytes, v.code, v.procedure_code, COALESCE(a.name, ''), v.issued,
       v.valid_until, v.kept_at
FROM vault_item v LEFT JOIN agency a ON a.id = v.agency
WHERE v.id = :id AND (v.account = :account OR v.owner_lookup IN
    (SELECT i.lookup FROM identity i JOIN account_check c ON c.account = i.owner WHERE i.owner_kind = 0 AND i.owner = :account));

-- name: vault_of_account
SELECT v.id, v.kind, v.title, v.hash, v.name, v.type, v.bytes, v.code, v.procedure_code, COALESCE(a.name, ''), v.issued,
       v.valid_until, v.kept_at
FROM vault_item v LEFT JOIN agency a ON a.id = v.agency
WHERE v.account = :account AND v.id < :before
UNION
SELECT v.id, v.kind, v.title, v.hash, v.name, v.type, v.bytes, v.code, v.procedure_code, COALESCE(a.name, ''), v.issued,
       v.valid_until, v.kept_at
FROM identity i JOIN account_check c ON c.account = i.owner JOIN vault_item v ON v.owner_lookup = i.lookup
LEFT JOIN agency a ON a.id = v.agency
WHERE i.owner_kind = 0 AND i.owner = :account AND v.id < :before
ORDER BY 1 DESC LIMIT :most;

-- name: vault_by_file
SELECT v.id, v.kind, v.title, v.hash, v.name, v.type, v.bytes, v.code, v.procedure_code, COALESCE(a.name, ''), v.issued,
       v.valid_until, v.kept_at
FROM vault_item v LEFT JOIN agency a ON a.id = v.agency
WHERE v.account = :account AND v.hash = :hash
UNION
SELECT v.id, v.kind, v.title, v.hash, v.name, v.type, v.bytes, v.code, v.procedure_code, COALESCE(a.name, ''), v.issued,
       v.valid_until, v.kept_at
FROM identity i JOIN account_check c ON c.account = i.owner JOIN vault_item v ON v.owner_lookup = i.lookup
LEFT JOIN agency a ON a.id = v.agency
WHERE i.owner_kind = 0 AND i.owner = :account AND v.hash = :hash
ORDER BY 1 DESC LIMIT 1;

-- name: vault_own_count
SELECT COUNT(*) FROM vault_item WHERE account = :account AND kind = 'own';

-- name: vault_insert
INSERT INTO vault_item (id, account, owner_lookup, kind, title, hash, name, type, bytes, dossier, file, code, procedure_code,
                        agency, issued, valid_until, kept_at)
VALUES (:id, :account, :owner_lookup, :kind, :title, :hash, :name, :type, :bytes, :dossier, :file, :code, :procedure_code,
        :agency, :issued, :valid_until, :at)
ON CONFLICT DO NOTHING;

-- name: vault_files_of_dossier
SELECT file FROM vault_item WHERE dossier = :dossier ORDER BY file;

-- name: vault_delete_of_dossier
DELETE FROM vault_item WHERE dossier = :dossier AND file = :file;

-- name: vault_delete_own
DELETE FROM vault_item WHERE id = :id AND account = :account AND kind = 'own';

-- name: vault_owner_number
SELECT lookup FROM identity WHERE owner_kind = 1 AND owner = :dossier AND n = :n ORDER BY number LIMIT 1;
