"""GET /api/healthz: how each part is. Always 200, also while the database is away: it is named then."""

import asyncio
import json
import shutil
import ssl
import time
import urllib.request
from typing import Any

from fastapi import APIRouter, Request

from sigap.app.voice_address import voice_ports
from sigap.kernel.paths import Home
from sigap.kernel.web import View

router = APIRouter(tags=["health"])

WORKER_SILENT_S = 10.0
"""Seconds after which a worker that does not sign its life is called down; it does so every two."""
LOW_DISK_MB = 500


class Health(View):
    """`degraded` as soon as one part is not `ok`; `parts` says which and, in numbers, how."""

    status: str
    parts: dict[str, dict[str, Any]]


@router.get("/healthz")
async def healthz(request: Request) -> Health:
    """The state of api, database, voice, worker and disk. Needs no sign-in and tells no secret."""
    home: Home = request.app.state.home
    database, voice = await asyncio.gather(_database(request), asyncio.to_thread(_voice, home))
    parts = {
        "api": {"state": "ok", "seq": request.app.state.hub.seq},
        "database": database,
        "voice": voice,
        "worker": _worker(home),
        "disk": _disk(home),
    }
    well = all(part["state"] == "ok" for part in parts.values())
    return Health(status="ok" if well else "degraded", parts=parts)


async def _database(request: Request) -> dict[str, Any]:
    began = time.perf_counter()
    answers = await request.app.state.database.answers()
    answered_ms = round((time.perf_counter() - began) * 1000, 1)
    return {"state": "ok", "answered_ms": answered_ms} if answers else {"state": "down"}


def _voice(home: Home) -> dict[str, Any]:
    ports = voice_ports(home)
    if ports is None:
        return {"state": "down"}
    unchecked = ssl.create_default_context()  # we ask ourselves, by address: the certificate has another name
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(ports.health, timeout=1.0, context=unchecked) as answer:
            said: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        return {"state": "down"}
    alarms = sorted(said.get("alarms", {}))
    spool = said.get("spool", {})
    return {
        "state": "alarm" if alarms else "ok",
        "calls": said.get("calls"),
        "seats": said.get("seats_connected"),
        "spool_backlog": spool.get("backlog") if isinstance(spool, dict) else None,
        "alarms": alarms,
    }


def _worker(home: Home) -> dict[str, Any]:
    try:
        signed = json.loads((home.root / "worker.json").read_text())
        silent_s = time.time() - float(signed["at"])
    except (OSError, ValueError, KeyError):
        return {"state": "down"}
    return {"state": "ok" if silent_s < WORKER_SILENT_S else "down", "silent_s": round(silent_s, 1)}


def _disk(home: Home) -> dict[str, Any]:
    free_mb = shutil.disk_usage(home.root).free // 1_000_000
    return {"state": "ok" if free_mb >= LOW_DISK_MB else "low", "free_mb": free_mb}
