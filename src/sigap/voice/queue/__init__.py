"""The queue (antrean): which call rings at which seat, pure in `acd`, made real by `runner`."""
