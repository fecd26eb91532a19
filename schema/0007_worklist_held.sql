-- An officer's own work is few rows among many: the index holds only what somebody holds, so that receiving and submitting do
-- not pay for it.
CREATE INDEX worklist_held ON worklist (holder, queue, due, dossier) WHERE holder <> 0;
