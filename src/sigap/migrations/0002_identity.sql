-- depends: 0001_journal
-- People and machines that sign in; passwords and sessions apart from what is journalled.

CREATE TABLE account (
    id           uuid PRIMARY KEY,
    username     text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 120),
    roles        jsonb NOT NULL,
    agency       text,
    unit_id      uuid,
    active       boolean NOT NULL,
    rev          integer NOT NULL CHECK (rev > 0)
);

CREATE TABLE password (
    account_id uuid PRIMARY KEY REFERENCES account (id),
    hash       text NOT NULL,
    set_at     timestamptz NOT NULL
);

CREATE TABLE session (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES account (id),
    token_sha256 bytea NOT NULL UNIQUE,
    client       text NOT NULL CHECK (client IN ('person', 'simulation')),
    opened_at    timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- The first answer to a key is the answer for ever (kept seven days).
CREATE TABLE idempotency (
    actor          text NOT NULL,
    key            text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    request_sha256 bytea NOT NULL,
    answer         jsonb,
    at             timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON idempotency (at);

GRANT SELECT, INSERT, UPDATE ON account, password TO sigap_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, idempotency TO sigap_app;
