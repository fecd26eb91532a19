-- Fees: what was asked for, and what was paid. Written by the room payment inside the command of whatever the money is for
-- (today always a dossier). Money is whole minor units of its currency: đồng, US cents.

-- An amount that an office asked for, beside or instead of the fees of the procedure's record.
CREATE TABLE payment_request (
    subject      INTEGER NOT NULL,               -- what the money is for: a dossier's id
    n            INTEGER NOT NULL,               -- from 1
    version      INTEGER NOT NULL,               -- of the subject after the act that asked
    kind         TEXT    NOT NULL,               -- fee (phí), charge (lệ phí); '' when nobody said
    amount       INTEGER NOT NULL,
    currency     TEXT    NOT NULL,               -- VND, USD
    reason       TEXT    NOT NULL,
    at           INTEGER NOT NULL,               -- UTC microseconds
    account      INTEGER NOT NULL,               -- who asked
    cancelled_at INTEGER,                        -- NULL: stands
    PRIMARY KEY (subject, n)
) STRICT, WITHOUT ROWID;

-- Money that was taken. Never deleted: a mistaken one is cancelled, and its number stays explained. Kept as long as accounting
-- law keeps receipts, at least as long as the subject.
CREATE TABLE payment (
    id             INTEGER PRIMARY KEY,
    subject        INTEGER NOT NULL,
    n              INTEGER NOT NULL,             -- from 1
    version        INTEGER NOT NULL,             -- of the subject after the act that recorded it
    receipt_number TEXT    NOT NULL,             -- BL-<e-identifier>-<year>-<number>: docs/payments.md
    agency         INTEGER NOT NULL,             -- whose receipt
    fee            TEXT    NOT NULL,             -- the line that it pays: fee-1, charge-2, asked-1; '' for none of them
    kind           TEXT    NOT NULL,             -- fee, charge; '' when nobody said
    amount         INTEGER NOT NULL,
    currency       TEXT    NOT NULL,
    manner         TEXT    NOT NULL,             -- cash, transfer
    payer          TEXT    NOT NULL,             -- '' when it is the applicant
    note           TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    account        INTEGER NOT NULL,             -- who recorded it
    cancelled_at   INTEGER,                      -- NULL: stands
    cancelled_by   INTEGER NOT NULL,             -- account; 0: stands
    cancel_reason  TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX payment_of_subject ON payment (subject, n);
CREATE UNIQUE INDEX payment_by_receipt ON payment (receipt_number);
