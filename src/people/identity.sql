-- Numbers that identify people: written with their owner, found by a keyed hash, never read in clear by a query.

-- name: identity_insert
INSERT INTO identity (owner_kind, owner, n, number, type, cipher, lookup, masked)
VALUES (:owner_kind, :owner, :n, :number, :type, :cipher, :lookup, :masked);

-- name: identity_of_owner
SELECT n, type, masked FROM identity WHERE owner_kind = :owner_kind AND owner = :owner ORDER BY n, number;

-- name: identity_sealed_of_owner
SELECT type, cipher FROM identity WHERE owner_kind = :owner_kind AND owner = :owner AND n = :n ORDER BY number;
