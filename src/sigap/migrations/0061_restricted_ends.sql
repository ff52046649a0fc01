-- depends: 0060_restricted
-- Results and reasons of a restricted case are personal now: those from before are written once more.

INSERT INTO incident_to_seal SELECT id FROM incident WHERE restricted ON CONFLICT DO NOTHING;
