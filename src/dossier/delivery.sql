-- How dossiers came by post and where their results go.

-- name: delivery_insert
INSERT INTO dossier_delivery (dossier, address, sender, postmarked) VALUES (:dossier, :address, :sender, :postmarked);

-- name: delivery_of_dossier
SELECT address, sender, postmarked FROM dossier_delivery WHERE dossier = :dossier;
