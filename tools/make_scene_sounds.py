"""Speak the demo city's scenes: espeak-ng (Indonesian) → Ogg Opus, 8 kHz, about 1.5 kB a second.

Run once after changing src/sigap/simulation/scenes.toml: `.venv/bin/python tools/make_scene_sounds.py`.
espeak-ng is GPL and runs at authoring time only; what it says is ours.
"""

import subprocess
import tempfile
import tomllib
from pathlib import Path

import av

ROOM = Path(__file__).resolve().parents[1] / "src" / "sigap" / "simulation"
VOICES = ("id+m1", "id+f2", "id+m3", "id+f4")
PACE = {"prank": "150", "real": "158"}
BIT_RATE = 12_000


def speak(text: str, voice: str, pace: str, into: Path) -> None:
    """One text as WAV, with half a second before and after."""
    spoken = into.with_suffix(".spoken.wav")
    subprocess.run(["espeak-ng", "-v", voice, "-s", pace, "-w", str(spoken), text], check=True)
    subprocess.run(
        ["sox", str(spoken), "-r", "8000", "-c", "1", str(into), "norm", "-6", "pad", "0.5", "0.5"],
        check=True,
    )


def encode(wav: Path, ogg: Path) -> None:
    """WAV to Ogg Opus."""
    with av.open(str(wav)) as source, av.open(str(ogg), "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = BIT_RATE
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def main() -> None:
    """All scenes that say something."""
    scenes = tomllib.loads((ROOM / "scenes.toml").read_text(encoding="utf-8"))["scene"]
    with tempfile.TemporaryDirectory() as folder:
        for number, scene in enumerate(scenes):
            if scene["spoken"]:
                wav = Path(folder) / f"{scene['id']}.wav"
                speak(scene["spoken"], VOICES[number % len(VOICES)], PACE.get(scene["kind"], "145"), wav)
                encode(wav, ROOM / "sounds" / f"{scene['id']}.ogg")
                print(scene["id"], (ROOM / "sounds" / f"{scene['id']}.ogg").stat().st_size)


if __name__ == "__main__":
    main()
