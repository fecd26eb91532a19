-- Queries of the counter. Those of tickets and those of appointments each give the same columns.

-- name: hall_of_agency
SELECT desks, slot_minutes, slot_places, days_ahead, takes_remote, lines, priorities FROM hall WHERE agency = :agency;

-- name: hall_put
INSERT INTO hall (agency, desks, slot_minutes, slot_places, days_ahead, takes_remote, lines, priorities)
VALUES (:agency, :desks, :slot_minutes, :slot_places, :days_ahead, :takes_remote, :lines, :priorities)
ON CONFLICT (agency) DO UPDATE SET desks = excluded.desks, slot_minutes = excluded.slot_minutes, slot_places = excluded.slot_places,
    days_ahead = excluded.days_ahead, takes_remote = excluded.takes_remote, lines = excluded.lines, priorities = excluded.priorities;

-- name: counter_visit_of
SELECT at, is_over, sealed FROM counter_visit WHERE account = :account AND at >= :since;

-- name: counter_visit_put
INSERT INTO counter_visit (account, at, is_over, sealed) VALUES (:account, :at, 0, :sealed)
ON CONFLICT (account) DO UPDATE SET at = excluded.at, is_over = 0, sealed = excluded.sealed;

-- name: counter_visit_set_over
UPDATE counter_visit SET is_over = :is_over WHERE account = :account;

-- name: counter_visit_delete
DELETE FROM counter_visit WHERE account = :account;

-- name: counter_visit_forget
DELETE FROM counter_visit WHERE at < :before;

-- name: counter_dossiers_of_number
-- What one agency has of a person, newest first; never what is protected.
SELECT d.code, d.procedure_version, d.status, d.submitted_at
FROM identity i JOIN dossier d ON d.id = i.owner
WHERE i.lookup = :lookup AND i.owner_kind = 1 AND d.agency = :agency AND d.is_protected = 0
ORDER BY d.id DESC LIMIT :most;

-- name: counter_account_of_number
SELECT owner FROM identity WHERE lookup = :lookup AND owner_kind = 0;

-- name: counter_recent_procedures
-- What an officer filed lately, newest first.
SELECT procedure_code FROM dossier WHERE submitter = :account AND channel = 'counter' ORDER BY id DESC LIMIT :most;

-- name: counter_seat_of
SELECT agency, desk, line FROM counter_seat WHERE account = :account;

-- name: counter_seat_put
INSERT INTO counter_seat (account, agency, desk, line) VALUES (:account, :agency, :desk, :line)
ON CONFLICT (account) DO UPDATE SET agency = excluded.agency, desk = excluded.desk, line = excluded.line;

-- name: ticket_insert
INSERT INTO ticket (id, agency, day, line, n, priority, source, class, state, desk, account, taken_at, calls)
VALUES (:id, :agency, :day, :line, :n, :priority, :source, :class, 'waiting', 0, 0, :taken_at, 0);

-- name: ticket_by_id
SELECT id, agency, day, line, n, priority, source, class, state, desk, account, taken_at, first_called_at, called_at, calls, ended_at
FROM ticket WHERE id = :id;

-- name: ticket_by_number
SELECT id, agency, day, line, n, priority, source, class, state, desk, account, taken_at, first_called_at, called_at, calls, ended_at
FROM ticket WHERE agency = :agency AND day = :day AND line = :line AND n = :n;

-- name: tickets_in_turn
-- Of one state, in the order of calling.
SELECT id, agency, day, line, n, priority, source, class, state, desk, account, taken_at, first_called_at, called_at, calls, ended_at
FROM ticket WHERE agency = :agency AND day = :day AND state = :state ORDER BY class, taken_at, id LIMIT :most;

-- name: ticket_next_of_line
SELECT id, agency, day, line, n, priority, source, class, state, desk, account, taken_at, first_called_at, called_at, calls, ended_at
FROM ticket WHERE agency = :agency AND day = :day AND state = 'waiting' AND line = :line ORDER BY class, taken_at, id LIMIT 1;

-- name: ticket_ahead_count
-- How many are called before this one: those of a better class, and of its own class those who came before.
SELECT count(*) FROM ticket
WHERE agency = :agency AND day = :day AND state = 'waiting'
  AND (class < :class OR (class = :class AND (taken_at < :taken_at OR (taken_at = :taken_at AND id < :id))));

-- name: ticket_waiting_count
SELECT count(*) FROM ticket WHERE agency = :agency AND day = :day AND state = 'waiting';

-- name: ticket_set
UPDATE ticket SET line = :line, n = :n, class = :class, state = :state, desk = :desk, account = :account, first_called_at = :first_called_at,
    called_at = :called_at, calls = :calls, ended_at = :ended_at
WHERE id = :id AND state = :was;

-- name: ticket_days
-- How long people waited, by day: numbers, of them called, not there, the mean and the longest wait in microseconds.
SELECT day, count(*), count(first_called_at), sum(CASE WHEN state = 'missed' THEN 1 ELSE 0 END),
       CAST(coalesce(avg(first_called_at - taken_at), 0) AS INTEGER), coalesce(max(first_called_at - taken_at), 0)
FROM ticket WHERE agency = :agency AND day >= :since AND day <= :until GROUP BY day ORDER BY day DESC;

-- name: tickets_of_day
SELECT id, agency, day, line, n, priority, source, class, state, desk, account, taken_at, first_called_at, called_at, calls, ended_at
FROM ticket WHERE agency = :agency AND day = :day ORDER BY line, n LIMIT :most;

-- name: ticket_forget
DELETE FROM ticket WHERE id < :before;

-- name: appointment_insert
INSERT INTO appointment (id, version, agency, day, at, place, account, procedure_code, state, ticket, booked_at, reason)
VALUES (:id, 1, :agency, :day, :at, :place, :account, :procedure_code, 'booked', 0, :booked_at, '');

-- name: appointment_by_id
SELECT p.id, p.version, p.agency, p.day, p.at, p.place, p.account, p.procedure_code, p.state, p.ticket, p.booked_at, p.ended_at, p.reason,
       a.name, a.phone, g.name, g.identifier
FROM appointment p JOIN account a ON a.id = p.account JOIN agency g ON g.id = p.agency WHERE p.id = :id;

-- name: appointments_of_account
-- From a moment on, the nearest first.
SELECT p.id, p.version, p.agency, p.day, p.at, p.place, p.account, p.procedure_code, p.state, p.ticket, p.booked_at, p.ended_at, p.reason,
       a.name, a.phone, g.name, g.identifier
FROM appointment p JOIN account a ON a.id = p.account JOIN agency g ON g.id = p.agency
WHERE p.account = :account AND p.at >= :since ORDER BY p.at, p.id LIMIT :most;

-- name: appointments_of_day
SELECT p.id, p.version, p.agency, p.day, p.at, p.place, p.account, p.procedure_code, p.state, p.ticket, p.booked_at, p.ended_at, p.reason,
       a.name, a.phone, g.name, g.identifier
FROM appointment p JOIN account a ON a.id = p.account JOIN agency g ON g.id = p.agency
WHERE p.agency = :agency AND p.day = :day ORDER BY p.at, p.place LIMIT :most;

-- name: appointment_places
-- Which places are taken, of the slots of a time.
SELECT at, place FROM appointment
WHERE agency = :agency AND day >= :since AND day <= :until AND state <> 'cancelled' ORDER BY at, place;

-- name: appointment_set
UPDATE appointment SET version = version + 1, state = :state, ticket = :ticket, ended_at = :ended_at, reason = :reason
WHERE id = :id AND version = :version;

-- name: appointments_to_remind
SELECT p.id, p.version, p.agency, p.day, p.at, p.place, p.account, p.procedure_code, p.state, p.ticket, p.booked_at, p.ended_at, p.reason,
       a.name, a.phone, g.name, g.identifier
FROM appointment p JOIN account a ON a.id = p.account JOIN agency g ON g.id = p.agency
WHERE p.state = 'booked' AND p.reminded_at IS NULL AND p.at > :after AND p.at <= :before AND p.booked_at < p.at - :ahead
ORDER BY p.at LIMIT :most;

-- name: appointment_set_reminded
UPDATE appointment SET reminded_at = :now, version = version + 1 WHERE id = :id AND reminded_at IS NULL;

-- name: appointment_forget
DELETE FROM appointment WHERE at < :before;
