-- depends: 0002_identity
-- Which chairs of the demo the simulated colleagues may play. Empty (all may) outside a demo.
CREATE TABLE demo_chair (
    username text PRIMARY KEY,
    simulated boolean NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON demo_chair TO sigap_app;
