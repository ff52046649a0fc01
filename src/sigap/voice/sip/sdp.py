"""Session descriptions: read what the trunk offers, write ours (RFC 4566, RFC 3264). G.711 and telephone-event only."""

import re
from dataclasses import dataclass, field

from sigap.kernel.hosts import ANY_HOST

PCMU, PCMA = 0, 8
OFFERED_DTMF = 101
"""The payload type we give telephone-event in offers of our own."""
NAMES = {PCMA: "PCMA", PCMU: "PCMU"}


@dataclass(frozen=True, slots=True)
class Audio:
    """The audio stream of a description, as far as we can use it."""

    host: str
    port: int
    payload: int
    """The payload type to use: the first of the offer's that we speak."""
    codec: int
    """What it means: PCMU or PCMA."""
    dtmf: int | None
    """Payload type of telephone-event, if offered."""
    direction: str
    """sendrecv, sendonly, recvonly or inactive, as the far end wrote it."""
    media: tuple[str, ...] = ()
    """Every m= line in order, for an answer that mirrors the offer."""
    index: int = 0
    """Which of them is this stream."""

    @property
    def held(self) -> bool:
        """The far end does not want to hear us."""
        # An address of zeros: a hold as RFC 2543 wrote it.
        return self.direction in ("sendonly", "inactive") or self.host in ANY_HOST


@dataclass(slots=True)
class _Section:
    line: str
    host: str
    attributes: list[str] = field(default_factory=list)


def read(body: bytes) -> Audio | None:
    """The first usable audio stream; None when there is nothing we can speak. Never raises."""
    text = body.decode("latin-1")
    host, direction = "", "sendrecv"
    sections: list[_Section] = []
    for line in re.split(r"\r?\n|\r", text):
        kind, value = line[:2], line[2:].strip()
        if kind == "m=":
            sections.append(_Section(value, host))
        elif kind == "c=":
            found = re.match(r"IN\s+IP[46]\s+([^\s/]+)", value, re.I)
            if found and sections:
                sections[-1].host = found[1]
            elif found:
                host = found[1]
        elif kind == "a=" and sections:
            sections[-1].attributes.append(value)
        elif kind == "a=" and value in ("sendrecv", "sendonly", "recvonly", "inactive"):
            direction = value
    lines = tuple(section.line for section in sections)
    for index, section in enumerate(sections):
        if audio := _read_audio(section, direction, lines, index):
            return audio
    return None


def _read_audio(section: _Section, direction: str, lines: tuple[str, ...], index: int) -> Audio | None:
    found = re.match(r"audio\s+(\d{1,5})(?:/\d+)?\s+RTP/(?:AVP|AVPF)\s+([\d\s]+)$", section.line, re.I)
    if not found or not 0 < int(found[1]) < 65536:
        return None
    payload, codec, dtmf = None, PCMA, None
    names = {PCMU: "pcmu", PCMA: "pcma"}
    for attribute in section.attributes:
        mapped = re.match(r"rtpmap:\s*(\d+)\s+([\w-]+)/8000", attribute, re.I)
        if mapped:
            names[int(mapped[1])] = mapped[2].lower()
        if attribute in ("sendrecv", "sendonly", "recvonly", "inactive"):
            direction = attribute
    for number in (int(part) for part in found[2].split()):
        if payload is None and names.get(number) in ("pcma", "pcmu"):
            payload, codec = number, PCMA if names[number] == "pcma" else PCMU
        if names.get(number) == "telephone-event" and dtmf is None:
            dtmf = number
    if payload is None:
        return None
    return Audio(section.host, int(found[1]), payload, codec, dtmf, direction, lines, index)


_REPLY = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


def write(
    host: str,
    port: int,
    *,
    session: int,
    version: int = 1,
    offer: Audio | None = None,
    direction: str = "sendrecv",
) -> bytes:
    """Our description: an answer mirroring `offer`, or with None our own offer (A-law, µ-law, telephone-event)."""
    family = "IP6" if ":" in host else "IP4"
    lines = [
        "v=0",
        f"o=sigap {session} {version} IN {family} {host}",
        "s=-",
        f"c=IN {family} {host}",
        "t=0 0",
    ]
    if offer is None:
        lines += _audio_lines(port, NAMES, OFFERED_DTMF, direction)
    else:
        for index, line in enumerate(offer.media):
            if index == offer.index:
                lines += _audio_lines(
                    port, {offer.payload: NAMES[offer.codec]}, offer.dtmf, _REPLY[offer.direction]
                )
            else:
                parts = line.split()
                refused = [parts[0] if parts else "audio", "0", *(parts[2:] or ["RTP/AVP", "0"])]
                lines.append(f"m={' '.join(refused)}")
    return "\r\n".join([*lines, ""]).encode("latin-1", "replace")


def _audio_lines(port: int, payloads: dict[int, str], dtmf: int | None, direction: str) -> list[str]:
    numbers = [*payloads, *([] if dtmf is None else [dtmf])]
    lines = [f"m=audio {port} RTP/AVP {' '.join(map(str, numbers))}"]
    lines += [f"a=rtpmap:{number} {name}/8000" for number, name in payloads.items()]
    if dtmf is not None:
        lines += [f"a=rtpmap:{dtmf} telephone-event/8000", f"a=fmtp:{dtmf} 0-15"]
    return [*lines, "a=ptime:20", f"a={direction}"]
