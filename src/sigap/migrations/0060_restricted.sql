-- depends: 0050_reactions
-- What a restricted case is, is personal now, and a kept answer is told again to nobody whose rights have changed.

-- Digest of what the actor was allowed at the first request; NULL in rows older than this column.
ALTER TABLE idempotency ADD COLUMN rights bytea;

-- Restricted cases whose public rows in the journal still name their exact type: written once more, then taken out.
CREATE TABLE incident_to_seal (
    incident_id uuid PRIMARY KEY REFERENCES incident (id)
);
INSERT INTO incident_to_seal SELECT id FROM incident WHERE restricted;

GRANT SELECT, DELETE ON incident_to_seal TO sigap_app;
