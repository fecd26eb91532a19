-- Queries of what is asked for with papers, item by item.

-- name: request_insert
INSERT INTO dossier_request (dossier, version, asked_at, until, note) VALUES (:dossier, :version, :asked_at, :until, :note);

-- name: request_of_dossier
SELECT version, asked_at, until, note, closed_version FROM dossier_request WHERE dossier = :dossier ORDER BY version;

-- name: request_close
UPDATE dossier_request SET closed_version = :closed_version, form_before = :form_before
WHERE dossier = :dossier AND closed_version = 0;

-- name: request_open_again
UPDATE dossier_request SET closed_version = 0, form_before = '' WHERE dossier = :dossier AND closed_version = :version;

-- name: request_closed_by
SELECT form_before FROM dossier_request
WHERE dossier = :dossier AND closed_version = :version ORDER BY version DESC LIMIT 1;

-- name: request_delete
DELETE FROM dossier_request WHERE dossier = :dossier AND version = :version;

-- name: request_item_insert
INSERT INTO dossier_request_item (dossier, n, version, component, field, reason, basis)
VALUES (:dossier, :n, :version, :component, :field, :reason, :basis);

-- name: request_item_last
SELECT coalesce(max(n), 0) FROM dossier_request_item WHERE dossier = :dossier;

-- name: request_item_of_dossier
SELECT n, version, component, field, reason, basis, answered_version, answered_at, before, answer
FROM dossier_request_item WHERE dossier = :dossier ORDER BY n;

-- name: request_item_answer
UPDATE dossier_request_item SET answered_version = :version, answered_at = :at, before = :before, answer = :answer
WHERE dossier = :dossier AND n = :n;

-- name: request_item_delete
DELETE FROM dossier_request_item WHERE dossier = :dossier AND version = :version;

-- name: dossier_form_put
UPDATE dossier SET form = :form WHERE id = :id;

-- name: dossier_owner_put
UPDATE dossier SET owner_name = :owner_name WHERE id = :id;

-- name: party_put
-- How somebody is called and where they are reached; kind and part in the matter do not change.
UPDATE dossier_party SET name = :name, phone = :phone, email = :email, address = :address WHERE dossier = :dossier AND n = :n;

-- name: identity_before_insert
INSERT INTO dossier_identity_before (dossier, item, party, number, type, cipher, lookup, masked)
VALUES (:dossier, :item, :party, :number, :type, :cipher, :lookup, :masked);

-- name: identity_before_find
SELECT party, number, type, cipher, lookup, masked FROM dossier_identity_before WHERE dossier = :dossier AND item = :item;

-- name: identity_before_delete
DELETE FROM dossier_identity_before WHERE dossier = :dossier AND item = :item;
