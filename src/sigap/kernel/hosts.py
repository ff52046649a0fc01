"""Addresses to listen at, as others must say them."""

from typing import Final

ANY_HOST: Final = ("0.0.0.0", "::")  # noqa: S104  # compared, never bound here
"""Every address of this machine: to listen at; in SDP a hold as RFC 2543 wrote it."""


def reached_at(host: str) -> str:
    """The host by which this machine itself reaches a listener at `host`, ready for a URL."""
    return {ANY_HOST[0]: "127.0.0.1", ANY_HOST[1]: "[::1]"}.get(host, host)
