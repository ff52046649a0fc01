"""The whole voice process without a browser: its door, its death, a full disk."""

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from websockets.asyncio.client import connect

from sigap.voice.sip.softphone import Softphone
from tests.voice.certificate import self_signed
from tests.voice.seat_client import Client, Keys
from tests.voice.voice_process import VoiceProcess, start, voice

TONE = (np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000) * 8000).astype(np.int16)


@pytest.fixture
async def phone() -> AsyncIterator[Softphone]:
    line = Softphone()
    await line.start()
    yield line
    await line.stop()


@asynccontextmanager
async def seat(
    running: VoiceProcess, keys: Keys, name: str = "meja-1", **hello: Any
) -> AsyncIterator[Client]:
    async with connect(f"ws://127.0.0.1:{running.seat_port}/seat", compression=None) as socket:
        client = Client(socket)
        token = keys.token(f"sim-{name}", simulated=True)
        await client.say("hello", token=token, seat=name, media="none", **hello)
        await client.until("welcome")
        await client.say("ready")
        yield client


async def answered(client: Client, phone: Softphone, running: VoiceProcess):
    call = await phone.call(*running.sip, number="+6281200000001")
    ring = await client.until("ring", within_s=5)
    await client.say("answer_call", call_id=ring["call"]["call_id"])
    await client.until("answered")
    await call.wait(call.answered)
    call.play(TONE, loop=True)
    return call, ring["call"]["call_id"]


async def test_it_says_where_it_listens_and_how_it_is(tmp_path: Path):
    Keys(tmp_path / "keys")
    async with voice(tmp_path) as running:
        told = json.loads((tmp_path / "voice.json").read_text())
        assert told == running.ports
        assert told["pid"] == running.process.pid
        health = await running.health()
        assert health["calls"] == {"waiting": 0, "ringing": 0, "talking": 0, "held": 0}
        assert [seat["state"] for seat in health["seats"]] == ["signed_out"] * 4
        assert health["spool"]["backlog"] == 1
        assert health["recordings"]["free_bytes"] > 0
        assert await running.stop() == 0
    assert not (tmp_path / "voice.json").exists()


async def test_a_taken_port_is_said_and_exits_2(tmp_path: Path):
    Keys(tmp_path / "keys")
    async with voice(tmp_path) as running:
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sigap.voice.main", "--sip-port", str(running.sip[1]), "--seat-port", "0",
            env={"SIGAP_HOME": str(tmp_path / "other"), "PYTHONPATH": "src"}, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await asyncio.wait_for(second.communicate(), 20)
    assert second.returncode == 2
    assert "--sip-port" in said.decode()


async def test_a_call_before_any_seat_waits_and_is_answered_later(tmp_path: Path, phone: Softphone):
    keys = Keys(tmp_path / "keys")
    async with voice(tmp_path) as running:
        call = await phone.call(*running.sip, number="+6281200000001")
        await call.wait(call.ringing)
        await call.wait(call.early)
        assert not call.answered.is_set()
        async with seat(running, keys) as client:
            ring = await client.until("ring")
            await client.say("answer_call", call_id=ring["call"]["call_id"])
            await call.wait(call.answered)
            assert [status for status in call.statuses if status > 100][:2] == [180, 183]
            assert call.statuses[-1] == 200


async def test_a_caller_who_rings_during_a_crash_rings_on_and_both_calls_are_written_down(
    tmp_path: Path, phone: Softphone
):
    keys = Keys(tmp_path / "keys")
    running = await start(tmp_path)
    async with seat(running, keys) as client:
        call = await phone.call(*running.sip, number="+6281200000001")
        call_id = (await client.until("ring"))["call"]["call_id"]
        await asyncio.sleep(0.3)
        await running.kill()
    async with voice(tmp_path, sip_port=running.sip[1], seat_port=running.seat_port) as again:
        async with seat(again, keys) as client:
            ring = await client.until("ring", within_s=5)
            await client.say("answer_call", call_id=ring["call"]["call_id"])
            await client.until("answered")
            await call.wait(call.answered)
        facts = again.spooled()
    ended = [fact for fact in facts if fact["kind"] == "call_ended"]
    assert [(fact["call_id"], fact["cause"], fact["by"]) for fact in ended] == [(call_id, "failed", "system")]
    offered = [fact["call_id"] for fact in facts if fact["kind"] == "call_offered"]
    assert offered == [call_id, ring["call"]["call_id"]]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A home on a file system of 12 MiB."""
    mount = tmp_path / "home"
    mount.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(mount)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {made.stderr.strip()}")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=False)


def fill(file: Path) -> None:
    try:
        with file.open("wb", buffering=0) as out:
            while True:
                out.write(bytes(65536))
    except OSError:
        pass


async def test_with_the_disk_full_calls_are_answered_the_alarm_is_loud_and_the_loss_is_named(
    small_disk: Path, phone: Softphone
):
    keys = Keys(small_disk / "keys")
    async with voice(small_disk) as running, seat(running, keys) as client:
        fill(small_disk / "filler")
        call, call_id = await answered(client, phone, running)
        failed = await client.until("recording", within_s=8, state="failed")
        assert failed["call_id"] == call_id
        alarms = {message["what"] for message in client.heard if message["type"] == "alarm"}
        assert alarms & {"recording_failed", "disk_full", "disk_low", "spool_write_failed"}
        await call.hang_up()
        await client.until("ended")
        assert set((await running.health())["alarms"]) & {
            "recording_failed",
            "disk_full",
            "spool_write_failed",
        }
        second, _ = await answered_after_wrap_up(client, phone, running)
        (small_disk / "filler").unlink()
        await second.hang_up()
        await client.until("ended")
        await asyncio.sleep(1.5)
        facts = running.spooled()
    mine = [fact for fact in facts if fact.get("call_id") == call_id]
    assert [fact["kind"] for fact in mine if fact["kind"].startswith("call")] == [
        "call_offered", "call_alerted", "call_answered", "call_ended",
    ]  # fmt: skip
    assert [fact["reason"] for fact in mine if fact["kind"] == "recording_failed"]
    numbers = [fact["voice_seq"] for fact in facts]
    assert numbers == list(range(1, len(numbers) + 1))


async def answered_after_wrap_up(client: Client, phone: Softphone, running: VoiceProcess):
    await client.say("wrap_up_done")
    return await answered(client, phone, running)


async def test_seats_over_tls(tmp_path: Path):
    keys = Keys(tmp_path / "keys")
    certificate, key = self_signed(tmp_path)
    trust = ssl.create_default_context(cafile=str(certificate))
    async with voice(tmp_path, tls_cert=str(certificate), tls_key=str(key)) as running:
        async with connect(
            f"wss://localhost:{running.seat_port}/seat", ssl=trust, host="127.0.0.1"
        ) as socket:
            client = Client(socket)
            await client.say("hello", token=keys.token("a", simulated=True), seat="meja-1", media="none")
            await client.until("welcome")
        async with httpx.AsyncClient(verify=trust, trust_env=False) as http:
            assert (
                await http.get(running.ports["health"].replace("127.0.0.1", "localhost"))
            ).status_code == 200
