-- Queries of the progress room.

-- name: progress_of_children
-- The agencies right below one: what runs in each, by its deadline. A range of the index of running deadlines for each.
SELECT g.identifier, g.name, count(*) FILTER (WHERE r.due < :now), count(*) FILTER (WHERE r.due >= :now AND r.due <= :today),
       count(*) FILTER (WHERE r.due > :today AND r.due >= :now AND r.due <= :tomorrow), count(*) FILTER (WHERE r.due >= :now)
FROM (SELECT o.agency, o.due_at AS due
      FROM agency a JOIN dossier o ON o.agency = a.id
      WHERE a.parent = :agency AND o.finished_at IS NULL AND o.due_at IS NOT NULL AND o.due_at <= :three_days
      LIMIT :most) AS r JOIN agency g ON g.id = r.agency
GROUP BY g.id, g.identifier, g.name ORDER BY g.id;
