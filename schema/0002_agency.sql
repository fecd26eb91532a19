-- Territories, agencies, who decides what, officers' posts and queues; accounts, identities, sessions, tokens.
-- Instants are microseconds since 1970 in UTC; days are whole local days since 1970-01-01 (Asia/Ho_Chi_Minh); an open or
-- unknown end of validity is NULL. Rows that the law once knew are ended, never deleted.

-- A piece of the country: province, commune, ward, special zone, and the units of before 2025-07-01. Written by
-- `motcua import units`. Kept for ever: old dossiers name old places.
CREATE TABLE territory (
    id               INTEGER NOT NULL PRIMARY KEY,
    code             TEXT UNIQUE,      -- statistical code (Decision 19/2025/QD-TTg): 2 digits province, 5 commune; NULL: none known
    kind             TEXT NOT NULL,    -- province city district commune ward township special_zone other
    name             TEXT NOT NULL,    -- the name now, or at its end, with its kind: "Xã Cát Tiên"
    path             TEXT NOT NULL,    -- names from the province down, tone marks in one place, for matching
    parent           INTEGER,          -- the territory around it
    valid_from       INTEGER,          -- first day; NULL: before our records
    valid_to         INTEGER           -- last day; NULL: in force
) STRICT;
CREATE INDEX territory_by_parent ON territory (parent, id);
CREATE INDEX territory_by_path ON territory (path);

-- Earlier names and kinds of a territory that is still the same one (a commune that became a ward). Kept for ever.
CREATE TABLE territory_past (
    territory        INTEGER NOT NULL,
    valid_to         INTEGER NOT NULL, -- last day of that name
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    PRIMARY KEY (territory, valid_to)
) STRICT, WITHOUT ROWID;

-- Which territory took the place of which, wholly or in part (several rows: it was split). Kept for ever.
CREATE TABLE territory_successor (
    territory        INTEGER NOT NULL,
    successor        INTEGER NOT NULL,
    since            INTEGER NOT NULL, -- first day of the successor
    PRIMARY KEY (territory, successor)
) STRICT, WITHOUT ROWID;
CREATE INDEX territory_predecessor ON territory_successor (successor, territory);

-- An office of the state. Written by `motcua import units`, by the demo and by administrators. Kept for ever.
CREATE TABLE agency (
    id               INTEGER NOT NULL PRIMARY KEY,
    identifier       TEXT NOT NULL UNIQUE, -- e-identifier (Decision 20/2020/QD-TTg): "H36.02.02"
    is_provisional   INTEGER NOT NULL,     -- 1: the identifier is ours until the real one is known
    name             TEXT NOT NULL,
    search           TEXT NOT NULL,        -- name, place and identifier, folded
    class            TEXT NOT NULL,        -- agency class: src/agency/agency.c lists them
    territory        INTEGER,              -- where it is competent; NULL: the whole country
    parent           INTEGER,              -- the agency above it
    successor        INTEGER,              -- the agency that took over its work; NULL: none
    valid_from       INTEGER,
    valid_to         INTEGER,
    phone            TEXT NOT NULL,        -- of the one-stop office, as to be dialled; '' unknown
    hotline          TEXT NOT NULL,        -- for complaints about its service; '' unknown
    version          INTEGER NOT NULL      -- counts its changes in the journal
) STRICT;
CREATE INDEX agency_by_parent ON agency (parent, id);
CREATE INDEX agency_by_class ON agency (class, id);
CREATE INDEX agency_by_territory ON agency (territory, id);

-- Who performs or decides a procedure, from which day, by which decree: an agency, or every agency of a class.
-- Decentralisation adds rows and ends others. Kept for ever.
CREATE TABLE competence (
    id               INTEGER NOT NULL PRIMARY KEY,
    procedure_code   TEXT NOT NULL,
    role             TEXT NOT NULL,    -- performing: takes and handles dossiers; competent: decides
    class            TEXT,             -- one of class and agency is set
    agency           INTEGER,
    valid_from       INTEGER,
    valid_to         INTEGER,
    decree           TEXT NOT NULL     -- number of the decree, or what stands in for it
) STRICT;
CREATE INDEX competence_by_procedure ON competence (procedure_code, role);
CREATE INDEX competence_by_agency ON competence (agency) WHERE agency IS NOT NULL;
CREATE INDEX competence_by_class ON competence (class) WHERE class IS NOT NULL;

-- An officer's post: this account acts in this role for this agency. Written by administrators. Kept as long as the account.
CREATE TABLE post (
    id               INTEGER NOT NULL PRIMARY KEY,
    account          INTEGER NOT NULL,
    agency           INTEGER NOT NULL,
    role             TEXT NOT NULL,    -- src/agency/role.c lists them
    procedure_group  TEXT NOT NULL,    -- only this field of procedures; '' all
    valid_from       INTEGER NOT NULL,
    valid_to         INTEGER
) STRICT;
CREATE INDEX post_by_account ON post (account);
CREATE INDEX post_by_agency ON post (agency, role);

-- Where work waits: one row for each agency, role and group of procedures that ever had work. A merger re-points
-- queues to the successor, not dossiers. Kept for ever.
CREATE TABLE queue (
    id               INTEGER NOT NULL PRIMARY KEY,
    agency           INTEGER NOT NULL,
    role             TEXT NOT NULL,
    procedure_group  TEXT NOT NULL,    -- '' all procedures
    UNIQUE (agency, role, procedure_group)
) STRICT;

-- A person or a body that signs in, or a program. Written at sign-up and by administrators; every change is in the journal.
-- Disabled, not deleted, while a dossier names it.
CREATE TABLE account (
    id               INTEGER NOT NULL PRIMARY KEY,
    login            TEXT NOT NULL UNIQUE, -- lower case
    kind             TEXT NOT NULL,    -- citizen foreigner business cooperative organisation officer program
    name             TEXT NOT NULL,
    name_sort_key    BLOB NOT NULL,    -- ICU key: by given name
    password_hash    TEXT NOT NULL,    -- Argon2id, encoded; '' cannot sign in with a password
    must_change      INTEGER NOT NULL, -- 1: choose a new password at the next sign-in
    language         TEXT NOT NULL,    -- vi en
    email            TEXT NOT NULL,
    phone            TEXT NOT NULL,
    address          TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    disabled_at      INTEGER,
    version          INTEGER NOT NULL
) STRICT;

-- Every number that identifies a person or an enterprise stands here and nowhere else, encrypted (AES-256-GCM), with a keyed
-- hash to find equal ones. Erased with its owner. The key is DIR/keys/identity.key, outside the database.
CREATE TABLE identity (
    owner_kind       INTEGER NOT NULL, -- 0 an account, 1 a dossier
    owner            INTEGER NOT NULL, -- id of the account or dossier
    n                INTEGER NOT NULL, -- the party of the dossier; 0 for accounts
    number           INTEGER NOT NULL, -- which of its numbers, from 0
    type             TEXT NOT NULL,    -- personal_id old_id passport tax_code enterprise_number other
    cipher           BLOB NOT NULL,    -- nonce, cipher text, tag
    lookup           BLOB NOT NULL,    -- HMAC-SHA-256 of type and number under the key
    masked           TEXT NOT NULL,    -- what is shown: 079*******23
    PRIMARY KEY (owner_kind, owner, n, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_by_lookup ON identity (lookup, owner_kind);

-- Who is signed in with a browser. Not in the journal; deleted at sign-out and when it has expired.
CREATE TABLE session (
    key_hash         BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the cookie
    account          INTEGER NOT NULL,
    post             INTEGER,          -- the post in use; NULL: none
    created_at       INTEGER NOT NULL,
    seen_at          INTEGER NOT NULL, -- written every few minutes, not at every request
    expires_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Bearer tokens of programs. Not in the journal but their making is; deleted when expired or withdrawn.
CREATE TABLE token (
    key_hash         BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the token
    account          INTEGER NOT NULL,
    post             INTEGER,
    label            TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX token_by_account ON token (account);
