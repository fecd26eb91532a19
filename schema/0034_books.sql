-- The books of the one-stop (slip): each is a walk along an index of its own moment, and counting one reads the index only.
-- Denunciations stand in none of them.

DROP INDEX dossier_received;
CREATE INDEX dossier_received ON dossier (agency, received_at, id) WHERE received_at IS NOT NULL AND is_protected = 0;
CREATE INDEX dossier_returned ON dossier (agency, returned_at, id) WHERE returned_at IS NOT NULL AND is_protected = 0;
CREATE INDEX dossier_handed_over ON dossier (agency, handed_over_at, id)
  WHERE handed_over_at IS NOT NULL AND is_protected = 0;
