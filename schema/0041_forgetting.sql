-- What housekeeping forgets is found by its age, so that it reads what goes and not what stays.
CREATE INDEX message_by_age ON message (made_at) WHERE next_at IS NULL;
CREATE INDEX counter_visit_by_age ON counter_visit (at);
CREATE INDEX appointment_by_age ON appointment (at);
