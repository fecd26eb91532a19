-- name: series_take
-- The next number of a series, from 1; the row is made by its first number.
INSERT INTO series (name, scope, period, next) VALUES (:name, :scope, :period, 2)
ON CONFLICT (name, scope, period) DO UPDATE SET next = series.next + 1
RETURNING next - 1;

-- name: series_look
-- locks: series
-- The number that series_take would give, of a row that is there.
SELECT next FROM series WHERE name = :name AND scope = :scope AND period = :period;
