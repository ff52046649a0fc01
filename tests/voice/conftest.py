"""The exchange that most voice tests speak to, and a raw socket to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.voice.exchange import Exchange, Wire, exchange


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Exchange]:
    """An exchange that nobody answers at."""
    async with exchange(tmp_path) as one:
        yield one


@pytest.fixture
def wire(running: Exchange) -> Iterator[Wire]:
    """A raw socket to it."""
    with Wire(running.pbx.sip_address) as one:
        yield one
