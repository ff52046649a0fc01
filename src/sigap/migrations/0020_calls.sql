-- depends: 0002_identity
-- Calls as voice reported them, the numbers to call back, the seats, and who listened to a recording.

CREATE TABLE call (
    id             uuid PRIMARY KEY,
    state          text NOT NULL CHECK (state IN ('offered', 'queued', 'alerting', 'answered', 'wrap_up', 'closed')),
    trunk          text,
    dialed_number  text,
    seat           text,
    account_id     uuid,
    offered_at     timestamptz,
    alerted_at     timestamptz,
    queued_at      timestamptz,
    answered_at    timestamptz,
    ended_at       timestamptz,
    end_cause      text,
    ended_by       text,
    disposition    text CHECK (disposition IN ('normal', 'prank', 'ghost', 'information', 'non_emergency', 'test')),
    disposition_at timestamptz,
    disposition_by uuid,
    incident_id    uuid,
    number_class   text NOT NULL CHECK (number_class IN ('usable', 'none', 'placeholder')),
    recording_state text NOT NULL CHECK (recording_state IN ('none', 'recording', 'stored', 'failed')),
    recording_s    double precision,
    media          text NOT NULL,
    repeat_24h     integer NOT NULL CHECK (repeat_24h >= 0),
    rev            integer NOT NULL CHECK (rev > 0),
    caller_number  text,
    caller_name    text,
    evidence       jsonb NOT NULL,
    note           text,
    recording_ref  text,
    CHECK ((disposition IS NULL) = (disposition_at IS NULL))
);
CREATE INDEX call_number ON call (caller_number, offered_at) WHERE number_class = 'usable';
CREATE INDEX call_incident ON call (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX call_account ON call (account_id, offered_at DESC);
CREATE INDEX call_offered ON call (offered_at DESC);
CREATE INDEX call_running ON call (offered_at) WHERE ended_at IS NULL;

CREATE TABLE callback (
    id       uuid PRIMARY KEY,
    call_id  uuid NOT NULL UNIQUE REFERENCES call (id),
    due_at   timestamptz NOT NULL,
    state    text NOT NULL CHECK (state IN ('due', 'done', 'skipped')),
    attempts integer NOT NULL CHECK (attempts BETWEEN 0 AND 2),
    outcome  text,
    done_at  timestamptz,
    done_by  uuid,
    rev      integer NOT NULL CHECK (rev > 0),
    number   text NOT NULL
);
CREATE INDEX callback_waiting ON callback (number) WHERE state = 'due';

CREATE TABLE seat (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    account_id uuid,
    state      text NOT NULL CHECK (state IN
        ('signed_out', 'ready', 'not_ready', 'ringing', 'talking', 'wrap_up', 'lost')),
    reason     text,
    since      timestamptz NOT NULL,
    rev        integer NOT NULL CHECK (rev > 0)
);

CREATE TABLE recording_play (
    id         uuid PRIMARY KEY,
    call_id    uuid NOT NULL REFERENCES call (id),
    account_id uuid NOT NULL,
    played_at  timestamptz NOT NULL,
    rev        integer NOT NULL CHECK (rev > 0),
    reason     text NOT NULL
);
CREATE INDEX recording_play_call ON recording_play (call_id);

-- Every fact that voice has handed over, once. Not journalled: each one's meaning is. `trouble` says why one meant nothing.
CREATE TABLE voice_fact (
    node        text NOT NULL,
    voice_seq   bigint NOT NULL CHECK (voice_seq > 0),
    kind        text NOT NULL,
    at          timestamptz NOT NULL,
    call_id     uuid,
    received_at timestamptz NOT NULL,
    trouble     text,
    PRIMARY KEY (node, voice_seq)
);
CREATE INDEX voice_fact_call ON voice_fact (call_id, at) WHERE call_id IS NOT NULL;

-- What the trunk sent with the call, as it came: headers and body parts. Personal (it holds the caller's number and
-- place). Not journalled; kept as long as raw location is (180 days), then deleted by call.
CREATE TABLE call_raw (
    call_id uuid PRIMARY KEY REFERENCES call (id),
    kept_at timestamptz NOT NULL,
    raw     jsonb NOT NULL
);
CREATE INDEX call_raw_age ON call_raw (kept_at);

GRANT SELECT, INSERT, UPDATE ON call, callback, seat, recording_play TO sigap_app;
GRANT SELECT, INSERT, UPDATE ON voice_fact TO sigap_app;
GRANT SELECT, INSERT, DELETE ON call_raw TO sigap_app;
