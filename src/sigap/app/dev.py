"""`sigap dev`: the demo for those who change it.

Saving a Python file starts api, worker and voice again; pages come from Vite, which swaps changed modules in
the open browser and passes /api on to us.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from sigap.app import demo, installation, leash
from sigap.app.room import Room, RoomOptions
from sigap.app.supervisor import say
from sigap.app.trouble import Trouble
from sigap.kernel.paths import Home

CHECKOUT: Final = Path(__file__).resolve().parents[3]
SOURCE: Final = CHECKOUT / "src"
POLL_S: Final = 0.5
RESTARTED: Final = ("api", "worker", "voice")


def run(home: Home, options: RoomOptions) -> None:
    """Until Ctrl-C. Raises Trouble."""
    if not (CHECKOUT / "web" / "node_modules").is_dir():
        raise Trouble(
            "There is no checkout with its web packages here.", mend="clone the repository and run make dev"
        )
    installation.make(home)
    asyncio.run(_run(Room(home, options)))


async def _run(room: Room) -> None:
    settings = demo.DemoOptions(
        room=room.options,
        fresh=False,
        seconds=None,
        callers=True,
        calls_per_hour=None,
        mix="half",
        as_json=False,
    )
    vite = await _vite(room.url)
    say("Vite serves the pages; sit down there: http://dispatch.localhost:5173/api/demo/sit/dispatcher1")
    watching = asyncio.create_task(_restart_on_change(room))
    try:
        await room.supervisor.run(demo.start(room, settings))
    finally:
        watching.cancel()
        if vite.returncode is None:
            vite.terminate()
            await vite.wait()


async def _vite(api: str) -> asyncio.subprocess.Process:
    """The page server, on the leash like everything else; it prints its own address."""
    node, program = CHECKOUT / ".tools/bin/node", CHECKOUT / "web/node_modules/vite/bin/vite.js"
    return await asyncio.create_subprocess_exec(
        *leash.command([str(node), str(program)]),
        cwd=CHECKOUT / "web",
        env={**os.environ, "SIGAP_API": api},
        stdin=asyncio.subprocess.PIPE,
        stdout=sys.stderr,
    )


async def _restart_on_change(room: Room) -> None:
    before = _newest()
    while True:
        await asyncio.sleep(POLL_S)
        if (now := await asyncio.to_thread(_newest)) > before:
            before = now
            say("code changed")
            await room.supervisor.restart(RESTARTED)


def _newest() -> float:
    """When a source file was last changed."""
    return max(file.stat().st_mtime for file in SOURCE.rglob("*") if file.suffix in (".py", ".toml"))
