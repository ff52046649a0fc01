"""`sigap api`: the HTTP app under uvicorn."""

import asyncio
import socket
from pathlib import Path

import uvicorn
import uvloop

from sigap.app.http import create_app
from sigap.app.ports import listen
from sigap.app.voice_address import voice_url
from sigap.kernel import logs
from sigap.kernel.paths import Home

GOODBYE_S = 2
"""Seconds that open streams get to end when the api stops; browsers come back by themselves."""


def run(
    home: Home,
    database_url: str,
    *,
    host: str,
    port: int,
    seat_port: int,
    demo: bool,
    certificate: Path | None,
    key: Path | None,
    inner_port: int | None,
    trusted_proxies: str,
) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the port is taken.

    With a certificate also plain on `inner_port` of this machine alone: for voice, which knows us by address.
    """
    logs.start()
    app = create_app(home, database_url, voice_url=voice_url(home, seat_port), demo=demo)
    common = {
        "loop": "uvloop",
        "access_log": False,
        "log_config": None,
        "log_level": "warning",
        "timeout_graceful_shutdown": GOODBYE_S,
        "timeout_keep_alive": 75,
        "proxy_headers": bool(trusted_proxies),
        "forwarded_allow_ips": trusted_proxies or None,
        "server_header": False,
    }
    outer = uvicorn.Config(app, lifespan="on", ssl_certfile=certificate, ssl_keyfile=key, **common)
    servers = [(uvicorn.Server(outer), listen(host, port))]
    if certificate is not None and inner_port is not None:
        inner = uvicorn.Config(app, lifespan="off", **common)
        servers.append((uvicorn.Server(inner), listen("127.0.0.1", inner_port)))
    uvloop.run(_serve(servers))


async def _serve(servers: list[tuple[uvicorn.Server, socket.socket]]) -> None:
    """All of them; a signal ends the one that caught it last, which passes it on to the one before."""
    await asyncio.gather(*(server.serve(sockets=[bound]) for server, bound in servers))
