"""`sigap api`: the HTTP app under uvicorn."""

from pathlib import Path

import uvicorn

from sigap.app.http import create_app
from sigap.app.ports import listen
from sigap.app.voice_address import voice_url
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
    trusted_proxies: str,
) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError when the port is taken."""
    app = create_app(home, database_url, voice_url=voice_url(home, seat_port), demo=demo)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            lifespan="on",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=GOODBYE_S,
            timeout_keep_alive=75,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=trusted_proxies or None,
            server_header=False,
        )
    )
    server.run(sockets=[listen(host, port)])
