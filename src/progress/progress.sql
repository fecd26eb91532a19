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

-- name: reminder_plan_reset
INSERT INTO reminder_plan (dossier, at) VALUES (:dossier, 0) ON CONFLICT (dossier) DO UPDATE SET at = 0;

-- name: reminder_plan_drop
DELETE FROM reminder_plan WHERE dossier = :dossier;

-- name: reminder_plan_due
SELECT dossier, at FROM reminder_plan WHERE at <= :now ORDER BY at, dossier LIMIT :most;

-- name: reminder_plan_move
-- Unless something happened to the dossier meanwhile.
UPDATE reminder_plan SET at = :next WHERE dossier = :dossier AND at = :planned_at;

-- name: reminder_plan_end
DELETE FROM reminder_plan WHERE dossier = :dossier AND at = :planned_at;

-- name: reminder_add
INSERT INTO reminder (dossier, due, kind, at, told) VALUES (:dossier, :due, :kind, :now, :told) ON CONFLICT DO NOTHING;

-- name: reminder_kinds
SELECT kind FROM reminder WHERE dossier = :dossier AND due = :due;
