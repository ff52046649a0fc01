"""An exchange in a process of its own, to be killed: answers every call with a tone, takes standing ones up again.

`python exchange_process.py FOLDER SIP_PORT`; prints one JSON line per event.
"""

import asyncio
import json
import sys
from pathlib import Path

from sigap.voice.pbx import CallOffered
from sigap.voice.pbx_config import PbxConfig
from sigap.voice.pbx_embedded import EmbeddedPbx
from tests.voice.ears import ToneLeg


async def main(folder: Path, port: int) -> None:
    """Run until killed."""
    pbx = EmbeddedPbx(
        PbxConfig(
            recordings=folder / "recordings", saved_calls=folder / "calls", sip_port=port, rtp_ports=(0, 0)
        )
    )
    await pbx.start()
    restored = [call.call_id for call in pbx.calls()]
    for call_id in restored:
        await pbx.join(call_id, ToneLeg(700))
    print(
        json.dumps(
            {"event": "started", "port": pbx.sip_address[1], "restored": [str(one) for one in restored]}
        ),
        flush=True,
    )
    async for event in pbx.events():
        if isinstance(event, CallOffered):
            await pbx.ring(event.call_id)
            await pbx.answer(event.call_id, ToneLeg(700))
        print(json.dumps({"event": type(event).__name__, "call_id": str(event.call_id)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
