-- The journal: entries in commit order, chained, never changed.
-- Roles sigap_owner (owns everything) and sigap_app (the services; owns nothing) exist before.

CREATE TABLE journal (
    seq         bigint PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       text NOT NULL,
    kind        text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    subject     text NOT NULL,
    facts       jsonb NOT NULL,
    changes     jsonb NOT NULL,
    seal        text CHECK (seal ~ '^[0-9a-f]{64}$'),
    hash        bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX journal_subject ON journal (subject, seq);
CREATE INDEX journal_kind_time ON journal (kind, occurred_at);

CREATE TABLE journal_sealed (
    seq     bigint PRIMARY KEY REFERENCES journal (seq),
    salt    text NOT NULL,
    content jsonb NOT NULL
);

-- One row: its lock is what makes numbers and commits agree.
CREATE TABLE journal_head (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    seq      bigint NOT NULL,
    hash     bytea NOT NULL
);
INSERT INTO journal_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Write a new entry that corrects the old one.';
END $$;
CREATE TRIGGER journal_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses();
CREATE TRIGGER journal_sealed_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_sealed
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses();

CREATE FUNCTION journal_head_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR NEW.seq <> OLD.seq + 1 THEN
        RAISE EXCEPTION 'the journal head only moves forward, one entry at a time'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_head_moves BEFORE UPDATE OR DELETE ON journal_head
    FOR EACH ROW EXECUTE FUNCTION journal_head_moves_forward();

GRANT SELECT, INSERT ON journal, journal_sealed TO sigap_app;
GRANT SELECT, UPDATE ON journal_head TO sigap_app;
