-- phase: expand
-- Whoever serves most groups of procedures of a role reads their inbox from one index instead of from the beginning of each of 170
-- queues (src/dossier/role_walk.h). On a server only: in a file of its own every query is near, and each change would pay for the
-- index. Both are those of the row's queue, written with it; 0 and '' until a chore has placed what an older program wrote.
ALTER TABLE worklist ADD COLUMN agency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE worklist ADD COLUMN role   TEXT    NOT NULL DEFAULT '';
-- engine: postgres
CREATE INDEX worklist_role ON worklist (agency, role, stage, due, dossier);
-- engine: all
