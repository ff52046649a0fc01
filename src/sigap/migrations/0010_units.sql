-- depends: 0001_journal
-- Agencies, units, and where units are.

CREATE TABLE agency (
    id            text PRIMARY KEY CHECK (id ~ '^[A-Z][A-Z0-9_]+$'),
    name          text NOT NULL,
    short_name    text NOT NULL,
    own_number    text NOT NULL,
    phone_only    boolean NOT NULL,
    sends_crews   boolean NOT NULL,
    head_title    text NOT NULL,
    head_phone    text,
    contact_phone text,
    integration   text NOT NULL,
    active        boolean NOT NULL,
    rev           integer NOT NULL CHECK (rev > 0)
);

CREATE TABLE unit (
    id                  uuid PRIMARY KEY,
    code                text NOT NULL UNIQUE,
    agency              text NOT NULL REFERENCES agency (id),
    type                text NOT NULL,
    status              text NOT NULL CHECK (status IN ('available', 'dispatched', 'acknowledged', 'en_route',
                            'delayed', 'staging', 'on_scene', 'patient_contact', 'transporting', 'hospital', 'cleared',
                            'unmanned', 'out_of_service', 'break', 'off_duty')),
    status_since        timestamptz NOT NULL,
    status_reason       text,
    station             text NOT NULL,
    station_lon         double precision NOT NULL CHECK (abs(station_lon) <= 180),
    station_lat         double precision NOT NULL CHECK (abs(station_lat) <= 90),
    approximate_station boolean NOT NULL,
    kecamatan_code      text NOT NULL,
    assignment_id       uuid,
    active              boolean NOT NULL,
    phone               text,
    rev                 integer NOT NULL CHECK (rev > 0)
);
CREATE INDEX unit_agency ON unit (agency, code);

-- Latest wins; not in the journal.
CREATE TABLE unit_position (
    unit_id     uuid PRIMARY KEY REFERENCES unit (id),
    lon         double precision NOT NULL CHECK (abs(lon) <= 180),
    lat         double precision NOT NULL CHECK (abs(lat) <= 90),
    accuracy_m  double precision CHECK (accuracy_m >= 0),
    measured_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    speed_kmh   double precision,
    heading     double precision
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE ON agency, unit, unit_position TO sigap_app;
