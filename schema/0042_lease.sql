-- What only PostgreSQL needs; on SQLite this file changes nothing.
-- engine: postgres
-- Several processes over one database: which of them does what must be done by one at a time (followers, batches, letters, chores).
-- Written by whoever leads, about once a second (src/store/store_postgres_news.c); read by the others. One row; nothing of it is kept.
CREATE TABLE lease (
    name   text COLLATE "C" NOT NULL PRIMARY KEY, -- 'leader'
    holder bigint           NOT NULL,             -- the process: its number of the sequence writer
    epoch  bigint           NOT NULL,             -- grows whenever somebody else begins to lead
    until  bigint           NOT NULL              -- microseconds since 1970 by the server's clock; past it anybody may take over
);
-- engine: all
