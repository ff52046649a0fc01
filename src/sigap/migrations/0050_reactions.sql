-- depends: 0040_dispatch
-- How far each follower has read the journal. Its jobs are procrastinate's rows, written in the same transaction.

CREATE TABLE reaction_cursor (
    follower text PRIMARY KEY,
    seq      bigint NOT NULL,
    at       timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON reaction_cursor TO sigap_app;
