"""The trunk's sound: RTP with G.711 and telephone-event (RFC 3550, RFC 3551, RFC 4733)."""
