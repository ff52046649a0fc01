"""Where the voice process listens, as it wrote it down itself, and the address a seat's browser is given."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sigap.kernel.paths import Home

if TYPE_CHECKING:  # the supervisor and every small command read the ports too; they need no web framework
    from fastapi import Request

OUTSIDE = "SIGAP_VOICE_URL"
"""Behind a proxy: the address of the seats' socket as browsers reach it, such as wss://112.example.go.id/seat."""


@dataclass(frozen=True, slots=True)
class VoicePorts:
    """SIP for the trunk, the socket for seats."""

    pid: int
    sip_host: str
    sip_port: int
    seat_host: str
    seat_port: int
    health: str
    """Where voice says how it is."""


def voice_ports(home: Home) -> VoicePorts | None:
    """None while voice is not running (it removes the file, or never wrote it)."""
    try:
        told = json.loads((home.root / "voice.json").read_text())
        sip, seat = told["sip"], told["seat"]
        return VoicePorts(
            int(told["pid"]), sip["host"], int(sip["port"]), seat["host"], int(seat["port"]), told["health"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def voice_url(home: Home, fallback_port: int) -> "Callable[[Request], str]":
    """The seat socket's address for a page: same host as the page, voice's own port; or the one set for a proxy."""

    def of(request: "Request") -> str:
        if outside := os.environ.get(OUTSIDE):
            return outside
        ports = voice_ports(home)
        scheme = "wss" if request.url.scheme == "https" else "ws"
        port = ports.seat_port if ports else fallback_port
        return f"{scheme}://{request.url.hostname}:{port}/seat"

    return of
