-- phase: expand
-- The giver of a standing authorisation reads what was filed under it (people/mandate.h): found by the authorisation.
CREATE INDEX dossier_mandate_of ON dossier_mandate (mandate, dossier);
