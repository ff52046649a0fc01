-- depends: 0010_units 0021_incidents
-- Assignments: one agency's job on one incident.

CREATE TABLE assignment (
    id                    uuid PRIMARY KEY,
    incident_id           uuid NOT NULL REFERENCES incident (id),
    agency                text NOT NULL REFERENCES agency (id),
    unit_id               uuid REFERENCES unit (id),
    role                  text NOT NULL CHECK (role IN ('lead', 'assist', 'inform')),
    state                 text NOT NULL CHECK (state IN ('sent', 'acknowledged', 'departed', 'arrived', 'done', 'refused',
                              'timed_out', 'cancelled', 'diverted')),
    sent_at               timestamptz NOT NULL,
    acknowledged_at       timestamptz,
    departed_at           timestamptz,
    arrived_at            timestamptz,
    done_at               timestamptz,
    ended_at              timestamptz,
    reason                text,
    result                text,
    replaces_id           uuid REFERENCES assignment (id),
    joins_id              uuid REFERENCES assignment (id),
    by_phone              boolean NOT NULL,
    eta_s                 double precision CHECK (eta_s >= 0),
    flags                 text[] NOT NULL,
    escalation            text NOT NULL CHECK (escalation IN ('none', 'realerted', 'next_unit', 'supervisor',
                              'agency_head')),
    escalated_at          timestamptz,
    alarm_acknowledged_at timestamptz,
    alarm_acknowledged_by uuid,
    proposed_unit_id      uuid REFERENCES unit (id),
    sent_by               uuid,
    rev                   integer NOT NULL CHECK (rev > 0),
    reason_text           text,
    phone_contact         text,
    result_note           text,
    CHECK ((ended_at IS NULL) = (state IN ('sent', 'acknowledged', 'departed', 'arrived')))
);
CREATE INDEX assignment_incident ON assignment (incident_id, sent_at);
CREATE INDEX assignment_agency ON assignment (agency, sent_at);

-- A unit has one job at a time: the rule is the index, the verb only says it kindly.
CREATE UNIQUE INDEX assignment_one_live_per_unit ON assignment (unit_id)
    WHERE state IN ('sent', 'acknowledged', 'departed', 'arrived');

GRANT SELECT, INSERT, UPDATE ON assignment TO sigap_app;
