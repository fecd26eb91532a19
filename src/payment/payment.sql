-- Queries of the payment room.

-- name: payment_insert
INSERT INTO payment (id, subject, n, version, receipt_number, agency, fee, kind, amount, currency, manner, payer, note, at,
                     account, cancelled_at, cancelled_by, cancel_reason)
VALUES (:id, :subject, :n, :version, :receipt_number, :agency, :fee, :kind, :amount, :currency, :manner, :payer, :note, :at,
        :account, NULL, 0, '');

-- name: payment_of_subject
SELECT p.id, p.n, p.receipt_number, p.agency, p.fee, p.kind, p.amount, p.currency, p.manner, p.payer, p.note, p.at, p.account,
       p.cancelled_at, p.cancelled_by, p.cancel_reason
FROM payment p WHERE p.subject = :subject ORDER BY p.n;

-- name: payment_cancel
-- What one act recorded; its number stays.
UPDATE payment SET cancelled_at = :at, cancelled_by = :account, cancel_reason = :reason
WHERE subject = :subject AND version = :version AND cancelled_at IS NULL;

-- name: payment_request_insert
INSERT INTO payment_request (subject, n, version, kind, amount, currency, reason, at, account, cancelled_at)
VALUES (:subject, :n, :version, :kind, :amount, :currency, :reason, :at, :account, NULL);

-- name: payment_request_of_subject
SELECT n, kind, amount, currency, reason, at, account, cancelled_at FROM payment_request WHERE subject = :subject ORDER BY n;

-- name: payment_request_last
SELECT coalesce(max(n), 0) FROM payment_request WHERE subject = :subject;

-- name: payment_request_cancel
UPDATE payment_request SET cancelled_at = :at WHERE subject = :subject AND version = :version AND cancelled_at IS NULL;
