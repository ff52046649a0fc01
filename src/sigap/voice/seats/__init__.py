"""Seats (meja operator): the browsers' socket and sound, as docs/reference/seat-protocol.md says."""
