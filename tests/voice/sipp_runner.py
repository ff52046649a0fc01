"""Run SIPp scenarios against the exchange: real SIP from somebody else's code."""

import asyncio
import csv
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sigap.voice.rtp import g711
from tests.voice.ears import tone

SCENES = Path(__file__).parent / "sipp_scenes"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What SIPp says of its run."""

    code: int
    successful: int
    failed: int
    retransmissions: int
    log: str
    took_ms: tuple[float, ...] = ()
    """From each INVITE to the answer that the scenario times (`rtd`), where `-trace_rtt` was asked for."""


async def run(
    scene: str,
    address: tuple[str, int],
    folder: Path,
    *args: str,
    calls: int = 1,
    rate: float = 10,
    timeout: float = 30.0,
    talk_s: float = 1.0,
) -> Outcome:
    """Play one scenario file to its end. `talk_s` is each pause without a length of its own."""
    stats = _prepared(scene, folder)
    command = [
        shutil.which("sipp") or "sipp",
        f"{address[0]}:{address[1]}",
        *("-p", str(_free_port()), "-mp", str(_free_port())),
        *("-i", "127.0.0.1", "-mi", "127.0.0.1", "-sf", f"{scene}.xml", "-m", str(calls), "-r", str(rate)),
        *("-d", str(int(talk_s * 1000))),
        *(
            "-nostdin",
            "-trace_stat",
            "-fd",
            "1",
            "-stf",
            stats.name,
            "-trace_err",
            "-timeout",
            f"{timeout:.0f}s",
        ),
        *args,
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _, errors = await asyncio.wait_for(process.communicate(), timeout + 5)
    except TimeoutError:
        process.kill()
        raise
    return _outcome(scene, process.returncode or 0, stats, errors)


def _free_port() -> int:
    """An even UDP port that is free now: several SIPp run side by side."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port % 2 == 0:
            return port


def _prepared(scene: str, folder: Path) -> Path:
    """Scenario and sound in a folder of their own; where the statistics will be."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tone.al").write_bytes(g711.encode_alaw(np.tile(tone(440), 8)))
    (folder / f"{scene}.xml").write_text((SCENES / f"{scene}.xml").read_text("utf-8"), "utf-8")
    stats = folder / f"{scene}.csv"
    stats.unlink(missing_ok=True)
    return stats


def _outcome(scene: str, code: int, stats: Path, errors: bytes) -> Outcome:
    rows = list(csv.DictReader(stats.open(), delimiter=";")) if stats.exists() else []
    last = rows[-1] if rows else {}
    traces = "\n".join(
        path.read_text("latin-1")[-2000:] for path in stats.parent.glob(f"{scene}_*_errors.log")
    )
    return Outcome(
        code,
        int(last.get("SuccessfulCall(C)") or 0),
        int(last.get("FailedCall(C)") or 0),
        int(last.get("Retransmissions(C)") or 0),
        errors.decode("latin-1")[-1000:] + traces,
        tuple(
            float(row["response_time_ms"])
            for file in stats.parent.glob(f"{scene}_*_rtt.csv")
            for row in csv.DictReader(file.open(), delimiter=";")
        ),
    )
