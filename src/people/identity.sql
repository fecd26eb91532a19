-- Numbers that identify people: written with their owner, found by a keyed hash, never read in clear by a query.

-- name: identity_insert
INSERT INTO identity (owner_kind, owner, n, number, type, cipher, lookup, masked)
VALUES (:owner_kind, :owner, :n, :number, :type, :cipher, :lookup, :masked);

-- name: identity_of_owner
SELECT n, type, masked FROM identity WHERE owner_kind = :owner_kind AND owner = :owner ORDER BY n, number;

-- name: identity_sealed_of_owner
SELECT type, cipher FROM identity WHERE owner_kind = :owner_kind AND owner = :owner AND n = :n ORDER BY number;

-- name: identity_first_of_type
SELECT number, cipher, lookup, masked FROM identity
WHERE owner_kind = :owner_kind AND owner = :owner AND n = :n AND type = :type ORDER BY number LIMIT 1;

-- name: identity_next_number
SELECT coalesce(max(number) + 1, 0) FROM identity WHERE owner_kind = :owner_kind AND owner = :owner AND n = :n;

-- name: identity_put
-- In the place of the one that stands there.
INSERT INTO identity (owner_kind, owner, n, number, type, cipher, lookup, masked)
VALUES (:owner_kind, :owner, :n, :number, :type, :cipher, :lookup, :masked)
ON CONFLICT (owner_kind, owner, n, number)
DO UPDATE SET type = excluded.type, cipher = excluded.cipher, lookup = excluded.lookup, masked = excluded.masked;

-- name: identity_take_out
DELETE FROM identity WHERE owner_kind = :owner_kind AND owner = :owner AND n = :n AND number = :number;

-- name: identity_all
-- scans: identity: doctor --full reads everything
-- For doctor: whether each can be read with the key that is there.
SELECT type, cipher, lookup FROM identity;
