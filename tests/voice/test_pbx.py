"""The real exchange and the fake, both held to the port's contract."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import override
from uuid import UUID

import pytest

from sigap.voice.mixer import SILENCE
from sigap.voice.pbx import CallOffered, Pbx
from sigap.voice.pbx_config import PbxConfig
from sigap.voice.pbx_embedded import EmbeddedPbx
from sigap.voice.pbx_fake import FakePbx
from sigap.voice.sip.softphone import PhoneCall, Softphone, softphone
from tests.voice.ears import tone
from tests.voice.pbx_contract import PbxContract, World


class FakeWorld(World):
    """Callers by method calls."""

    def __init__(self, pbx: FakePbx) -> None:
        super().__init__(pbx)
        self._fake = pbx

    @override
    async def dials(self, number: str) -> UUID:
        return self._fake.rings(number)

    @override
    async def caller_hangs_up(self, call_id: UUID) -> None:
        self._fake.caller_hangs_up(call_id)

    @override
    async def speaks(self, call_id: UUID) -> None:
        for _ in range(50):
            self._fake.caller_says(call_id, SILENCE)

    @override
    async def crashes(self) -> None:
        self._fake.crashes()
        await self._fake.start()
        self.listen()


class RealWorld(World):
    """Callers by softphone. A crash is a new exchange on the same port and folders, while the old one is cut off."""

    def __init__(self, pbx: EmbeddedPbx, config: PbxConfig, phone: Softphone) -> None:
        super().__init__(pbx)
        self._real, self._config, self._phone = pbx, config, phone
        self._calls: dict[UUID, PhoneCall] = {}

    @override
    async def dials(self, number: str) -> UUID:
        before = len([event for event in self.seen if isinstance(event, CallOffered)])
        call = await self._phone.call(*self._real.sip_address, number=number)
        call.play(tone(440), loop=True)
        async with asyncio.timeout(3):
            while True:
                offers = [event for event in self.seen if isinstance(event, CallOffered)]
                if len(offers) > before:
                    self._calls[offers[-1].call_id] = call
                    return offers[-1].call_id
                await asyncio.sleep(0.005)

    @override
    async def caller_hangs_up(self, call_id: UUID) -> None:
        await self._calls[call_id].hang_up()

    @override
    async def speaks(self, call_id: UUID) -> None:
        await asyncio.sleep(1.0)

    @override
    async def crashes(self) -> None:
        await self._real.stop()
        self._config = PbxConfig(
            recordings=self._config.recordings,
            saved_calls=self._config.saved_calls,
            sip_port=self._real.sip_address[1],
            rtp_ports=(0, 0),
        )
        self._real = EmbeddedPbx(self._config)
        self.pbx = self._real
        await self._real.start()
        self.listen()


class TestFakePbx(PbxContract):
    """The fake keeps the promises."""

    @pytest.fixture
    async def world(self) -> AsyncIterator[World]:
        """A fake exchange."""
        world = FakeWorld(FakePbx())
        await world.pbx.start()
        world.listen()
        yield world
        world.deafen()


class TestEmbeddedPbx(PbxContract):
    """The real one keeps the promises, over SIP and RTP."""

    @pytest.fixture
    async def world(self, tmp_path: Path) -> AsyncIterator[World]:
        """A real exchange and a softphone."""
        config = PbxConfig(
            recordings=tmp_path / "recordings", saved_calls=tmp_path / "calls", sip_port=0, rtp_ports=(0, 0)
        )
        pbx = EmbeddedPbx(config)
        await pbx.start()
        async with softphone() as phone:
            world = RealWorld(pbx, config, phone)
            world.listen()
            yield world
            for call in list(phone.calls.values()):
                await call.hang_up()
            world.deafen()
            await world.pbx.stop()


def test_both_are_a_pbx(tmp_path: Path):
    ports: list[Pbx] = [FakePbx(), EmbeddedPbx(PbxConfig(recordings=tmp_path, saved_calls=tmp_path))]
    assert all(port.calls() == [] for port in ports)
