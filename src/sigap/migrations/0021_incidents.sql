-- depends: 0020_calls
-- Incidents, what was written about them, and who may read the restricted ones.

CREATE TABLE incident (
    id                    uuid PRIMARY KEY,
    ticket_number         text NOT NULL UNIQUE,
    short_number          integer NOT NULL CHECK (short_number > 0),
    type                  text NOT NULL,
    category              text NOT NULL,
    national_group        text NOT NULL,
    priority              text NOT NULL CHECK (priority IN ('P1', 'P2', 'P3', 'P4')),
    state                 text NOT NULL CHECK (state IN
        ('new', 'awaiting_dispatch', 'assigned', 'en_route', 'on_scene', 'resolved', 'closed', 'cancelled')),
    restricted            boolean NOT NULL,
    intake_channel        text NOT NULL,
    kecamatan_code        text,
    desa_code             text,
    outside               boolean NOT NULL,
    uncertainty_m         double precision CHECK (uncertainty_m >= 0),
    first_call_id         uuid REFERENCES call (id),
    first_call_offered_at timestamptz,
    opened_by             uuid,
    opened_at             timestamptz NOT NULL,
    location_confirmed_at timestamptz,
    resolved_at           timestamptz,
    closed_at             timestamptz,
    close_reason          text,
    results               jsonb NOT NULL,
    dangers               text[] NOT NULL,
    rev                   integer NOT NULL CHECK (rev > 0),
    lon                   double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat                   double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    place_text            text NOT NULL,
    landmark              text,
    narrative             text NOT NULL,
    reporter_name         text,
    callback_number       text,
    CHECK ((state IN ('closed', 'cancelled')) = (closed_at IS NOT NULL))
);
CREATE INDEX incident_open ON incident (opened_at) WHERE state NOT IN ('closed', 'cancelled');
CREATE INDEX incident_day ON incident (opened_at);

ALTER TABLE call ADD CONSTRAINT call_incident_exists FOREIGN KEY (incident_id) REFERENCES incident (id);

CREATE TABLE incident_note (
    id          uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incident (id),
    written_by  uuid,
    written_at  timestamptz NOT NULL,
    rev         integer NOT NULL CHECK (rev > 0),
    text        text NOT NULL
);
CREATE INDEX incident_note_incident ON incident_note (incident_id);

CREATE TABLE incident_access (
    id          uuid PRIMARY KEY,
    incident_id uuid NOT NULL REFERENCES incident (id),
    account_id  uuid NOT NULL,
    granted_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    rev         integer NOT NULL CHECK (rev > 0),
    reason      text
);
CREATE INDEX incident_access_who ON incident_access (incident_id, account_id);

-- The last ticket number given on a local day. Not journalled: the numbers themselves are.
CREATE TABLE ticket_day (
    day  text PRIMARY KEY CHECK (day ~ '^[0-9]{8}$'),
    last integer NOT NULL CHECK (last > 0)
);

GRANT SELECT, INSERT, UPDATE ON incident, incident_note, incident_access, ticket_day TO sigap_app;
