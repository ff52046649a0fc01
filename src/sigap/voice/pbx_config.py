"""How an embedded exchange is set up: addresses, ports, folders, and who may call it."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sigap.voice.sip.transport import in_networks


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkPeer:
    """Who may call us: a network in CIDR form. `trusted` peers' P-Asserted-Identity is believed."""

    name: str
    network: str
    trusted: bool = True


LOOPBACK = (
    TrunkPeer(name="loopback", network="127.0.0.0/8"),
    TrunkPeer(name="loopback", network="::1/128"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxConfig:
    """How one exchange is set up. Port 0, and `rtp_ports` (0, 0), mean any free port."""

    recordings: Path
    saved_calls: Path
    sip_host: str = "127.0.0.1"
    sip_port: int = 5112
    advertised_host: str | None = None
    rtp_ports: tuple[int, int] = (40000, 40999)
    peers: tuple[TrunkPeer, ...] = LOOPBACK
    media_networks: tuple[str, ...] | None = None
    """Where sound may come from and go to; None: on a loopback address the peers only, else anywhere they say."""
    tls: tuple[int, ssl.SSLContext] | None = None


def media_admission(config: PbxConfig, peers: Callable[[str], bool]) -> Callable[[str], bool]:
    """Which addresses sound may go to and come from."""
    if config.media_networks is not None:
        return in_networks(config.media_networks)
    if config.sip_host.startswith("127.") or config.sip_host == "::1":
        return peers
    return lambda host: True
