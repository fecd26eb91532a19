-- Queries of the contacts that dossiers cost their applicants.

-- name: contact_insert
INSERT INTO dossier_contact (dossier, n, version, manner, at, account, note)
VALUES (:dossier, (SELECT coalesce(max(c.n), 0) + 1 FROM dossier_contact c WHERE c.dossier = :dossier), :version, :manner, :at,
        :account, :note);

-- name: contact_of_dossier
SELECT n, manner, at, account, note FROM dossier_contact WHERE dossier = :dossier ORDER BY n;

-- name: contact_delete
DELETE FROM dossier_contact WHERE dossier = :dossier AND version = :version;

-- name: contact_summary
-- Of an agency's dossiers filed in a time, by procedure: a bit for each manner that a dossier has, then counts of the bits. No
-- dossier filed since :since has an id below :least, so the walk along the agency's index begins there.
WITH filed AS MATERIALIZED (
  SELECT d.procedure_code,
         coalesce((SELECT sum(DISTINCT CASE c.manner WHEN 'visit' THEN 1 WHEN 'call' THEN 2 WHEN 'message' THEN 4
                                       WHEN 'paper' THEN 8 WHEN 'cash' THEN 16 ELSE 32 END)
                   FROM dossier_contact c WHERE c.dossier = d.id), 0) AS manners
  FROM dossier d
  WHERE d.agency = :agency AND d.status IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10) AND d.id >= :least
    AND d.submitted_at >= :since AND d.submitted_at < :before)
SELECT procedure_code, count(*),
       count(CASE WHEN manners & 8 = 0 THEN 1 END), count(CASE WHEN manners & 16 = 0 THEN 1 END),
       count(CASE WHEN manners & 1 = 0 THEN 1 END), count(CASE WHEN manners & 32 <> 0 THEN 1 END)
FROM filed GROUP BY procedure_code ORDER BY procedure_code;
