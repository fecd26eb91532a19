-- Queries of the check-list of papers.

-- name: paper_check_list
SELECT c.component, c.state, c.word, c.at, coalesce(a.name, '') FROM dossier_paper_check c LEFT JOIN account a ON a.id = c.account
WHERE c.dossier = :dossier ORDER BY c.component;

-- name: paper_check_files
-- How many files the dossier has: a mark is of the files that were looked at.
SELECT count(*) FROM dossier_file WHERE dossier = :dossier;

-- name: paper_check_put
INSERT INTO dossier_paper_check (dossier, component, state, word, account, at)
VALUES (:dossier, :component, :state, :word, :account, :at)
ON CONFLICT (dossier, component) DO UPDATE SET state = excluded.state, word = excluded.word, account = excluded.account,
    at = excluded.at;

-- name: paper_check_drop
DELETE FROM dossier_paper_check WHERE dossier = :dossier AND component = :component;
