-- Queries of the slip room: books of an agency, and the letters that it words itself.

-- name: book_register
-- The dossiers that an agency received in a time, in order of receipt, behind one of them.
SELECT d.code, d.procedure_version, d.procedure_code, d.owner_name, o.address, o.phone, a.name, d.received_at, d.due_at, d.finished_at,
       d.returned_at, d.return_manner, d.status, d.handed_over_at, coalesce(e.address, ''), d.id, coalesce(e.sender, ''), e.postmarked
FROM (SELECT id, received_at AS at FROM dossier
      WHERE agency = :agency AND (received_at, id) > (:at, :after) AND received_at < :before AND is_protected = 0
      ORDER BY received_at, id LIMIT :most OFFSET :skip) AS b
JOIN dossier d ON d.id = b.id
JOIN agency a ON a.id = d.agency
JOIN dossier_party o ON o.dossier = d.id
                    AND o.n = (SELECT min(f.n) FROM dossier_party f WHERE f.dossier = d.id AND f.role = 'owner')
LEFT JOIN dossier_delivery e ON e.dossier = d.id
ORDER BY b.at, b.id;

-- name: book_register_count
SELECT count(*) FROM dossier
WHERE agency = :agency AND received_at >= :since AND received_at < :before AND is_protected = 0;

-- name: book_hand_over
-- The papers that the one-stop handed to the units in a time, in that order.
SELECT d.code, d.procedure_version, d.procedure_code, d.owner_name, o.address, o.phone, a.name, d.received_at, d.due_at, d.finished_at,
       d.returned_at, d.return_manner, d.status, d.handed_over_at, coalesce(e.address, ''), d.id, coalesce(e.sender, ''), e.postmarked
FROM (SELECT id, handed_over_at AS at FROM dossier
      WHERE agency = :agency AND (handed_over_at, id) > (:at, :after) AND handed_over_at < :before AND is_protected = 0
        AND channel <> 'online'
      ORDER BY handed_over_at, id LIMIT :most OFFSET :skip) AS b
JOIN dossier d ON d.id = b.id
JOIN agency a ON a.id = d.agency
JOIN dossier_party o ON o.dossier = d.id
                    AND o.n = (SELECT min(f.n) FROM dossier_party f WHERE f.dossier = d.id AND f.role = 'owner')
LEFT JOIN dossier_delivery e ON e.dossier = d.id
ORDER BY b.at, b.id;

-- name: book_hand_over_count
SELECT count(*) FROM dossier
WHERE agency = :agency AND handed_over_at >= :since AND handed_over_at < :before AND is_protected = 0
  AND channel <> 'online';

-- name: book_postal
-- The results that went back by post in a time, in that order.
SELECT d.code, d.procedure_version, d.procedure_code, d.owner_name, o.address, o.phone, a.name, d.received_at, d.due_at, d.finished_at,
       d.returned_at, d.return_manner, d.status, d.handed_over_at, coalesce(e.address, ''), d.id, coalesce(e.sender, ''), e.postmarked
FROM (SELECT id, returned_at AS at FROM dossier
      WHERE agency = :agency AND (returned_at, id) > (:at, :after) AND returned_at < :before AND is_protected = 0 AND return_manner = 'post'
      ORDER BY returned_at, id LIMIT :most OFFSET :skip) AS b
JOIN dossier d ON d.id = b.id
JOIN agency a ON a.id = d.agency
JOIN dossier_party o ON o.dossier = d.id
                    AND o.n = (SELECT min(f.n) FROM dossier_party f WHERE f.dossier = d.id AND f.role = 'owner')
LEFT JOIN dossier_delivery e ON e.dossier = d.id
ORDER BY b.at, b.id;

-- name: book_postal_count
SELECT count(*) FROM dossier
WHERE agency = :agency AND returned_at >= :since AND returned_at < :before AND is_protected = 0 AND return_manner = 'post';

-- name: book_daily
-- What the counter took in and gave back in a time, in order of receipt.
SELECT d.code, d.procedure_version, d.procedure_code, d.owner_name, o.address, o.phone, a.name, d.received_at, d.due_at, d.finished_at,
       d.returned_at, d.return_manner, d.status, d.handed_over_at, coalesce(e.address, ''), d.id, coalesce(e.sender, ''), e.postmarked
FROM (SELECT id, received_at AS at FROM dossier
      WHERE agency = :agency AND (received_at, id) > (:from, :from_after) AND received_at < :before AND is_protected = 0
      UNION
      SELECT id, received_at AS at FROM dossier
      WHERE agency = :agency AND returned_at >= :since AND returned_at < :before AND (received_at, id) > (:at, :after) AND is_protected = 0
      ORDER BY at, id LIMIT :most OFFSET :skip) AS b
JOIN dossier d ON d.id = b.id
JOIN agency a ON a.id = d.agency
JOIN dossier_party o ON o.dossier = d.id
                    AND o.n = (SELECT min(f.n) FROM dossier_party f WHERE f.dossier = d.id AND f.role = 'owner')
LEFT JOIN dossier_delivery e ON e.dossier = d.id
ORDER BY b.at, b.id;

-- name: book_daily_count
-- What came, and what went and had come at another time.
SELECT (SELECT count(*) FROM dossier
        WHERE agency = :agency AND received_at >= :since AND received_at < :before AND is_protected = 0)
     + (SELECT count(*) FROM dossier
        WHERE agency = :agency AND returned_at >= :since AND returned_at < :before AND is_protected = 0
          AND received_at IS NOT NULL AND (received_at < :since OR received_at >= :before));

-- name: book_postal_in
-- What came by post in a time.
SELECT d.code, d.procedure_version, d.procedure_code, d.owner_name, o.address, o.phone, a.name, d.received_at, d.due_at, d.finished_at,
       d.returned_at, d.return_manner, d.status, d.handed_over_at, coalesce(e.address, ''), d.id, coalesce(e.sender, ''), e.postmarked
FROM (SELECT id, received_at AS at FROM dossier
      WHERE agency = :agency AND (received_at, id) > (:at, :after) AND received_at < :before AND is_protected = 0 AND channel = 'postal'
      ORDER BY received_at, id LIMIT :most OFFSET :skip) AS b
JOIN dossier d ON d.id = b.id
JOIN agency a ON a.id = d.agency
JOIN dossier_party o ON o.dossier = d.id
                    AND o.n = (SELECT min(f.n) FROM dossier_party f WHERE f.dossier = d.id AND f.role = 'owner')
LEFT JOIN dossier_delivery e ON e.dossier = d.id
ORDER BY b.at, b.id;

-- name: book_postal_in_count
SELECT count(*) FROM dossier
WHERE agency = :agency AND received_at >= :since AND received_at < :before AND is_protected = 0 AND channel = 'postal';

-- name: book_return_entry
-- What the latest return of a dossier says of how it was sent (kind 1: a dossier).
SELECT payload FROM entry WHERE subject_kind = 1 AND subject = :dossier AND act = 'return' ORDER BY id DESC LIMIT 1;

-- name: slip_wording_insert
INSERT INTO slip_wording (agency, kind, n, text, from_at, account)
VALUES (:agency, :kind, :n, :text, :from_at, :account);

-- name: slip_wording_at
-- The version in use at a moment.
SELECT n, text, from_at, account FROM slip_wording
WHERE agency = :agency AND kind = :kind AND from_at <= :at ORDER BY n DESC LIMIT 1;

-- name: slip_wording_own
-- What an agency words itself: its latest version has a text.
SELECT w.kind FROM slip_wording w
WHERE w.agency = :agency AND w.text <> ''
  AND w.n = (SELECT max(l.n) FROM slip_wording l WHERE l.agency = w.agency AND l.kind = w.kind);

-- name: slip_wording_versions
SELECT n, text, from_at, account FROM slip_wording WHERE agency = :agency AND kind = :kind ORDER BY n DESC LIMIT 50;
