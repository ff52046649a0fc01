"""Make the sounds beside this file: `python make_sounds.py`, with espeak-ng 1.51 and sox installed.

They are committed; nobody needs to run this to build or run the room. The spoken text is ours, spoken by espeak-ng's
Indonesian voice as a placeholder until a person of the regency has recorded it; tones follow ITU-T E.180 in shape.
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from sigap.voice.pbx import RATE
from sigap.voice.rtp import g711

HERE = Path(__file__).parent
OPERATOR = (
    "Darurat satu satu dua Kabupaten Tangerang. Di mana lokasi kejadiannya?",
    "Baik. Apa yang terjadi? Apakah ada yang terluka?",
    "Baik, petugas segera kami kirim. Tetap tenang dan tetap di tempat aman.",
)
"""What a simulated operator says, one file each."""
WELCOME = "Anda terhubung ke darurat satu satu dua. Mohon tunggu, jangan ditutup."


def spoken(text: str) -> bytes:
    """Speech as A-law, trimmed of silence at both ends and at most 5 s long."""
    with tempfile.TemporaryDirectory() as folder:
        wav, raw = Path(folder) / "speech.wav", Path(folder) / "speech.al"
        subprocess.run(["espeak-ng", "-v", "id", "-s", "180", "-w", wav, text], check=True)
        trim = ["silence", "1", "0.02", "0.5%", "reverse", "silence", "1", "0.02", "0.5%", "reverse"]
        subprocess.run(
            ["sox", wav, "-r", str(RATE), "-c", "1", "-t", "al", raw, *trim, "gain", "-n", "-6"], check=True
        )
        data = raw.read_bytes()
    if len(data) > 5 * RATE:
        raise SystemExit(f"the announcement takes {len(data) / RATE:.1f} s, 5 s is the limit")
    return data


def tone(seconds: float, parts: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Sines of (Hz, share of full scale), with soft ends."""
    at = np.arange(int(seconds * RATE)) / RATE
    wave = sum(share * np.sin(2 * np.pi * hertz * at) for hertz, share in parts)
    soft = np.minimum(1, np.minimum(at, seconds - at) / 0.01)
    return (32767 * wave * soft).astype(np.int16)


def ringback() -> bytes:
    """One second of 440 and 480 Hz, three of quiet."""
    return g711.encode_alaw(
        np.concatenate([tone(1.0, ((440, 0.12), (480, 0.12))), np.zeros(3 * RATE, np.int16)])
    )


def hold() -> bytes:
    """A quiet rising chord, bar by bar: somebody will be back."""
    bars = [(262, 330, 392), (294, 349, 440), (330, 392, 494), (294, 349, 440)]
    notes = [tone(0.5, ((hertz, 0.10), (2 * hertz, 0.03))) for bar in bars for hertz in bar]
    return g711.encode_alaw(np.concatenate(notes))


if __name__ == "__main__":
    said = [(f"operator-{number}", spoken(text)) for number, text in enumerate(OPERATOR, start=1)]
    for name, data in (("queue", spoken(WELCOME)), ("ringback", ringback()), ("hold", hold()), *said):
        (HERE / f"{name}.al").write_bytes(data)
        print(f"{name}.al: {len(data) / RATE:.1f} s, {len(data)} bytes")
